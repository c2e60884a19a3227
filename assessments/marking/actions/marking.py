"""Marking a submission criterion by criterion; two markers or two tabs never overwrite one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from aimcert.foundation.typed import UNSEEN
from assessments.answering.models import Answer, Submission
from assessments.case_studies.models import Criterion
from assessments.locks import MarkingFinalised, lock_enrolment, require_trainer
from assessments.marking.models import CriterionMark, Marking
from assessments.states import Judged, Settled


class NotSubmitted(Refused):
    """Drafts are read by their author alone; only what was submitted is marked."""


class MarkedBySomebodyElse(Refused):
    """A co-trainer marks these answers in this round."""


class MarkedMeanwhile(ChangedMeanwhile):
    """The marks were saved from another page since this one was opened."""


class AnsweredAgain(Refused):
    """Another attempt was submitted since the marker's page was opened."""


class MarkNotPossible(Refused):
    """A mark that the answer or the version does not allow."""


@dataclass(frozen=True)
class Mark:
    """One criterion's judgement, with what one oral question settled where it was partly met.

    Args:
        criterion: its primary key.
        judged: a `Judged`.
        note: can be read by the person it is about.
        oral_question: word for word; with `oral_answer` and `settled`, or none of the three.
        oral_answer: word for word.
        settled: a `Settled`, or empty.
    """

    criterion: int
    judged: str
    note: str = ""
    oral_question: str = ""
    oral_answer: str = ""
    settled: str = ""

    def unsaved(self, marking: Marking | None = None) -> CriterionMark:
        """The row that it would be, not saved."""
        return CriterionMark(
            marking=marking,
            criterion_id=self.criterion,
            judged=self.judged,
            note=self.note,
            oral_question=self.oral_question,
            oral_answer=self.oral_answer,
            settled=self.settled,
        )


@transaction.atomic
def start_marking(*, submission: Submission, by: Person) -> Marking:
    """Take a submission to mark: from then on, in this round, nobody else does.

    Args:
        submission: one that was submitted.
        by: a trainer of the course.

    Returns:
        the marking of the latest round; asked twice, the same one.

    Raises:
        NotTheTrainer, OwnWork, NotSubmitted.
        MarkedBySomebodyElse: a co-trainer has it in this round.
        MarkingFinalised: the latest round is finalised.
    """
    enrolment = lock_enrolment(submission.enrolment_id)
    require_trainer(enrolment=enrolment, by=by)
    submission = Submission.objects.get(pk=submission.pk)
    if submission.submitted_at is None:
        raise NotSubmitted(_("Nothing has been submitted yet. Drafts are read by their author alone."))
    marking = submission.markings.standing_first().select_related("marker").first()
    if marking is None:
        return Marking.objects.create(submission=submission, marker=by)
    _require_open(marking)
    if marking.marker_id != by.pk:
        raise MarkedBySomebodyElse(
            _("%(name)s is marking these answers. One trainer marks each script; you can read the marks.")
            % {"name": marking.marker}
        )
    return marking


@transaction.atomic
def save_marks(*, marking: Marking, marks: Iterable[Mark], base_revision: int, by: Person) -> Marking:
    """Save judgements of some or all criteria; those not named stay as they are.

    Args:
        marking: an open one, taken by `by`.
        marks: at most one for each criterion.
        base_revision: the revision that the marker saw; 0 where no marking had been started.
        by: its marker.

    Returns:
        the marking, its revision one higher; where nothing differs from what is saved, as it is, so
        that sending the same form twice is no conflict.

    Raises:
        NotTheTrainer, OwnWork, MarkedBySomebodyElse, MarkingFinalised.
        MarkedMeanwhile: the revision is another, and what is saved differs.
        MarkNotPossible: a blank judged other than not met, a criterion of another version, an oral
            question that is not whole or that settles what was not partly met.
    """
    enrolment = lock_enrolment(marking.submission.enrolment_id)
    require_trainer(enrolment=enrolment, by=by)
    marking = (
        Marking.objects.select_for_update(of=("self",))
        .select_related("marker", "submission")
        .get(pk=marking.pk)
    )
    _require_open(marking)
    if marking.marker_id != by.pk:
        raise MarkedBySomebodyElse(
            _("%(name)s is marking these answers. Nothing of yours was saved.") % {"name": marking.marker}
        )
    marks = list(marks)
    _require_possible(marking.submission, marks)
    saved = {mark.criterion_id: mark for mark in marking.marks.all()}
    changed = [mark for mark in marks if not says_the_same(mark, saved.get(mark.criterion))]
    if not changed:
        return marking
    if max(base_revision, 1) != marking.revision:
        raise MarkedMeanwhile(
            _("These marks were saved from another page since you opened this one. Nothing was overwritten.")
        )
    CriterionMark.objects.bulk_create(
        [mark.unsaved(marking) for mark in changed],
        update_conflicts=True,
        unique_fields=["marking", "criterion"],
        update_fields=["judged", "note", "oral_question", "oral_answer", "settled"],
    )
    marking.revision += 1
    marking.save(update_fields=["revision", *marking.note_change(by)])
    return marking


