"""The judge of a rehearsal finds what is broken: each fact below is spoilt on purpose, and found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from rehearsal.judge import Acknowledgement, AnswerNow, Facts, KeptText, Verdict, judge
from rehearsal.ledger import Acknowledged, Conflict, Late, Ledger, Sent
from rehearsal.texts import merged, sha256_of

NOON = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)
FIRST = "[p1.d1.1] One. "
SECOND = f"{FIRST}[p1.d1.2] Two. "
THIRD = f"{SECOND}[p1.d1.3] Three. "
WITHOUT_SECOND = f"{FIRST}[p1.d1.3] Three. "
DEVICE = uuid4()


def sent(text: str, sequence: int, question: int = 1) -> Sent:
    return Sent(question, text, sha256_of(text), DEVICE, sequence)


class Case:
    """One person with three saves of one answer, the first two within a minute; all is well."""

    def __init__(self) -> None:
        self.enrolment: UUID = uuid4()
        self.ledger = Ledger(1, self.enrolment)
        self.facts = Facts(attempts=[1], submitted=[1], receipt_letters=1)
        for sequence, text, seconds in ((1, FIRST, 0), (2, SECOND, 20), (3, THIRD, 70)):
            at = NOON + timedelta(seconds=seconds)
            self.ledger.sent.append(sent(text, sequence))
            self.ledger.acknowledged.append(Acknowledged(self.ledger.sent[-1], sequence, at))
            self.facts.acknowledgements.append(
                Acknowledgement(1, DEVICE, sequence, sequence, sha256_of(text))
            )
        self.facts.answers[1] = AnswerNow(THIRD, 3, NOON + timedelta(seconds=70))
        # Of the first two, saved in one minute, the later one is kept.
        self.facts.kept = [KeptText(1, "replaced", SECOND, NOON + timedelta(seconds=20))]
        self.ledger.receipt = True

    def verdict(self) -> Verdict:
        return judge([self.ledger], {self.enrolment: self.facts})


def found(verdict: Verdict) -> tuple[bool, bool, bool]:
    return bool(verdict.lost), bool(verdict.misattributed), bool(verdict.duplicated)


def test_nothing_is_found_where_all_is_well() -> None:
    verdict = Case().verdict()
    assert found(verdict) == (False, False, False)
    assert (verdict.acknowledged, verdict.submitted, verdict.pieces) == (3, 1, 3)


def kept_text_is_gone(case: Case) -> None:
    case.facts.kept.clear()


def kept_text_is_of_another_minute(case: Case) -> None:
    case.facts.kept = [KeptText(1, "replaced", THIRD, NOON + timedelta(minutes=9))]


def an_earlier_one_of_the_minute_is_kept(case: Case) -> None:
    case.facts.kept = [KeptText(1, "replaced", FIRST, NOON)]


def answer_is_gone(case: Case) -> None:
    case.facts.answers.clear()


def answer_went_back(case: Case) -> None:
    case.facts.answers[1] = AnswerNow(SECOND, 2, NOON + timedelta(seconds=20))


def answer_is_an_older_text_at_the_last_revision(case: Case) -> None:
    case.facts.answers[1] = AnswerNow(SECOND, 3, NOON + timedelta(seconds=70))


def a_piece_is_missing(case: Case) -> None:
    case.ledger.sent.append(sent(WITHOUT_SECOND, 4))
    case.facts.answers[1] = AnswerNow(WITHOUT_SECOND, 4, NOON + timedelta(seconds=90))


def a_side_of_a_conflict_is_gone(case: Case) -> None:
    case.ledger.conflicts.append(Conflict(1, THIRD, FIRST))
    case.facts.kept.append(KeptText(1, "conflict", THIRD, NOON))


def a_late_text_is_gone(case: Case) -> None:
    case.ledger.late.append(Late(1, "[p1.d1.4] Late. ", "closed"))


def a_receipt_of_nothing(case: Case) -> None:
    case.facts.submitted.clear()
    case.facts.receipt_letters = 0


def a_blank_is_gone(case: Case) -> None:
    case.ledger.blanks.add(2)


@pytest.mark.parametrize(
    "spoil",
    [
        kept_text_is_gone,
        kept_text_is_of_another_minute,
        an_earlier_one_of_the_minute_is_kept,
        answer_is_gone,
        answer_went_back,
        answer_is_an_older_text_at_the_last_revision,
        a_piece_is_missing,
        a_side_of_a_conflict_is_gone,
        a_late_text_is_gone,
        a_receipt_of_nothing,
        a_blank_is_gone,
    ],
)
def test_what_is_lost_is_found(spoil: Callable[[Case], None]) -> None:
    case = Case()
    spoil(case)
    assert case.verdict().lost


def words_of_another(case: Case) -> None:
    case.facts.kept.append(KeptText(1, "replaced", "[p2.d1.1] Theirs. ", NOON))


def a_text_cut_in_half(case: Case) -> None:
    case.facts.kept.append(KeptText(1, "replaced", FIRST[:12], NOON))


def a_save_of_another_device(case: Case) -> None:
    case.facts.acknowledgements.append(Acknowledgement(1, uuid4(), 1, 4, sha256_of(FIRST)))


def a_save_kept_as_another_text(case: Case) -> None:
    case.facts.acknowledgements[0] = Acknowledgement(1, DEVICE, 1, 1, sha256_of("other"))


def a_save_kept_to_another_question(case: Case) -> None:
    case.facts.acknowledgements[0] = Acknowledgement(2, DEVICE, 1, 1, sha256_of(FIRST))


def a_wrong_echo(case: Case) -> None:
    case.ledger.wrong_echoes.append("told of another text")


def words_of_another_were_shown(case: Case) -> None:
    case.ledger.strangers.append("was shown words of person 2")


@pytest.mark.parametrize(
    "spoil",
    [
        words_of_another,
        a_text_cut_in_half,
        a_save_of_another_device,
        a_save_kept_as_another_text,
        a_save_kept_to_another_question,
        a_wrong_echo,
        words_of_another_were_shown,
    ],
)
def test_what_is_another_ones_is_found(spoil: Callable[[Case], None]) -> None:
    case = Case()
    spoil(case)
    assert case.verdict().misattributed


def a_second_submission(case: Case) -> None:
    case.facts.attempts.append(1)


def a_second_attempt_that_nobody_opened(case: Case) -> None:
    case.facts.attempts.append(2)
    case.facts.submitted.append(2)


def a_second_letter(case: Case) -> None:
    case.facts.receipt_letters = 2


def a_save_with_two_effects(case: Case) -> None:
    case.facts.acknowledgements.append(case.facts.acknowledgements[0])


def a_revision_without_a_save(case: Case) -> None:
    case.facts.answers[1] = AnswerNow(THIRD, 4, NOON + timedelta(seconds=70))


def two_replies_to_one_save(case: Case) -> None:
    case.ledger.differing.append("save 1")


@pytest.mark.parametrize(
    "spoil",
    [
        a_second_submission,
        a_second_attempt_that_nobody_opened,
        a_second_letter,
        a_save_with_two_effects,
        a_revision_without_a_save,
        two_replies_to_one_save,
    ],
)
def test_what_was_done_twice_is_found(spoil: Callable[[Case], None]) -> None:
    case = Case()
    spoil(case)
    assert case.verdict().duplicated


def test_answers_of_two_people_swapped_are_found() -> None:
    """Every figure is right, and each has the other's."""
    one, other = Case(), Case()
    facts = {one.enrolment: one.facts, other.enrolment: other.facts}
    other.ledger.person = 2
    verdict = judge([one.ledger, other.ledger], facts)
    assert verdict.misattributed
    assert all(each.startswith("person 2") for each in verdict.misattributed)


def test_a_piece_given_up_knowingly_is_not_lost() -> None:
    case = Case()
    a_piece_is_missing(case)
    case.ledger.discarded[1] = {"[p1.d1.2]"}
    case.facts.kept.append(KeptText(1, "replaced", THIRD, NOON + timedelta(seconds=70)))
    case.facts.acknowledgements.append(Acknowledgement(1, DEVICE, 4, 4, sha256_of(WITHOUT_SECOND)))
    assert not case.verdict().lost


def test_merging_keeps_every_piece_of_both() -> None:
    assert merged(SECOND, "[p1.d1.1] One. [p1.d2.9] Nine. ") == SECOND + "[p1.d2.9] Nine. "
    assert merged(SECOND, FIRST) == SECOND
    assert merged("", FIRST) == FIRST
