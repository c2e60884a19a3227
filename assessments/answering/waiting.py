"""What waits for a person on the day: to answer, to run, to compare, to grant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypedDict
from uuid import UUID

from django.conf import settings
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.rows import counted, first
from aimcert.foundation.waiting import DayIs, Urgency, Waiting
from aimcert.foundation.working_days import working_days_after
from assessments.answering.hours import granted_to
from assessments.answering.models import (
    ANSWERED,
    TO_DECIDE,
    Answer,
    Sitting,
    SpecialConsideration,
    Submission,
)
from assessments.answering.rules import ADJUSTMENT_ASKED, CONSIDERATION_WAITS, PAPER_TO_CHECK
from assessments.case_studies.models import Question
from courses.models import Course, Enrolment, Session
from courses.rules import ENROLLED, TRAINS, trains_others_now

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

RECENT_DONE = 5
# A room is on its trainers' home page from the evening before; an abandoned one leaves it.
BEFORE = timedelta(hours=12)
AFTER = timedelta(days=14)


def waiting_for_the_day(user: Person) -> list[Waiting]:
    """What `user` has to answer, the rooms that they run today, what they compare and are asked for."""
    return [*answering_for(user), *_adjustments(user), *_considerations(user), *_paper(user)]


def answering_for(user: Person) -> list[Waiting]:
    """What `user` has to answer or has answered, and the rooms that they run today: one query."""
    held = relationships_of(user)
    if TRAINS not in held and ENROLLED not in held:
        return []
    found, done = [], 0
    for course in _days(user):
        if course.own and course.released_at:
            line = _to_answer(course)
            done += line is not None and line.done
            if line is not None and not (line.done and done > RECENT_DONE):
                found.append(line)
        if course.is_run:
            found.append(_room(course))
    return found


def _adjustments(user: Person) -> list[Waiting]:
    """What people asked The AIM Project for: no query of its own; its page counts them."""
    if not user.is_aim_admin or ADJUSTMENT_ASKED not in relationships_of(user):
        return []
    words = _("Answer requests for adjustments")
    return [Waiting(words, reverse("assessments:adjustments_to_answer"), None, Urgency.NOW)]


def _considerations(user: Person) -> list[Waiting]:
    """Special consideration to decide on, a line for each course: one query where there is any."""
    if not user.is_aim_admin or CONSIDERATION_WAITS not in relationships_of(user):
        return []
    of_course = ("enrolment__course__number", "enrolment__course__title", "enrolment__course__time_zone")
    rows = (
        SpecialConsideration.objects.to_decide(user)
        .values_list(*of_course)
        .annotate(people=Count("enrolment", distinct=True), since=Min("recorded_at"))
        .order_by("since", "enrolment__course__number")
    )
    return [
        _to_decide(Course(number=number, title=title, time_zone=zone), people, since)
        for number, title, zone, people, since in rows
    ]


def _to_decide(course: Course, people: int, since: datetime) -> Waiting:
    days = settings.AIM["CONSIDERATION_DECIDED_WORKING_DAYS"]
    if working_days_after(since, days, course.zone) <= timezone.now():
        words = ngettext(
            "Decide on special consideration, overdue: %(people)d person, %(course)s",
            "Decide on special consideration, overdue: %(people)d people, %(course)s",
            people,
        )
    else:
        words = ngettext(
            "Decide on special consideration: %(people)d person, %(course)s",
            "Decide on special consideration: %(people)d people, %(course)s",
            people,
        )
    narrowed = urlencode({"stands": TO_DECIDE, "q": course.reference})
    return Waiting(
        words % {"people": people, "course": course.title},
        f"{reverse('assessments:considerations')}?{narrowed}",
        since,
        Urgency.NOW,
        zone=course.zone,
    )


def _paper(user: Person) -> list[Waiting]:
    """What was typed in from paper and they may compare with it: likewise no query of its own."""
    if PAPER_TO_CHECK not in relationships_of(user):
        return []
    words = _("Compare answers that were typed in with their paper")
    return [Waiting(words, reverse("assessments:papers_to_check"), None, Urgency.NOW)]


class _OfDay(TypedDict):
    """What a course's day is to the one whose lines are asked for; `own` names their enrolment."""

    first_start: datetime | None
    last_end: datetime | None
    released_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    own: UUID | None
    own_submitted_at: datetime | None
    own_begun: bool
    questions: int
    unanswered: int
    goes_on_at: int | None
    granted_minutes: int
    granted_until: datetime | None
    reopened_at: datetime | None
    own_finished_at: datetime | None
    enrolled: int
    submitted: int
    is_run: bool


DayRow: TypeAlias = "WithAnnotations[Course, _OfDay]"


