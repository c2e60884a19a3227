"""A version on its way into force: proposed, agreed to by every licensed Associate, who are reminded."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.actions.contents import CheckedContent
from assessments.case_studies.actions.versions import (
    ContentNotUsable,
    NotLicensed,
    NotProposed,
    ObjectionStands,
    VersionChanged,
    VersionRetired,
    lock_version,
    must_stand,
    require_admin,
)
from assessments.case_studies.canonical import content_of, fingerprint_of, passage_sha256, passages_of
from assessments.case_studies.emails import tell_proposed, tell_reminded
from assessments.case_studies.models import Agreement, AgreementReminder, Version
from assessments.case_studies.stances import stances_on
from courses.models import Licence


class NobodyToRemind(Refused):
    """Everyone has answered, or was reminded only just now."""


@transaction.atomic
def propose_version(*, version: Version, by: Person) -> Version:
    """Ask every licensed Associate to agree to a draft.

    Args:
        version: a draft with all that a version needs.
        by: an AIM admin.

    Returns:
        the version with its fingerprint; asked twice, as it was proposed first.

    Raises:
        NotForYou: `by` is not an AIM admin.
        ContentNotUsable: with everything that the draft lacks.
        VersionWithdrawn: it was given up.

    Side effects:
        A letter to every Associate who is licensed for the programme today, in whatever country.
    """
    require_admin(by)
    version = lock_version(version)
    must_stand(version)
    if version.proposed_at is not None:
        return version
    checked = CheckedContent(content_of(version))
    if checked.problems:
        raise ContentNotUsable(checked.problems)
    version.fingerprint = fingerprint_of(version)
    version.proposed_at, version.proposed_by = timezone.now(), by
    version.save(update_fields=["fingerprint", "proposed_at", "proposed_by"])
    tell_proposed(version, [stance.associate for stance in stances_on(version).licensed])
    return version


@transaction.atomic
def agree(*, version: Version, by: Person, seen: str | None = None) -> Agreement:
    """Record that `by` agrees to a version as it stands, proposed or in force.

    Args:
        version: what they read.
        by: an Associate whose licence for the programme holds today, or will.
        seen: the fingerprint of the text that they read; None: not asked.

    Returns:
        their agreement; asked twice, the same one. It lapses when a passage changes.

    Raises:
        NotLicensed: they have no such licence.
        NotProposed: it is a draft.
        ObjectionStands: they object to a passage: withdrawing comes first.
        VersionRetired, VersionWithdrawn: a newer version is in force, or this one was given up.
        VersionChanged: it has another fingerprint by now than the one they read.

    Side effects:
        Where the version is in force, clears their licences for the programme: courses can then be
        given to them. A proposed version clears when it is frozen.
    """
    version = lock_version(version)
    must_stand(version)
    if version.retired_at is not None:
        raise VersionRetired(_("A newer version of this case study is in force: agree to that one."))
    if version.proposed_at is None:
        raise NotProposed(_("This version is a draft. It can be agreed to once it is proposed."))
    licences = _licences(version).filter(associate=by)
    if not licences.exists():
        raise NotLicensed(
            _("Only Associates who are licensed for this programme can agree to its case study.")
        )
    if version.objections.standing().filter(raised_by=by).exists():
        raise ObjectionStands(_("You object to a passage of this version. Withdraw your objection first."))
    if seen is not None and seen != version.fingerprint:
        raise VersionChanged(
            _(
                "The text changed while you were reading it, so nothing was recorded. Read what changed, then"
                " agree to the text as it stands."
            )
        )
    agreement, _made = Agreement.objects.get_or_create(
        version=version,
        associate=by,
        fingerprint=version.fingerprint,
        defaults={
            "passages": {name: passage_sha256(content) for name, content in passages_of(version).items()}
        },
    )
    if version.frozen_at is not None:
        licences.filter(cleared_at__isnull=True).update(cleared_at=timezone.now())
    return agreement


@transaction.atomic
def remind(*, version: Version, associates: Iterable[Person] | None = None, by: Person) -> list[Person]:
    """Remind Associates, politely, that a version waits for their answer.

    Args:
        version: one that is proposed and not yet in force.
        associates: whom; None: everyone whom freezing waits for.
        by: an AIM admin.

    Returns:
        those who were reminded: whoever has answered, is unavailable, or was reminded within
        `BETWEEN_REMINDERS`, is not.

    Raises:
        NotForYou: `by` is not an AIM admin.
        NotProposed, VersionWithdrawn, VersionRetired: nobody is asked about it.
        NobodyToRemind: none of them is to be reminded now.

    Side effects:
        A letter to each, in their language, and a row that keeps when.
    """
    require_admin(by)
    version = lock_version(version)
    must_stand(version)
    if version.proposed_at is None:
        raise NotProposed(_("This version is a draft: nobody has been asked to agree to it."))
    if version.retired_at is not None:
        raise VersionRetired(_("A newer version of this case study is in force: nobody is asked any more."))
    asked = None if associates is None else {person.pk for person in associates}
    waiting = [stance.associate for stance in stances_on(version).to_remind]
    due = [person for person in waiting if asked is None or person.pk in asked]
    if not due:
        raise NobodyToRemind(
            _("There is nobody to remind: they have answered, or were reminded in the last three days.")
        )
    for associate in due:
        AgreementReminder.objects.create(version=version, associate=associate, sent_by=by)
        tell_reminded(version, associate)
    return due


def _licences(version: Version) -> QuerySet[Licence]:
    """Licences for the version's programme that hold today or will."""
    return Licence.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate()),
        programme=version.case_study.programme_id,
        withdrawn_at__isnull=True,
    )
