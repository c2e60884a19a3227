"""Versions of a case study: proposed, agreed to by every licensed Associate, frozen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.actions.contents import CheckedContent
from assessments.canonical import area_key, content_of, fingerprint_of
from assessments.models import (
    Agreement,
    CaseStudy,
    Construct,
    Criterion,
    FrameworkArea,
    Question,
    Section,
    Version,
)
from courses.models import Licence


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
    """Only an AIM admin proposes, freezes and publishes."""


class NotLicensed(Refused):
    """Only an Associate who is licensed for the programme can agree to its case study."""


class VersionRetired(Refused):
    """A newer version took its place."""


class NotAgreedByAll(Refused):
    """Somebody who is licensed has not agreed yet, or nobody is licensed."""


@transaction.atomic
def load_version(*, content: dict[str, Any], by: Person) -> Version:
    """Propose a version of a programme's case study.

    Args:
        content: in the shape of certification/sample/aim3.yaml.
        by: an AIM admin.

    Returns:
        the proposed version; where the newest version says the same already, that one.

    Raises:
        NotForYou: `by` is not an AIM admin.
        ContentNotUsable: with everything that is wrong with the content.

    Side effects:
        Makes the constructs that the content brings along.
    """
    require_admin(by)
    checked = CheckedContent(content)
    programme = checked.programme
    if checked.problems or programme is None:
        raise ContentNotUsable(checked.problems)
    study, _made = CaseStudy.objects.get_or_create(programme=programme)
    study = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    newest = study.versions.order_by("-number").first()
    if newest is not None and content_of(newest) == checked.content:
        return newest
    first = programme.constructs.count() + 1
    Construct.objects.bulk_create(
        [
            Construct(programme=programme, position=position, **row)
            for position, row in enumerate(checked.constructs, start=first)
        ],
        ignore_conflicts=True,
    )
    version = Version.objects.create(
        case_study=study,
        number=(newest.number if newest else 0) + 1,
        title=checked.content["title"],
        content_note=checked.content["content_note"],
        fictional_statement=checked.content["fictional_statement"],
        proposed_by=by,
    )
    _write(version, checked.content)
    return version


def _write(version: Version, content: dict[str, Any]) -> None:
    constructs = {row.code: row for row in version.case_study.programme.constructs.all()}
    areas = {area_key(area): area for area in FrameworkArea.objects.all()}
    Section.objects.bulk_create(
        [
            Section(version=version, number=number, **row)
            for number, row in enumerate(content["sections"], start=1)
        ]
    )
    for number, row in enumerate(content["questions"], start=1):
        parts = {key: value for key, value in row.items() if key != "criteria"}
        question = Question.objects.create(version=version, number=number, **parts)
        for position, part in enumerate(row["criteria"], start=1):
            criterion = Criterion.objects.create(
                question=question,
                number=position,
                text=part["text"],
                is_essential=part["essential"],
                met=part["met"],
                partly_met=part["partly_met"],
                not_met=part["not_met"],
            )
            criterion.constructs.add(*[constructs[code] for code in part["constructs"]])
            criterion.areas.add(*[areas[key] for key in part["areas"]])


@transaction.atomic
def agree(*, version: Version, by: Person) -> Agreement:
    """Record that `by` agrees to a version, proposed or in force.

    Args:
        version: what they read.
        by: an Associate whose licence for the programme holds today, or will.

    Returns:
        their agreement; asked twice, the same one.

    Raises:
        NotLicensed: they have no such licence.
        VersionRetired: a newer version is in force.

    Side effects:
        Where the version is in force, clears their licences for the programme: courses can then be
        given to them. A proposed version clears when it is frozen.
    """
    version = lock_version(version)
    if version.retired_at is not None:
        raise VersionRetired(_("A newer version of this case study is in force: agree to that one."))
    licences = _licences(version).filter(associate=by)
    if not licences.exists():
        raise NotLicensed(
            _("Only Associates who are licensed for this programme can agree to its case study.")
        )
    agreement, _made = Agreement.objects.get_or_create(version=version, associate=by)
    if version.frozen_at is not None:
        licences.filter(cleared_at__isnull=True).update(cleared_at=timezone.now())
    return agreement


@transaction.atomic
def freeze_version(*, version: Version, by: Person) -> Version:
    """Put a version in force: from now on nothing in it changes.

    Args:
        version: one that every Associate who is licensed for the programme today has agreed to.
        by: an AIM admin.

    Returns:
        the version with its fingerprint; asked twice, as it was frozen first.

    Raises:
        NotForYou: `by` is not an AIM admin.
        VersionRetired: a newer version is in force.
        NotAgreedByAll: with the names of those who have not agreed, or since nobody is licensed.

    Side effects:
        Retires the version before it (courses that pinned that one keep it), clears the licences of
        everyone who agreed and, until they agree, no others'.
    """
    require_admin(by)
    version = lock_version(version)
    if version.frozen_at is not None:
        return version
    newer = version.case_study.versions.filter(number__gt=version.number, frozen_at__isnull=False)
    if newer.exists():
        raise VersionRetired(_("A newer version of this case study is in force already."))
    _require_agreement_of_all(version)
    now = timezone.now()
    Version.objects.in_force().filter(case_study=version.case_study_id).update(retired_at=now, retired_by=by)
    version.fingerprint = fingerprint_of(version)
    version.frozen_at, version.frozen_by = now, by
    version.save(update_fields=["fingerprint", "frozen_at", "frozen_by"])
    agreed = version.agreements.values("associate")
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
    missing = licensed.exclude(pk__in=version.agreements.values("associate")).order_by("name", "pk")
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


def lock_version(version: Version) -> Version:
    """The version, locked after its case study: versions of one case study change one after the other."""
    CaseStudy.objects.select_for_update(of=("self",)).get(pk=version.case_study_id)
    versions = Version.objects.select_for_update(of=("self",)).select_related("case_study__programme")
    return versions.get(pk=version.pk)


def require_admin(by: Person) -> None:
    if not by.is_aim_admin:
        raise NotForYou(_("Only The AIM Project’s staff can do this."))
