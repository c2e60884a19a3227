"""Help: a page for each role, of what one does in it and where."""

from __future__ import annotations

from enum import Enum

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aimcert.foundation.pages import render


class Role(Enum):
    """A role that has a page of help: its address and template, and its title."""

    PARTICIPANTS = "participants", _("You attend a course")
    ASSOCIATES = "associates", _("You train for The AIM Project")
    COMMISSIONERS = "commissioners", _("You commission courses, or send people to them")
    STAFF = "staff", _("You are an AIM admin")

    def __init__(self, slug: str, title: Promise) -> None:
        self.slug = slug
        self.title = title


@login_not_required
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Which roles there is help for."""
    return render(request, "help/contents.html", {"roles": list(Role)})


@login_not_required
@require_safe
def of_role(request: HttpRequest, role: str) -> HttpResponse:
    """What one does in one role, and where."""
    for one in Role:
        if one.slug == role:
            others = [other for other in Role if other is not one]
            return render(request, f"help/{one.slug}.html", {"role": one, "others": others})
    raise Http404
