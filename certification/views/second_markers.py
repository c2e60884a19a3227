"""Who on a course needs a second marking, and asking somebody for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from assessments.marking.second_marking import WORDS
from certification import actions
from certification.actions.second_markers import free_second_markers
from certification.forms.second_markers import AskForm, TakeBackForm
from certification.permissions import Certification
from courses.models import Course
from courses.rules import course_nav


@require_http_methods(["GET", "HEAD", "POST"])
def second_markers(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone whose answers need a second marking, and who marks them; asking an Associate for the rest."""
    found = _course(request, course)
    everyone = actions.needing_second_marker(found)
    to_ask = [one for one in everyone if one.why and one.asked is None]
    free = free_second_markers(found, [one.enrolment for one in to_ask])
    form = AskForm(
        request.POST if request.method == "POST" else None,
        associates=free,
        people=[(str(one.enrolment.uuid), one.enrolment.certificate_name) for one in to_ask],
        initial={"people": [str(one.enrolment.uuid) for one in to_ask]},
    )
    if request.method == "POST" and form.is_valid():
        asked = actions.ask_second_marker(
            course=found,
            people=[UUID(one) for one in form.cleaned_data["people"]],
            associate=form.cleaned_data["associate"],
            by=request.user,
        )
        words = ngettext(
            "%(name)s is asked to mark %(n)d script.", "%(name)s is asked to mark %(n)d scripts.", len(asked)
        )
        messages.success(request, words % {"name": form.cleaned_data["associate"], "n": len(asked)})
        return redirect("certification:second_markers", course)
    context = {
        "course": found,
        "nav": course_nav(request.user, found),
        "rows": [(one, [str(WORDS[why]) for why in one.why]) for one in everyone],
        "to_ask": len(to_ask),
        "free": free,
        "form": form,
    }
    return render(request, "certification/second_markers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedInRequest, course: UUID, script: UUID) -> HttpResponse:
    """Have somebody else mark what an Associate was asked to mark a second time."""
    found = _course(request, course)
    one = next((each for each in actions.asked_on(found) if each.uuid == script), None)
    if one is None:
        raise Http404
    if one.ended_at is not None:
        messages.info(request, _("It was taken back. Ask somebody else."))
        return redirect("certification:second_markers", course)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.end_second_marking(script=one, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, _("Taken back. Ask somebody else."))
        return redirect("certification:second_markers", course)
    context = {"course": found, "nav": course_nav(request.user, found), "script": one, "form": form}
    return render(request, "certification/take_back.html", context)


def _course(request: SignedInRequest, course: UUID) -> Course:
    visible = Course.objects.visible_to(request.user).select_related("programme")
    found = get_object_or_404(visible, uuid=course)
    must(request.user, Certification.ASK_SECOND_MARKER, found)
    return found
