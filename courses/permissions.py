"""What can be done with courses, nominations, the register and licences."""

from enum import StrEnum


class Courses(StrEnum):
    MANAGE = "courses.manage"  # create courses; no object
    VIEW = "courses.view"  # a Course
    EDIT = "courses.edit"  # a Course
    NOMINATE = "courses.nominate"  # a Course
    SEE_PROGRESS = "courses.see_progress"  # a Course
    HANDLE_NOMINATION = "courses.handle_nomination"  # a Nomination
    CONFIRM_SPONSOR = "courses.confirm_sponsor"  # a Nomination
    REFUSE_SPONSOR = "courses.refuse_sponsor"  # a Nomination
    NAME_SPONSOR = "courses.name_sponsor"  # a Nomination
    CONFIRM_ACCEPTANCE = "courses.confirm_acceptance"  # an Enrolment
    CORRECT_CERTIFICATE_NAME = "courses.correct_certificate_name"  # an Enrolment
    WITHDRAW_ENROLMENT = "courses.withdraw_enrolment"  # an Enrolment
    TAKE_REGISTER = "courses.take_register"  # a Course
    ADD_WALK_IN = "courses.add_walk_in"  # a Course
    NOTE_IDENTITY = "courses.note_identity"  # a Course
    CONFIRM_MADE_UP = "courses.confirm_made_up"  # a Course
    ANSWER_MAKE_UP = "courses.answer_make_up"  # a MakeUpRequest
    MANAGE_LICENCES = "courses.manage_licences"  # no object
