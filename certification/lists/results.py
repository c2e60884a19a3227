"""The results of a course: where each person stands, the columns of the list, and what narrows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.name_order import name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch
from certification.disclosure import Following, Shown, Told
from courses.models import Enrolment

TO_FOLLOW_UP = "follow-up"
# In the order in which somebody comes to them.
_STAGES = {stage: number for number, stage in enumerate(Shown)}


@dataclass(frozen=True, slots=True)
class Group:
    """People who stand alike, for what narrows the list, the picture and its table."""

    code: str
    words: Promise
    tone: str
    count: int = 0
    start: int = 0


GROUPS = (
    Group(TO_FOLLOW_UP, _("To follow up"), "waiting"),
    Group("waiting", _("No result yet"), "info"),
    Group("competent", _("Competent"), "good"),
    Group("closed", _("Followed up and closed"), "neutral"),
    Group("other", _("Withdrew, course cancelled, or certificate no longer valid"), "attention"),
)


@dataclass(frozen=True)
class Result:
    """One person in the list of results."""

    enrolment: Enrolment
    told: Told

    @property
    def name(self) -> str:
        return self.enrolment.certificate_name

    @property
    def sponsor(self) -> str:
        """Whom the sponsor's column names; empty where nobody is named yet."""
        if self.enrolment.sponsor_to_be_named:
            return ""
        organisation = self.enrolment.sponsor_organisation
        return organisation.name if organisation else now_said("Self-funded")

    @property
    def group(self) -> str:
        """The code of whom they stand with."""
        # What the person reads first counts as open, as it does in the list of follow-ups: a sponsor is told
        # nothing of it yet.
        if self.told.following:
            return "closed" if self.told.following == Following.CLOSED else TO_FOLLOW_UP
        if self.told.stage == Shown.CERTIFIED:
            return "competent"
        if self.told.stage in (Shown.WITHDRAWN, Shown.CANCELLED, Shown.CERTIFICATE_ENDED):
            return "other"
        return "waiting"


RESULT_COLUMNS = (
    RowColumn("name", _("Name"), lambda row: name_key(row.name)),
    RowColumn("sponsor", _("Sponsor"), lambda row: name_key(row.sponsor)),
    RowColumn("stage", _("Where it stands"), lambda row: _STAGES[row.told.stage]),
    RowColumn("paper", _("Certificate or follow-up"), lambda row: row.told.certificate_reference),
)


def grouped(results: Iterable[Result]) -> list[Group]:
    """The groups in which somebody stands, each with how many, and how many stand before it."""
    counts, groups, start = Counter(one.group for one in results), [], 0
    for group in GROUPS:
        if count := counts[group.code]:
            groups.append(Group(group.code, group.words, group.tone, count, start))
            start += count
    return groups


class ResultNarrowing(RowNarrowing):
    """What is typed, and whom they stand with."""

    q = TypedSearch(_("Name, job role or sponsor"))
    show = OneOf(_("Show only"))

    def __init__(self, data: QueryDict, *, groups: Sequence[Group]) -> None:
        super().__init__(data)
        show: Any = self.fields["show"]
        counted = [(group.code, f"{group.words} ({group.count})") for group in groups]
        show.choices = [("", now_said("Everyone")), *counted]

    def names_of(self, row: Result) -> tuple[str, ...]:
        return (row.name, row.enrolment.nomination.job_role, row.sponsor)

    def by_show(self, code: str) -> Callable[[Result], bool]:
        return lambda row: row.group == code
