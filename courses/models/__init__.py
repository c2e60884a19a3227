"""Programmes, licences, courses and their sessions, nominations, enrolments, the register."""

from courses.models.courses import Course, CourseAssociate, CourseQuerySet, Session, SessionChange
from courses.models.enrolments import (
    Enrolment,
    EnrolmentQuerySet,
    NameCorrection,
    RegisterEntry,
    RegisterReason,
    SponsorRefusal,
    entry_complete,
    entry_met,
)
from courses.models.making_up import MakeUpRequest, MakeUpRequestQuerySet, entry_needs_making_up
from courses.models.nominations import Nomination, NominationQuerySet
from courses.models.programmes import Licence, LicenceQuerySet, Programme
from courses.models.sponsors import confirmed, known_to_sponsor, pays_unconfirmed

__all__ = [
    "Course",
    "CourseAssociate",
    "CourseQuerySet",
    "Enrolment",
    "EnrolmentQuerySet",
    "Licence",
    "LicenceQuerySet",
    "MakeUpRequest",
    "MakeUpRequestQuerySet",
    "NameCorrection",
    "Nomination",
    "NominationQuerySet",
    "Programme",
    "RegisterEntry",
    "RegisterReason",
    "Session",
    "SessionChange",
    "SponsorRefusal",
    "confirmed",
    "entry_complete",
    "entry_met",
    "entry_needs_making_up",
    "known_to_sponsor",
    "pays_unconfirmed",
]