def _days(user: Person) -> QuerySet[DayRow]:
    """Courses whose case study `user` may answer or has answered, and those that they run about now."""
    now = timezone.now()
    own = user.enrolments.filter(course=OuterRef("pk"), withdrawn_at__isnull=True)
    mine = Submission.objects.filter(
        enrolment__person=user, enrolment__course=OuterRef("pk"), submitted_at__isnull=False
    )
    since = Enrolment.objects.filter(
        pk=OuterRef("submission__enrolment"),
        recommendations__finalised_at__gt=OuterRef("submission__started_at"),
    )
    drafts = Answer.objects.filter(
        ~Exists(since), submission__enrolment__person=user, submission__submitted_at__isnull=True
    )
    begun = drafts.filter(submission__enrolment__course=OuterRef("pk"))
    answered = drafts.filter(
        ANSWERED,
        question=OuterRef("pk"),
        submission__enrolment__course=OuterRef(OuterRef("pk")),
    )
    questions = Question.objects.filter(version=OuterRef("pin__version"))
    unanswered = questions.filter(~Exists(answered))
    finished = user.enrolments.filter(
        course=OuterRef("pk"),
        recommendations__submission__isnull=True,
        recommendations__finalised_at__isnull=False,
    )
    sessions = Session.objects.filter(course=OuterRef("pk")).order_by().values("course")
    enrolled = Enrolment.objects.filter(course=OuterRef("pk"), withdrawn_at__isnull=True)
    submitted = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    granted = granted_to(enrolment__course=OuterRef("pk"), enrolment__person=user)
    is_open = Q(sitting__closed_at__isnull=True) & (
        Q(sitting__closes_at__isnull=True) | Q(sitting__closes_at__gt=now)
    )
    is_run = Q(
        is_open,
        pk__in=trains_others_now(user).values("course"),
        pin__isnull=False,
        first_start__lte=now + BEFORE,
        last_end__gte=now - AFTER,
    )
    return (
        Course.objects.filter(cancelled_at__isnull=True)
        .annotate(
            first_start=Subquery(sessions.annotate(at=Min("starts_at")).values("at")),
            last_end=Subquery(sessions.annotate(at=Max("ends_at")).values("at")),
            released_at=F("sitting__released_at"),
            opened_at=F("sitting__opened_at"),
            closed_at=Least("sitting__closed_at", "sitting__closes_at"),
            own=first(own, "uuid"),
            own_submitted_at=first(mine.order_by("-attempt"), "submitted_at"),
            own_begun=Exists(begun),
            questions=counted(questions),
            unanswered=counted(unanswered),
            goes_on_at=first(unanswered.order_by("number"), "number"),
            granted_minutes=granted["granted_minutes"],
            granted_until=granted["granted_until"],
            reopened_at=granted["reopened_at"],
            own_finished_at=Subquery(
                finished.order_by("-recommendations__round").values("recommendations__finalised_at")[:1]
            ),
            enrolled=counted(enrolled),
            submitted=counted(enrolled.filter(Exists(submitted))),
            is_run=ExpressionWrapper(is_run, BooleanField()),
        )
        .filter(Q(is_run=True) | Q(pk__in=user.enrolments.values("course"), released_at__isnull=False))
        .order_by(F("released_at").desc(nulls_last=True), "first_start")
    )


def _to_answer(course: DayRow) -> Waiting | None:
    """What the author's own day says; None once it is over without their answers."""
    title, submitted_at = {"course": course.title}, course.own_submitted_at
    own_end = Sitting(closes_at=course.closed_at).closes_at_for(
        extra_minutes=course.granted_minutes, until=course.granted_until
    )
    is_over = own_end is not None and own_end <= timezone.now()
    reopened_at = course.reopened_at
    may_begin_again = submitted_at and reopened_at and reopened_at > submitted_at and not is_over
    if submitted_at and not (course.own_begun or may_begin_again):
        url = reverse("assessments:receipt", args=[course.own])
        words = _("Your answers are in: %(course)s") % title
        return Waiting(words, url, submitted_at, Urgency.LATER, done=True, zone=course.zone)
    if course.own_finished_at:
        url = reverse("assessments:task_list", args=[course.own])
        words = _("Your trainer has finished with your part; ask them what happens next: %(course)s") % title
        return Waiting(words, url, course.own_finished_at, Urgency.LATER, done=True, zone=course.zone)
    if own_end is not None and is_over:
        if not course.own_begun:
            return None
        url = reverse("assessments:check", args=[course.own])
        words = _("Declare and submit what you saved, now that answering is closed: %(course)s") % title
        return Waiting(words, url, own_end, Urgency.NOW, zone=course.zone)
    if course.opened_at:
        words, url = _how_far(course)
        return Waiting(words, url, course.opened_at, Urgency.NOW, zone=course.zone)
    if course.last_end is not None and course.last_end < timezone.now() - AFTER:
        # Its questions were never opened; nothing is to be done about it any more.
        return None
    url = reverse("assessments:case_study", args=[course.uuid])
    words = _("Read the case study: %(course)s") % title
    return Waiting(words, url, course.released_at, Urgency.NOW, zone=course.zone)


def _how_far(course: DayRow) -> tuple[str, str]:
    """How far somebody has come with their answers, and the page on which they go on."""
    if not course.own_begun:
        words = _("Answer the questions: %(course)s") % {"course": course.title}
        return words, reverse("assessments:task_list", args=[course.own])
    named = {
        "course": course.title,
        "answered": course.questions - course.unanswered,
        "questions": course.questions,
    }
    if course.goes_on_at is None:
        words = _("Check and submit your answers: %(course)s, all %(questions)d answered") % named
        return words, reverse("assessments:check", args=[course.own])
    words = _("Go on with your answers: %(course)s, %(answered)d of %(questions)d answered") % named
    return words, reverse("assessments:question", args=[course.own, course.goes_on_at])


def _room(course: DayRow) -> Waiting:
    """What a trainer of the course does next, from the day it starts until answering is closed."""
    told = {"course": course.title, "submitted": course.submitted, "enrolled": course.enrolled}
    if course.opened_at:
        words = _(
            "Close answering when the room is ready, %(submitted)d of %(enrolled)d have submitted: %(course)s"
        )
    elif course.released_at:
        words = _("Open the questions when the room is ready: %(course)s")
    else:
        words = _("Release the case study when the room is ready: %(course)s")
    url = reverse("assessments:room", args=[course.uuid])
    day_is = DayIs.SINCE if course.opened_at else DayIs.STARTS
    when = course.opened_at or course.first_start
    return Waiting(words % told, url, when, Urgency.NOW, zone=course.zone, day_is=day_is)
