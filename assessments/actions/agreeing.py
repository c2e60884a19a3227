"""A version on its way into force: proposed, agreed to by every licensed Associate, frozen."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments.actions.contents import CheckedContent
from assessments.actions.versions import (
    ContentNotUsable,
    NotAgreedByAll,
    NotLicensed,
    NotProposed,
    ObjectionStands,
    VersionRetired,
    lock_version,
    must_stand,
    require_admin,
)
from assessments.canonical import content_of, fingerprint_of, passage_sha256, passages_of
from assessments.models import Agreement, Unavailability, Version
from courses.models import Licence


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
    return version


@transaction.atomic
def agree(*, version: Version, by: Person) -> Agreement:
    """Record that `by` agrees to a version as it stands, proposed or in force.

    Args:
        version: what they read.
        by: an Associate whose licence for the programme holds today, or will.

    Returns:
        their agreement; asked twice, the same one. It lapses when a passage changes.

    Raises:
        NotLicensed: they have no such licence.
        NotProposed: it is a draft.
        ObjectionStands: they object to a passage: withdrawing comes first.
        VersionRetired, VersionWithdrawn: a newer version is in force, or this one was given up.

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

    Side effects:
        Retires the version before it (courses that pinned that one keep it), clears the licences of
        everyone who agreed and, until they agree, no others'.
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
    _require_agreement_of_all(version)
    now = timezone.now()
    Version.objects.in_force().filter(case_study=version.case_study_id).update(retired_at=now, retired_by=by)
    version.frozen_at, version.frozen_by = now, by
    version.save(update_fields=["frozen_at", "frozen_by"])
    agreed = version.agreements.filter(fingerprint=version.fingerprint).values("associate")
    licences = Licence.objects.filter(programme=version.case_study.programme_id)
    licences.filter(associate__in=agreed).update(cleared_at=now)
    licences.exclude(associate__in=agreed).update(cleared_at=None)
    return version


def _require_agreement_of_all(version: Version) -> None:
    today = timezone.localdate()
    licensed = Person.objects.filter(
        pk__in=Licence.objects.in_force(today)
        .filter(programme=version.case_study.programme_id)
        .values("associate")
    )
    if not licensed.exists():
        raise NotAgreedByAll(
            _("Nobody is licensed for this programme, so nobody could agree to its case study.")
        )
    objecting = version.objections.standing().select_related("raised_by")
    if objecting:
        names = get_text_list([*dict.fromkeys(str(one.raised_by) for one in objecting)], _("and"))
        raise ObjectionStands(
            _("These Associates object to a passage: %(names)s. An objection stands until it is withdrawn.")
            % {"names": names}
        )
    unavailable = Unavailability.objects.on(today).filter(programme=version.case_study.programme_id)
    agreed = version.agreements.filter(fingerprint=version.fingerprint)
    missing = (
        licensed.exclude(pk__in=agreed.values("associate"))
        .exclude(pk__in=unavailable.values("associate"))
        .order_by("name", "pk")
    )
    if missing:
        names = get_text_list([str(person) for person in missing], _("and"))
        raise NotAgreedByAll(
            _("These Associates have not agreed yet: %(names)s. Everyone who is licensed must agree first.")
            % {"names": names}
        )


def _licences(version: Version) -> QuerySet[Licence]:
    """Licences for the version's programme that hold today or will."""
    return Licence.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate()),
        programme=version.case_study.programme_id,
        withdrawn_at__isnull=True,
    )
