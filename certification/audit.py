"""What the audit log tells of certification: decisions, certificates, follow-ups and reports."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import NOBODY, About, Act, Facts, Kind, done, keep_silent, tell
from certification.models import (
    Appeal,
    AppealDraft,
    AppealView,
    Appointment,
    Branding,
    Certificate,
    Decision,
    FollowUp,
    FollowUpStep,
    PanelMember,
    PanelRule,
    Report,
    ToldLater,
)
from certification.states import DecisionKind

DECIDED = {
    DecisionKind.RETURNED: _("Returned the recommendation to the trainer"),
    DecisionKind.REFUSED: _("Refused the recommendation"),
}
PLACE = About(enrolment="enrolment")
SPONSORED = About(enrolment="enrolment", organisation="sponsor_organisation")
DECISION: dict[str, Any] = {"page": ("certification:decide", "course_uuid", "enrolment_uuid")}
CERTIFICATE: dict[str, Any] = {
    "facts": {"number": "number", "certificate": "uuid"},
    "page": ("certification:certificate", "certificate"),
}
FOLLOW_UP: dict[str, Any] = {"facts": {"follow_up": "uuid"}, "page": ("certification:follow_up", "follow_up")}


def _decided(facts: Facts) -> str:
    return str(DECIDED[DecisionKind(facts["kind"])])


def _numbered(words: Any) -> Any:
    return lambda facts: str(words) % {"number": Certificate(number=facts["number"]).reference}


ISSUED = _("Approved, and issued certificate %(number)s")
REVOKED = _("Revoked certificate %(number)s")

tell(
    Appointment,
    Kind.DECISIONS,
    PLACE,
    done(
        "appointed",
        _("Appointed %(associate)s to decide"),
        facts={"associate": "associate__name"},
        **DECISION,
    ),
)
tell(
    Decision,
    Kind.DECISIONS,
    PLACE,
    # An approval is the certificate that it issued.
    done(
        "decided",
        _("Decided"),
        when=Q(kind__in=[*DECIDED]),
        facts={"kind": "kind"},
        says=_decided,
        **DECISION,
    ),
)
tell(
    Certificate,
    Kind.DECISIONS,
    SPONSORED,
    done("issued", ISSUED, says=_numbered(ISSUED), **CERTIFICATE),
    done("revoked", REVOKED, says=_numbered(REVOKED), **CERTIFICATE),
)
tell(
    Branding,
    Kind.DECISIONS,
    NOBODY,
    done(
        "published",
        _("Published version %(number)s of the mark and signatory"),
        facts={"number": "number"},
        page=("certification:branding",),
    ),
)
tell(
    ToldLater,
    Kind.FOLLOW_UPS,
    PLACE,
    done(
        "recorded",
        _("Recorded that somebody was told of their outcome"),
        page=("certification:tell_later", "course_uuid", "enrolment_uuid"),
    ),
)
keep_silent(ToldLater, "told_by", because="who told them stands on its page; that it was recorded is told")
tell(
    FollowUp,
    Kind.FOLLOW_UPS,
    SPONSORED,
    Act(_("Read their feedback"), who="enrolment__person", at="read_at", **FOLLOW_UP),
    Act(_("Added a comment to their feedback"), who="enrolment__person", at="commented_at", **FOLLOW_UP),
    # What they have not sent on when it is due goes by itself.
    Act(
        _("Sent their feedback on to the sponsor"),
        who="enrolment__person",
        at="released_at",
        when=Q(released_at__lt=F("due_at")),
        **FOLLOW_UP,
    ),
    Act(
        _("Went to the sponsor when it was due"),
        who="",
        at="released_at",
        when=Q(released_at__gte=F("due_at")),
        **FOLLOW_UP,
    ),
    done("closed", _("Closed the follow-up"), **FOLLOW_UP),
)
tell(
    FollowUpStep,
    Kind.FOLLOW_UPS,
    About(enrolment="follow_up__enrolment", organisation="follow_up__sponsor_organisation"),
    # The last one closes it, which is told.
    done(
        "recorded",
        _("Recorded what was done"),
        when=Q(closes=False),
        facts={"follow_up": "follow_up__uuid"},
        page=("certification:follow_up", "follow_up"),
    ),
)
tell(
    Report,
    Kind.FOLLOW_UPS,
    About(course="course", organisation="organisation"),
    done(
        "requested",
        _("Asked for a report"),
        facts={"report": "uuid"},
        page=("certification:report", "report"),
    ),
)
APPEAL: dict[str, Any] = {"facts": {"appeal": "uuid"}, "page": ("certification:appeal", "appeal")}
OF_APPEAL: dict[str, Any] = {"facts": {"appeal": "appeal__uuid"}, "page": ("certification:appeal", "appeal")}
tell(
    Appeal,
    Kind.DECISIONS,
    PLACE,
    done("asked", _("Asked for a review"), **APPEAL),
    done("taken", _("Took a review in hand"), **APPEAL),
    done("withdrawn", _("Withdrew what they asked to be looked at again"), **APPEAL),
    done("answered", _("Confirmed the answer to a review, which stands"), **APPEAL),
)
tell(
    PanelMember,
    Kind.DECISIONS,
    About(enrolment="appeal__enrolment"),
    done("appointed", _("Appointed somebody to decide a review"), **OF_APPEAL),
    Act(
        _("Declared to have no part in what a review is about"),
        who="person",
        at="declared_at",
        when=Q(declared_at__isnull=False),
        **OF_APPEAL,
    ),
    done("ended", _("Took somebody off who was to decide a review"), **OF_APPEAL),
)
tell(
    AppealDraft,
    Kind.DECISIONS,
    About(enrolment="appeal__enrolment"),
    done("drafted", _("Drafted the answer to a review"), **OF_APPEAL),
)
tell(
    AppealView,
    Kind.DECISIONS,
    About(enrolment="draft__appeal__enrolment"),
    done(
        "said",
        _("Said what they see in the draft of an answer to a review"),
        facts={"appeal": "draft__appeal__uuid"},
        page=("certification:appeal", "appeal"),
    ),
)
tell(
    PanelRule,
    Kind.DECISIONS,
    NOBODY,
    done("set", _("Said whether somebody unconnected decides reviews"), page=("certification:panel_rule",)),
)
keep_silent(Appointment, "associate", because="who was appointed stands in the words of their appointment")
