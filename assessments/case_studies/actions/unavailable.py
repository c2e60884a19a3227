"""Associates who cannot be asked for a while: freezing goes on without them, and training waits for them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.actions.versions import require_admin
from assessments.case_studies.models import CaseStudy, Unavailability
from courses.models import Licence, Programme

LONGEST_DAYS = 366


class CannotRecordUnavailable(Refused):
    """The person, the dates or the reason do not make a record of it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def record_unavailable(
    *, programme: Programme, associate: Person, from_on: date, until_on: date, reason: str, by: Person
) -> Unavailability:
    """Record that an Associate cannot be asked between two days.

    Args:
        programme: whose case study waits for them.
        associate: licensed for it today.
        from_on: the first day.
        until_on: the last day, today or later, and at most a year after the first.
        reason: why, in a few words; The AIM Project's staff alone read it.
        by: an AIM admin, about somebody else.

    Returns:
        the record; one that stands with the same days and reason, where there is one.

    Raises:
        NotForYou: `by` is not an AIM admin.
        CannotRecordUnavailable: with the field that is wrong.

    Side effects:
        While it holds, a version can be frozen without them. Then their licences are not cleared until
        they agree to it: they are assigned to no course, and release no case study. Nothing that they
        objected to lapses.
    """
    require_admin(by)
    # As freezing does, so that neither is decided on what the other is about to change.
    CaseStudy.objects.select_for_update(of=("self",)).filter(programme=programme).first()
    if associate.pk == by.pk:
        raise CannotRecordUnavailable(
            _("Nobody records this about themself. Ask another member of The AIM Project’s staff."),
            "associate",
        )
    if not Licence.objects.in_force(timezone.localdate()).filter(associate=associate, programme=programme):
        raise CannotRecordUnavailable(
            _("%(name)s is not licensed for this programme today, so nobody waits for them.")
            % {"name": associate},
            "associate",
        )
    if until_on < from_on:
        raise CannotRecordUnavailable(_("The last day is before the first. Check both."), "until_on")
    if until_on < timezone.localdate():
        raise CannotRecordUnavailable(_("The last day is in the past."), "until_on")
    if (until_on - from_on).days > LONGEST_DAYS:
        raise CannotRecordUnavailable(
            _("Enter a last day within a year of the first. It can be recorded again then."), "until_on"
        )
    if not reason.strip():
        raise CannotRecordUnavailable(_("Say why they cannot be asked."), "reason")
    made, _is_new = Unavailability.objects.get_or_create(
        programme=programme,
        associate=associate,
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip(),
        ended_at=None,
        defaults={"recorded_by": by},
    )
    return made


@transaction.atomic
def end_unavailable(*, unavailability: Unavailability, by: Person) -> Unavailability:
    """End a record before its last day: freezing waits for them again.

    Args:
        unavailability: the record; ended already, it stays as it is.
        by: an AIM admin.

    Raises:
        NotForYou: `by` is not an AIM admin.
    """
    require_admin(by)
    CaseStudy.objects.select_for_update(of=("self",)).filter(programme=unavailability.programme_id).first()
    record = Unavailability.objects.select_for_update(of=("self",)).get(pk=unavailability.pk)
    if record.ended_at is None:
        record.ended_at, record.ended_by = timezone.now(), by
        record.save(update_fields=["ended_at", "ended_by"])
    return record
