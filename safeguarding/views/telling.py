"""Telling the safeguarding leads: what to do now, the form, and what one has sent."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import keeping_typed, refusal_page
from aimcert.foundation.sent_forms import sent_once
from courses.models import Course, Enrolment
from safeguarding import actions
from safeguarding.contact import contact
from safeguarding.forms import AdditionForm, RecordForm
from safeguarding.models import Record
from safeguarding.rules import enrolments_named_by, leads
from safeguarding.states import Entered, Place

# A form's answer, which holds it, is kept for a week, in a column of 300 characters.
MOST_NEXT = 150


@login_not_required
@require_safe
def worried(request: HttpRequest) -> HttpResponse:
    """What to do now, and whom to phone: a public page, which asks nothing of who opens it."""
    return render(request, "safeguarding/worried.html", {"contact": contact()})


def typed_in(sent: QueryDict) -> list[str]:
    """What somebody typed into a form of this module."""
    return [sent.get(name, "") for name in ("about", "seen", "done", "text")]


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: SignedInRequest) -> HttpResponse:
    """Tell the leads something that came up on no page about a course."""
    return _tell(request)


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def tell_of_course(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Tell the leads something that came up on a page about a course."""
    return _tell(request, course_uuid=course)


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def tell_of_person(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Tell the leads something that came up on a page about somebody's place on a course."""
    return _tell(request, enrolment_uuid=enrolment)


def _tell(
    request: SignedInRequest, *, course_uuid: UUID | None = None, enrolment_uuid: UUID | None = None
) -> HttpResponse:
    if not request.user.is_authenticated:
        return _signed_out(request)
    course = enrolment = None
    if course_uuid is not None:
        course = get_object_or_404(Course.objects.visible_to(request.user), uuid=course_uuid)
    if enrolment_uuid is not None:
        visible = enrolments_named_by(request.user).select_related("course", "person")
        enrolment = get_object_or_404(visible, uuid=enrolment_uuid)
    return _tell_form(request, course, enrolment)


@sent_once
def _tell_form(request: SignedInRequest, course: Course | None, enrolment: Enrolment | None) -> HttpResponse:
    is_about_another = enrolment is not None and enrolment.person_id != request.user.pk
    initial = {"about": enrolment.person.name} if enrolment and is_about_another else {}
    sent = request.POST if request.method == "POST" else None
    form = RecordForm(sent, initial=initial, leads=leads(request.user))
    if form.is_valid():
        record = actions.send_record(
            **{"keep_from": [], **form.cleaned_data},
            place=_place(request),
            enrolment=enrolment,
            course=course,
            by=request.user,
        )
        url = reverse("safeguarding:sent_record", args=[record.uuid])
        came_from = _next(request)
        return redirect(f"{url}?{urlencode({'next': came_from})}" if came_from else url)
    context = {
        "form": form,
        "contact": contact(),
        "course": enrolment.course if enrolment else course,
        "of_person": enrolment is not None,
        "enrolment": enrolment if is_about_another else None,
        "came_from": _next(request),
    }
    return render(request, "safeguarding/tell.html", context)


def _signed_out(request: HttpRequest) -> HttpResponse:
    words = _(
        "You are not signed in any more, so nothing was sent. What you typed is below: copy it, sign in,"
        " and send it then. If somebody is in danger now, call 999 first."
    )
    typed = [text for text in typed_in(request.POST) if text.strip()]
    return refusal_page(request, words, 403, state="signed_out", typed=typed)


def _place(request: HttpRequest) -> str:
    place = request.GET.get("place", "")
    return place if place in Place.values else Place.ELSEWHERE


def _next(request: HttpRequest) -> str:
    """The page of ours that somebody came from, to lead back to it; "" where none is named."""
    path = request.GET.get("next", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and len(urlencode({"next": path})) <= MOST_NEXT else ""


@require_safe
def sent(request: SignedInRequest) -> HttpResponse:
    """What one has sent: references and times alone."""
    records = request.user.sent_safeguarding_records.only("uuid", "reference", "sent_at")
    return render(request, "safeguarding/sent.html", {"records": records, "contact": contact()})


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def sent_record(request: SignedInRequest, record: UUID) -> HttpResponse:
    """That it was sent, when, and its reference; and a form to add to it. Nothing that was written."""
    if not request.user.is_authenticated:
        return _signed_out(request)
    found = get_object_or_404(request.user.sent_safeguarding_records, uuid=record)
    return _addition(request, found, request.user)


@sent_once
def _addition(request: SignedInRequest, record: Record, writer: Person) -> HttpResponse:
    form = AdditionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.add_to_record(record=record, text=form.cleaned_data["text"], by=writer)
        return redirect("safeguarding:sent_record", record.uuid)
    added = record.entries.filter(kind=Entered.ADDED).values_list("written_at", flat=True)
    context = {
        "record": record,
        "added": list(added),
        "form": form,
        "contact": contact(),
        "came_from": _next(request),
    }
    return render(request, "safeguarding/sent_record.html", context)
