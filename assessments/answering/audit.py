"""What the audit log tells of answering: the room, handing in, paper, redactions; of adjustments nothing.

Of special consideration it tells that something was recorded and that it was decided, never what.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import Exact, IsNull
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import CONTEXT, About, Act, Kind, done, keep_silent, tell
from assessments.answering.models import (
    Adjustment,
    AdjustmentRequest,
    Booklet,
    ConsiderationDecision,
    CoursePin,
    EntryCode,
    PinMove,
    Redaction,
    RoomReopening,
    Scan,
    ScanUpload,
    Seat,
    Sitting,
    SpecialConsideration,
    Submission,
    TimeGrant,
    Transcription,
    UnsentUpload,
)
from assessments.states import Granted

PLACE = About(enrolment="enrolment")
COURSE = About(course="course")
ROOM: dict[str, Any] = {"page": ("assessments:room", "course_uuid")}
HANDED_IN = {False: _("Handed in their answers"), True: _("Handed in their answers on paper")}
HOURS = apps.get_model("assessments.SittingEvent")


def _before(field: str) -> Subquery:
    """What `field` of a sitting was before an event of its history."""
    events = HOURS.objects.filter(pgh_obj=OuterRef("pgh_obj"), pk__lt=OuterRef("pk")).order_by("-pk")
    return Subquery(events.values(field)[:1])


tell(
    PinMove,
    Kind.DAY,
    COURSE,
    done(
        "moved",
        _("Moved the course from version %(old)s of the case study to version %(new)s"),
        facts={"old": "from_version__number", "new": "to_version__number", "version": "to_version__uuid"},
        page=("assessments:version", "version"),
    ),
)
tell(
    Sitting,
    Kind.DAY,
    COURSE,
    done("released", _("Released the case study to read"), **ROOM),
    done("opened", _("Opened the questions"), **ROOM),
    done("closed", _("Closed the questions"), **ROOM),
    done("marking_told", _("Told the room by when it is marked"), **ROOM),
)
tell(
    HOURS,
    Kind.DAY,
    COURSE,
    Act(
        _("Moved the time at which the questions close"),
        who=CONTEXT,
        at="pgh_created_at",
        # Not where they were closed in between: opening them again is told by itself.
        when=Q(pgh_label="update", closes_at__isnull=False, closed_at__isnull=True)
        & Q(IsNull(_before("opened_at"), False))
        & Q(IsNull(_before("closed_at"), True))
        & (Q(IsNull(_before("closes_at"), True)) | ~Q(Exact(F("closes_at"), _before("closes_at")))),
        **ROOM,
    ),
)
tell(
    HOURS,
    Kind.DAY,
    COURSE,
    # Of questions that were opened again the row says nothing of it any more.
    done(
        "closed",
        _("Closed the questions"),
        when=Q(pgh_label="update") & ~Q(closed_at=F("pgh_obj__closed_at")),
        **ROOM,
    ),
)
tell(RoomReopening, Kind.DAY, COURSE, done("reopened", _("Opened the questions again"), **ROOM))
tell(
    TimeGrant,
    Kind.DAY,
    PLACE,
    # Minutes that somebody has beside the room's are an adjustment.
    done("granted", _("Opened answering again for them"), when=Q(what=Granted.REOPENED)),
)
tell(
    EntryCode,
    Kind.DAY,
    PLACE,
    done("made", _("Made a code that signs them in to their place")),
    Act(_("Signed in to their place by a code"), who="enrolment__person", at="used_at"),
)
tell(Booklet, Kind.DAY, PLACE, done("made", _("Made their booklet on paper")))
tell(
    Transcription,
    Kind.DAY,
    PLACE,
    done("begun", _("Began to type in their paper")),
    done("typed", _("Typed in their paper")),
    done("returned", _("Sent back what was typed in of their paper")),
    done("checked", _("Compared with their paper what was typed in")),
    done("ended", _("Gave up typing in their paper")),
)
tell(
    Scan,
    Kind.DAY,
    About(enrolment="transcription__enrolment"),
    done("added", _("Added a scan of their paper")),
)
tell(
    UnsentUpload,
    Kind.DAY,
    About(enrolment="submission__enrolment"),
    done("uploaded", _("Took in answers that their device could not send")),
)
tell(
    Submission,
    Kind.DAY,
    PLACE,
    Act(
        _("Handed in their answers"),
        who="enrolment__person",
        at="submitted_at",
        facts={"paper": "transcription"},
        says=lambda facts: str(HANDED_IN[facts["paper"] is not None]),
    ),
)
tell(SpecialConsideration, Kind.DAY, PLACE, done("recorded", _("Recorded what happened to them")))
tell(ConsiderationDecision, Kind.DAY, PLACE, done("decided", _("Decided on what happened to them")))
tell(Redaction, Kind.MARKING, PLACE, done("redacted", _("Redacted texts of theirs")))
keep_silent(
    Adjustment, because="adjustments are between the person, those who train them and those who decide"
)
keep_silent(AdjustmentRequest, because="as adjustments are; that somebody asked for one is one of them")
keep_silent(CoursePin, "pinned_by", because="a course is pinned where it is published, which is told")
keep_silent(
    ScanUpload, "uploaded_by", because="a scan that was read is told; one that could not be is nothing"
)
keep_silent(Seat, "help_answered_by", because="that a hand was seen in the room is written over by the next")
