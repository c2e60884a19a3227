"""What each Associate says to a version: agreed, agreed to an earlier text, objects, has not answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from django.db.models import Max
from django.utils import timezone

from accounts.models import Person
from assessments.models import Agreement, AgreementReminder, Objection, Unavailability, Version
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
class Voice:
    """One Associate who is licensed for the programme today, or who agreed while they were.

    Args:
        countries: codes of the countries that they are licensed in today; none: not licensed any more.
        asked_at: when they were asked first: the proposal, or their licence where that came later.
        agreement: their latest, to the text as it stands or to an earlier one.
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
class Voices:
    """All that is said to one version.

    Args:
        rows: each Associate, by name.
        orphaned: standing objections of people who are not licensed any more: only an admin ends these.
    """

    rows: list[Voice] = field(default_factory=list)
    orphaned: list[Objection] = field(default_factory=list)

    @property
    def licensed(self) -> list[Voice]:
        return [voice for voice in self.rows if voice.countries]

    @property
    def agreed(self) -> list[Voice]:
        return [voice for voice in self.licensed if voice.said is Said.AGREED]

    @property
    def excused(self) -> list[Voice]:
        """Licensed, not agreed, and recorded as unavailable."""
        return [voice for voice in self.licensed if voice.said is not Said.AGREED and not voice.is_awaited]

    @property
    def missing(self) -> list[Voice]:
        """Whom freezing waits for, but for objections."""
        return [voice for voice in self.licensed if voice.is_awaited and voice.said is not Said.OBJECTS]

    @property
    def to_remind(self) -> list[Voice]:
        return [voice for voice in self.rows if voice.may_be_reminded]

    @property
    def objections(self) -> list[Objection]:
        """Every one that stands."""
        return [one for voice in self.licensed for one in voice.objections] + self.orphaned

    @property
    def is_complete(self) -> bool:
        """Whether nothing more is awaited; nobody at all is not everybody."""
        return bool(self.agreed) and not self.missing and not self.objections


def voices_on(version: Version) -> Voices:
    """What is said to `version` now: five statements."""
    return voices_on_all([version])[version.pk]


def voices_on_all(versions: Iterable[Version]) -> dict[int, Voices]:
    """What is said to each of `versions`, by its primary key: five statements, however many there are.

    Args:
        versions: with their `case_study`.
    """
    rows = list(versions)
    today = timezone.localdate()
    programmes = {version.case_study.programme_id for version in rows}
    licences: dict[int, dict[int, list[Licence]]] = defaultdict(lambda: defaultdict(list))
    people: dict[int, Person] = {}
    held = Licence.objects.in_force(today).filter(programme__in=programmes).select_related("associate")
    for licence in held.order_by("country"):
        licences[licence.programme_id][licence.associate_id].append(licence)
        people[licence.associate_id] = licence.associate
    agreements: dict[int, dict[int, Agreement]] = defaultdict(dict)
    for agreement in Agreement.objects.filter(version__in=rows).select_related("associate").order_by("pk"):
        agreements[agreement.version_id][agreement.associate_id] = agreement
        people[agreement.associate_id] = agreement.associate
    objections: dict[int, dict[int, list[Objection]]] = defaultdict(lambda: defaultdict(list))
    for objection in Objection.objects.standing().filter(version__in=rows).select_related("raised_by"):
        objections[objection.version_id][objection.raised_by_id].append(objection)
    away = {
        (one.programme_id, one.associate_id): one
        for one in Unavailability.objects.on(today).filter(programme__in=programmes).order_by("until_on")
    }
    reminded = {
        (row["version"], row["associate"]): row["at"]
        for row in AgreementReminder.objects.filter(version__in=rows)
        .values("version", "associate")
        .annotate(at=Max("sent_at"))
    }
    found = {}
    for version in rows:
        programme = version.case_study.programme_id
        by_person = licences[programme]
        said = Voices()
        # Of what is over, only what was said is told: nobody is asked any more.
        is_over = version.retired_at is not None or version.withdrawn_at is not None
        asked = set() if is_over else set(by_person)
        for pk in sorted({*asked, *agreements[version.pk]}, key=lambda pk: (people[pk].name, pk)):
            own = tuple(objections[version.pk].get(pk, ()))
            latest = agreements[version.pk].get(pk)
            said.rows.append(
                Voice(
                    associate=people[pk],
                    countries=tuple(licence.country for licence in by_person.get(pk, ())),
                    said=_said(version, latest, own),
                    asked_at=_asked_at(version, by_person.get(pk, ()), today),
                    agreement=latest,
                    objections=own,
                    unavailability=away.get((programme, pk)),
                    reminded_at=reminded.get((version.pk, pk)),
                )
            )
        said.orphaned = [
            one for pk, theirs in objections[version.pk].items() if pk not in by_person for one in theirs
        ]
        found[version.pk] = said
    return found


def _said(version: Version, agreement: Agreement | None, objections: tuple[Objection, ...]) -> Said:
    if objections:
        return Said.OBJECTS
    if agreement is None:
        return Said.NOTHING
    return Said.AGREED if agreement.fingerprint == version.fingerprint else Said.LAPSED


def _asked_at(version: Version, licences: Iterable[Licence], today: date) -> datetime | None:
    granted = [licence.granted_at for licence in licences]
    if version.proposed_at is None or not granted:
        return version.proposed_at
    return max(version.proposed_at, min(granted))
