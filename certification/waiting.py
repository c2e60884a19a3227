"""What waits for a person in certification."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.relationships import Relationships, relationships_of
from aimcert.foundation.rows import first
from aimcert.foundation.waiting import DayIs, Urgency, Waiting
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.conversations import awaiting_conversation, days_left, due_at
from certification.disclosure import follow_ups_of, with_commissioner
from certification.models import Appeal, Appointment, Certificate, FollowUp, PanelMember, Report
from certification.report_kinds import kind_of
from certification.rules import APPEAL_OVERDUE, APPEAL_WAITS, APPOINTED, DECIDES_APPEAL, TO_BE_TOLD
from certification.states import ReportState
from courses.rules import ENROLLED, TRAINS, own_places

RECENT = 5
# After these an admin is told: something is wrong that another attempt does not mend.
ATTEMPTS = 5


def waiting_for(user: Person) -> list[Waiting]:
    """Decisions and documents, for The AIM Project; decisions that one was appointed to; own certificates.

    Conversations that one has to hold, for those who train and for The AIM Project. Own feedback to read and
    send on; whom to follow up, and reports, for those who act for a sponsor.
    """
    held = relationships_of(user)
    sponsors = bool(user.organisation_ids)
    found: list[Waiting] = []
    if user.is_aim_admin or APPOINTED in held:
        found += _decisions(user)
    if TO_BE_TOLD in held and (user.is_aim_admin or TRAINS in held):
        found += _conversations(user)
    if DECIDES_APPEAL in held:
        found += _appeals(user)
    if user.is_aim_admin:
        found += _reviews(held)
    if user.is_aim_admin or ENROLLED in held:
        found += _certificates(user)
    if user.is_aim_admin or sponsors or ENROLLED in held:
        found += _follow_ups(user)
    if user.is_aim_admin or sponsors:
        found += _reports(user)
    return found


def _decisions(user: Person) -> list[Waiting]:
    """By course, for an AIM admin; one by one where one was appointed; none beside whom one took part."""
    appointed = Appointment.objects.filter(associate=user, enrolment=OuterRef("enrolment"))
    waiting = (
        Recommendation.objects.filter(
            outcome=Outcome.COMPETENT, finalised_at__isnull=False, decision__isnull=True
        )
        .exclude(enrolment__course__in=own_places(user).values("course"))
        .annotate(
            appointed_at=first(appointed, "appointed_at"),
            # None but of those to which one was appointed, so that all others of a course are one group.
            appointed=Case(When(appointed_at__isnull=False, then="enrolment__uuid")),
            name=Case(
                When(appointed_at__isnull=False, then="enrolment__certificate_name"), default=Value("")
            ),
        )
    )
    if not user.is_aim_admin:
        waiting = waiting.filter(appointed_at__isnull=False)
    rows = (
        waiting.values_list(
            "enrolment__course__uuid", "enrolment__course__title", "appointed", "name", "appointed_at"
        )
        .annotate(n=Count("pk"), since=Min("finalised_at"))
        .order_by("since")
    )
    found: list[Waiting] = []
    to_decide: dict[tuple[UUID, str], list[tuple[int, datetime]]] = {}
    for course, title, enrolment, name, appointed_at, n, since in rows:
        if user.is_aim_admin:
            to_decide.setdefault((course, title), []).append((n, since))
        if enrolment is not None:
            words = _("Decide on %(name)s, for The AIM Project: %(title)s") % {"name": name, "title": title}
            url = reverse("certification:decide", args=[course, enrolment])
            found.append(Waiting(words, url, appointed_at, Urgency.NOW))
    for (course, title), counts in to_decide.items():
        number = sum(n for n, _since in counts)
        words = ngettext("Decide on %(n)d person: %(title)s", "Decide on %(n)d people: %(title)s", number)
        url = reverse("certification:course_queue", args=[course])
        since = min(since for _n, since in counts)
        found.append(Waiting(words % {"n": number, "title": title}, url, since, Urgency.NOW))
    return found


def _conversations(user: Person) -> list[Waiting]:
    """Whom to speak to, since nobody has: by name, with the last day for it.

    For The AIM Project also those whose holder trains the course no more, and, once it is late, all.
    """
    today = timezone.now().date()
    mine = Q(conversation_holder=user, holder_trains=True)
    if user.is_aim_admin:
        # A day more or less, by the clocks of the course, is looked at below.
        mine |= Q(holder_trains=False) | Q(conversation_due_on__lte=today)
    awaited = (
        awaiting_conversation()
        .filter(mine)
        .exclude(enrolment__course__in=own_places(user).values("course"))
        .select_related("enrolment__course", "enrolment__person")
        .order_by("conversation_due_on", "pk")
    )
    found: list[Waiting] = []
    for one in awaited:
        left, course = days_left(one), one.enrolment.course
        holds = one.conversation_holder_id == user.pk or not one.holder_trains  # type: ignore[attr-defined]
        if not holds and left >= 0:
            continue
        words = _("Speak to %(name)s about their outcome: %(title)s")
        if user.is_aim_admin and left < 0:
            words = _("Decide how %(name)s hears their outcome: %(title)s")
        found.append(
            Waiting(
                words % {"name": one.enrolment.person.name, "title": course.title},
                reverse("certification:tell_later", args=[course.uuid, one.enrolment.uuid]),
                # The last moment of that day.
                due_at(one) - timedelta(seconds=1),
                Urgency.NOW if left <= 1 else Urgency.SOON,
                zone=course.zone,
                day_is=DayIs.BY,
            )
        )
    return found


def _appeals(user: Person) -> list[Waiting]:
    """Reviews that somebody asked for and `user` decides, with others."""
    sits = PanelMember.objects.standing().filter(person=user)
    rows = Appeal.objects.open().filter(pk__in=sits.values("appeal")).exclude(enrolment__person=user)
    found: list[Waiting] = []
    for one in rows.select_related("enrolment__course").order_by("answer_due_at", "pk"):
        course, is_late = one.enrolment.course, one.answer_due_at <= timezone.now()
        words = _("Answer a review, overdue: %(title)s") if is_late else _("Answer a review: %(title)s")
        found.append(
            Waiting(
                words % {"title": course.title},
                reverse("certification:appeal", args=[one.uuid]),
                one.answer_due_at,
                Urgency.NOW if is_late else Urgency.SOON,
                zone=course.zone,
                day_is=DayIs.BY,
            )
        )
    return found


def _reviews(held: Relationships) -> list[Waiting]:
    """For an AIM admin, that there are reviews to answer; which, and by when, their list says."""
    url = reverse("certification:appeals")
    if APPEAL_OVERDUE in held:
        return [Waiting(_("Answer the reviews that are overdue"), url, None, Urgency.NOW)]
    if APPEAL_WAITS in held:
        return [Waiting(_("Look at the reviews that were asked for"), url, None, Urgency.SOON)]
    return []


def _certificates(user: Person) -> list[Waiting]:
    """The latest of one's own; for an AIM admin, the first whose PDF could not be made."""
    own = Q(enrolment__person=user)
    is_stuck = Q(document__built_at__isnull=True, document__attempts__gte=ATTEMPTS)
    certificates = (
        Certificate.objects.visible_to(user)
        .filter(own | is_stuck if user.is_aim_admin else own)
        .annotate(
            is_own=ExpressionWrapper(own, BooleanField()),
            is_stuck=ExpressionWrapper(is_stuck, BooleanField()),
        )
        .order_by("-issued_at")
    )
    found: list[Waiting] = []
    stuck: list[Waiting] = []
    for one in certificates:
        url = reverse("certification:certificate", args=[one.uuid])
        if one.is_own and len(found) < RECENT:
            words = _("Your certificate: %(programme)s") % {"programme": one.programme_name}
            found.append(Waiting(words, url, one.issued_at, Urgency.LATER, done=True))
        if one.is_stuck and user.is_aim_admin:
            words = _("Look at certificate %(number)s, whose PDF could not be made") % {
                "number": one.reference
            }
            stuck.append(Waiting(words, url, one.issued_at, Urgency.SOON))
    return found + stuck[-RECENT:]


