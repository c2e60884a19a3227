"""What every act on a version stands on: refusals, its lock, its fingerprint, the history of its words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.canonical import fingerprint_of
from assessments.case_studies.models import CaseStudy, Version, Wording


class ContentNotUsable(Refused):
    """The content of a proposed version has faults; `problems` says all of them."""

    def __init__(self, problems: list[str]) -> None:
        count = len(problems)
        intro = ngettext("One thing must be put right:", "%(count)s things must be put right:", count) % {
            "count": count
        }
        super().__init__("\n".join([intro, *problems]))
        self.problems = problems


class NotForYou(Refused):
    """Only an AIM admin begins, proposes, freezes and publishes."""


class NotLicensed(Refused):
    """Only an Associate who is licensed for the programme can agree to its case study."""


class VersionRetired(Refused):
    """A newer version took its place."""


class NotAnAuthor(Refused):
    """Only AIM admins, and Associates who were invited to a version, write it."""


class VersionUnderway(Refused):
    """A case study has one version at a time that is written or agreed to."""


class VersionWithdrawn(Refused):
    """It was given up before it came into force."""


class VersionFrozen(Refused):
    """It is in force: nothing in it changes, and nothing in it is objected to any more."""


class VersionChanged(Refused):
    """Its text changed since it was read: what is said now would be about another text."""


class NotProposed(Refused):
    """It is a draft still."""


class ObjectionStands(Refused):
    """Somebody objects to a passage, and has not withdrawn that."""


class NotAgreedByAll(Refused):
    """Somebody who is licensed has not agreed yet, or nobody is licensed."""


def lock_version(version: Version) -> Version:
    """The version, locked after its case study: versions of one case study change one after the other."""
    CaseStudy.objects.select_for_update(of=("self",)).get(pk=version.case_study_id)
    versions = Version.objects.select_for_update(of=("self",)).select_related("case_study__programme")
    return versions.get(pk=version.pk)


def require_admin(by: Person) -> None:
    """Raise NotForYou unless `by` is an AIM admin."""
    if not by.is_aim_admin:
        raise NotForYou(_("Only The AIM Project’s staff can do this."))


def renew_fingerprint(version: Version) -> None:
    """After a change of a locked version: what was agreed to before is not what stands there now."""
    if version.proposed_at is None:
        return
    version.fingerprint = fingerprint_of(version)
    version.save(update_fields=["fingerprint"])


def must_stand(version: Version) -> None:
    if version.withdrawn_at is not None:
        raise VersionWithdrawn(_("This version was withdrawn before it came into force."))


def must_not_be_frozen(version: Version) -> None:
    if version.frozen_at is not None:
        raise VersionFrozen(_("Every Associate agreed to this version, so nothing in it changes any more."))


def must_be_underway(version: Version) -> None:
    """Raise VersionWithdrawn or VersionFrozen where `version` is not written any more."""
    must_stand(version)
    must_not_be_frozen(version)


def keep_wording(
    version: Version,
    passage: str,
    revision: int,
    content: dict[str, Any],
    *,
    by: Person,
    set_aside: bool = False,
) -> Wording:
    """Keep what was saved, or set aside as stale, for good."""
    return Wording.objects.create(
        version=version,
        passage=passage,
        revision=revision,
        content=content,
        saved_by=by,
        set_aside=set_aside,
    )
