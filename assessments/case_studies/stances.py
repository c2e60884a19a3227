"""What each Associate says to a version: agreed, agreed to an earlier text, objects, has not answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.name_order import name_key
from aimcert.foundation.rows import first
from assessments.case_studies.models import Agreement, AgreementReminder, Objection, Unavailability, Version
from courses.models import Licence

# Between two reminders of one Associate.
BETWEEN_REMINDERS = timedelta(days=3)


class Said(Enum):
    """What one Associate says now; an objection outweighs an agreement."""

    AGREED = "agreed"
    OBJECTS = "objects"
    LAPSED = "lapsed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Stance:
    """One Associate who is licensed for the programme today, or who agreed while they were.

    Args:
        countries: codes of the countries that they are licensed in today; none: not licensed any more.
        asked_at: when they were asked first: the proposal, or their licence where that came later.
        agreement: theirs to the text as it stands, else their latest to an earlier one.
        objections: those of theirs that stand.
        unavailability: the record of it that holds today.
        reminded_at: their latest reminder of this version.
    """

    associate: Person
    countries: tuple[str, ...]
    said: Said
    asked_at: datetime | None
    agreement: Agreement | None = None
    objections: tuple[Objection, ...] = ()
    unavailability: Unavailability | None = None
    reminded_at: datetime | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether freezing waits for them: neither agreed nor excused. An objection is never excused."""
        if self.said is Said.OBJECTS:
            return True
        return bool(self.countries) and self.said is not Said.AGREED and self.unavailability is None

    @property
    def may_be_reminded(self) -> bool:
        """Whether an answer is awaited that a reminder could bring, and the last one was not just now."""
        if not self.is_awaited or self.said is Said.OBJECTS:
            return False
        return self.reminded_at is None or self.reminded_at <= timezone.now() - BETWEEN_REMINDERS

    @property
    def days(self) -> int:
        """Whole days since they were asked."""
        return (timezone.now() - self.asked_at).days if self.asked_at else 0


@dataclass
class Stances:
    """All that is said to one version.

    Args:
        rows: each Associate, by name.
        orphaned: standing objections of people who are not licensed any more: only an admin ends these.
        away: who cannot be asked today or later, for AIM admins alone to read.
    """

    rows: list[Stance] = field(default_factory=list)
    orphaned: list[Objection] = field(default_factory=list)
    away: list[Unavailability] = field(default_factory=list)

    @property
    def licensed(self) -> list[Stance]:
        return [stance for stance in self.rows if stance.countries]

    @property
    def agreed(self) -> list[Stance]:
        return [stance for stance in self.licensed if stance.said is Said.AGREED]

    @property
    def excused(self) -> list[Stance]:
        """Licensed, not agreed, and recorded as unavailable."""
        return [
            stance for stance in self.licensed if stance.said is not Said.AGREED and not stance.is_awaited
        ]

    @property
    def missing(self) -> list[Stance]:
        """Whom freezing waits for, but for objections."""
        return [stance for stance in self.licensed if stance.is_awaited and stance.said is not Said.OBJECTS]

    @property
    def to_remind(self) -> list[Stance]:
        return [stance for stance in self.rows if stance.may_be_reminded]

    @property
    def objections(self) -> list[Objection]:
        """Every one that stands."""
        return [one for stance in self.licensed for one in stance.objections] + self.orphaned

    @property
    def is_complete(self) -> bool:
        """Whether nothing more is awaited; nobody at all is not everybody.

        `all_have_agreed` asks the same in a query.
        """
        return bool(self.agreed) and not self.missing and not self.objections


