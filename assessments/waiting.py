"""What waits for a person in assessments."""

from __future__ import annotations

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.waiting import Waiting
from assessments.answering.waiting import waiting_for_the_day
from assessments.case_studies.waiting import waiting_on_versions
from assessments.marking.waiting import waiting_to_mark
from courses.rules import TRAINS


def waiting_for(user: Person) -> list[Waiting]:
    """What `user` has to answer, the rooms that they run today, what they mark, write and agree to."""
    to_mark = waiting_to_mark(user) if TRAINS in relationships_of(user) else []
    return [*waiting_for_the_day(user), *to_mark, *waiting_on_versions(user)]
