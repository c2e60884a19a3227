"""What runs by the clock for appeals: every AIM admin is told of one that is overdue, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from certification.emails import tell_appeal_waits
from certification.models import Appeal


def tell_of_overdue_appeals(*, now: datetime, limit: int = 200) -> int:
    """Write to every AIM admin but the person about each appeal that should have been answered, once.

    Args:
        now: the moment.
        limit: how many at most; what is left is the next call's.

    Returns:
        How many were told of by this call.
    """
    due = Appeal.objects.open().filter(answer_due_at__lte=now, overdue_told_at__isnull=True)
    told = 0
    for pk in list(due.order_by("answer_due_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            locked = due.select_for_update(of=("self",), skip_locked=True)
            appeal = locked.select_related("enrolment__course", "enrolment__person").filter(pk=pk).first()
            if appeal is not None:
                appeal.overdue_told_at = now
                appeal.save(update_fields=["overdue_told_at"])
                tell_appeal_waits(appeal)
                told += 1
    return told
