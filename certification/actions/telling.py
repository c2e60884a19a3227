"""Telling somebody *not yet competent* after it was finalised, since nobody could speak to them before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.locks import NotTheTrainer, require_no_place
from assessments.models import Recommendation
from certification.actions.following_up import open_follow_up
from certification.conversations import awaited_of, awaiting_conversation, days_left
from certification.emails import tell_conversation_due
from certification.models import ConversationReminder, ToldLater
from certification.states import HowTold, Reminded
from courses.models import Enrolment
from courses.rules import trains_now


class NothingToTell(Refused):
    """They were told, or there is nothing that they have to be told."""

    @classmethod
    def after(cls, told: ToldLater | None) -> NothingToTell:
        """The refusal, in the words for what there is: that they were `told`, or nothing."""
        return cls(
            _("It is recorded already that they were told. What is recorded does not change.")
            if told
            else _("There is no outcome here of which they still have to be told.")
        )


class TellingNotPossible(Refused):
    """What is said about it lacks words, cannot have been on that day, or is nobody's to do yet.

    Args:
        message: what to do.
        field: the argument that it is about.
    """

    def __init__(self, message: str, field: str = "words") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def tell_later(
    *,
    enrolment: Enrolment,
    words: str,
    told_on: date,
    told_by: Person | None = None,
    how: str = HowTold.SPOKEN,
    by: Person,
) -> ToldLater:
    """Record that somebody heard their outcome after it was finalised; they can read their feedback now.

    Args:
        enrolment: whose outcome was finalised before anybody had spoken to them.
        words: what was said, by both; of what was told in writing, why, and how it reached them.
        told_on: the day, where the course meets: not before it was finalised, and not to come.
        told_by: a trainer of the course, or an AIM admin; `by` where not given.
        how: a `HowTold`. In writing only once the last day for a conversation has passed, and only The
            AIM Project, which then decides how they hear.
        by: a trainer of the course, or an AIM admin; without a place on it.

    Returns:
        the row; the same twice is the one that there is.

    Raises:
        OwnWork, NotTheTrainer.
        NothingToTell: they were told, or spoken to before; or another outcome followed.
        TellingNotPossible: no words, a day that cannot be, somebody else, or not in writing yet.

    Side effects:
        Opens the follow-up, which tells the person that something waits for them.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("course").get(pk=enrolment.pk)
    )
    told_by, words = told_by or by, words.strip()
    require_teller(enrolment, by)
    before = ToldLater.objects.filter(enrolment=enrolment).order_by("-pk").first()
    awaited = awaited_of(enrolment)
    if awaited is None:
        said = (how, told_on, told_by.pk, words)
        if before and said == (before.how, before.told_on, before.told_by_id, before.words):
            return before
        raise NothingToTell.after(before)
    _require_possible(awaited, how=how, told_on=told_on, told_by=told_by, words=words, by=by)
    made = ToldLater.objects.create(
        enrolment=enrolment,
        recommendation=awaited,
        how=how,
        told_on=told_on,
        told_by=told_by,
        words=words,
        recorded_by=by,
    )
    open_follow_up(recommendation=awaited, by=by)
    return made


def require_teller(enrolment: Enrolment, by: Person) -> None:
    """Go on only if `by` trains the course now, or is an AIM admin; neither with a place on it.

    Raises:
        OwnWork, NotTheTrainer.
    """
    require_no_place(course=enrolment.course_id, by=by)
    if not by.is_aim_admin and not trains_now(by).filter(course=enrolment.course_id).exists():
        raise NotTheTrainer(_("A trainer of this course, or The AIM Project, records this."))


def _require_possible(
    awaited: Recommendation, *, how: str, told_on: date, told_by: Person, words: str, by: Person
) -> None:
    zone = awaited.enrolment.course.zone
    if how not in HowTold.values:
        raise TellingNotPossible(_("Say how they were told."), "how")
    if how == HowTold.IN_WRITING and not (by.is_aim_admin and days_left(awaited) < 0):
        raise TellingNotPossible(
            _(
                "They are told in writing only by The AIM Project, and only once the last day for a"
                " conversation has passed. Until then somebody speaks to them."
            ),
            "how",
        )
    if not words:
        raise TellingNotPossible(_("Write what was said, or why and how they were told in writing."))
    if told_on > timezone.localdate(timezone=zone):
        raise TellingNotPossible(
            _("That day has not come yet. Enter today’s date or an earlier one."), "told_on"
        )
    finalised_on = timezone.localdate(cast(datetime, awaited.finalised_at), zone)
    if told_on < finalised_on:
        raise TellingNotPossible(
            _(
                "It was finalised on %(day)s, before anybody had spoken to them. Enter that day or a later"
                " one."
            )
            % {"day": date_format(finalised_on, "DATE_FORMAT")},
            "told_on",
        )
    if told_by == by or told_by.is_aim_admin:
        return
    if not trains_now(told_by).filter(course=awaited.enrolment.course_id).exists():
        raise TellingNotPossible(
            _("A trainer of the course, or somebody at The AIM Project, tells them."), "told_by"
        )


def remind_of_conversations(*, now: datetime, limit: int = 200) -> int:
    """Write to whoever holds a conversation and to The AIM Project: on the day before, and once it is late.

    Args:
        now: the moment.
        limit: how many at most; what is left is the next call's.

    Returns:
        How many were reminded of by this call, each once on the day before its last day (on that day,
        where it was finalised no earlier) and once after it.
    """
    sent = ConversationReminder.objects.filter(recommendation=OuterRef("pk"))
    # In every time zone there is; what is due where the course meets is asked below.
    due = (
        awaiting_conversation()
        .filter(conversation_due_on__lte=(now + timedelta(days=2)).date())
        .exclude(Exists(sent.filter(what=Reminded.OVERDUE)))
        .exclude(Exists(sent), conversation_due_on__gt=(now - timedelta(days=1)).date())
        .order_by("conversation_due_on", "pk")
    )
    reminded = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            reminded += _remind(pk, now)
    return reminded


def _remind(pk: int, now: datetime) -> bool:
    locked = awaiting_conversation().select_for_update(of=("self",), skip_locked=True)
    related = ("conversation_holder", "enrolment__course", "enrolment__person")
    found = locked.select_related(*related).filter(pk=pk).first()
    if found is None or (left := days_left(found, now)) > 1:
        return False
    what = Reminded.OVERDUE if left < 0 else Reminded.DUE
    _reminder, is_new = ConversationReminder.objects.get_or_create(
        recommendation=found, what=what, defaults={"reminded_at": now}
    )
    if is_new:
        tell_conversation_due(found)
    return is_new
