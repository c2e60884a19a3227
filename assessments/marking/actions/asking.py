"""Who was asked to mark a submission a second time, and whether they still are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.locks import lock_enrolment, require_no_place
from assessments.marking.models import SecondMarker
from courses.models import Enrolment, Licence


class NotAsked(Refused):
    """Somebody else marks this a second time, or nobody any more; or the licence does not hold today."""


def end_asking(script: SecondMarker, *, because: str, by: Person) -> SecondMarker:
    """End it; its enrolment is locked, and `by` may."""
    found = SecondMarker.objects.select_for_update(of=("self",)).get(pk=script.pk)
    if found.ended_at is None:
        found.ended_at, found.ended_by, found.ended_because = timezone.now(), by, because.strip()
        found.save(update_fields=["ended_at", "ended_by", "ended_because"])
    return found


def locked_script(script: SecondMarker, by: Person) -> tuple[Enrolment, int]:
    """The enrolment of what `by` was asked to mark a second time, locked, and its submission's primary key.

    Raises:
        NotAsked, OwnWork, MarkingFinalised (approved).
    """
    found: Any = SecondMarker.objects.values_list("submission", "submission__enrolment").get(pk=script.pk)
    enrolment = lock_enrolment(found[1])
    require_no_place(course=enrolment.course_id, by=by)
    require_asked(script.uuid, enrolment, by)
    return enrolment, found[0]


def require_asked(script: UUID, enrolment: Enrolment, by: Person) -> None:
    """Go on only if `by` was asked to mark this a second time and is licensed for it today.

    Raises:
        NotAsked.
    """
    asked = SecondMarker.objects.visible_to(by).filter(uuid=script, ended_at__isnull=True)
    if not asked.exists():
        raise NotAsked(_("You are not asked to mark this a second time any more. Your list says what is."))
    licences = Licence.objects.in_force(timezone.localdate()).filter(
        associate=by, programme=enrolment.course.programme_id
    )
    if not licences.exists():
        raise NotAsked(_("Your licence for this programme does not hold today: ask The AIM Project."))
