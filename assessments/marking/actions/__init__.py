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
from assessments.marking.actions.marking import (
    AnsweredAgain,
    Mark,
    MarkedBySomebodyElse,
    MarkedMeanwhile,
    MarkNotPossible,
    NotSubmitted,
    blank_questions,
    mark,
    save_marks,
    says_the_same,
    start_marking,
    take_over_marking,
)
from assessments.marking.actions.recommendations import (
    OutcomeNotPossible,
    RecommendationFinalised,
    RecommendedBySomebodyElse,
    recommend,
)
from assessments.marking.actions.rounds import NothingToReturn, NotReadyToFinalise, begin_round, close_marking

__all__ = [
    "AnsweredAgain",
    "ConversationNotPossible",
    "Mark",
    "MarkNotPossible",
    "MarkedBySomebodyElse",
    "MarkedMeanwhile",
    "NotReadyToFinalise",
    "NotSubmitted",
    "NotYourDisagreement",
    "NothingToReturn",
    "OutcomeNotPossible",
    "OwnRecommendation",
    "RecommendationFinalised",
    "RecommendedBySomebodyElse",
    "begin_round",
    "blank_questions",
    "close_marking",
    "disagree",
    "mark",
    "recommend",
    "record_conversation",
    "save_marks",
    "says_the_same",
    "start_marking",
    "take_over_marking",
    "withdraw_disagreement",
    "write_feedback",
]
