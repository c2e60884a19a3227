"""What everyone gets who submitted, however their answers came: the letter with the receipt."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.actions import write_to
from accounts.models import Person
from assessments.answering.models import Submission


def tell_received(
    submission: Submission, *, to: Person, enrolment: UUID, course_title: str, time_zone: str
) -> None:
    """Write to the author of `submission`: the receipt, without a word of the answers."""
    at: datetime | None = submission.submitted_at
    # Composed here and now, so that its clock is the one that the letter names.
    with timezone.override(ZoneInfo(time_zone)):
        write_to(
            person=to,
            subject=gettext_lazy("We have your answers"),
            template="answers_submitted",
            context={
                "course": course_title,
                "receipt": submission.receipt,
                "fingerprint": submission.fingerprint,
                "submitted_at": at,
                "enrolment": enrolment,
            },
        )
