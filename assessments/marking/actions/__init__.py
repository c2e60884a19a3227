"""What can be done once answers are in: marks and recommended outcomes."""

from assessments.marking.actions.agreeing import take_suggested
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
from assessments.marking.actions.recommendations import (
    OutcomeNotPossible,
    RecommendationFinalised,
    RecommendedBySomebodyElse,
    recommend,
)
from assessments.marking.actions.rounds import NothingToReturn, NotReadyToFinalise, begin_round, close_marking

__all__ = [
    "SAID",
    "TEXTS",
    "AllTaken",
    "AnsweredAgain",
    "ConversationNotPossible",
    "Judged",
    "Mark",
    "MarkNotPossible",
    "MarkedMeanwhile",
    "NotInPile",
    "NotReadyToFinalise",
    "NotSubmitted",
    "NotYourDisagreement",
    "NothingToReturn",
    "NothingToSpeakAbout",
    "OutcomeNotPossible",
    "OwnRecommendation",
    "Page",
    "RecommendationFinalised",
    "RecommendedBySomebodyElse",
    "Verdict",
    "begin_round",
    "close_marking",
    "disagree",
    "last_day_to_speak",
    "mark",
    "name_of",
    "put_off_conversation",
    "recommend",
    "record_conversation",
    "require_talk",
    "sign_of",
    "take_answer",
    "take_next",
    "take_suggested",
    "withdraw_disagreement",
    "write_feedback",
]
