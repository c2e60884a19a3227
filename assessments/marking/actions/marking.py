"""Marking a submission criterion by criterion; two markers or two tabs never overwrite one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.answering.actions.seeding import keep_seed
from assessments.answering.models import Submission
from assessments.locks import MarkingFinalised, lock_enrolment, require_trainer
from assessments.marking.actions.judging import Judged, Mark, Page, ToMark, Verdict, judge, locked_to_mark
from assessments.marking.models import Marking
from courses.models import Enrolment


class NotSubmitted(Refused):
    """Drafts are read by their author alone; only what was submitted is marked."""


class AnsweredAgain(Refused):
    """Another attempt was submitted since the marker's page was opened."""


class MarkNotPossible(Refused):
    """A mark that the answer or the version does not allow.

    Args:
        message: what to do.
        criterion: which it is about, as `Mark` calls it; empty: the form as a whole.
    """

    def __init__(self, message: str, criterion: str = "") -> None:
        super().__init__(message)
        self.criterion = criterion


class MarkedMeanwhile(ChangedMeanwhile):
    """Some marks were not saved: they had been changed since, or nobody said why they change a co-trainer's.

    Args:
        message: what to do.
        all_judged: what became of each that was sent; those that could be saved are saved.
    """

    def __init__(self, message: str, all_judged: Sequence[Judged]) -> None:
        super().__init__(message)
        self.all_judged = all_judged

    @property
    def refused(self) -> list[Judged]:
        """Those that were not saved, each beside what stands now."""
        return [one for one in self.all_judged if not one.is_saved]


def mark(
    *,
    enrolment: Enrolment | UUID,
    marks: Iterable[Mark],
    by: Person,
    seen: UUID | None = None,
    page: Page | None = None,
) -> list[Judged]:
    """Save judgements of some or all criteria; those not named stay as they are.

    Any trainer of the course judges any criterion. Each builds on what its marker saw of that criterion, so
    that two pages of one marker, and two markers, never overwrite one another unseen. Where marking goes on,
    this takes two statements.

    Args:
        enrolment: whose latest submission it is, or the UUID of it where the caller has not read it.
        marks: at most one for each criterion.
        by: a trainer of the course.
        seen: the attempt that the marker read; None: not asked.
        page: which page sends it, and which of its saves it is, where it has a script to tell.

    Returns:
        What became of each. To save what is saved already changes nothing, whatever it builds on; a save that
        comes after a later one of the same page changes nothing either.

    Raises:
        NotTheTrainer, OwnWork, NotSubmitted.
        MarkingFinalised: the marking is finalised, or the outcome approved.
        AnsweredAgain: another attempt counts by now.
        MarkNotPossible: nothing was saved. A blank is judged other than not met, a criterion of another
            version is named, an oral question settles without words, or of what was not partly met.
        MarkedMeanwhile: some were not saved, and stand in its `refused`; both sides are kept for good.

    Side effects:
        What a mark was before is kept, with who judged it when.
    """
    uuid = enrolment if isinstance(enrolment, UUID) else enrolment.uuid

    def locked() -> ToMark:
        found = locked_to_mark(uuid, by)
        if found is None:
            raise _why_not(uuid, by)
        _require_seen(found, seen)
        if found.marking is None:
            _begin(found, by)
        return found

    return save_marks(list(marks), locked, by=by, page=page)


def save_marks(
    marks: list[Mark], locked: Callable[[], ToMark], *, by: Person, page: Page | None
) -> list[Judged]:
    """Save `marks` of what `locked` finds, locks and begins: what `mark` says holds of any marking."""
    if len({one.criterion for one in marks}) < len(marks):
        raise MarkNotPossible(
            _("A criterion was marked twice in one form. Reload the page and mark it again.")
        )
    with transaction.atomic():
        found = locked()
        all_judged = judge(found, marks, by=by, page=page)
        if all_judged is None:
            raise _finalised(found)
        _require_possible(all_judged)
    # Raised here, since the transaction that kept both sides must not be undone.
    lacking = [one for one in all_judged if one.verdict is Verdict.UNEXPLAINED]
    if any(one.verdict is Verdict.STALE for one in all_judged):
        raise MarkedMeanwhile(
            _(
                "This was judged elsewhere since you opened the page. Nothing was overwritten: both"
                " judgements are here. Choose one."
            ),
            all_judged,
        )
    if lacking:
        raise MarkedMeanwhile(
            _("A co-trainer judged this. To change it, say why: both judgements stay on record."), all_judged
        )
    return all_judged


def _begin(found: ToMark, by: Person) -> None:
    """The first marking of a submission, if nobody has begun it while this waited for its turn.

    Where its room was never opened, as with paper alone, the seed of its sample is kept here: before a mark.
    """
    keep_seed(found.course)
    Marking.objects.bulk_create([Marking(submission_id=found.submission, marker=by)], ignore_conflicts=True)


def _require_seen(found: ToMark, seen: UUID | None) -> None:
    if seen is not None and seen != found.submission_uuid:
        raise AnsweredAgain(
            _(
                "Other answers were submitted since you opened this page, and they are what counts now. Your"
                " marks are about the earlier ones, so they were not saved. Read the answers again."
            )
        )


def _require_possible(all_judged: list[Judged]) -> None:
    words = {
        Verdict.UNKNOWN: _("This form does not fit these answers. Reload the page and mark them again."),
        Verdict.BLANK: _("An answer that was left blank counts as not met."),
        Verdict.ORAL: _(
            "An oral question settles a criterion that was partly met: record the question, the answer and"
            " what came of it."
        ),
    }
    for one in all_judged:
        if one.verdict in words:
            raise MarkNotPossible(words[one.verdict], one.sent.criterion)


def _why_not(uuid: UUID, by: Person) -> Refused:
    """What stands against it, raised or returned; `locked_to_mark` found that something does."""
    enrolment = lock_enrolment(Enrolment.objects.values_list("pk", flat=True).get(uuid=uuid))
    require_trainer(enrolment=enrolment, by=by)
    return NotSubmitted(_("Nothing has been submitted yet. Drafts are read by their author alone."))


def _finalised(found: ToMark) -> MarkingFinalised:
    submission = Submission.objects.select_related("course").get(pk=found.submission)
    all_of_it = submission.markings.filter(finalised_at__isnull=False)
    marking = all_of_it.order_by("-finalised_at").first()
    day = timezone.localtime(marking.finalised_at, submission.course.zone) if marking else timezone.now()
    return MarkingFinalised(
        _("This marking was finalised on %(day)s and does not change any more.") % {"day": date_format(day)}
    )
