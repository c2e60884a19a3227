"""What courses holds about somebody: their places, the register, their licences."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import (
    ITS_OWN,
    SECRET,
    SOMEBODY,
    Holding,
    Whose,
    add_acts,
    add_holding,
    done_by,
    leave_out,
    names,
    says,
)
from courses.models import (
    Course,
    CourseAssociate,
    Enrolment,
    Licence,
    MakeUpRequest,
    NameCorrection,
    Nomination,
    Programme,
    RegisterEntry,
    RegisterReason,
    Session,
    SessionChange,
    SponsorRefusal,
)

COURSE = says("course", _("Course"), "course.title")
OF_PLACE = says("enrolment", _("Course"), "enrolment.course.title")
SESSION = says("session", _("Session"), "session.number")
SPONSOR = says("sponsor_organisation", _("Sponsor"), "sponsor_organisation.name")
ENROLLED = ("enrolment__course",)


def _nominations(whose: Whose) -> QuerySet[Nomination]:
    at_address = whose.at_their_address("email", "nominated_at")
    # Answered by somebody else, a nomination is theirs, whatever its address.
    return Nomination.objects.filter(
        Q(enrolment__person__in=whose.accounts) | (at_address & Q(enrolment__isnull=True))
    )


def _places(whose: Whose) -> QuerySet[Any]:
    return Enrolment.objects.filter(person__in=whose.accounts)


add_holding(
    Holding(
        name="nominations",
        title=_("When you were put forward for a course"),
        about=_("What whoever put you forward said of you, and what became of it."),
        model=Nomination,
        find=_nominations,
        columns=(
            COURSE,
            SPONSOR,
            says("sponsor_to_be_named", _("A sponsor has to be named")),
            says("sponsor_said", _("What the trainer knew of the sponsor")),
            says("name", _("Name")),
            says("email", _("Email address")),
            says("job_role", _("Job role")),
            says("years_experience", _("Years of experience")),
            says("manager_name", _("Line manager’s name")),
            says("manager_email", _("Line manager’s email address")),
            says("is_walk_in", _("Added on the day")),
            says("nominated_at", _("Put forward")),
            done_by("nominated_by", _("By"), _("somebody acting for the sponsor, or who trains the course")),
            says("link_sent_at", _("Invitation sent")),
            says("token_expires_at", _("Invitation works until")),
            done_by("link_shown_to", _("Invitation shown to"), _("who trains the course")),
            says("declined_at", _("Declined")),
            says("withdrawn_at", _("Withdrawn")),
            done_by(
                "withdrawn_by", _("Withdrawn by"), _("somebody acting for the sponsor or The AIM Project")
            ),
        ),
        without={"uuid": SECRET, "token_sha256": SECRET},
        related=("course", "sponsor_organisation"),
    )
)
add_holding(
    Holding(
        name="named_as_line_manager",
        title=_("When you were named as somebody’s line manager"),
        about=_("Who was put forward is theirs to tell, and does not stand here."),
        model=Nomination,
        find=lambda whose: Nomination.objects.filter(whose.at_their_address("manager_email", "nominated_at")),
        columns=(
            COURSE,
            says("manager_name", _("Name")),
            says("manager_email", _("Email address")),
            says("nominated_at", _("When")),
        ),
        related=("course",),
    )
)
add_holding(
    Holding(
        name="places",
        title=_("Your places on courses"),
        about=_("What you accepted, who sponsors it, and the name for your certificate."),
        model=Enrolment,
        find=_places,
        columns=(
            names("uuid"),
            COURSE,
            says("programme", _("Programme"), "course.programme.name"),
            SPONSOR,
            says("sponsor_to_be_named", _("A sponsor has to be named")),
            says("certificate_name", _("Name for the certificate")),
            says("expectations_version", _("Expectations that you accepted")),
            says("enrolled_at", _("Accepted")),
            says("sponsor_confirmed_at", _("Confirmed by the sponsor")),
            done_by("sponsor_confirmed_by", _("By"), _("somebody acting for the sponsor or The AIM Project")),
            says("acceptance_confirmed_at", _("You confirmed that you accepted it yourself")),
            says("identity_checked_at", _("A document that says who you are was looked at")),
            done_by("identity_checked_by", _("By")),
            says("withdrawn_at", _("Given up or withdrawn")),
            done_by("withdrawn_by", _("By"), _("somebody acting for the sponsor or The AIM Project")),
        ),
        without={
            "person": ITS_OWN,
            "nomination": ITS_OWN,
            "frozen_at": _("how far a decision has come that you are told of when it is made"),
            "outcome_finalised_at": _("how far a decision has come that you are told of when it is made"),
            "sponsor_settled_at": _("how far a decision has come that you are told of when it is made"),
        },
        related=("course__programme", "sponsor_organisation"),
    )
)
add_holding(
    Holding(
        name="sponsor_refusals",
        title=_("When an organisation said that it does not sponsor you"),
        about=_("Asked about your place after you were added on the day."),
        model=SponsorRefusal,
        find=lambda whose: SponsorRefusal.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            OF_PLACE,
            says("refused_at", _("When")),
            done_by("refused_by", _("By"), _("somebody acting for that organisation")),
        ),
        without={"organisation": _("whom an organisation says it does not sponsor is between it and us")},
        related=ENROLLED,
    )
)
add_holding(
    Holding(
        name="register",
        title=_("What the register says of you"),
        about=_("Whether you were there for each session, and what was made up for."),
        model=RegisterEntry,
        find=lambda whose: RegisterEntry.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            OF_PLACE,
            SESSION,
            says("presence", _("There")),
            says("minutes_missed", _("Minutes missed")),
            says("judgement", _("What was missed")),
            says("covered_how", _("How it was covered")),
            says("made_up_on", _("Made up on")),
            says("made_up_how", _("How it was made up")),
            says("made_up_at", _("Confirmed")),
            done_by("made_up_by", _("Confirmed by"), _("the Associate who held that session")),
            says("recorded_at", _("Recorded")),
            done_by("recorded_by", _("By")),
            says("reason", _("Why it was corrected")),
        ),
        without={"course": ITS_OWN},
        related=(*ENROLLED, "session"),
    )
)
add_holding(
    Holding(
        name="register_corrections",
        title=_("Why the register was corrected"),
        about=_("Each reason, also where another correction followed."),
        model=RegisterReason,
        find=lambda whose: RegisterReason.objects.filter(enrolment__person__in=whose.accounts),
        columns=(OF_PLACE, SESSION, says("recorded_at", _("When")), says("reason", _("Why"))),
        related=(*ENROLLED, "session"),
    )
)
add_holding(
    Holding(
        name="name_corrections",
        title=_("When the name for your certificate was corrected"),
        about=_("What it was before is not kept."),
        model=NameCorrection,
        find=lambda whose: NameCorrection.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            OF_PLACE,
            says("reason", _("Why")),
            says("corrected_at", _("When")),
            done_by("corrected_by", _("By")),
        ),
        related=ENROLLED,
    )
)
add_holding(
    Holding(
        name="made_up_sessions",
        title=_("Whether you made up for a session"),
        about=_("As an Associate was asked, and answered."),
        model=MakeUpRequest,
        find=lambda whose: MakeUpRequest.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            OF_PLACE,
            SESSION,
            says("made_up_on", _("On")),
            says("made_up_how", _("How")),
            done_by("associate", _("Asked of"), _("an Associate")),
            says("asked_at", _("Asked")),
            done_by("asked_by", _("By")),
            says("reason", _("Why it was asked")),
            says("answered_at", _("Answered")),
            done_by("answered_by", _("By"), _("that Associate")),
            says("confirmed", _("Confirmed")),
            says("declined_because", _("What is not so")),
            says("withdrawn_at", _("Taken back")),
            done_by("withdrawn_by", _("Taken back by")),
        ),
        without={"uuid": ITS_OWN},
        related=(*ENROLLED, "session"),
    )
)
add_holding(
    Holding(
        name="licences",
        title=_("Your licences"),
        about=_("To train a programme, as an Associate."),
        model=Licence,
        find=lambda whose: Licence.objects.filter(associate__in=whose.accounts),
        columns=(
            says("programme", _("Programme"), "programme.name"),
            says("country", _("Country")),
            says("valid_from", _("From")),
            says("valid_until", _("Until")),
            says("granted_at", _("Granted")),
            done_by("granted_by", _("By"), SOMEBODY),
            says("withdrawn_at", _("Withdrawn")),
            done_by("withdrawn_by", _("By"), SOMEBODY),
            says("cleared_at", _("Agreed to the case study in force")),
            says("changed_at", _("Changed")),
            done_by("changed_by", _("By"), SOMEBODY),
        ),
        without={"uuid": ITS_OWN, "associate": ITS_OWN},
        related=("programme",),
    )
)
add_holding(
    Holding(
        name="courses_trained",
        title=_("Courses that you train"),
        about=_("To which you were assigned, and when."),
        model=CourseAssociate,
        find=lambda whose: CourseAssociate.objects.filter(associate__in=whose.accounts),
        columns=(COURSE, says("assigned_at", _("Assigned")), done_by("assigned_by", _("By"))),
        without={"uuid": ITS_OWN, "associate": ITS_OWN, "licence": ITS_OWN},
        related=("course",),
    )
)

add_acts(Nomination, link_shown_to="link_sent_at")
add_acts(MakeUpRequest, associate="asked_at")
leave_out(
    Programme,
    Course,
    Session,
    SessionChange,
    because=_(
        "The programmes, and the courses with their sessions: they are about nobody who takes part. When you"
        " arranged one stands among what you did."
    ),
)