def all_have_agreed() -> Q:
    """`Stances.is_complete` as a condition on versions, for a list of them: those that are proposed."""
    today = timezone.localdate()
    licensed = Licence.objects.in_force(today).filter(programme=OuterRef("case_study__programme"))
    agreed = Exists(
        Agreement.objects.filter(
            version=OuterRef(OuterRef("pk")),
            associate=OuterRef("associate"),
            fingerprint=OuterRef(OuterRef("fingerprint")),
        )
    )
    excused = Unavailability.objects.on(today).filter(
        programme=OuterRef("programme"), associate=OuterRef("associate")
    )
    return Q(
        Exists(licensed.filter(agreed)),
        ~Exists(licensed.filter(~agreed, ~Exists(excused))),
        ~Exists(Objection.objects.standing().filter(version=OuterRef("pk"))),
        proposed_at__isnull=False,
        frozen_at__isnull=True,
        withdrawn_at__isnull=True,
    )


def stances_on(version: Version, objections: Iterable[Objection] | None = None) -> Stances:
    """What is said to `version` now: four statements, one less for who brings its objections along.

    Args:
        version: with its `case_study`.
        objections: all of its objections, with `raised_by`, from who has read them already.
    """
    today = timezone.localdate()
    programme = version.case_study.programme_id
    people: dict[int, Person] = {}
    licences: dict[int, list[Any]] = defaultdict(list)
    held = Licence.objects.in_force(today).filter(programme=programme).select_related("associate")
    for licence in held.annotate(reminded_at=_reminded_at(version)).order_by("country"):
        licences[licence.associate_id].append(licence)
        people[licence.associate_id] = licence.associate
    agreements: dict[int, Any] = {}
    agreed = version.agreements.select_related("associate").order_by("pk")
    for agreement in agreed.annotate(reminded_at=_reminded_at(version)):
        # A text can come back to what it was: an agreement to it stands again.
        known = agreements.get(agreement.associate_id)
        if known is None or known.fingerprint != version.fingerprint:
            agreements[agreement.associate_id] = agreement
        people[agreement.associate_id] = agreement.associate
    standing: dict[int, list[Objection]] = defaultdict(list)
    if objections is None:
        objections = version.objections.standing().select_related("raised_by")
    for objection in objections:
        if objection.stands:
            standing[objection.raised_by_id].append(objection)
    absences = Unavailability.objects.standing().filter(programme=programme)
    said = Stances(away=list(absences.select_related("associate", "recorded_by").order_by("from_on", "pk")))
    away = {one.associate_id: one for one in sorted(said.away, key=_until) if one.from_on <= today}
    # Of what is over, only what was said is told: nobody is asked any more.
    is_over = version.retired_at is not None or version.withdrawn_at is not None
    asked = set() if is_over else set(licences)
    for pk in sorted({*asked, *agreements}, key=lambda pk: (name_key(people[pk].name), pk)):
        own = tuple(standing.get(pk, ()))
        latest = agreements.get(pk)
        theirs = licences.get(pk, [])
        said.rows.append(
            Stance(
                associate=people[pk],
                countries=tuple(licence.country for licence in theirs),
                said=_stance(version, latest, own),
                asked_at=_asked_at(version, theirs),
                agreement=latest,
                objections=own,
                unavailability=away.get(pk),
                reminded_at=[*theirs, latest][0].reminded_at,
            )
        )
    said.orphaned = [one for pk, theirs in standing.items() if pk not in licences for one in theirs]
    return said


def _reminded_at(version: Version) -> Subquery:
    """When the `associate` of a row was last reminded of `version`."""
    reminders = AgreementReminder.objects.filter(version=version, associate=OuterRef("associate"))
    return first(reminders.order_by("-sent_at"), "sent_at")


def _until(unavailability: Unavailability) -> date:
    return unavailability.until_on


def _stance(version: Version, agreement: Agreement | None, objections: tuple[Objection, ...]) -> Said:
    if objections:
        return Said.OBJECTS
    if agreement is None:
        return Said.NOTHING
    return Said.AGREED if agreement.fingerprint == version.fingerprint else Said.LAPSED


def _asked_at(version: Version, licences: Iterable[Licence]) -> datetime | None:
    granted = [licence.granted_at for licence in licences]
    if version.proposed_at is None or not granted:
        return version.proposed_at
    return max(version.proposed_at, min(granted))
