"""What the audit log tells of courses: licences, courses, nominations, places and the register."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import CONTEXT, NOT_SIGNED_IN, About, Act, Facts, Kind, done, keep_silent, tell
from courses.models import (
    Course,
    CourseAssociate,
    Enrolment,
    Licence,
    MakeUpRequest,
    NameCorrection,
    Nomination,
    RegisterEntry,
    SessionChange,
    SponsorRefusal,
)
from courses.states import Presence

PLACE = About(enrolment="enrolment")
NOMINATED = About(
    course="course",
    person="enrolment__person",
    nomination="pk",
    organisation="sponsor_organisation",
)
OWN_PLACE = About(enrolment="pk", organisation="sponsor_organisation")
SESSION = {"day": "session__number"}
WRITINGS = RegisterEntry.writings().model
PLACES_BEFORE = apps.get_model("courses.EnrolmentEvent")


def _presence(value: str | None) -> str:
    return str(Presence(value).label) if value in Presence.values else ""


def _marked(facts: Facts) -> str:
    now, before = _presence(facts["presence"]), _presence(facts["before"])
    said = {"day": facts["day"], "now": now, "before": before}
    if before and before != now:
        return _now("Changed the register: day %(day)s, %(before)s → %(now)s") % said
    if before:
        return _now("Wrote the register again: day %(day)s, %(now)s") % said
    return _now("Marked the register: day %(day)s, %(now)s") % said


# In words and addresses.
OF_SESSION: dict[str, Any] = {"facts": SESSION}
OF_PROGRAMME: dict[str, Any] = {"facts": {"programme": "programme__name"}, "page": ("courses:licences",)}

tell(
    Licence,
    Kind.COURSES,
    About(person="associate"),
    done("granted", _("Granted a licence: %(programme)s"), **OF_PROGRAMME),
    done("changed", _("Last changed a licence: %(programme)s"), **OF_PROGRAMME),
    done("withdrawn", _("Withdrew a licence: %(programme)s"), **OF_PROGRAMME),
)
tell(
    Course,
    Kind.COURSES,
    About(course="pk", organisation="organisation"),
    done("created", _("Added the course")),
    done("changed", _("Last changed the course’s details")),
    done("published", _("Published the course")),
    done("cancelled", _("Cancelled the course")),
)
tell(SessionChange, Kind.COURSES, About(course="course"), done("changed", _("Changed the course’s sessions")))
tell(
    CourseAssociate,
    Kind.COURSES,
    About(course="course", person="associate"),
    done("assigned", _("Assigned them as a trainer")),
)
tell(
    Nomination,
    Kind.PLACES,
    NOMINATED,
    done("nominated", _("Nominated them")),
    Act(
        _("Was shown their invitation in the room"),
        who="link_shown_to",
        at="link_sent_at",
        when=Q(link_shown_to__isnull=False),
    ),
    Act(_("Declined the nomination"), who="", at="declined_at", without=NOT_SIGNED_IN),
    done("withdrawn", _("Withdrew the nomination")),
)
tell(
    Enrolment,
    Kind.PLACES,
    OWN_PLACE,
    Act(
        _("Accepted the place"),
        who="person",
        at="enrolled_at",
        when=Q(nomination__link_shown_to__isnull=True),
    ),
    # Others than the person may have.
    Act(
        _("The place was accepted by the link that was shown in the room"),
        who="",
        at="enrolled_at",
        when=Q(nomination__link_shown_to__isnull=False),
        without=NOT_SIGNED_IN,
    ),
    Act(_("Said, signed in, that it was they who accepted"), who="person", at="acceptance_confirmed_at"),
    # Of whoever was nominated, or pays for themself, it is confirmed by accepting.
    done(
        "sponsor_confirmed",
        _("Confirmed who sponsors them"),
        when=~Q(sponsor_confirmed_at=F("enrolled_at")),
    ),
    done("identity_checked", _("Looked at a document that says who they are")),
    done("withdrawn", _("Withdrew the place")),
)
_place_before = PLACES_BEFORE.objects.filter(pgh_obj=OuterRef("pgh_obj"), pk__lt=OuterRef("pk"))
_place_before = _place_before.order_by("-pk")
tell(
    PLACES_BEFORE,
    Kind.PLACES,
    About(enrolment="pgh_obj", organisation="sponsor_organisation"),
    # Until somebody confirmed who sponsors it, a place changes in nothing else that is tracked, but where it
    # is accepted again.
    Act(
        _("Changed who is asked to sponsor them"),
        who=CONTEXT,
        at="pgh_created_at",
        when=Q(
            pgh_label="update",
            sponsor_confirmed_by__isnull=True,
            withdrawn_at__isnull=True,
            frozen_at__isnull=True,
            # That it is to be named again, a refusal says.
            sponsor_to_be_named=False,
        )
        & Q(IsNull(Subquery(_place_before.values("withdrawn_at")[:1]), True)),
    ),
    # Of a place that was accepted again the row says nothing of it any more.
    Act(
        _("Withdrew the place"),
        who=CONTEXT,
        at="withdrawn_at",
        when=Q(pgh_label="update", withdrawn_at__isnull=False) & ~Q(withdrawn_at=F("pgh_obj__withdrawn_at")),
    ),
)
tell(
    SponsorRefusal,
    Kind.PLACES,
    About(enrolment="enrolment", organisation="organisation"),
    done("refused", _("Said that they do not sponsor them")),
)
tell(
    NameCorrection,
    Kind.PLACES,
    PLACE,
    done("corrected", _("Corrected the name for the certificate")),
)
_before = WRITINGS.objects.filter(pgh_obj=OuterRef("pgh_obj"), pk__lt=OuterRef("pk")).order_by("-pk")
tell(
    WRITINGS,
    Kind.REGISTER,
    PLACE,
    done(
        "recorded",
        _("Marked the register"),
        # What was made up is another event of the same writing.
        when=~Q(pgh_label="delete") & (Q(made_up_at__isnull=True) | Q(recorded_at__gt=F("made_up_at"))),
        facts={**SESSION, "presence": "presence", "before": Subquery(_before.values("presence")[:1])},
        says=_marked,
        page=("courses:register_session", "course_uuid", "day"),
    ),
    done(
        "made_up",
        _("Confirmed that day %(day)s was made up"),
        when=Q(recorded_at__lte=F("made_up_at")) & ~Q(pgh_label="delete"),
        **OF_SESSION,
    ),
    Act(
        _("Removed the register’s entry of day %(day)s"),
        who=CONTEXT,
        at="pgh_created_at",
        when=Q(pgh_label="delete"),
        **OF_SESSION,
    ),
)
tell(
    MakeUpRequest,
    Kind.REGISTER,
    PLACE,
    done("asked", _("Asked whether day %(day)s was made up"), **OF_SESSION),
    # That it was, the register says.
    done(
        "answered",
        _("Said that day %(day)s was not made up"),
        when=Q(confirmed=False),
        **OF_SESSION,
    ),
    done(
        "withdrawn",
        _("Took back the question whether day %(day)s was made up"),
        **OF_SESSION,
    ),
)
for _who in ("recorded_by", "made_up_by"):
    keep_silent(RegisterEntry, _who, because="its history tells every writing; the row knows the last alone")
keep_silent(MakeUpRequest, "associate", because="who was asked, told with the asking and with their answer")
