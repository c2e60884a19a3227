"""What the audit log tells of marking: who marked whom and when, and never a mark or an outcome."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import CONTEXT, About, Act, Facts, Kind, done, keep_silent, tell
from assessments.marking.models import (
    CriterionMark,
    Disagreement,
    DrawnScript,
    KeptMark,
    Marking,
    MarkingLease,
    Recommendation,
    SampleDraw,
    SecondMarker,
    SecondMarkingNumbers,
    Settlement,
    SettlementProposal,
    SettlingMessage,
)
from assessments.states import MarkingRole

BEGAN = {
    MarkingRole.FIRST: _("Began the first marking"),
    MarkingRole.SECOND: _("Began the second marking"),
    MarkingRole.SETTLED: _("Began to settle the marks"),
}
# Where marks, recommendation and what was said are read.
MARKS: dict[str, Any] = {"page": ("assessments:mark", "course_uuid", "enrolment_uuid")}
SETTLING: dict[str, Any] = {"page": ("assessments:settle", "course_uuid", "enrolment_uuid")}


def _began(facts: Facts) -> str:
    return str(BEGAN[MarkingRole(facts["role"])])


tell(
    Marking,
    Kind.MARKING,
    About(enrolment="submission__enrolment"),
    # Of a further round of the first marking, The AIM Project returned it, and marks and marker were copied.
    Act(
        _("Began marking"),
        who="marker",
        at="started_at",
        when=Q(round=1) | ~Q(role=MarkingRole.FIRST),
        facts={"role": "role"},
        says=_began,
        **MARKS,
    ),
)
tell(
    Recommendation,
    Kind.MARKING,
    About(enrolment="enrolment"),
    # A further round begins as a copy, which nobody has recommended until they change it.
    done(
        "recommended",
        _("Wrote a recommendation"),
        when=Q(round=1) | Q(changed_at__isnull=False),
        **MARKS,
    ),
    done("finalised", _("Finalised marking and recommendation"), **MARKS),
)
tell(
    Disagreement,
    Kind.MARKING,
    About(enrolment="recommendation__enrolment"),
    done("disagreed", _("Disagreed with a recommendation"), **MARKS),
    done("withdrawn", _("Withdrew a disagreement"), **MARKS),
)
tell(
    apps.get_model("assessments.MarkingEvent"),
    Kind.MARKING,
    About(enrolment="submission__enrolment"),
    # Until it is finalised, nothing else that is tracked changes of a marking.
    Act(
        _("Took over the marking"),
        who=CONTEXT,
        at="pgh_created_at",
        when=Q(pgh_label="update", finalised_at__isnull=True),
        **MARKS,
    ),
)
tell(
    apps.get_model("assessments.RecommendationEvent"),
    Kind.MARKING,
    About(enrolment="enrolment"),
    Act(
        _("Changed the recommended outcome"),
        who=CONTEXT,
        at="pgh_created_at",
        when=Q(pgh_label="update", finalised_at__isnull=True),
        **MARKS,
    ),
)
tell(
    MarkingLease,
    Kind.MARKING,
    About(enrolment="submission__enrolment"),
    done(
        "taken",
        _("Took over an answer that a co-trainer had open"),
        when=Q(taken_from__isnull=False),
        **MARKS,
    ),
)
tell(
    SecondMarker,
    Kind.MARKING,
    About(enrolment="submission__enrolment"),
    done("asked", _("Asked somebody to mark it a second time"), **SETTLING),
    done("ended", _("Ended what somebody was asked to mark a second time"), **SETTLING),
)
tell(
    Settlement,
    Kind.MARKING,
    About(enrolment="submission__enrolment"),
    done("settled", _("Settled the marks of two markers"), **SETTLING),
)
tell(
    SampleDraw,
    Kind.MARKING,
    About(course="course"),
    done("drawn", _("Drew the sample for second marking"), page=("assessments:sample", "course_uuid")),
)
tell(
    SecondMarkingNumbers,
    Kind.MARKING,
    About(),
    done("set", _("Set how much is marked a second time")),
)
keep_silent(
    SecondMarker, "marker", because="who was asked is told of whoever asked; that they began, of them"
)
keep_silent(DrawnScript, "marker", because="the draw is told; who was drawn stands on its page")
for _said, _by in ((SettlingMessage, "said_by"), (SettlementProposal, "proposed_by")):
    keep_silent(_said, _by, because="what two markers say to one another stands with the script")
for _kept in (CriterionMark, KeptMark):
    keep_silent(
        _kept,
        "judged_by",
        because="marks are saved as they are made; who judged which criterion when stands with the script",
    )
for _table in (Marking, Recommendation):
    keep_silent(
        _table,
        "changed_by",
        because="texts and marks are saved as they are written; who began and ended is told",
    )
keep_silent(Marking, "finalised_by", because="marking is finalised with its recommendation, which is told")
keep_silent(
    Recommendation,
    "conversation_holder",
    because="whoever is to hold a conversation has done nothing yet; that it was held is told",
)
keep_silent(Recommendation, "conversation_by", because="a talk has a day and no time; it stands on its page")
