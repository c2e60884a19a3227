"""Letters about a version: that something waits, and where; never a passage or a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actions import write_to
from accounts.models import Person
from assessments.case_studies.models import Objection, Version, VersionAuthor

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def authors_of(version: Version) -> list[Person]:
    """Who answers for its text: those invited to write it, and who drafted and proposed it."""
    invited = version.authors.filter(ended_at__isnull=True).values("person")
    wrote = Q(pk__in=invited) | Q(pk__in=[version.drafted_by_id, version.proposed_by_id])
    return list(Person.objects.filter(wrote, is_active=True).order_by("pk"))


def tell_proposed(version: Version, associates: Iterable[Person]) -> None:
    """They are asked to read it and to agree or object."""
    for associate in associates:
        tell_about_version(
            associate, _("A case study waits for your agreement"), "versions_proposed", version
        )


def tell_reminded(version: Version, associate: Person) -> None:
    """It still waits for them."""
    tell_about_version(
        associate, _("A reminder: a case study waits for your agreement"), "versions_reminder", version
    )


def tell_author_ended(author: VersionAuthor) -> None:
    """They do not write it any more."""
    subject = _("You no longer write a case study with us")
    tell_about_version(author.person, subject, "version_author_ended", author.version)


def tell_version_withdrawn(version: Version, associates: Iterable[Person]) -> None:
    """They were asked to read it, and need not any more."""
    for associate in associates:
        tell_about_version(
            associate, _("A case study needs no answer any more"), "versions_withdrawn", version
        )


def tell_agreement_missing(version: Version, associates: Iterable[Person]) -> None:
    """It came into force without them: until they agree, they are not cleared to train."""
    for associate in associates:
        tell_about_version(
            associate, _("A case study came into force: please read it"), "versions_in_force", version
        )


def tell_objection(objection: Objection, people: Iterable[Person]) -> None:
    """Something was said that they may want to answer."""
    for person in people:
        tell_about_version(
            person,
            _("An objection to a case study: something was said"),
            "versions_objection",
            objection.version,
            objection=objection,
        )


def tell_about_version(
    person: Person, subject: StrOrPromise, template: str, version: Version, **context: Any
) -> None:
    write_to(
        person=person,
        subject=subject,
        template=template,
        context={"version": version, "programme": version.case_study.programme.name, **context},
    )
