"""Two finished markings of one submission, and the settled one that is written beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.marking.actions.recommendations import latest_of
from assessments.marking.actions.rounds import begin_round
from assessments.marking.differences import Pair, first_of, pairs_of, second_of
from assessments.marking.emails import tell_settled
from assessments.marking.facts import is_override
from assessments.marking.models import (
    CriterionMark,
    Marking,
    SecondMarker,
    Settlement,
    SettlementProposal,
)
from assessments.marking.readiness import assessment_of
from assessments.states import Judged, MarkingRole, Outcome
from courses.models import Enrolment


class NothingToSettle(Refused):
    """The second marking is not finished, or it was settled already."""


class NotWholeProposal(Refused):
    """A proposal judges every criterion that differs, and says whether an override is supported.

    Args:
        message: what to do.
        field: which of its answers is missing.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class ToSettle:
    """Two finished markings of one submission, its enrolment locked.

    Args:
        asks_support: whether *competent* is recommended, so that what is agreed may make an override of it.
    """

    enrolment: Enrolment
    first: Marking
    second: Marking
    pairs: list[Pair]
    asks_support: bool

    @property
    def differing(self) -> list[Pair]:
        return [one for one in self.pairs if one.differ]


def locked_to_settle(submission: int, enrolment: Enrolment) -> ToSettle:
    if Settlement.objects.filter(submission=submission).exists():
        raise NothingToSettle(_("This was settled, and does not change any more."))
    first, second = first_of(submission), second_of(submission)
    if first is None or second is None or second.finalised_at is None:
        raise NothingToSettle(_("The second marking is not finished yet."))
    asked = SecondMarker.objects.filter(submission=submission, ended_at__isnull=True, marker=second.marker_id)
    if not asked.exists():
        raise NothingToSettle(_("The second marking is not finished yet."))
    facts = assessment_of(enrolment)
    return ToSettle(enrolment, first, second, pairs_of(first, second), facts.outcome == Outcome.COMPETENT)


def submission_of(enrolment: Enrolment) -> int:
    """The primary key of the latest answers of `enrolment`.

    Raises:
        NothingToSettle: nothing was submitted.
    """
    latest = enrolment.submissions.latest_submitted().values_list("pk", flat=True).first()
    if latest is None:
        raise NothingToSettle(_("Nothing was submitted, so there is nothing to settle."))
    return int(latest)


def whole(to_settle: ToSettle, judged: Mapping[str, str]) -> dict[int, str]:
    """What is agreed on each criterion that differs, by its primary key."""
    agreed = {}
    for pair in to_settle.differing:
        value = judged.get(pair.name, "")
        if value not in Judged.values:
            raise NotWholeProposal(_("Choose met, partly met or not met for each."), f"judged_{pair.name}")
        agreed[pair.criterion.pk] = value
    return agreed


def makes_override(to_settle: ToSettle, agreed: Mapping[int, str]) -> bool:
    """Whether *competent* is recommended, and these marks would not suggest it."""
    essential = [one for one in to_settle.pairs if one.criterion.is_essential]
    met = all(agreed.get(one.criterion.pk, one.first_stands) == Judged.MET for one in essential)
    return to_settle.asks_support and not (essential and met)


def support(to_settle: ToSettle, agreed: Mapping[int, str], supports: bool | None) -> bool | None:
    if not makes_override(to_settle, agreed):
        return None
    if supports is None:
        raise NotWholeProposal(
            _(
                "Competent is recommended, and these marks do not suggest it: say whether the second marker"
                " supports it."
            ),
            "supports_override",
        )
    return supports


def marks_of(proposal: SettlementProposal) -> dict[int, str]:
    return dict(proposal.marks.values_list("criterion", "judged"))


def settle(
    to_settle: ToSettle,
    agreed: Mapping[int, str],
    *,
    supports: bool | None,
    by: Person,
    proposal: SettlementProposal | None = None,
    reason: str = "",
) -> Settlement:
    """Write the settled marks beside the two they come from; whatever outcome is open then stands on them.

    Side effects:
        An outcome that was finalised as *competent*, and that the settled marks do not bear, goes back to the
        trainer as *not yet competent*. The trainers of the course and the second marker are told.
    """
    enrolment, now = to_settle.enrolment, timezone.now()
    submission = to_settle.first.submission_id
    settled = Marking.objects.create(
        submission_id=submission, role=MarkingRole.SETTLED, round=to_settle.first.round, marker=by
    )
    marks = []
    for pair in to_settle.pairs:
        mark, value = pair.first, agreed.get(pair.criterion.pk, pair.first_stands)
        if value != pair.first_stands:
            mark = CriterionMark(criterion=pair.criterion, judged=value, judged_at=now, judged_by=by)
        mark.pk, mark.marking, mark.revision = None, settled, 1
        mark.device = mark.sequence = None
        marks.append(mark)
    CriterionMark.objects.bulk_create(marks)
    settled.finalised_at, settled.finalised_by = now, by
    settled.save(update_fields=["finalised_at", "finalised_by"])
    settlement = Settlement.objects.create(
        submission_id=submission,
        first=to_settle.first,
        second=to_settle.second,
        marking=settled,
        proposal=proposal,
        reason=reason,
        supports_override=supports,
        settled_at=now,
        settled_by=by,
    )
    _carry_over(to_settle, settlement, by)
    tell_settled(enrolment, but=by)
    return settlement


def _carry_over(to_settle: ToSettle, settlement: Settlement, by: Person) -> None:
    """Have the recommended outcome stand on the settled marks, or go back to the trainer."""
    latest = latest_of(to_settle.enrolment)
    if latest is None or latest.submission_id != settlement.submission_id:
        return
    if latest.finalised_at is None:
        latest.marking, latest.revision = settlement.marking, latest.revision + 1
        latest.save(update_fields=["marking", "revision", *latest.note_change(by)])
        return
    facts = assessment_of(to_settle.enrolment)
    if is_override(facts) and not settlement.supports_override:
        begin_round(
            enrolment=to_settle.enrolment,
            because=_(
                "The second marking was settled: an essential criterion is not met, so these answers do not"
                " show competence. Speak with the person, then finalise."
            ),
            outcome=Outcome.NOT_YET,
            by=by,
        )


def settle_where_they_agree(
    *, enrolment: Enrolment, first: Marking, second: Marking, by: Person
) -> Settlement | None:
    """Settle at once where both judged everything alike and nobody has to say more; the enrolment is locked.

    Args:
        enrolment: whose answers.
        first, second: both finalised.
        by: the second marker, who finished last.

    Returns:
        the settlement; None: they differ, or it is to be said whether an override is supported.
    """
    facts = assessment_of(enrolment)
    to_settle = ToSettle(
        enrolment, first, second, pairs_of(first, second), facts.outcome == Outcome.COMPETENT
    )
    if to_settle.differing or makes_override(to_settle, {}):
        return None
    return settle(to_settle, {}, supports=None, by=by)
