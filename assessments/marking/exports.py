"""The marking sheet as a workbook: locked but for what a marker judges and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from aimcert.foundation.spreadsheets import Cell, Column, Sheet, write_xlsx
from aimcert.foundation.times import said_moment
from assessments.case_studies.kinds import kind_of
from assessments.case_studies.models import Question
from assessments.marking.actions import sign_of
from assessments.marking.marking_sheet import Seal, SheetQuestion
from assessments.states import Judged, Settled
from courses.models import Course

# What stands in which column of a question's worksheet, from the left: an import goes by these places, so
# that it reads a sheet whatever language its headings are in.
CODE, CRITERION, JUDGED, SETTLED, FINGERPRINT = 0, 2, 4, 8, 11
TYPED = {"note": 5, "oral_question": 6, "oral_answer": 7, "because": 9}


def marking_sheet(course: Course, questions: Sequence[SheetQuestion], *, at: datetime) -> bytes:
    """The workbook of `questions`: how it works, what is asked, and a worksheet for each question.

    Nothing in it says whose an answer is.

    Args:
        course: whose answers.
        questions: with their answers.
        at: when it is taken.

    Returns:
        the file, XLSX.
    """
    seal = Seal(course.uuid, course.pin.version.uuid)
    sheets = [_how(course, seal, at), _asked(questions)]
    sheets += [
        Sheet(
            _("Question %(number)d") % {"number": one.question.number},
            _columns(),
            _rows(one, seal),
            is_locked=True,
        )
        for one in questions
    ]
    return write_xlsx(sheets, title=_("Marking sheet: %(course)s") % {"course": course.title}, created=at)


def _how(course: Course, seal: Seal, at: datetime) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (_("Course"), course.title),
        (_("Case study"), str(course.pin.version)),
        (_("Taken"), said_moment(at, course.zone)),
        (
            _("Where to write"),
            _(
                "In the coloured cells alone: choose how far a criterion is met, and write a note. All"
                " others are"
                " locked, without a password, against mistakes: a row in which they were changed is not"
                " taken back."
            ),
        ),
        (_("Left empty"), _("A criterion that you do not judge stays as it is here and on the site.")),
        (_("A blank answer"), _("It counts as not met: choose nothing else.")),
        (
            _("Notes"),
            _(
                "The person whom a note is about can ask to read it. Nobody is told whose answer it is;"
                " do not guess."
            ),
        ),
        (
            _("An oral question"),
            _(
                "It settles what was partly met: write the question and the answer word for word, and"
                " choose what came"
                " of it."
            ),
        ),
        (
            _("A co-trainer’s judgement"),
            _("To change one, say why in the column for it. Both stay on record."),
        ),
        (
            _("Bring it back"),
            _(
                "Save it as an Excel workbook (.xlsx), and choose it on the course’s page “Marking"
                " sheet”. You see each"
                " change before it is saved. What was judged on the site meanwhile is not overwritten."
            ),
        ),
        (
            _("Keep it safe"),
            _(
                "It holds answers and model answers. Keep it where you alone open it, and delete it once"
                " it is back."
            ),
        ),
        (_("Which sheet this is"), seal.of_sheet()),
    ]
    return Sheet(_("How it works"), [Column(_("What"), 28), Column(_("In words"), 100)], rows, is_locked=True)


def _asked(questions: Sequence[SheetQuestion]) -> Sheet:
    columns = [
        Column(_("Question"), 10),
        Column(_("Title"), 30),
        Column(_("What is asked"), 70),
        Column(_("Model answer"), 90),
    ]
    rows = [
        (one.question.number, one.question.title, one.question.text, one.question.model_answer)
        for one in questions
    ]
    return Sheet(_("What is asked"), columns, rows, is_locked=True)


def _columns() -> list[Column]:
    return [
        Column(_("Code"), 22),
        Column(_("Answer"), 80),
        Column(_("Criterion"), 9),
        Column(_("What it looks for"), 40),
        Column(_("Judged"), 13, is_open=True, choices=[str(label) for label in Judged.labels]),
        Column(_("Note"), 40, is_open=True),
        Column(_("Oral question, word for word"), 25, is_open=True),
        Column(_("Oral answer, word for word"), 25, is_open=True),
        Column(_("What it settled"), 18, is_open=True, choices=[str(label) for label in Settled.labels]),
        Column(_("Why you change a co-trainer’s judgement"), 25, is_open=True),
        Column(_("Last judged by"), 16),
        Column(_("Fingerprint: leave as it is"), 16, is_hidden=True),
    ]


def _rows(asked: SheetQuestion, seal: Seal) -> Iterator[list[Cell]]:
    for answer in asked.answers:
        text = (
            _said(asked.question, answer.text) if not answer.is_blank else _("Left blank: counts as not met.")
        )
        for criterion in asked.criteria:
            mark = answer.marks.get(criterion.pk)
            number, base = criterion.number, mark.revision if mark else 0
            looked_for = [criterion.text]
            if criterion.is_essential:
                looked_for.insert(0, _("Essential."))
            looked_for += [
                _("Met: %(words)s") % {"words": criterion.met},
                _("Partly met: %(words)s") % {"words": criterion.partly_met},
                _("Not met: %(words)s") % {"words": criterion.not_met},
            ]
            yield [
                answer.code,
                # Once for each answer: it stands beside its first criterion.
                text if criterion is asked.criteria[0] else "",
                number,
                "\n".join(looked_for),
                mark.get_judged_display() if mark and mark.judged else "",
                mark.note if mark else "",
                mark.oral_question if mark else "",
                mark.oral_answer if mark else "",
                mark.get_settled_display() if mark and mark.settled else "",
                "",
                mark.judged_by.name if mark else "",
                seal.of_row(answer.code, number, base=base, had=sign_of(mark)),
            ]


def _said(question: Question, text: str) -> str:
    """An answer in words, also where it has several parts."""
    groups = kind_of(question.kind).said(text, question.settings)
    if not groups:
        return text
    lines = []
    for group in groups:
        if group.title:
            lines.append(group.title)
        for one in group.fields:
            said = one.text or ", ".join(one.chosen) or _("left blank")
            lines.append(f"{one.label}: {said}")
    return "\n".join(lines)
