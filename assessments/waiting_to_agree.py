"""What waits for Associates, authors and AIM admins about a version on its way into force."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.models import Agreement, Objection, ObjectionReply, Version
from assessments.voices import voices_on_all
from courses.models import Licence


def waiting_to_agree(user: Person) -> list[Waiting]:
    """Versions to agree to, objections to answer, versions to freeze: a fixed number of queries."""
    return [*_to_agree(user), *_answered(user), *_to_answer(user), *_to_freeze(user)]


def _to_agree(user: Person) -> list[Waiting]:
    """Proposed versions, and those in force, of programmes that they are licensed for, unanswered."""
    held = Licence.objects.in_force(timezone.localdate()).filter(
        associate=user, programme=OuterRef("case_study__programme")
    )
    own = Agreement.objects.filter(version=OuterRef("pk"), associate=user)
    objecting = Objection.objects.standing().filter(version=OuterRef("pk"), raised_by=user)
    versions = (
        Version.objects.filter(proposed_at__isnull=False, withdrawn_at__isnull=True, retired_at__isnull=True)
        .annotate(
            licensed_at=Subquery(held.order_by("-granted_at").values("granted_at")[:1]),
            agreed_before=Exists(own),
        )
        .filter(licensed_at__isnull=False)
        .filter(
            # In force, it is their licence that says whether they have agreed: a new one waits for that.
            Q(frozen_at__isnull=True) & ~Exists(own.filter(fingerprint=OuterRef("fingerprint")))
            | Q(frozen_at__isnull=False) & Exists(held.filter(cleared_at__isnull=True))
        )
        .exclude(Exists(objecting))
        .order_by("pk")
    )
    found = []
    for version in versions:
        if version.agreed_before and version.frozen_at is None:
            words = _("It changed since you agreed. Read what changed and agree: %(version)s")
        else:
            words = _("Read and agree to: %(version)s")
        since = version.frozen_at or version.proposed_at
        if since is not None:
            since = max(since, version.licensed_at)
        found.append(Waiting(words % {"version": version}, _page(version), since, Urgency.NOW))
    return found


def _answered(user: Person) -> list[Waiting]:
    """Their own objections of which somebody else spoke last."""
    found = []
    for objection in _with_last_word(Objection.objects.filter(raised_by=user)):
        if objection.last_by not in (None, user.pk):
            url = reverse("assessments:version_objection", args=[objection.version.uuid, objection.uuid])
            words = _("Your objection was answered: %(version)s") % {"version": objection.version}
            found.append(Waiting(words, url, objection.last_at, Urgency.NOW))
    return found


def _to_answer(user: Person) -> list[Waiting]:
    """Objections of others, of which their author spoke last: one line for each version."""
    objections = Objection.objects.exclude(raised_by=user)
    if not user.is_aim_admin:
        objections = objections.filter(version__in=Version.objects.written_by(user))
    waiting: dict[Version, list[Any]] = {}
    for objection in _with_last_word(objections):
        if objection.last_by in (None, objection.raised_by_id):
            waiting.setdefault(objection.version, []).append(objection)
    return [
        Waiting(
            ngettext(
                "%(count)d objection to answer: %(version)s",
                "%(count)d objections to answer: %(version)s",
                len(rows),
            )
            % {"count": len(rows), "version": version},
            _page(version),
            min(row.last_at or row.raised_at for row in rows),
            Urgency.NOW,
        )
        for version, rows in waiting.items()
    ]


def _to_freeze(user: Person) -> list[Waiting]:
    if not user.is_aim_admin:
        return []
    proposed = Version.objects.underway().filter(proposed_at__isnull=False)
    versions = list(proposed.select_related("case_study").order_by("pk"))
    voices = voices_on_all(versions) if versions else {}
    return [
        Waiting(
            _("All have agreed. Freeze: %(version)s") % {"version": version},
            reverse("assessments:version_freeze", args=[version.uuid]),
            max(voice.agreement.agreed_at for voice in voices[version.pk].agreed if voice.agreement),
            Urgency.SOON,
        )
        for version in versions
        if voices[version.pk].is_complete
    ]


def _with_last_word(objections: QuerySet[Objection]) -> QuerySet[Any]:
    """Those of `objections` that stand on what is underway, with who replied last and when."""
    last = ObjectionReply.objects.filter(objection=OuterRef("pk")).order_by("-pk")
    return (
        objections.filter(
            withdrawn_at__isnull=True,
            closed_at__isnull=True,
            version__in=Version.objects.underway(),
        )
        .annotate(last_by=Subquery(last.values("replied_by")[:1]), last_at=Max("replies__replied_at"))
        .select_related("version")
        .order_by("pk")
    )


def _page(version: Version) -> str:
    return reverse("assessments:version_agreement", args=[version.uuid])
