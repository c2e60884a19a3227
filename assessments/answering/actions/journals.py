"""The journal of a participant's own device: the key that it is encrypted with, given and destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Person
from assessments.answering.actions.submissions import start_submission
from assessments.answering.models import AcknowledgedSave, JournalKey, Submission, TimeGrant
from courses.models import Enrolment, Session


@dataclass(frozen=True)
class Journal:
    """A submission, and the key to what its author's devices hold of it; None once it is destroyed."""

    submission: Submission
    key: bytes | None


@transaction.atomic
def open_journal(*, enrolment: Enrolment | UUID, by: Person) -> Journal:
    """Give the author of a submission the key to its journal; begins the submission where there is none.

    After answering closed the key is still given, for what a device holds to be read once more.

    Args:
        enrolment: the enrolment, or its UUID.
        by: the person enrolled.

    Returns:
        The latest submission with its key, made now where there was none.

    Raises:
        QuestionsNotOpen, AnsweringClosed, NotTakingPart, OutcomeFinalised: nothing was begun, and
            nothing can be now.
        NotTheirs: the enrolment is not theirs.
    """
    uuid = enrolment if isinstance(enrolment, UUID) else enrolment.uuid
    submission = _own(uuid, by).order_by("-attempt").first()
    if submission is None or submission.submitted_at is not None:
        # Where answering was opened again for them, the next attempt begins.
        submission = start_submission(enrolment=uuid, by=by)
    key, _is_new = JournalKey.objects.get_or_create(submission=submission)
    return Journal(submission, None if key.key is None else bytes(key.key))


def destroy_keys(*, now: datetime, limit: int = 1000) -> int:
    """Destroy every key of a course whose last session ended longer ago than `AIM["JOURNAL_HOURS"]`.

    Where answering was opened again for somebody, the end of that counts. What a device still holds
    can then be read by nobody. With the key goes which saves were acknowledged to which page, since
    none of them can be sent again.

    Args:
        now: the moment.
        limit: how many at most; the next sweep takes the rest.

    Returns:
        How many were destroyed.
    """
    before = now - timedelta(hours=settings.AIM["JOURNAL_HOURS"])
    over = (
        Session.objects.order_by()
        .values("course")
        .annotate(last=Max("ends_at"))
        .filter(last__lte=before)
        .values("course")
    )
    longer = TimeGrant.objects.filter(enrolment=OuterRef("submission__enrolment"), until__gt=before)
    with transaction.atomic():
        due = JournalKey.objects.filter(destroyed_at__isnull=True, submission__course__in=over).exclude(
            Exists(longer)
        )
        held = due.select_for_update(of=("self",), skip_locked=True)
        keys = list(held.values_list("pk", "submission_id")[:limit])
        JournalKey.objects.filter(pk__in=[pk for pk, _submission in keys]).update(
            key=None, destroyed_at=timezone.now()
        )
        AcknowledgedSave.objects.filter(submission__in=[submission for _pk, submission in keys]).delete()
    return len(keys)


def _own(enrolment: UUID, by: Person) -> QuerySet[Submission]:
    return Submission.objects.filter(enrolment__uuid=enrolment, enrolment__person=by)
