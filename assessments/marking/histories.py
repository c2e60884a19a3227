"""What the marks of a script were: who judged which criterion when, and what was not saved."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.case_studies.models import Criterion
from assessments.marking.models import CriterionMark, KeptMark
from assessments.marking.readiness import Assessment


@dataclass
class CriterionHistory:
    """One criterion: every judgement of it that is on record, the latest first."""

    criterion: Criterion
    judgements: list[CriterionMark | KeptMark]


def history_of(assessment: Assessment) -> list[CriterionHistory]:
    """Of each criterion that was ever judged in the latest round, in order: two statements.

    Args:
        assessment: the enrolment with its facts.
    """
    found: dict[int, CriterionHistory] = {}
    for model, latest in ((CriterionMark, "judged_at"), (KeptMark, "judged_at")):
        rows = model.objects.filter(marking=assessment.marking_id or 0)
        for row in rows.select_related("criterion__question", "judged_by").order_by(latest, "pk"):
            history = found.setdefault(row.criterion_id, CriterionHistory(row.criterion, []))
            history.judgements.append(row)
    histories = sorted(found.values(), key=lambda one: (one.criterion.question.number, one.criterion.number))
    for history in histories:
        history.judgements.sort(key=lambda row: row.judged_at, reverse=True)
    return histories
