"""A version on its way to a proposal: begun, its authors, what it lacks still, given up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import write_to
from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.actions.drafting import new_version, write_content
from assessments.case_studies.actions.versions import (
    NotLicensed,
    VersionFrozen,
    lock_version,
    must_be_underway,
    require_admin,
)
from assessments.case_studies.canonical import area_key, content_of
from assessments.case_studies.emails import tell_author_ended, tell_version_withdrawn
from assessments.case_studies.models import CaseStudy, FrameworkEdition, Version, VersionAuthor
from assessments.case_studies.stances import stances_on
from courses.models import Licence, Programme


class NothingToCopy(Refused):
    """No version is in force that a new one could begin as."""


@transaction.atomic
def begin_version(*, programme: Programme, copy: bool, by: Person) -> Version:
    """Begin the next version of a programme's case study.

    Args:
        programme: whose.
        copy: begin with everything that the version in force says, under new uuids. Areas that the
            framework's newest edition does not have any more are left out.
        by: an AIM admin.

    Returns:
        the draft; empty, it has a title alone.

    Raises:
        NotForYou: `by` is not an AIM admin.
        NothingToCopy: no version is in force.
        VersionUnderway: another version is being written or agreed to.
    """
    require_admin(by)
    study, _made = CaseStudy.objects.get_or_create(programme=programme)
    study = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    edition = FrameworkEdition.objects.current().filter(programme=programme).first()
    if not copy:
        return new_version(
            study,
            by=by,
            edition=edition,
            title=_("%(programme)s: the case study") % {"programme": programme.name},
            content_note="",
            fictional_statement="",
        )
    in_force = Version.objects.in_force().filter(case_study=study).first()
    if in_force is None:
        raise NothingToCopy(_("No version of this case study is in force, so there is nothing to copy."))
    version = new_version(
        study,
        by=by,
        edition=edition,
        title=in_force.title,
        content_note=in_force.content_note,
        fictional_statement=in_force.fictional_statement,
    )
    write_content(version, _with_known_areas(content_of(in_force), edition), by=by)
    return version


def _with_known_areas(content: dict[str, Any], edition: FrameworkEdition | None) -> dict[str, Any]:
    known = {area_key(area) for area in edition.areas.all()} if edition else set()
    for question in content["questions"]:
        for criterion in question["criteria"]:
            criterion["areas"] = [key for key in criterion["areas"] if key in known]
    return content


@transaction.atomic
def invite_author(*, version: Version, person: Person, by: Person) -> VersionAuthor:
    """Let an Associate write one version beside The AIM Project's staff.

    Args:
        version: one that is underway.
        person: licensed for its programme today.
        by: an AIM admin.

    Returns:
        their invitation; asked twice, the same one.

    Raises:
        NotForYou: `by` is not an AIM admin.
        NotLicensed: `person` is not licensed for the programme.
        VersionFrozen, VersionWithdrawn: nobody writes it any more.

    Side effects:
        Writes them a letter that says where, and nothing of what it says.
    """
    require_admin(by)
    version = lock_version(version)
    must_be_underway(version)
    licences = Licence.objects.in_force(timezone.localdate()).filter(associate=person)
    programme = version.case_study.programme
    if not licences.filter(programme=programme).exists():
        raise NotLicensed(_("Only Associates who are licensed for this programme can write its case study."))
    author, made = VersionAuthor.objects.get_or_create(
        version=version, person=person, ended_at=None, defaults={"invited_by": by}
    )
    if made:
        write_to(
            person=person,
            subject=gettext_lazy("You are invited to write with us"),
            template="version_author_invited",
            context={
                "programme": programme.name,
                "path": reverse("assessments:version_write", args=[version.uuid]),
            },
        )
    return author


@transaction.atomic
def end_author(*, author: VersionAuthor, by: Person) -> VersionAuthor:
    """End an Associate's writing of a version; what they wrote stays.

    Args:
        author: their invitation.
        by: an AIM admin.

    Returns:
        the invitation; asked twice, as it was ended first.

    Raises:
        NotForYou: `by` is not an AIM admin.

    Side effects:
        Writes to them.
    """
    require_admin(by)
    author = VersionAuthor.objects.select_for_update(of=("self",)).get(pk=author.pk)
    if author.ended_at is None:
        author.ended_at, author.ended_by = timezone.now(), by
        author.save(update_fields=["ended_at", "ended_by"])
        tell_author_ended(author)
    return author


@transaction.atomic
def withdraw_version(*, version: Version, by: Person) -> Version:
    """Give up a version before it came into force; what was written and said about it stays readable.

    Args:
        version: a draft, or one that is proposed.
        by: an AIM admin.

    Returns:
        the version; asked twice, as it was withdrawn first.

    Raises:
        NotForYou: `by` is not an AIM admin.
        VersionFrozen: it is in force, or was: a newer version takes its place instead.

    Side effects:
        Where it was proposed, writes to every Associate who is licensed for its programme.
    """
    require_admin(by)
    version = lock_version(version)
    if version.frozen_at is not None:
        raise VersionFrozen(_("This version came into force. Only a newer version can take its place."))
    if version.withdrawn_at is None:
        # Who was asked is read before: afterwards nobody is.
        asked = [stance.associate for stance in stances_on(version).licensed]
        version.withdrawn_at, version.withdrawn_by = timezone.now(), by
        version.save(update_fields=["withdrawn_at", "withdrawn_by"])
        if version.proposed_at is not None:
            tell_version_withdrawn(version, asked)
    return version
