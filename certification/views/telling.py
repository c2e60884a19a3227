"""The page on which it is recorded that somebody was told of their outcome after it was finalised."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from assessments.marking.grounds import grounds_of
from certification import actions
from certification.conversations import awaited_of, days_left
from certification.forms.telling import ToldForm
from certification.permissions import Certification
from certification.states import HowTold
from courses.models import Course, Enrolment


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def tell_later(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Why nobody spoke to them, who does by when, the guide to it, and the record; POST records it."""
    of = get_object_or_404(Course.objects.visible_to(request.user), uuid=course)
    people = Enrolment.objects.visible_to(request.user).filter(course=of)
    person = get_object_or_404(people.select_related("person", "sponsor_organisation"), uuid=enrolment)
    must(request.user, Certification.TELL_LATER, person)
    context: dict[str, object] = {"course": of, "enrolment": person}
    awaited = awaited_of(person)
    if awaited is None:
        told = person.told_later.select_related("told_by").order_by("-pk").first()
        if told is None or request.method == "POST":
            raise actions.NothingToTell.after(told)
        return render(request, "certification/told_later.html", context | {"told": told})
    left = days_left(awaited)
    in_writing = request.user.is_aim_admin and left < 0
    form = ToldForm(
        of, request.user, request.POST if request.method == "POST" else None, in_writing=in_writing
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.tell_later(
                enrolment=person,
                how=typed.get("how") or HowTold.SPOKEN,
                told_on=typed["told_on"],
                told_by=typed["told_by"],
                words=typed["words"],
                by=request.user,
            )
        except actions.TellingNotPossible as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            messages.success(
                request, _("Recorded. %(name)s can read their feedback now.") % {"name": person.person.name}
            )
            return redirect("certification:tell_later", of.uuid, person.uuid)
    context |= {
        "recommendation": awaited,
        "grounds": grounds_of(awaited, to_trainers=True),
        "form": form,
        "days_left": left,
        "in_writing": in_writing,
        "working_days": settings.AIM["FOLLOW_UP_WORKING_DAYS"],
    }
    return render(request, "certification/tell_later.html", context)
