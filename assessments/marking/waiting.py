"""What waits for trainers once answers were submitted: marks, outcomes, questions of The AIM Project."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.answering.models import Submission
from assessments.marking.facts import with_assessment
from assessments.marking.models import Recommendation
from courses.models import Enrolment
from courses.rules import trains_others_now


def waiting_to_mark(user: Person) -> list[Waiting]:
    """One line for each course that `user` trains and each thing that it needs: one query."""
    recommended = Recommendation.objects.filter(enrolment=OuterRef("pk"))
    submitted = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    # Most of what somebody ever trained is finalised: only the rest is looked at closely.
    unsettled = Enrolment.objects.filter(
        Exists(recommended.filter(finalised_at__isnull=True)) | ~Exists(recommended),
        Exists(submitted),
        Exists(trains_others_now(user).filter(course=OuterRef("course"))),
        course__cancelled_at__isnull=True,
    )
    returned = Exists(recommended.filter(~Q(begun_because=""), finalised_at__isnull=True))
    rows = (
        with_assessment(unsettled)
        .annotate(is_returned=returned)
        .values_list(
            "course__uuid",
            "course__title",
            "is_returned",
            "criteria_marked",
            "criteria_total",
            "submitted_at",
        )
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    since: dict[tuple[str, str, str], datetime] = {}
    for uuid, title, is_returned, marked, total, submitted_at in rows:
        course = (str(uuid), title)
        need = "returned" if is_returned else "mark" if marked < total else "settle"
        counts.setdefault(course, Counter())[need] += 1
        if submitted_at is not None:
            since[*course, need] = min(submitted_at, since.get((*course, need), submitted_at))
    return [
        Waiting(
            _words(need, number) % {"count": number, "course": course[1]},
            reverse("assessments:marking", args=[course[0]]),
            since.get((*course, need)),
            Urgency.SOON if need == "settle" else Urgency.NOW,
        )
        for course, needs in counts.items()
        for need, number in needs.items()
    ]


def _words(need: str, number: int) -> str:
    match need:
        case "returned":
            return ngettext(
                "Answer The AIM Project about %(count)d outcome: %(course)s",
                "Answer The AIM Project about %(count)d outcomes: %(course)s",
                number,
            )
        case "mark":
            return ngettext("Mark %(count)d script: %(course)s", "Mark %(count)d scripts: %(course)s", number)
        case _:
            return ngettext(
                "Settle %(count)d outcome: %(course)s", "Settle %(count)d outcomes: %(course)s", number
            )
