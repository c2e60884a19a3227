"""What can be done once answers are in: marks and recommended outcomes."""

from assessments.marking.actions.feedback import (
    ConversationNotPossible,
    NotYourDisagreement,
    OwnRecommendation,
    disagree,
    record_conversation,
    withdraw_disagreement,
    write_feedback,
)
from assessments.marking.actions.judging import SAID, Judged, Mark, Page, Verdict, name_of, sign_of
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
    "OutcomeNotPossible",
    "OwnRecommendation",
    "Page",
    "RecommendationFinalised",
    "RecommendedBySomebodyElse",
    "Verdict",
    "begin_round",
    "close_marking",
    "disagree",
    "mark",
    "name_of",
    "recommend",
    "record_conversation",
    "sign_of",
    "take_answer",
    "take_next",
    "withdraw_disagreement",
    "write_feedback",
]
