"""Freezing a version: it comes into force, and from then on nothing in it changes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments.case_studies.actions.versions import (
    NotAgreedByAll,
    NotProposed,
    ObjectionStands,
    VersionChanged,
    VersionRetired,
    lock_version,
    must_stand,
    require_admin,
)
from assessments.case_studies.canonical import fingerprint_of
from assessments.case_studies.emails import tell_agreement_missing
from assessments.case_studies.models import Version
from assessments.case_studies.stances import Stances, stances_on
from courses.models import Licence


@transaction.atomic
def freeze_version(*, version: Version, by: Person) -> Version:
    """Put a version in force: from now on nothing in it changes.

    Args:
        version: one that every Associate who is licensed for the programme today, and not recorded
            as unavailable, has agreed to as it stands.
        by: an AIM admin.

    Returns:
        the version with its fingerprint; asked twice, as it was frozen first.

    Raises:
        NotForYou: `by` is not an AIM admin.
        NotProposed, VersionWithdrawn, VersionRetired: it is no version that can come into force.
        NotAgreedByAll: with the names of those who have not agreed, or since nobody is licensed.
        ObjectionStands: somebody objects to a passage: no objection lapses by itself.
        VersionChanged: what stands in it is not what its fingerprint was taken over.

    Side effects:
        Retires the version before it (courses that pinned that one keep it), clears the licences of
        everyone who agreed and, until they agree, no others'. Writes to these others.
    """
    require_admin(by)
    version = lock_version(version)
    if version.frozen_at is not None:
        return version
    must_stand(version)
    if version.proposed_at is None:
        raise NotProposed(_("This version is a draft. Propose it first, so that it can be agreed to."))
    newer = version.case_study.versions.filter(number__gt=version.number, frozen_at__isnull=False)
    if newer.exists():
        raise VersionRetired(_("A newer version of this case study is in force already."))
    stances = _agreed_by_all(version)
    if fingerprint_of(version) != version.fingerprint:
        raise VersionChanged(
            _(
                "What stands in this version is not what was agreed to. Save one of its passages again, so"
                " that everyone is asked anew."
            )
        )
    now = timezone.now()
    Version.objects.in_force().filter(case_study=version.case_study_id).update(retired_at=now, retired_by=by)
    version.frozen_at, version.frozen_by = now, by
    version.save(update_fields=["frozen_at", "frozen_by"])
    agreed = version.agreements.filter(fingerprint=version.fingerprint).values("associate")
    licences = Licence.objects.filter(programme=version.case_study.programme_id)
    licences.filter(associate__in=agreed).update(cleared_at=now)
    licences.exclude(associate__in=agreed).update(cleared_at=None)
    tell_agreement_missing(version, [stance.associate for stance in stances.excused])
    return version


def _agreed_by_all(version: Version) -> Stances:
    """What was said to `version`; refused unless that lets it come into force."""
    stances = stances_on(version)
    if not stances.licensed:
        raise NotAgreedByAll(
            _("Nobody is licensed for this programme, so nobody could agree to its case study.")
        )
    if stances.objections:
        names = _named(one.raised_by for one in stances.objections)
        raise ObjectionStands(
            _("These Associates object to a passage: %(names)s. An objection stands until it is withdrawn.")
            % {"names": names}
        )
    if stances.missing:
        names = _named(stance.associate for stance in stances.missing)
        raise NotAgreedByAll(
            _("These Associates have not agreed yet: %(names)s. Everyone who is licensed must agree first.")
            % {"names": names}
        )
    if not stances.agreed:
        raise NotAgreedByAll(_("Nobody has agreed to this version yet: at least one Associate has to."))
    return stances


def _named(people: Iterable[Person]) -> str:
    return get_text_list([*dict.fromkeys(str(person) for person in people)], _("and"))
