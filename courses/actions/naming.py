"""The name on a certificate, corrected as long as nothing is approved."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.fields import lines, one_line
from aimcert.foundation.stale_forms import ChangedMeanwhile
from courses.actions.enrolling import EnrolmentFrozen
from courses.actions.refusals import CourseRefused
from courses.models import Enrolment, NameCorrection


class NameRefused(CourseRefused):
    """The name on the certificate cannot be corrected so."""


@transaction.atomic
def correct_certificate_name(
    *, enrolment: Enrolment, name: str, by: Person, seen: int, reason: str = ""
) -> Enrolment:
    """Correct the name that will stand on somebody's certificate; their account keeps its name.

    Args:
        enrolment: whose.
        name: the right one.
        by: the person themself, or an AIM admin.
        seen: how often it had been corrected when `by` read it (see `name_corrections`).
        reason: why; needed of an admin who corrects somebody else's.

    Returns:
        The enrolment; one that has this name already stays as it is.

    Raises:
        EnrolmentFrozen: it was approved: the certificate says what it said when it was issued.
        ChangedMeanwhile: it was corrected since `seen`.
        NameRefused: nothing of the name can be seen, the place was given up, `by` is neither, or an admin
            gave no reason.

    Side effects:
        One row says who corrected it, when and why, and holds no name.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    name, reason = one_line(name), lines(reason)
    if enrolment.frozen_at:
        raise EnrolmentFrozen(
            _("The certificate is approved, so its name stays as it was. Ask The AIM Project if it is wrong.")
        )
    is_own = enrolment.person_id == by.pk
    if not (is_own or by.is_aim_admin):
        raise NameRefused(_("Only the person themself, or The AIM Project, corrects this name."))
    if enrolment.withdrawn_at:
        raise NameRefused(_("This place was given up, so there will be no certificate."))
    if not name:
        raise NameRefused(_("Enter the name as it should stand on the certificate."), field="name")
    if enrolment.certificate_name == name:
        return enrolment
    if enrolment.name_corrections.count() != seen:
        raise ChangedMeanwhile
    if not is_own and not reason:
        raise NameRefused(_("Say why you correct somebody else’s name."), field="reason")
    enrolment.certificate_name = name
    enrolment.save(update_fields=["certificate_name"])
    NameCorrection.objects.create(enrolment=enrolment, reason="" if is_own else reason, corrected_by=by)
    return enrolment
