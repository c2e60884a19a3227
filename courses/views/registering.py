"""The register, session by session, on a phone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import refusal_of, render
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_times
from aimcert.foundation.typed import is_seen
from courses.actions import (
    ReasonNeeded,
    RegisterChanged,
    note_identity,
    opens_at,
    opens_before,
    take_register,
)
from courses.documents import sign_in_sheets
from courses.forms import ReasonForm
from courses.models import Course, Enrolment, Session, entry_complete
from courses.permissions import Courses
from courses.states import Delivery, Presence
from courses.views.finding import course_page, found
from courses.views.register_choices import (
    RegisterRow,
    active,
    entries_of,
    mark_the_rest,
    read_choices,
    rows_of,
    show_as_they_stand,
)
from courses.views.register_entries import next_to_judge

REST = "rest"
# How the choice of one person went, for the page's script.
SAVED, CLASH, LACKING, REFUSED = "saved", "clash", "lacking", "refused"
STATUS = {SAVED: 200, CLASH: 409, LACKING: 422, REFUSED: 409}


@require_safe
def register(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Every session and how far its register is; everyone and what they still need."""
    row = found(request, course, Courses.TAKE_REGISTER)
    page = course_page(request, row)
    enrolments = active(row).with_attendance()
    enrolments = enrolments.annotate(sessions_missing=F("sessions_total") - F("sessions_entered"))
    standing = Q(register_entries__enrolment__withdrawn_at__isnull=True)
    taken = Count("register_entries", filter=standing & entry_complete("register_entries__"))
    counted = dict(row.sessions.annotate(taken=taken).values_list("pk", "taken"))
    now = timezone.now()
    for one in page.sessions:
        one.taken = counted[one.session.pk]
        one.open = opens_at(one.session) <= now
        one.complete = bool(enrolments) and one.taken >= len(enrolments)
    context = page.context | {
        "enrolments": enrolments,
        "opens_before": opens_before(),
        "online": row.delivery == Delivery.ONLINE,
        "offers_sheets": bool(page.sessions) and row.cancelled_at is None and row.delivery != Delivery.ONLINE,
        "may_note_identity": request.user.has_perm(Courses.NOTE_IDENTITY, row),
        "may_add": row.cancelled_at is None and request.user.has_perm(Courses.ADD_WALK_IN, row),
        "withdrawn": [
            one.certificate_name for one in row.enrolments.filter(withdrawn_at__isnull=False).order_by("pk")
        ],
    }
    return render(request, "courses/register.html", context)


@require_safe
def sheets(request: SignedInRequest, course: UUID) -> HttpResponse:
    """On paper, a sheet for each session on which people sign that they are there."""
    row = found(request, course, Courses.TAKE_REGISTER)
    sessions = list(row.sessions.all())
    if not sessions:
        raise Refused(_("This course has no sessions yet."))
    content = sign_in_sheets(
        row,
        sessions,
        names=list(active(row).values_list("certificate_name", flat=True)),
        trainers=list(row.associates.order_by("assigned_at", "pk").values_list("associate__name", flat=True)),
        language=request.user.language,
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.reference} sign-in.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def register_session(request: SignedInRequest, course: UUID, number: int) -> HttpResponse:
    """Everyone at one session, with what was seen of each."""
    row = found(request, course, Courses.TAKE_REGISTER)
    session: Session = get_object_or_404(row.sessions, number=number)
    page = course_page(request, row)
    context = page.context
    # A trainer is asked for a reason only where the save that they sent needs one.
    explains = not page.nav.is_trainer or is_seen(request.POST.get("reason", ""))
    unsent = ReasonForm(initial={"reason": request.POST.get("reason", "")}, reason_needed=explains)
    form, rows, clashes = unsent, rows_of(request, row, session), False
    if request.method == "POST":
        clashes = read_choices(request, rows)
        if REST in request.POST:
            mark_the_rest(rows)
            context["rest_marked"] = True
        elif not clashes:
            form = ReasonForm(request.POST, reason_needed=explains)
            try:
                answer = _save(request, row, session, rows, form)
            except ReasonNeeded:
                form, answer = ReasonForm(request.POST, reason_needed=True), None
            except RegisterChanged:
                # Between reading and saving: what stands now is shown beside what was chosen.
                form, rows, answer = unsent, rows_of(request, row, session), None
                clashes = read_choices(request, rows)
            if answer is not None:
                return answer
    context |= {
        "session": session,
        "when": said_times(session.starts_at, session.ends_at, row.zone, place=False),
        "people": rows,
        "form": form,
        "choices": Presence.choices,
        "to_judge": [one for one in rows if one.to_judge and one.may],
        "clashing": [one for one in rows if one.clash],
        "opens": opens_at(session),
        "opens_before": opens_before(),
        "has_begun": session.starts_at <= timezone.now(),
        "is_open": opens_at(session) <= timezone.now(),
        "in_register": _in_register(sum(map(_is_taken, rows)), len(rows)),
        "has_errors": clashes or bool(form.errors),
    }
    return render(request, "courses/register_session.html", context, status=409 if clashes else None)


