"""The page behind an invitation's link: it shows on GET and acts on POST, since mail scanners open links."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aimcert.foundation.pages import render
from aimcert.foundation.times import said_moment, said_times
from courses import expectations
from courses.actions import accept, decline
from courses.certificate_names import warning
from courses.forms import AcceptForm, telling
from courses.invitations import account_of, has_a_place, invited_by, is_own
from courses.models import Nomination
from courses.overlaps import meanwhile
from courses.states import NominationStage, Stage
from courses.views.finding import sent

# What stands instead of the form.
CLOSED, UNKNOWN, OVER, CANCELLED = "closed", "unknown", "over", "cancelled"
HAS_A_PLACE = "has_a_place"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept or decline; an unknown, old or used link says what it is."""
    nomination = invited_by(token)
    if nomination is None:
        return render(request, "courses/invitation.html", {"state": UNKNOWN, "is_dead": True}, status=404)
    if request.method == "POST" and "decline" in request.POST:
        decline(token=token)
        return redirect("courses:invitation", token)
    context = _context(request, nomination)
    form = AcceptForm(sent(request), initial=_first_answers(nomination))
    if request.method == "POST" and form.is_valid():
        with telling(form):
            accept(
                token=token,
                certificate_name=form.cleaned_data["certificate_name"],
                expectations_version=form.cleaned_data["expectations_version"],
                signed_in=request.user if request.user.is_authenticated else None,
            )
            return redirect("courses:invitation", token)
    return render(request, "courses/invitation.html", context | {"form": form})


def _first_answers(nomination: Nomination) -> dict[str, str]:
    return {"certificate_name": nomination.name, "expectations_version": expectations.CURRENT}


def _context(request: HttpRequest, nomination: Nomination) -> dict[str, object]:
    course, now = nomination.course, timezone.now()
    sessions = list(course.sessions.all())
    enrolment = getattr(nomination, "enrolment", None)
    stage = nomination.stage_at(now, enrolment)
    state = str(stage)
    if stage in (NominationStage.INVITED, NominationStage.EXPIRED):
        at = course.stage_at(now, sessions[0].starts_at, sessions[-1].ends_at) if sessions else None
        if has_a_place(nomination, request.user):
            state = HAS_A_PLACE
        state = CANCELLED if at == Stage.CANCELLED else OVER if at == Stage.HELD else state
    return {
        "state": state,
        "is_dead": state not in (NominationStage.INVITED, NominationStage.ACCEPTED, HAS_A_PLACE),
        "nomination": nomination,
        "course": course,
        "enrolment": enrolment,
        "sessions": [said_times(one.starts_at, one.ends_at, course.zone, place=False) for one in sessions],
        "until": said_moment(nomination.works_until(sessions[-1].ends_at if sessions else None), course.zone),
        "expectations": expectations.current(),
        "is_own": is_own(nomination, request.user),
        # Never the address that an account has now: whoever reads mail at an old one may be somebody else.
        "moved": enrolment is not None and enrolment.person.email != nomination.email,
        "meanwhile": _meanwhile(request, nomination),
        "letters": warning(enrolment.certificate_name if enrolment else nomination.name),
    }


def _meanwhile(request: HttpRequest, nomination: Nomination) -> list[str]:
    """Other courses of whoever was invited at the same time; by name to themself alone, signed in."""
    person = account_of(nomination)
    titles = meanwhile(nomination.course, {person.pk}).get(person.pk, []) if person else []
    if titles and not is_own(nomination, request.user):
        return [_("another course of yours")]
    return titles
