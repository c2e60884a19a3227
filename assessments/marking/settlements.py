"""Where the second marking of one submission stands, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assessments.marking.differences import Pair, first_of, pairs_of, second_of
from assessments.marking.models import (
    CriterionMark,
    SecondMarker,
    Settlement,
    SettlementProposal,
    SettlingMessage,
)
from assessments.marking.second_marking import WORDS, Why, awaits_draw, needed_for
from assessments.states import Judged, Outcome


@dataclass(frozen=True)
class Compared:
    """One criterion as two judged it, what is proposed and what was settled, in words; empty: nothing."""

    pair: Pair
    proposed: str = ""
    settled: str = ""


@dataclass(frozen=True)
class Settling:
    """How far the second marking of the latest answers is.

    Args:
        why: why it is needed and not settled yet; nothing: it is not, or it is settled.
        awaits_draw: whether a sample is still to be drawn.
        asked: who marks it a second time; None: nobody was asked yet.
        compared: every criterion, once the second marking is finished.
        proposal: what stands proposed, and `proposed` what it says, by the criterion's name.
        messages: the thread.
        settlement: what was settled; None: nothing yet.
        asks_support: whether it is to be said that an override is supported.
    """

    why: list[Why]
    awaits_draw: bool
    asked: SecondMarker | None
    compared: list[Compared] = field(default_factory=list)
    proposal: SettlementProposal | None = None
    proposed: dict[str, str] = field(default_factory=dict)
    messages: list[SettlingMessage] = field(default_factory=list)
    settlement: Settlement | None = None
    asks_support: bool = False

    @property
    def words(self) -> list[str]:
        return [str(WORDS[one]) for one in self.why]

    @property
    def is_compared(self) -> bool:
        return bool(self.compared)

    @property
    def differing(self) -> list[Pair]:
        return [one.pair for one in self.compared if one.pair.differ]

    @property
    def apart(self) -> list[Compared]:
        """Those that differ."""
        return [one for one in self.compared if one.pair.differ]

    @property
    def is_to_settle(self) -> bool:
        return self.is_compared and self.settlement is None


def settling_of(facts: Any, submission: int | None = None) -> Settling:
    """Where it stands: nine statements at most.

    Args:
        facts: the enrolment with its assessment.
        submission: the primary key of the answers, where they are not the latest.
    """
    submission = submission or facts.submission_id or 0
    asked = SecondMarker.objects.filter(submission=submission, ended_at__isnull=True)
    found = asked.select_related("marker").first()
    settlement = Settlement.objects.filter(submission=submission).select_related("settled_by").first()
    base: dict[str, Any] = {"why": needed_for(facts), "awaits_draw": awaits_draw(facts), "asked": found}
    second = second_of(submission)
    if found is None or second is None or second.finalised_at is None or second.marker_id != found.marker_id:
        return Settling(**base)
    first = first_of(submission) if settlement is None else settlement.first
    if first is None:
        return Settling(**base)
    pairs = pairs_of(first, second)
    proposal = SettlementProposal.objects.filter(submission=submission).order_by("-pk").first()
    marks = dict(proposal.marks.values_list("criterion", "judged")) if proposal else {}
    settled: dict[int, CriterionMark] = {}
    if settlement is not None:
        settled = {
            mark.criterion_id: mark for mark in CriterionMark.objects.filter(marking=settlement.marking_id)
        }
    said = {value: str(label) for value, label in Judged.choices}
    return Settling(
        **base,
        compared=[
            Compared(
                pair,
                proposed=said.get(marks.get(pair.criterion.pk, ""), ""),
                settled=_stands(settled.get(pair.criterion.pk), said),
            )
            for pair in pairs
        ],
        proposal=proposal,
        proposed={pair.name: marks[pair.criterion.pk] for pair in pairs if pair.criterion.pk in marks},
        messages=list(SettlingMessage.objects.filter(submission=submission).select_related("said_by")),
        settlement=settlement,
        asks_support=facts.outcome == Outcome.COMPETENT and _may_override(pairs),
    )


def _may_override(pairs: list[Pair]) -> bool:
    """Whether what can be settled may leave an essential criterion not met."""
    essential = [one for one in pairs if one.criterion.is_essential]
    lowest = [min(one.first_stands, one.second_stands, key=_worst) for one in essential]
    return not lowest or any(one != Judged.MET for one in lowest)


def _worst(judged: str) -> int:
    return [Judged.NOT_MET, Judged.PARTLY_MET, Judged.MET].index(Judged(judged))


def _stands(mark: CriterionMark | None, said: dict[str, str]) -> str:
    return said.get(mark.settled or mark.judged, "") if mark else ""
