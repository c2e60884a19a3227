"""What the reasons for *not yet competent* stand on: what was written, the marks and the register."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.marking.models import EVIDENCE, NOT_MET, PARTLY_MET, CriterionMark, Recommendation
from assessments.states import Reason
from courses.missed_sessions import missed_by
from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class Unmet:
    """An essential criterion that is not met, with the question that it belongs to."""

    question: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason and what it stands on.

    Args:
        reason: in words.
        facts: lines out of the marks or the register.
        said: what was written, with what it is.
    """

    reason: str
    facts: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)


def unmet_essentials(marking: int | None) -> list[Unmet]:
    """The essential criteria that are not met in the marking of this primary key: one statement."""
    marks = (
        CriterionMark.objects.filter(NOT_MET | PARTLY_MET, marking=marking or 0, criterion__is_essential=True)
        .order_by("criterion__question__number", "criterion__number")
        .values_list("criterion__question__number", "criterion__question__title", "criterion__text")
    )
    return [Unmet(*row) for row in marks]


def said_sessions(enrolment: Enrolment) -> list[str]:
    """Each session that does not count as attended, in words, by the calendar of the course."""
    zone = enrolment.course.zone
    return [
        _("Session %(number)d, %(day)s: %(words)s")
        % {
            "number": one.number,
            "day": date_format(one.starts_at.astimezone(zone), "DATE_FORMAT"),
            "words": one.words,
        }
        for one in missed_by(enrolment)
    ]


def grounds_of(recommendation: Recommendation, *, to_trainers: bool) -> list[Ground]:
    """Every reason of a *not yet competent* with what it stands on: two statements at most.

    Args:
        recommendation: with its enrolment.
        to_trainers: whether who reads it may read what a criterion asks; the person reads which
            questions it was, for what a criterion asks stays with those who train.
    """
    return [_ground(recommendation, reason, to_trainers=to_trainers) for reason in recommendation.reasons]


def _ground(recommendation: Recommendation, reason: str, *, to_trainers: bool) -> Ground:
    facts: list[str] = []
    if reason == Reason.ATTENDANCE:
        facts = said_sessions(recommendation.enrolment) or [
            _("The register does not say so: every session that has ended counts as attended.")
        ]
    elif reason == Reason.UNDERSTANDING:
        unmet = unmet_essentials(recommendation.marking_id)
        facts = said_criteria(unmet) if to_trainers else said_questions(unmet)
    labels = _labels()
    said = [(labels[name], getattr(recommendation, name)) for name in EVIDENCE.get(reason, ())]
    return Ground(str(Reason(reason).label), facts, [(label, text) for label, text in said if text])


def said_criteria(unmet: list[Unmet]) -> list[str]:
    """Essential criteria that are not met, as trainers read them."""
    return [
        _("Question %(number)d, %(title)s: %(text)s")
        % {"number": one.question, "title": one.title, "text": one.text}
        for one in unmet
    ]


def said_questions(unmet: list[Unmet]) -> list[str]:
    """In which questions essential criteria are not met, and how many of them."""
    counts: dict[tuple[int, str], int] = {}
    for one in unmet:
        counts[one.question, one.title] = counts.get((one.question, one.title), 0) + 1
    return [
        ngettext(
            "Question %(number)d, %(title)s: %(n)d essential point not shown",
            "Question %(number)d, %(title)s: %(n)d essential points not shown",
            n,
        )
        % {"number": number, "title": title, "n": n}
        for (number, title), n in counts.items()
    ]


def _labels() -> dict[str, str]:
    return {
        "interest_observed": _("What was observed"),
        "interest_own_account": _("The person’s own account"),
        "experience_shown": _("What shows it"),
        "experience_needed": _("Which experience is needed"),
        "understanding_words": _("In the trainer’s words"),
    }
