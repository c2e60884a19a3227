"""What waits for authors, Associates and AIM admins about versions of case studies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.rows import first
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.case_studies.kinds import KINDS
from assessments.case_studies.models import (
    Agreement,
    Criterion,
    Objection,
    ObjectionReply,
    Question,
    Section,
    Version,
    VersionAuthor,
)
from assessments.case_studies.rules import ASKED_TO_AGREE, OBJECTS, VERSION_UNDERWAY, WRITES
from assessments.case_studies.stances import all_have_agreed
from courses.models import Licence

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def waiting_on_versions(user: Person) -> list[Waiting]:
    """What `user` has to write, propose, agree to, answer or freeze: one query, if there can be any."""
    held = relationships_of(user)
    concerned = {ASKED_TO_AGREE, WRITES, OBJECTS, *([VERSION_UNDERWAY] if user.is_aim_admin else [])}
    if not concerned & held.others:
        return []
    found = []
    for version in _versions(user):
        found += [*_to_write(version), *_to_agree(version), *_answered(version)]
        found += [*_to_answer(version, user), *_to_propose(version), *_to_freeze(version)]
    return found


class _Standing(TypedDict):
    """What a version is to the one whose lines are asked for."""

    invited_at: datetime | None
    licensed_at: datetime | None
    agreed_before: bool
    agreed: bool
    waits_to_be_cleared: bool
    objects_to_it: bool
    answered: list[UUID]
    answered_at: list[datetime]
    unanswered_since: list[datetime]
    is_to_propose: bool
    is_to_freeze: bool
    agreed_last_at: datetime


VersionRow: TypeAlias = "WithAnnotations[Version, _Standing]"


def _versions(user: Person) -> QuerySet[VersionRow]:
    """Versions that are underway, and those in force that `user` is licensed for, with what it is to them."""
    held = Licence.objects.in_force(timezone.localdate()).filter(
        associate=user, programme=OuterRef("case_study__programme")
    )
    invitation = VersionAuthor.objects.filter(version=OuterRef("pk"), person=user, ended_at__isnull=True)
    own = Agreement.objects.filter(version=OuterRef("pk"), associate=user)
    last = ObjectionReply.objects.filter(objection=OuterRef("pk")).order_by("-pk")
    objections = (
        Objection.objects.standing()
        .filter(version=OuterRef("pk"))
        .annotate(last_by=first(last, "replied_by"))
        .annotate(last_at=first(last, "replied_at"))
        .order_by("pk")
    )
    answered = objections.filter(~Q(last_by=user.pk), raised_by=user, last_by__isnull=False)
    unanswered = objections.exclude(raised_by=user).filter(
        Q(last_by__isnull=True) | Q(last_by=F("raised_by"))
    )
    nobody = Value(False, output_field=BooleanField())
    return (
        Version.objects.filter(withdrawn_at__isnull=True, retired_at__isnull=True)
        .annotate(
            invited_at=first(invitation, "invited_at"),
            licensed_at=first(held.order_by("-granted_at"), "granted_at"),
            agreed_before=Exists(own),
            agreed=Exists(own.filter(fingerprint=OuterRef("fingerprint"))),
            waits_to_be_cleared=Exists(held.filter(cleared_at__isnull=True)),
            objects_to_it=Exists(objections.filter(raised_by=user)),
            answered=ArraySubquery(answered.values("uuid")),
            answered_at=ArraySubquery(answered.values("last_at")),
            unanswered_since=ArraySubquery(unanswered.values_list(Coalesce("last_at", "raised_at"))),
            is_to_propose=_told(_is_whole()) if user.is_aim_admin else nobody,
            is_to_freeze=_told(all_have_agreed()) if user.is_aim_admin else nobody,
            agreed_last_at=Subquery(
                Agreement.objects.filter(version=OuterRef("pk"), fingerprint=OuterRef("fingerprint"))
                .order_by("-agreed_at")
                .values("agreed_at")[:1]
            ),
        )
        .filter(Q(frozen_at__isnull=True) | Q(licensed_at__isnull=False))
        .select_related("case_study__programme")
        .order_by("pk")
    )


def _told(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())


def _is_whole() -> Q:
    """A draft in which nothing is empty that a proposal needs.

    What a saved passage may hold was checked when it was saved; proposing checks the whole again.
    """
    sections = Section.objects.filter(version=OuterRef("pk"))
    questions = Question.objects.filter(version=OuterRef("pk"))
    criteria = Criterion.objects.filter(question__version=OuterRef("pk"))
    by_decision = [kind.code for kind in KINDS.values() if kind.essential_by_decision]
    undecided = Q(is_essential=True, essential_because="", question__kind__in=by_decision)
    unfinished = (
        undecided | Q(text="") | Q(met="") | Q(partly_met="") | Q(not_met="") | Q(constructs__isnull=True)
    )
    return Q(
        ~Q(content_note=""),
        ~Q(fictional_statement=""),
        Exists(sections),
        ~Exists(sections.filter(body="")),
        Exists(questions),
        ~Exists(questions.filter(Q(text="") | Q(model_answer="") | Q(criteria__isnull=True))),
        Exists(criteria.filter(is_essential=True)),
        ~Exists(criteria.filter(unfinished)),
        proposed_at__isnull=True,
    )


# --- Each line, out of one row ----------------------------------------------------------------------


def _to_write(version: VersionRow) -> list[Waiting]:
    """The version that they were invited to write."""
    if version.invited_at is None or version.frozen_at is not None:
        return []
    words = _("Write the case study: %(programme)s, version %(number)d") % _named(version)
    return [Waiting(words, _version_path(version, "version_write"), version.invited_at, Urgency.SOON)]


def _to_propose(version: VersionRow) -> list[Waiting]:
    """For an AIM admin, a draft that lacks nothing."""
    if not version.is_to_propose:
        return []
    words = _("Propose the case study to the Associates: %(programme)s, version %(number)d")
    url = _version_path(version, "version_write")
    return [Waiting(words % _named(version), url, version.drafted_at, Urgency.LATER)]


def _to_agree(version: VersionRow) -> list[Waiting]:
    """What is proposed or in force of a programme that they are licensed for, unanswered."""
    # In force, it is their licence that says whether they have agreed: a new one waits for that.
    has_answered = not version.waits_to_be_cleared if version.frozen_at else version.agreed
    if version.proposed_at is None or version.licensed_at is None:
        return []
    if has_answered or version.objects_to_it:
        return []
    if version.agreed_before and version.frozen_at is None:
        words = _("Read what changed since you agreed, and agree again: %(version)s")
    else:
        words = _("Read and agree to: %(version)s")
    since = max(version.frozen_at or version.proposed_at, version.licensed_at)
    url = _version_path(version, "version_agreement")
    return [Waiting(words % {"version": version}, url, since, Urgency.NOW)]


def _answered(version: VersionRow) -> list[Waiting]:
    """Their own objections of which somebody else spoke last."""
    if version.frozen_at is not None:
        return []
    return [
        Waiting(
            _("Read the answer to your objection: %(version)s") % {"version": version},
            reverse("assessments:version_objection", args=[version.uuid, objection]),
            at,
            Urgency.NOW,
        )
        for objection, at in zip(version.answered, version.answered_at, strict=True)
    ]


def _to_answer(version: VersionRow, user: Person) -> list[Waiting]:
    """Objections of others, of which their author spoke last: one line for each version that they write."""
    writes = version.invited_at is not None or user.is_aim_admin
    if not writes or not version.unanswered_since or version.frozen_at is not None:
        return []
    words = ngettext(
        "Answer %(count)d objection: %(version)s",
        "Answer %(count)d objections: %(version)s",
        len(version.unanswered_since),
    ) % {"count": len(version.unanswered_since), "version": version}
    return [
        Waiting(
            words, _version_path(version, "version_agreement"), min(version.unanswered_since), Urgency.NOW
        ),
    ]


def _to_freeze(version: VersionRow) -> list[Waiting]:
    """For an AIM admin, a proposal that everybody has agreed to."""
    if not version.is_to_freeze:
        return []
    words = _("Freeze what all have agreed to: %(version)s") % {"version": version}
    return [Waiting(words, _version_path(version, "version_freeze"), version.agreed_last_at, Urgency.SOON)]


def _named(version: Version) -> dict[str, object]:
    return {"programme": version.case_study.programme.name, "number": version.number}


def _version_path(version: Version, name: str) -> str:
    return reverse(f"assessments:{name}", args=[version.uuid])