def _follow_ups(user: Person) -> list[Waiting]:
    """Own feedback to read and send on, and own follow-up; by course, whom to follow up for a sponsor."""
    rows = _waiting_follow_ups(user).values_list(
        "enrolment__person", "enrolment__uuid", "enrolment__course__uuid", "enrolment__course__title",
        "sponsor_organisation", "uuid", "read_at", "readable_at", "released_at", "closed_at",
    )  # fmt: skip
    found: list[Waiting] = []
    sent_on: list[Waiting] = []
    to_act_on: dict[tuple[UUID, str], list[tuple[datetime | None, UUID]]] = {}
    for person, enrolment, course, title, sponsor, uuid, read_at, readable_at, released_at, closed_at in rows:
        if person != user.pk:
            to_act_on.setdefault((course, title), []).append((released_at, uuid))
        elif read_at is not None and released_at is not None and (sponsor is not None or closed_at):
            words = _("Your feedback: %(title)s") % {"title": title}
            url = reverse("certification:my_feedback", args=[enrolment])
            sent_on.append(Waiting(words, url, released_at, Urgency.LATER, done=True))
        elif read_at is None or released_at is None:
            if read_at is None:
                words = _("Read your feedback: %(title)s")
            elif sponsor is not None:
                words = _("Read your feedback and send it on: %(title)s")
            else:
                words = _("Read your feedback and open your follow-up: %(title)s")
            words %= {"title": title}
            url = reverse("certification:my_feedback", args=[enrolment])
            found.append(Waiting(words, url, readable_at, Urgency.NOW))
        else:
            words = _("Go on with your own follow-up: %(title)s") % {"title": title}
            found.append(
                Waiting(words, reverse("certification:follow_up", args=[uuid]), readable_at, Urgency.LATER)
            )
    for (course, title), waits in to_act_on.items():
        words = ngettext("Follow up %(n)d person: %(title)s", "Follow up %(n)d people: %(title)s", len(waits))
        url = reverse("certification:results", args=[course]) + "?show=follow-up"
        if len(waits) == 1:
            url = reverse("certification:follow_up", args=[waits[0][1]])
        since = min(released_at for released_at, _uuid in waits if released_at)
        found.append(Waiting(words % {"n": len(waits), "title": title}, url, since))
    return found + sent_on[-RECENT:]


