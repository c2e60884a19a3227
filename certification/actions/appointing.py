"""Appointing who decides where no AIM admin is free."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from certification.actions.deciding import ReasonMissing, locked, must_wait
from certification.eligibility import associates_to_appoint, free_admins
from certification.emails import tell_appointed
from certification.models import Appointment
from courses.models import Enrolment


class CannotBeAppointed(Refused):
    """An admin is free, or this person may not decide on that enrolment."""


@transaction.atomic
def appoint(*, enrolment: Enrolment, associate: Person, reason: str, by: Person) -> Appointment:
    """Appoint a licensed Associate with no part in the course to decide on one enrolment.

    Args:
        enrolment: on which a decision is waited for, and no AIM admin is without a conflict.
        associate: licensed for the programme today, without a conflict.
        reason: why no admin is free, and why this Associate.
        by: an AIM admin.

    Returns:
        The appointment; appointing the same person again gives the first one.

    Raises:
        NothingToDecide: nothing waits for a decision.
        CannotBeAppointed: an admin is free, or this person holds no licence or has a conflict.
        ReasonMissing: no reason.

    Side effects:
        The Associate may open the decision page of this enrolment, and is told by a letter.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why no admin can decide, and why you appoint this Associate."))
    waiting = locked(enrolment)
    appointed = Appointment.objects.filter(enrolment=waiting, associate=associate).first()
    if appointed is not None:
        return appointed
    must_wait(waiting)
    if free := free_admins(waiting):
        raise CannotBeAppointed(
            _("%(names)s can decide: an Associate is appointed only where no AIM admin is free.")
            % {"names": ", ".join(str(person) for person in free)}
        )
    if associate not in associates_to_appoint(waiting):
        raise CannotBeAppointed(
            _(
                "Choose an Associate who is licensed for this programme, without a part in the course"
                " or a conflict."
            )
        )
    appointed = Appointment.objects.create(
        enrolment=waiting, associate=associate, reason=reason.strip(), appointed_by=by
    )
    tell_appointed(appointed)
    return appointed
