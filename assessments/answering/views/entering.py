"""Getting into the room: its address, and codes from a trainer for who cannot reach their email."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from math import ceil
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.confinement import confinement_of
from accounts.forms import SignInForm
from accounts.limits import Limit, spend
from accounts.requesters import requester_of
from accounts.requests import SignedInRequest
from accounts.signing_in import sign_in_confined, vouch_for_room
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render
from aimcert.foundation.qr import qr_code
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from assessments.answering import actions
from assessments.answering.addresses import code_of, number_of
from assessments.answering.forms.room import EntryCodeForm, GiveCodeForm
from assessments.answering.lists import CODE_COLUMNS, PeopleNarrowing
from assessments.answering.models import EntryCode
from assessments.permissions import Assessments
from courses.models import Course, Enrolment
from courses.rules import course_nav

# Carries a code from the answer that made it to the page that shows it, on this device alone.
COOKIE = "entry_code"
CARRIED_FOR = 60
LONGEST = timedelta(hours=12)
# From a network that is no room's, as far as is known; each has its own.
STRANGERS = Limit("trainer's codes typed in a network", 30, timedelta(seconds=10))


# --- For who comes in ----------------------------------------------------------------------------


@login_not_required
@require_safe
def room_entry(request: HttpRequest, code: str) -> HttpResponse:
    """The room's address: sign in, and then on to one's own place. It tells nobody what it leads to."""
    if not request.user.is_authenticated:
        return render(request, "assessments/answering/room_entry.html", {"form": SignInForm(), "code": code})
    held = confinement_of(request)
    if held is not None:
        return redirect("assessments:task_list", held.arguments["enrolment"])
    number = number_of(code)
    own = Enrolment.objects.visible_to(request.user).filter(
        person=request.user, course__number=number, withdrawn_at__isnull=True
    )
    if (mine := own.values_list("uuid", flat=True).first()) is not None:
        return redirect("assessments:task_list", mine)
    course = Course.objects.visible_to(request.user).filter(number=number).first()
    if course is not None and request.user.has_perm(Assessments.SEE_SITTING, course):
        return redirect("assessments:room", course.uuid)
    # The same whether there is such a course or not.
    return render(request, "assessments/answering/room_no_place.html", {"code": code}, status=404)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def room_code(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in with a code from one's trainer, to one's own place on this course and nothing else."""
    if request.user.is_authenticated:
        return redirect("assessments:room_entry", code)
    form = EntryCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        used = _used(request, form, code)
        if used is not None:
            enrolment = used.enrolment
            return sign_in_confined(
                request,
                enrolment.person,
                to={"enrolment": enrolment.uuid, "course": enrolment.course.uuid},
                until=_end_of_day(enrolment.course),
                then=reverse("assessments:task_list", args=[enrolment.uuid]),
            )
    return render(request, "assessments/answering/room_code.html", {"form": form, "code": code})


def _used(request: HttpRequest, form: EntryCodeForm, code: str) -> EntryCode | None:
    """The code that was typed, used up; or None, with the reason in the form."""
    email, number = form.cleaned_data["email"], number_of(code)
    # Counted before comparing, as several can be sent at once. Never for the person or the course: others'
    # wrong tries would keep out who holds the right code, which is long enough not to be guessed.
    requester = requester_of(request, email=email)
    if not requester.own and (wait := spend(STRANGERS, requester.network)):
        seconds = ceil(wait.total_seconds())
        words = _("There were many tries from your network. Wait %(seconds)s seconds, then press again.")
        form.add_error("code", ValidationError(words % {"seconds": seconds}, code="too_many_login_attempts"))
        return None
    try:
        return actions.use_entry_code(course_number=number, email=email, code=form.cleaned_data["code"])
    except actions.EntryCodeRefused as refused:
        form.add_error("code", refused.message)
        return None


def _end_of_day(course: Course) -> datetime:
    """When a session ends that a trainer's code began: with the course's day, at the latest in 12 hours."""
    now = timezone.now()
    tomorrow = now.astimezone(course.zone).date() + timedelta(days=1)
    return min(now + LONGEST, datetime.combine(tomorrow, time.min, tzinfo=course.zone))


