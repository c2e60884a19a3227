"""What was done differently for somebody on the day, and how they were in the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, SECRET, Holding, add_holding, done_by, leave_out, says
from assessments.answering.models import (
    Adjustment,
    AdjustmentRequest,
    ConsiderationDecision,
    CoursePin,
    EntryCode,
    PinMove,
    RoomReopening,
    Seat,
    Sitting,
    SpecialConsideration,
    TimeGrant,
)

ENROLMENT = ("enrolment__course",)
COURSE = says("enrolment", _("Course"), "enrolment.course.title")


add_holding(
    Holding(
        name="adjustment_requests",
        title=_("Adjustments that you asked for"),
        about=_("No employer, report or letter learns of them."),
        model=AdjustmentRequest,
        find=lambda whose: AdjustmentRequest.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("kinds", _("What")),
            says("words", _("In your words")),
            says("asked_at", _("Asked")),
            done_by("asked_by", _("By")),
            says("answer", _("What was answered")),
            says("answered_at", _("Answered")),
            done_by("answered_by", _("By")),
        ),
        without={"uuid": ITS_OWN},
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="adjustments",
        title=_("Adjustments that were made for you"),
        about=_("No employer, report or letter learns of them."),
        model=Adjustment,
        find=lambda whose: Adjustment.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("kind", _("What")),
            says("details", _("More about it")),
            says("granted_at", _("Granted")),
            done_by("granted_by", _("By")),
            says("ended_at", _("Ended")),
            done_by("ended_by", _("By")),
        ),
        without={"uuid": ITS_OWN, "request": ITS_OWN, "time_grant": ITS_OWN},
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="special_consideration",
        title=_("What happened to you on a course"),
        about=_("What you told, or a trainer recorded. No employer, report or letter learns of it."),
        model=SpecialConsideration,
        find=lambda whose: SpecialConsideration.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("what", _("What happened")),
            says("happened_at", _("When")),
            says("minutes_lost", _("Minutes that were lost")),
            says("effect", _("What it did to you")),
            says("trainers_may_read", _("Whether trainers of the course may read it")),
            says("recorded_at", _("Recorded")),
            done_by("recorded_by", _("By")),
        ),
        without={"uuid": ITS_OWN, "together": ITS_OWN},
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="special_consideration_decisions",
        title=_("What was decided about what happened to you"),
        about=_("Once for each thing that happened. It never changes a mark."),
        model=ConsiderationDecision,
        find=lambda whose: ConsiderationDecision.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("follows", _("What follows")),
            says("reason", _("Why")),
            says("decided_at", _("Decided")),
            done_by("decided_by", _("By")),
        ),
        without={"consideration": ITS_OWN, "time_grant": ITS_OWN},
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="time_granted",
        title=_("Time that you were granted"),
        about=_("Minutes after the room closes, or answering that was opened again for you."),
        model=TimeGrant,
        find=lambda whose: TimeGrant.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("what", _("What")),
            says("minutes", _("Minutes")),
            says("starts_at", _("From")),
            says("until", _("Until")),
            says("reason", _("Why")),
            says("granted_at", _("Granted")),
            done_by("granted_by", _("By")),
        ),
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="room",
        title=_("You in the room"),
        about=_("When your page was last heard of, and when you last asked for help."),
        model=Seat,
        find=lambda whose: Seat.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("seen_at", _("Last heard of")),
            says("help_wanted_at", _("Asked for help")),
            says("help_answered_at", _("A trainer saw it")),
            done_by("help_answered_by", _("By"), _("a trainer")),
        ),
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="entry_codes",
        title=_("Codes that a trainer gave you to get in"),
        about=_("Who gave one and what came of it. The code itself is kept as a fingerprint."),
        model=EntryCode,
        find=lambda whose: EntryCode.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("made_at", _("Given")),
            done_by("made_by", _("By"), _("a trainer")),
            says("expires_at", _("Worked until")),
            says("wrong_tries", _("Wrong tries")),
            says("used_at", _("Used")),
            says("ended_at", _("Ended")),
            says("ended_because", _("Why it ended")),
        ),
        without={"uuid": ITS_OWN, "code_hmac": SECRET},
        related=ENROLMENT,
    )
)
leave_out(
    CoursePin,
    PinMove,
    Sitting,
    RoomReopening,
    because=_(
        "Which case study a course uses, and when its room was released, opened and closed: it is about"
        " nobody who takes part. When you did any of it stands among what you did."
    ),
)