def _waiting_follow_ups(user: Person) -> QuerySet[FollowUp]:
    """All of one's own, and what is open with one's organisations; for an AIM admin what nobody else does."""
    waits = Q(enrolment__person=user)
    if user.organisation_ids or user.is_aim_admin:
        mine = Q(sponsor_organisation_id__in=user.organisation_ids)
        if user.is_aim_admin:
            mine |= Q(has_commissioner=False, sponsor_organisation__isnull=False)
        is_open = Q(released_at__isnull=False, closed_at__isnull=True)
        waits |= Q(pk__in=with_commissioner(follow_ups_of(user)).filter(mine, is_open).values("pk"))
    return FollowUp.objects.visible_to(user).filter(waits).order_by("readable_at", "pk")


def _reports(user: Person) -> list[Waiting]:
    kept = Q(state=ReportState.BUILT, expires_at__gt=timezone.now())
    underway = Q(state__in=[ReportState.WAITING, ReportState.BUILDING])
    asked_for = Report.objects.visible_to(user).filter(kept | underway, requested_by=user)
    return [
        Waiting(
            str(kind_of(one.kind).ready if one.state == ReportState.BUILT else kind_of(one.kind).underway)
            % {"kind": one.format.upper(), "title": one.course.title},
            reverse("certification:report", args=[one.uuid]),
            one.requested_at,
            Urgency.LATER,
            # It needs nobody while it is being made.
            done=one.state != ReportState.BUILT,
        )
        for one in asked_for.select_related("course").order_by("-requested_at")[:RECENT]
    ]