@transaction.atomic
def mark(
    *, submission: Submission, marks: Iterable[Mark], base_revision: int, by: Person, seen: str = ""
) -> Marking:
    """Take a submission, if it is not taken yet, and save marks: both or neither.

    Args, Returns, Raises: those of `start_marking` and `save_marks`; and
        seen: the UUID of the attempt that the marker read; empty: not asked.
        AnsweredAgain: that is another one.
    """
    if seen not in ("", str(submission.uuid)):
        raise AnsweredAgain(
            _(
                "Other answers were submitted since you opened this page, and they are what counts now. Your"
                " marks are about the earlier ones, so they were not saved. Read the answers again."
            )
        )
    marking = start_marking(submission=submission, by=by)
    return save_marks(marking=marking, marks=marks, base_revision=base_revision, by=by)


@transaction.atomic
def take_over_marking(*, marking: Marking, by: Person) -> Marking:
    """Go on with marks that a co-trainer began and cannot finish; history keeps who had it when.

    Args:
        marking: an open one.
        by: another trainer of the course.

    Returns:
        the marking, now theirs; asked twice, the same.

    Raises:
        NotTheTrainer, OwnWork, MarkingFinalised.

    Side effects:
        Its revision rises, so that what the co-trainer still has open is not saved over it.
    """
    enrolment = lock_enrolment(marking.submission.enrolment_id)
    require_trainer(enrolment=enrolment, by=by)
    marking = Marking.objects.select_for_update(of=("self",)).get(pk=marking.pk)
    _require_open(marking)
    if marking.marker_id != by.pk:
        marking.marker = by
        marking.revision += 1
        marking.save(update_fields=["marker", "revision", *marking.note_change(by)])
    return marking


def blank_questions(submission: Submission) -> frozenset[int]:
    """Primary keys of the questions without a written answer: each of their criteria is not met."""
    written = Answer.objects.filter(submission=submission, text__regex=f"[^{UNSEEN}]").values("question")
    return frozenset(submission.version.questions.exclude(pk__in=written).values_list("pk", flat=True))


def says_the_same(mark: Mark, saved: CriterionMark | None) -> bool:
    """Whether a mark is what is saved already."""
    return saved is not None and (
        (mark.judged, mark.note, mark.oral_question, mark.oral_answer, mark.settled)
        == (
            saved.judged,
            saved.note,
            saved.oral_question,
            saved.oral_answer,
            saved.settled,
        )
    )


def _require_possible(submission: Submission, marks: list[Mark]) -> None:
    questions = dict(
        Criterion.objects.filter(question__version=submission.version_id).values_list("pk", "question")
    )
    if len({mark.criterion for mark in marks}) < len(marks):
        raise MarkNotPossible(
            _("A criterion was marked twice in one form. Reload the page and mark it again.")
        )
    blank = blank_questions(submission)
    for mark in marks:
        if mark.criterion not in questions or mark.judged not in Judged.values:
            raise MarkNotPossible(
                _("This form does not fit these answers. Reload the page and mark them again.")
            )
        if questions[mark.criterion] in blank and mark.judged != Judged.NOT_MET:
            raise MarkNotPossible(_("An answer that was left blank counts as not met."))
        oral = [mark.oral_question, mark.oral_answer, mark.settled]
        if any(oral) and (
            not all(oral) or mark.judged != Judged.PARTLY_MET or mark.settled not in Settled.values
        ):
            raise MarkNotPossible(
                _(
                    "An oral question settles a criterion that was partly met: record the question,"
                    " the answer and what came of it."
                )
            )


def _require_open(marking: Marking) -> None:
    if marking.finalised_at is not None:
        raise MarkingFinalised(
            _("This marking was finalised on %(day)s and does not change any more.")
            % {"day": date_format(timezone.localtime(marking.finalised_at, marking.submission.course.zone))}
        )
