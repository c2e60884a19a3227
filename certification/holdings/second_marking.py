"""How somebody's answers were marked a second time, once they may know the outcome."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, Holding, add_acts, add_holding, done_by, leave_out, says
from assessments.models import (
    DrawnScript,
    ProposedMark,
    SampleDraw,
    SampleSeed,
    SecondMarker,
    SecondMarkingNumbers,
    Settlement,
    SettlementProposal,
    SettlingMessage,
)
from certification.holdings.assessment import AIM, markings_known

SUBMISSION = ("submission__enrolment__course",)
COURSE = says("submission", _("Course"), "submission.enrolment.course.title")
MARKER = _("a marker")

add_holding(
    Holding(
        name="second_markers",
        title=_("Who was asked to mark your answers a second time"),
        about=_("Without your name, and without the first marks."),
        model=SecondMarker,
        find=lambda whose: SecondMarker.objects.filter(
            submission__settlement__marking__in=markings_known(whose)
        ),
        columns=(
            COURSE,
            done_by("marker", _("Who"), _("an Associate without a part in the course")),
            says("asked_at", _("Asked")),
            done_by("asked_by", _("By"), AIM),
            says("ended_at", _("Handed or taken back")),
            done_by("ended_by", _("By"), MARKER),
            says("ended_because", _("Why")),
        ),
        without={"uuid": ITS_OWN},
        related=SUBMISSION,
    )
)
add_holding(
    Holding(
        name="settling_messages",
        title=_("What two markers said to one another about your answers"),
        about=_("Where they had judged something differently."),
        model=SettlingMessage,
        find=lambda whose: SettlingMessage.objects.filter(
            submission__settlement__marking__in=markings_known(whose)
        ),
        columns=(
            COURSE,
            says("text", _("What was said")),
            says("said_at", _("When")),
            done_by("said_by", _("By"), MARKER),
        ),
        related=SUBMISSION,
    )
)
add_holding(
    Holding(
        name="settlements",
        title=_("How two markings of your answers were settled"),
        about=_("The settled marks are the ones that count; all of them stand among your marks."),
        model=Settlement,
        find=lambda whose: Settlement.objects.filter(marking__in=markings_known(whose)),
        columns=(
            COURSE,
            says("reason", _("Why, where The AIM Project settled it")),
            says("supports_override", _("Competent supported against the marks")),
            says("settled_at", _("When")),
            done_by("settled_by", _("By"), _("a marker, or somebody at The AIM Project")),
        ),
        without={"first": ITS_OWN, "second": ITS_OWN, "marking": ITS_OWN, "proposal": ITS_OWN},
        related=SUBMISSION,
    )
)
leave_out(
    SettlementProposal,
    ProposedMark,
    because=_(
        "What one marker proposed to the other on the way to the settled marks: what was settled stands among"
        " your marks, and what was said beside it."
    ),
)
leave_out(
    SampleSeed,
    SampleDraw,
    DrawnScript,
    SecondMarkingNumbers,
    because=_(
        "How much is marked a second time and how it is drawn: it is about a course as a whole. That yours"
        " were marked a second time stands among how they were marked."
    ),
)
add_acts(SecondMarker, marker="asked_at")
