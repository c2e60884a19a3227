"""What waits for a person in assessments."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.models import Submission
from assessments.waiting_to_mark import waiting_to_mark
from courses.models import Course, Enrolment
from courses.rules import trains_now

RECENT_DONE = 5
# A room is on its trainers' home page from the evening before; an abandoned one leaves it.
BEFORE = timedelta(hours=12)
AFTER = timedelta(days=14)


def waiting_for(user: Person) -> list[Waiting]:
    """What `user` has to answer, the rooms that they run today, and what they have to mark."""
    return [*answering_for(user), *waiting_to_mark(user)]


def answering_for(user: Person) -> list[Waiting]:
    """What `user` has to answer or has answered, and the rooms that they run today."""
    return [*_to_answer(user), *_rooms(user)]


def _to_answer(user: Person) -> list[Waiting]:
    submitted = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    enrolments = (
        Enrolment.objects.filter(
            person=user,
            withdrawn_at__isnull=True,
            course__cancelled_at__isnull=True,
            course__sitting__released_at__isnull=False,
        )
        .annotate(
            submitted_at=submitted.order_by("-attempt").values("submitted_at")[:1],
            opened_at=F("course__sitting__opened_at"),
            closed_at=F("course__sitting__closed_at"),
            released_at=F("course__sitting__released_at"),
        )
        .select_related("course")
        .order_by("-course__sitting__released_at")
    )
    found, done = [], 0
    for enrolment in enrolments:
        course, title = enrolment.course, {"course": enrolment.course.title}
        if enrolment.submitted_at:
            done += 1
            if done <= RECENT_DONE:
                url = reverse("assessments:receipt", args=[enrolment.uuid])
                words = _("Your answers are in: %(course)s") % title
                found.append(Waiting(words, url, enrolment.submitted_at, Urgency.LATER, done=True))
        elif enrolment.closed_at:
            continue
        elif enrolment.opened_at:
            url = reverse("assessments:task_list", args=[enrolment.uuid])
            words = _("Answer the questions: %(course)s") % title
            found.append(Waiting(words, url, enrolment.opened_at, Urgency.NOW))
        else:
            url = reverse("assessments:case_study", args=[course.uuid])
            words = _("Read the case study: %(course)s") % title
            found.append(Waiting(words, url, enrolment.released_at, Urgency.NOW))
    return found


def _rooms(user: Person) -> list[Waiting]:
    """Courses that `user` trains, from the day they start until answering is closed."""
    now = timezone.now()
    enrolled = Enrolment.objects.filter(course=OuterRef("pk"), withdrawn_at__isnull=True)
    submitted = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    courses = (
        Course.objects.filter(Exists(trains_now(user).filter(course=OuterRef("pk"))))
        .filter(cancelled_at__isnull=True, pin__isnull=False, sitting__closed_at__isnull=True)
        .annotate(first_start=Min("sessions__starts_at"), last_end=Max("sessions__ends_at"))
        .filter(first_start__lte=now + BEFORE, last_end__gte=now - AFTER)
        .annotate(
            released_at=F("sitting__released_at"),
            opened_at=F("sitting__opened_at"),
            enrolled=_counted(enrolled),
            submitted=_counted(enrolled.filter(Exists(submitted))),
        )
        .order_by("first_start")
    )
    found = []
    for course in courses:
        told = {"course": course.title, "submitted": course.submitted, "enrolled": course.enrolled}
        if course.opened_at:
            words = _("%(submitted)d of %(enrolled)d have submitted: %(course)s")
        elif course.released_at:
            words = _("Open the questions when the room is ready: %(course)s")
        else:
            words = _("Release the case study when the room is ready: %(course)s")
        url = reverse("assessments:room", args=[course.uuid])
        found.append(Waiting(words % told, url, course.opened_at or course.first_start, Urgency.NOW))
    return found


def _counted(rows: QuerySet[Enrolment]) -> Coalesce:
    counted = rows.order_by().values("course").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
