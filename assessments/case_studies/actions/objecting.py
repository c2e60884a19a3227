"""Objections to a passage: raised, answered, withdrawn; none lapses by itself."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.actions.versions import (
    NotForYou,
    NotLicensed,
    NotProposed,
    VersionFrozen,
    VersionRetired,
    lock_version,
    must_stand,
    require_admin,
)
from assessments.case_studies.canonical import passage_sha256, passages_of
from assessments.case_studies.emails import authors_of, tell_objection
from assessments.case_studies.models import Objection, ObjectionReply, Version
from courses.models import Licence


class PassageUnknown(Refused):
    """The version has no such passage, or has it no more."""

    field = "passage"


class NothingSaid(Refused):
    """An objection, an answer or a closing without words."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class ObjectionOver(Refused):
    """It was withdrawn or closed."""


class StillLicensed(Refused):
    """Who raised it can withdraw it, so nobody else ends it."""


@transaction.atomic
def object_to(*, version: Version, passage: str, reason: str, by: Person) -> Objection:
    """Record that `by` objects to one passage of a proposed version.

    Args:
        version: which.
        passage: a key of `canonical.passages_of`: `head`, `section:<uuid>` or `question:<uuid>`.
        reason: what should change, and why.
        by: an Associate whose licence for the programme holds today.

    Returns:
        the objection; where one of theirs to this passage stands, that one, as it was.

    Raises:
        NotLicensed: they have no such licence.
        NotProposed, VersionFrozen, VersionRetired, VersionWithdrawn: it is not to be agreed to now.
        PassageUnknown: there is no such passage.
        NothingSaid: no reason.

    Side effects:
        While it stands, nobody can freeze the version, and an agreement of theirs does not count. A
        letter to the authors.
    """
    version = _locked_while_proposed(version)
    held = Licence.objects.in_force(timezone.localdate()).filter(associate=by)
    if not held.filter(programme=version.case_study.programme_id).exists():
        raise NotLicensed(_("Only Associates who are licensed for this programme can object to a passage."))
    standing = version.objections.standing().filter(raised_by=by, passage=passage).first()
    if standing is not None:
        return standing
    content = passages_of(version).get(passage)
    if content is None:
        raise PassageUnknown(_("This version has no such passage. It may have been removed: choose another."))
    if not reason.strip():
        raise NothingSaid(_("Say what should change in this passage, and why."), "reason")
    objection = Objection.objects.create(
        version=version,
        passage=passage,
        passage_sha256=passage_sha256(content),
        reason=reason.strip(),
        raised_by=by,
    )
    tell_objection(objection, _authors_but(objection, by))
    return objection


@transaction.atomic
def reply_to_objection(*, objection: Objection, text: str, by: Person) -> ObjectionReply:
    """Answer an objection, or add to it.

    Args:
        objection: one that stands.
        text: what is said.
        by: an author of the version, an AIM admin, or who raised it.

    Returns:
        the reply. The same words of the same person, said last, are one reply.

    Raises:
        NotForYou: `by` is none of these.
        ObjectionOver: it was withdrawn or closed.
        NothingSaid: no words.

    Side effects:
        A letter to the other side: to who raised it, or to the authors.
    """
    lock_version(objection.version)
    objection = _locked_objection(objection)
    raised = by.pk == objection.raised_by_id
    if not (raised or by.is_aim_admin or _writes(objection.version, by)):
        raise NotForYou(_("Only its authors, The AIM Project’s staff and who raised it answer an objection."))
    _must_stand(objection)
    if not text.strip():
        raise NothingSaid(_("Write your answer."), "text")
    last = objection.replies.last()
    if last is not None and (last.replied_by_id, last.text) == (by.pk, text.strip()):
        return last
    reply = ObjectionReply.objects.create(objection=objection, text=text.strip(), replied_by=by)
    tell_objection(objection, _authors_but(objection, by) if raised else [objection.raised_by])
    return reply


@transaction.atomic
def withdraw_objection(*, objection: Objection, by: Person) -> Objection:
    """Take an objection back: what was agreed to before counts again, if the text is still the same.

    Args:
        objection: one that stands; withdrawn already, it stays as it is.
        by: who raised it.

    Raises:
        NotForYou: somebody else asks.
        ObjectionOver: it was closed.
    """
    lock_version(objection.version)
    objection = _locked_objection(objection)
    if objection.raised_by_id != by.pk:
        raise NotForYou(_("Only who raised an objection withdraws it."))
    if objection.withdrawn_at is None:
        _must_stand(objection)
        objection.withdrawn_at, objection.withdrawn_by = timezone.now(), by
        objection.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return objection


@transaction.atomic
def close_objection(*, objection: Objection, because: str, by: Person) -> Objection:
    """End an objection whose author is not licensed for the programme any more, and cannot withdraw it.

    Args:
        objection: one that stands; closed already, it stays as it is.
        because: why; it stays beside the objection.
        by: an AIM admin.

    Raises:
        NotForYou: `by` is not an AIM admin.
        StillLicensed: who raised it is licensed today.
        ObjectionOver: it was withdrawn.
        NothingSaid: no reason.
    """
    require_admin(by)
    version = lock_version(objection.version)
    objection = _locked_objection(objection)
    if objection.closed_at is not None:
        return objection
    _must_stand(objection)
    held = Licence.objects.in_force(timezone.localdate()).filter(associate=objection.raised_by_id)
    if held.filter(programme=version.case_study.programme_id).exists():
        raise StillLicensed(
            _("%(name)s is licensed for this programme, so only they withdraw it. Answer it instead.")
            % {"name": objection.raised_by}
        )
    if not because.strip():
        raise NothingSaid(_("Say why this objection is closed."), "because")
    objection.closed_at, objection.closed_by = timezone.now(), by
    objection.closed_because = because.strip()
    objection.save(update_fields=["closed_at", "closed_by", "closed_because"])
    return objection


def _locked_while_proposed(version: Version) -> Version:
    version = lock_version(version)
    must_stand(version)
    if version.retired_at is not None:
        raise VersionRetired(_("A newer version of this case study is in force."))
    if version.frozen_at is not None:
        raise VersionFrozen(
            _(
                "This version is in force: everyone agreed, and nothing in it changes. Write to The AIM"
                " Project about what the next version should say."
            )
        )
    if version.proposed_at is None:
        raise NotProposed(_("This version is a draft. It can be objected to once it is proposed."))
    return version


def _locked_objection(objection: Objection) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related(
        "version__case_study__programme", "raised_by"
    )
    return rows.get(pk=objection.pk)


def _must_stand(objection: Objection) -> None:
    if objection.withdrawn_at is not None:
        raise ObjectionOver(_("This objection was withdrawn."))
    if objection.closed_at is not None:
        raise ObjectionOver(_("This objection was closed."))


def _writes(version: Version, person: Person) -> bool:
    return version.authors.filter(person=person, ended_at__isnull=True).exists()


def _authors_but(objection: Objection, by: Person) -> list[Person]:
    return [person for person in authors_of(objection.version) if person.pk != by.pk]
