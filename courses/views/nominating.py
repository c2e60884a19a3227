"""Nominations: who was put forward and what they answered, by those who act for the sponsor."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.requests import SignedInRequest
from aimcert.foundation.lists import back_to_list
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must, refused_with
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.undoing import named_again
from courses.actions import (
    nominate,
    places_left,
    refuse_leaving,
    refuse_nominating,
    resend_invitation,
    withdraw_enrolment,
    withdraw_nomination,
)
from courses.certificate_names import warning
from courses.forms import NominationForm, telling
from courses.forms.nominating import THEMSELF
from courses.histories import known_of
from courses.lists import NOMINATION_COLUMNS, NominationNarrowing
from courses.models import Course, Enrolment, Nomination
from courses.nomination_rows import nomination_rows, summary_of
from courses.nominees import Nominee
from courses.permissions import Courses
from courses.states import Stage
from courses.views.finding import (
    course_context,
    course_page,
    found,
    nomination_found,
    sent,
)


@require_safe
def nominations(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone put forward whom the person may see, and how far each has come."""
    row = found(request, course, Courses.SEE_PROGRESS)
    page = course_page(request, row)
    may_nominate = request.user.has_perm(Courses.NOMINATE, row) and page.stage == Stage.PUBLISHED
    last_end = page.sessions[-1].session.ends_at if page.sessions else None
    everyone = nomination_rows(
        row,
        request.user,
        over=page.stage in (Stage.HELD, Stage.CANCELLED),
        last_end=last_end,
        may_nominate=may_nominate,
    )
    rows = [one for one in everyone if not one.only_asked]
    any_acts = any(one.own or one.any_act for one in rows)
    many_sponsors = len({one.nomination.sponsor_organisation_id for one in everyone}) > 1
    left_out = {"acts": not any_acts, "sponsor": not many_sponsors}
    columns = [one for one in NOMINATION_COLUMNS if not left_out.get(one.name)]
    narrowing = NominationNarrowing(request.GET)
    context = page.context | {
        "rows": rows,
        "listing": listed_rows(request, rows, columns=columns, narrowing=narrowing),
        "summary": summary_of(rows),
        "to_confirm": [one for one in everyone if one.may_confirm],
        "to_name": [one for one in everyone if one.to_be_named],
        "any_acts": any_acts,
        "many_sponsors": many_sponsors,
        "places_left": places_left(row, invited=True),
        "may_nominate": may_nominate,
    }
    return render(request, "courses/nominations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def nominate_somebody(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Put somebody forward."""
    row = found(request, course, Courses.NOMINATE)
    form = NominationForm(
        sent(request),
        initial=_put_forward_before(request, row),
        sponsors=list(Organisation.objects.visible_to(request.user)),
        themself=request.user.is_aim_admin,
    )
    held = _held(request, row, form)
    if form.is_valid() and (not held or "anyway" in request.POST):
        with telling(form):
            made = nominate(course=row, nominee=form.nominee, sponsor=form.chosen_sponsor, by=request.user)
            messages.success(
                request,
                _("%(name)s was nominated. A link to answer goes to %(email)s.")
                % {"name": made.name, "email": made.email},
            )
            if words := warning(made.name):
                messages.warning(request, words)
            return redirect("courses:nominations", row.uuid)
    return render(
        request,
        "courses/nominate.html",
        {
            **course_context(request, row),
            "form": form,
            "held": held,
            "places_left": places_left(row, invited=True),
            "closed": "" if form.is_bound else refused_with(refuse_nominating, row),
        },
    )


def _put_forward_before(request: SignedInRequest, course: Course) -> dict[str, object]:
    """What was said of whoever was nominated before and is to be nominated again.

    Of nobody else: a sponsor who is only asked about a walk-in may not read what was said of them.
    """
    own = Nomination.objects.visible_to(request.user).about(request.user)
    rows = course.nominations.visible_to(request.user).that_came_to_nothing().exclude(pk__in=own.values("pk"))
    before = named_again(request, rows)
    if before is None:
        return {}
    sponsor = before.sponsor_organisation
    said = {field.name: getattr(before, field.name) for field in fields(Nominee)}
    return said | {"sponsor": str(sponsor.uuid) if sponsor else THEMSELF}


def _held(request: SignedInRequest, course: Course, form: NominationForm) -> list[str]:
    """Certificates of the programme that whoever is put forward holds, as far as the reader may know."""
    if not form.is_valid():
        return []
    email = form.cleaned_data["email"]
    return [one.words for one in known_of(request.user, course, {email}).get(email, []) if one.holds]


@require_POST
@sent_once
def withdraw_a_nomination(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Take an invitation back."""
    child = nomination_found(request, course, nomination, Courses.HANDLE_NOMINATION)
    withdraw_nomination(nomination=child, by=request.user)
    messages.success(request, _("The invitation of %(name)s was withdrawn.") % {"name": child.name})
    return back_to_list(request, "courses:nominations", course)


@require_POST
def resend(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Send a new link."""
    child = nomination_found(request, course, nomination, Courses.HANDLE_NOMINATION)
    made = resend_invitation(nomination=child, by=request.user)
    if made.token:
        messages.success(
            request,
            _("A new link goes to %(email)s. Older links do not work any more.") % {"email": made.email},
        )
    else:
        messages.warning(
            request,
            _(
                "A link went to %(email)s less than a minute ago, so no other was sent. Wait a minute, then"
                " try again."
            )
            % {"email": made.email},
        )
    return back_to_list(request, "courses:nominations", course)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def withdraw_a_place(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Give up a place, after reading what that means."""
    row = found(request, course, Courses.VIEW)
    child: Enrolment = get_object_or_404(
        row.enrolments.visible_to(request.user).select_related(
            "person", "sponsor_organisation", "nomination"
        ),
        uuid=enrolment,
    )
    must(request.user, Courses.WITHDRAW_ENROLMENT, child)
    own = child.person_id == request.user.pk
    if request.method != "POST":
        if child.withdrawn_at and own:
            return redirect("certification:my_course", child.uuid)
        if child.withdrawn_at:
            raise Http404
        child.course = row
        refuse_leaving(child, request.user)
    else:
        withdraw_enrolment(enrolment=child, by=request.user)
        messages.success(
            request,
            _("You gave up your place.")
            if own
            else _("The place of %(name)s was withdrawn.") % {"name": child.certificate_name},
        )
        if own:
            return redirect("certification:my_course", child.uuid)
        return redirect("courses:nominations", row.uuid)
    page = course_page(request, row)
    context = page.context | {
        "enrolment": child,
        "own": own,
        "begun": page.stage != Stage.PUBLISHED,
        "tells_sponsor": child.sponsor_organisation_id not in request.user.organisation_ids,
    }
    return render(request, "courses/withdraw_place.html", context)
