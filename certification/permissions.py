"""What can be done about decisions, certificates, results, follow-ups and reports."""

from enum import StrEnum


class Certification(StrEnum):
    FINALISE = "certification.finalise"  # an Enrolment
    TELL_LATER = "certification.tell_later"  # an Enrolment
    SEE_QUEUE = "certification.see_queue"  # no object
    SEE_COURSE_QUEUE = "certification.see_course_queue"  # a Course
    DECIDE = "certification.decide"  # an Enrolment
    ASK_SECOND_MARKER = "certification.ask_second_marker"  # a Course
    APPOINT = "certification.appoint"  # an Enrolment
    SEE_PERSON = "certification.see_person"  # no object
    SEE_BACKLOG = "certification.see_backlog"  # no object
    SEE_REGISTER = "certification.see_register"  # no object
    VIEW_CERTIFICATE = "certification.view_certificate"  # a Certificate
    REDACT = "certification.redact"  # an Enrolment
    PUBLISH_BRANDING = "certification.publish_branding"  # no object
    REVOKE = "certification.revoke"  # a Certificate
    OPEN_MY_COURSE = "certification.open_my_course"  # an Enrolment
    SEE_RESULTS = "certification.see_results"  # a Course
    SEE_FOLLOW_UPS = "certification.see_follow_ups"  # no object
    SEE_FOLLOW_UP = "certification.see_follow_up"  # a FollowUp
    RECORD_STEP = "certification.record_step"  # a FollowUp
    SEE_OVER_TIME = "certification.see_over_time"  # no object
    ASK_FOR_REVIEW = "certification.ask_for_review"  # an Enrolment
    SEE_APPEALS = "certification.see_appeals"  # no object
    OPEN_APPEAL = "certification.open_appeal"  # an Appeal
    HANDLE_APPEAL = "certification.handle_appeal"  # an Enrolment
    DECIDE_APPEAL = "certification.decide_appeal"  # an Appeal
    DOWNLOAD_REPORT = "certification.download_report"  # a Report