# --- For the trainer -----------------------------------------------------------------------------


@require_safe
def room_address(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The room's address, large, to be projected or printed."""
    found = _course(request, course)
    must(request.user, Assessments.SEE_SITTING, found)
    vouch_for_room(request, request.user)
    code = code_of(found.number)
    link = settings.SITE_URL + reverse("assessments:room_entry", args=[code])
    context = {"course": found, "code": code, "link": link, "qr": qr_code(link)}
    context["shown"] = _typed_form(link).removesuffix(code)
    return render(request, "assessments/answering/room_address.html", context)


@require_safe
def entry_codes(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone who takes part, with the codes that they were given: when, by whom, what came of them."""
    found = _course(request, course)
    must(request.user, Assessments.SEE_SITTING, found)
    given = Prefetch("entry_codes", EntryCode.objects.visible_to(request.user).select_related("made_by"))
    people = (
        Enrolment.objects.visible_to(request.user)
        .filter(course=found, withdrawn_at__isnull=True)
        .select_related("person")
        .prefetch_related(given)
        .order_by(InOrder("person__name"), "pk")
    )
    room = _of_room(request, found)
    columns = CODE_COLUMNS if room["runs"] else CODE_COLUMNS[:-1]
    narrowing = PeopleNarrowing(request.GET)
    listing = listed_rows(request, list(people), columns=columns, narrowing=narrowing)
    context = room | {"people": people, "listing": listing, "now": timezone.now()}
    return render(request, "assessments/answering/entry_codes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_code(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Give somebody a code: their trainer says that they have them before them, and is shown it once."""
    found = _course(request, course)
    must(request.user, Assessments.RUN_SITTING, found)
    theirs = get_object_or_404(
        Enrolment.objects.visible_to(request.user).filter(course=found).select_related("person", "course"),
        uuid=enrolment,
    )
    page = reverse("assessments:entry_code", args=[course, enrolment])
    form = GiveCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        vouch_for_room(request, request.user)
        given = actions.give_entry_code(enrolment=theirs, by=request.user)
        there = redirect(page)
        there.set_cookie(
            COOKIE,
            given.code,
            max_age=CARRIED_FOR,
            path=page,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
        return there
    context = _of_room(request, found) | {"enrolment": theirs, "form": form}
    context |= {"minutes": settings.AIM["ROOM_CODE_MINUTES"], "address": _hinted(theirs.person.email)}
    shown = _carried(request, theirs)
    response = render(request, "assessments/answering/entry_code.html", context | shown)
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path=page, samesite="Strict")
    return response


def _carried(request: SignedInRequest, enrolment: Enrolment) -> dict[str, object]:
    """The code that this device just made for `enrolment`, if it works still; it is shown this once."""
    typed = request.COOKIES.get(COOKIE, "")
    row = enrolment.entry_codes.first() if typed else None
    if row is None or not row.works_at(timezone.now()):
        return {}
    if not constant_time_compare(row.code_hmac, actions.hmac_of(row.uuid, typed)):
        return {}
    code = code_of(enrolment.course.number)
    link = settings.SITE_URL + reverse("assessments:room_code", args=[code])
    return {"given": typed, "row": row, "link": link, "shown": _typed_form(link), "qr": qr_code(link)}


def _typed_form(link: str) -> str:
    """`link` as one types it."""
    return link.partition("://")[2].removesuffix("/")


def _hinted(email: str) -> str:
    """Enough of an address for its owner to know which it is."""
    return f"{email[:1]}…@{email.rpartition('@')[2]}"


def _of_room(request: SignedInRequest, course: Course) -> dict[str, object]:
    return {
        "course": course,
        "nav": course_nav(request.user, course),
        "runs": request.user.has_perm(Assessments.RUN_SITTING, course),
    }


def _course(request: SignedInRequest, course: UUID) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), uuid=course)
