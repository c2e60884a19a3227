"""What can be done once answers are in: marks and recommended outcomes."""

from assessments.marking.actions.agreeing import take_suggested
from assessments.marking.actions.asking import NotAsked, end_asking
from assessments.marking.actions.conversations import (
    ConversationNotPossible,
    NothingToSpeakAbout,
    last_day_to_speak,
    put_off_conversation,
    record_conversation,
    require_talk,
)
from assessments.marking.actions.feedback import (
    NotYourDisagreement,
    OwnRecommendation,
    disagree,
    withdraw_disagreement,
    write_feedback,
)
from assessments.marking.actions.judging import SAID, TEXTS, Judged, Mark, Page, Verdict, name_of, sign_of
from assessments.marking.actions.leasing import AllTaken, NotInPile, take_answer, take_next
from assessments.marking.actions.marking import (
    AnsweredAgain,
    MarkedMeanwhile,
    MarkNotPossible,
    NotSubmitted,
    mark,
)
from assessments.marking.actions.marking_sheet import Brought, bring_back
from assessments.marking.actions.recommendations import (
    OutcomeNotPossible,
    RecommendationFinalised,
    RecommendedBySomebodyElse,
    recommend,
)
from assessments.marking.actions.rounds import NothingToReturn, NotReadyToFinalise, begin_round, close_marking
from assessments.marking.actions.sampling import (
    NothingToDraw,
    Numbers,
    NumbersRefused,
    draw_sample,
    numbers_of,
    set_numbers,
    to_draw_from,
)
from assessments.marking.actions.second_marking import (
    AlreadyFinished,
    NotWhole,
    finish_second_marking,
    hand_back_script,
    mark_again,
)
from assessments.marking.actions.settlement import (
    NothingToSettle,
    NotWholeProposal,
    makes_override,
    marks_of,
)
from assessments.marking.actions.settling import (
    NotYourProposal,
    agree_to_settlement,
    discuss,
    propose_settlement,
    settle_as_admin,
)

__all__ = [
    "SAID",
    "TEXTS",
    "AllTaken",
    "AlreadyFinished",
    "AnsweredAgain",
    "Brought",
    "ConversationNotPossible",
    "Judged",
    "Mark",
    "MarkNotPossible",
    "MarkedMeanwhile",
    "NotAsked",
    "NotInPile",
    "NotReadyToFinalise",
    "NotSubmitted",
    "NotWhole",
    "NotWholeProposal",
    "NotYourDisagreement",
    "NotYourProposal",
    "NothingToDraw",
    "NothingToReturn",
    "NothingToSettle",
    "NothingToSpeakAbout",
    "Numbers",
    "NumbersRefused",
    "OutcomeNotPossible",
    "OwnRecommendation",
    "Page",
    "RecommendationFinalised",
    "RecommendedBySomebodyElse",
    "Verdict",
    "agree_to_settlement",
    "begin_round",
    "bring_back",
    "close_marking",
    "disagree",
    "discuss",
    "draw_sample",
    "end_asking",
    "finish_second_marking",
    "hand_back_script",
    "last_day_to_speak",
    "makes_override",
    "mark",
    "mark_again",
    "marks_of",
    "name_of",
    "numbers_of",
    "propose_settlement",
    "put_off_conversation",
    "recommend",
    "record_conversation",
    "require_talk",
    "set_numbers",
    "settle_as_admin",
    "sign_of",
    "take_answer",
    "take_next",
    "take_suggested",
    "to_draw_from",
    "withdraw_disagreement",
    "write_feedback",
]
