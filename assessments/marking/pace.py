"""How fast a course is being marked, and how long the rest will take at that pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db.models import Count, Min
from django.utils import timezone

from assessments.marking.models import CriterionMark
from courses.models import Course

# Over what the pace is counted; fewer judgements than that tell none.
WINDOW = timedelta(minutes=30)
FEWEST = 5


@dataclass(frozen=True)
class Pace:
    """The pace of the last half hour.

    Args:
        judged: how many criteria were judged in it.
        minutes: since the first of these, at least one.
    """

    judged: int
    minutes: float

    def minutes_for(self, left: int) -> int | None:
        """How many minutes `left` judgements will take, to the next five; None: no pace to tell it by."""
        if self.judged < FEWEST or left <= 0:
            return None
        return ceil(left / (self.judged / self.minutes) / 5) * 5


def pace_of(course: Course) -> Pace:
    """The pace on `course`: one statement."""
    now = timezone.now()
    judged = CriterionMark.objects.judged().filter(
        marking__submission__course=course, judged_at__gt=now - WINDOW
    )
    found = judged.aggregate(count=Count("pk"), first=Min("judged_at"))
    if not found["count"]:
        return Pace(0, 1)
    return Pace(found["count"], max((now - found["first"]) / timedelta(minutes=1), 1))
