"""The conversation about *not yet competent*: held, or why not so far, and who holds it by when."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.working_days import working_days_after
from assessments.marking.actions.recommendations import change, open_one
from assessments.marking.models import ARRANGED_NOTHING, Recommendation
from assessments.states import NoConversation, Outcome
from courses.rules import trains_now


class ConversationNotPossible(Refused):
    """A conversation without words, in the future, or held by somebody who does not train the course.

    Args:
        message: what to do.
        field: the argument that it is about.
    """

    def __init__(self, message: str, field: str = "words") -> None:
        super().__init__(message)
        self.field = field


class NothingToSpeakAbout(Refused):
    """The outcome is none about which somebody is spoken to, or to whom it could be put off."""


@transaction.atomic
def record_conversation(
    *,
    recommendation: Recommendation,
    held_on: datetime,
    words: str,
    by: Person,
    held_by: Person | None = None,
    base_revision: int | None = None,
) -> Recommendation:
    """Record the conversation in which the person heard the outcome from a trainer.

    What was arranged because there was none falls away.

    Args:
        recommendation: an open one.
        held_on: when; an aware time, not in the future.
        words: what was said, by both.
        by: a trainer of the course, who records it.
        held_by: the trainer of the course who held it; `by` where not given.
        base_revision: as for `recommend`.

    Returns:
        the recommendation; the same twice changes nothing.

    Raises:
        NotTheTrainer, OwnWork, RecommendationFinalised, MarkingFinalised, ChangedMeanwhile.
        NothingToSpeakAbout: the outcome is *competent*.
        ConversationNotPossible: no words, a time to come, or held by somebody else.
    """
    recommendation = open_one(recommendation, by)
    require_talk(recommendation)
    holder = held_by or by
    if not words.strip():
        raise ConversationNotPossible(_("Write what was said."))
    if held_on > timezone.now():
        raise ConversationNotPossible(
            _("Enter when the conversation was held: that time has not come yet."), "day"
        )
    if holder != by and not _trains(holder, recommendation):
        raise ConversationNotPossible(_("The conversation is held by a trainer of the course."), "held_by")
    values = {
        "conversation_on": held_on,
        "conversation_by": holder,
        "conversation": words.strip(),
        **ARRANGED_NOTHING,
    }
    return change(recommendation, values, base_revision, by)


@transaction.atomic
def put_off_conversation(
    *,
    recommendation: Recommendation,
    because: str,
    words: str = "",
    due_on: date,
    holder: Person | None,
    by: Person,
    base_revision: int | None = None,
) -> Recommendation:
    """Say why nobody could speak to the person so far, who will, and by when: then it can be finalised.

    Args:
        recommendation: an open one, *not yet competent*. A conversation that was recorded falls away.
        because: a `NoConversation`.
        words: what happened; needed where it is something else. Trainers of the course and The AIM
            Project read it.
        due_on: the last day to hold it, where the course meets: from today on, and at most
            `AIM["CONVERSATION_WORKING_DAYS"]` working days away.
        holder: a trainer of the course; None: The AIM Project.
        by: a trainer of the course.
        base_revision: as for `recommend`.

    Returns:
        the recommendation; the same twice changes nothing.

    Raises:
        NotTheTrainer, OwnWork, RecommendationFinalised, MarkingFinalised, ChangedMeanwhile.
        NothingToSpeakAbout: the outcome is another.
        ConversationNotPossible: no reason, a day that has passed or is too far away, or another holder.
    """
    recommendation = open_one(recommendation, by)
    if recommendation.outcome != Outcome.NOT_YET:
        raise NothingToSpeakAbout(
            _("A conversation is put off only where the outcome is not yet competent. Look at the outcome.")
        )
    if because not in NoConversation.values:
        raise ConversationNotPossible(_("Say why it could not be held."), "because")
    if because == NoConversation.OTHER and not words.strip():
        raise ConversationNotPossible(_("Write what happened."), "words")
    if holder is not None and not _trains(holder, recommendation):
        raise ConversationNotPossible(
            _("Choose a trainer of the course, or The AIM Project, to hold it."), "holder"
        )
    zone = recommendation.enrolment.course.zone
    if due_on < timezone.localdate(timezone=zone):
        raise ConversationNotPossible(_("Enter today’s date or a later one."), "due_on")
    if due_on > (last := last_day_to_speak(zone)):
        raise ConversationNotPossible(
            _("Nobody waits longer than that to hear it. Enter %(day)s or an earlier date.")
            % {"day": date_format(last, "DATE_FORMAT")},
            "due_on",
        )
    values: dict[str, object] = {
        "no_conversation_because": because,
        "no_conversation_words": words.strip(),
        "conversation_due_on": due_on,
        "conversation_holder": holder,
        "conversation_on": None,
        "conversation_by": None,
        "conversation": "",
    }
    return change(recommendation, values, base_revision, by)


def last_day_to_speak(zone: ZoneInfo) -> date:
    """The last day on which a conversation that is put off now can be held, in `zone`."""
    return working_days_after(timezone.now(), settings.AIM["CONVERSATION_WORKING_DAYS"], zone).date()


def require_talk(recommendation: Recommendation) -> None:
    """Go on only where the outcome is one that somebody is spoken to about.

    Raises:
        NothingToSpeakAbout: it is *competent*.
    """
    if recommendation.outcome == Outcome.COMPETENT:
        raise NothingToSpeakAbout(
            _(
                "Competent is recommended, and until The AIM Project has approved it nobody is told. If you"
                " see it otherwise now, change the outcome first."
            )
        )


def _trains(person: Person, recommendation: Recommendation) -> bool:
    return trains_now(person).filter(course=recommendation.enrolment.course_id).exists()
