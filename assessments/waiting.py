"""What waits for a person in assessments."""

from __future__ import annotations

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.waiting import Waiting
from assessments.answering.waiting import waiting_for_the_day
from assessments.case_studies.waiting import waiting_on_versions
from assessments.marking.rules import AGAIN_WAITS
from assessments.marking.waiting import marking_again, waiting_to_mark
from courses.rules import TRAINS


def waiting_for(user: Person) -> list[Waiting]:
    """What `user` has to answer, the rooms that they run today, what they mark, write and agree to."""
    held = relationships_of(user)
    to_mark = waiting_to_mark(user) if TRAINS in held or user.is_aim_admin else []
    if AGAIN_WAITS in held:
        to_mark.append(marking_again())
    return [*waiting_for_the_day(user), *to_mark, *waiting_on_versions(user)]