def _save(
    request: SignedInRequest, course: Course, session: Session, rows: list[RegisterRow], form: ReasonForm
) -> HttpResponse | None:
    """Save what was seen; go on to what those missed who were partly there. None: the form says why not.

    Raises:
        ReasonNeeded: nothing is saved before it is said why.
        RegisterChanged: something else stands by now.
    """
    if not form.is_valid():
        return None
    reason = form.cleaned_data.get("reason", "")
    try:
        take_register(session=session, entries=entries_of(rows), by=request.user, reason=reason)
    except (ReasonNeeded, RegisterChanged):
        raise
    except Refused as refused:
        form.add_error(None, refusal_of(refused, on_field=False))
        show_as_they_stand(rows)
        return None
    first = next_to_judge(course, session)
    if first is not None:
        messages.info(request, _("Saved. Now say what those who came late or left early missed."))
        return redirect("courses:register_entry", course.uuid, session.number, first)
    messages.success(request, _("The register of session %(number)d was saved.") % {"number": session.number})
    return redirect("courses:register_session", course.uuid, session.number)


@require_POST
def register_choose(request: SignedInRequest, course: UUID, number: int, enrolment: UUID) -> HttpResponse:
    """One person at one session, saved as soon as it is chosen; to a script, their part of the page.

    Not an irreversible form: the entry that the page showed is sent with it, and the same choice sent again
    changes nothing.
    """
    row = found(request, course, Courses.TAKE_REGISTER)
    session: Session = get_object_or_404(row.sessions, number=number)
    rows = rows_of(request, row, session, only=enrolment)
    if not rows:
        raise Http404
    state, one = _chosen(request, row, session, rows)
    context = {"course": row, "session": session, "one": one, "choices": Presence.choices, "is_open": True}
    people = rows_of(request, row, session)
    with timezone.override(row.zone):
        html = render_to_string("courses/register_person.html", context, request)
    told = {
        "state": state,
        "html": html,
        "taken": _in_register(sum(map(_is_taken, people)), len(people)),
        "said": f"{one.enrolment.certificate_name}: {_said(state, one)}",
    }
    return JsonResponse(told, status=STATUS[state])


def _chosen(
    request: SignedInRequest, course: Course, session: Session, rows: list[RegisterRow]
) -> tuple[str, RegisterRow]:
    """Save what was chosen of the one in `rows`; how that went, and what stands of them now."""
    one = rows[0]
    if read_choices(request, rows):
        return CLASH, one
    if not one.choice:
        one.refused = _("Choose what you saw of them.")
        return LACKING, one
    one.reason = request.POST.get("reason", "").replace("\0", "")
    form = ReasonForm({"reason": one.reason}, reason_needed=is_seen(one.reason))
    if not form.is_valid():
        one.asks_reason, one.refused = True, str(form.errors["reason"][0])
        return LACKING, one
    reason = form.cleaned_data.get("reason", "")
    try:
        take_register(session=session, entries=entries_of(rows), by=request.user, reason=reason)
    except ReasonNeeded:
        one.asks_reason = True
        return LACKING, one
    except RegisterChanged:
        rows = rows_of(request, course, session, only=one.enrolment.uuid)
        read_choices(request, rows)
        return CLASH, rows[0]
    except Refused as refused:
        one.refused = refused.message
        show_as_they_stand(rows)
        return REFUSED, one
    saved = rows_of(request, course, session, only=one.enrolment.uuid)[0]
    saved.is_saved = True
    return SAVED, saved


def _said(state: str, one: RegisterRow) -> str | Promise:
    """What is read aloud of `one`, once something was chosen."""
    if state == SAVED:
        return _("%(presence)s, saved.") % {"presence": one.entry.get_presence_display() if one.entry else ""}
    if state == CLASH:
        return _("Somebody else recorded something meanwhile. Which one is it?")
    return one.refused or _("Say why you correct this register.")


def _is_taken(one: RegisterRow) -> bool:
    return one.entry is not None and one.entry.is_complete


def _in_register(taken: int, total: int) -> str:
    return _("%(taken)d of %(total)d in the register.") % {"taken": taken, "total": total}


@require_POST
def identity(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Note, or take back, that somebody showed who they are on camera."""
    row = found(request, course, Courses.NOTE_IDENTITY)
    person: Enrolment = get_object_or_404(active(row), uuid=enrolment)
    checked = "undo" not in request.POST
    note_identity(enrolment=person, by=request.user, checked=checked)
    words = (
        _("You noted that you checked who %(name)s is.")
        if checked
        else _("The note on %(name)s was taken back.")
    )
    messages.success(request, words % {"name": person.certificate_name})
    return redirect(reverse("courses:register", args=[row.uuid]) + "#identity")
