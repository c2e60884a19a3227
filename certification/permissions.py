"""What can be done about decisions, certificates, results, follow-ups and reports."""

from enum import StrEnum


class Certification(StrEnum):
    FINALISE = "certification.finalise"
    SEE_QUEUE = "certification.see_queue"
    DECIDE = "certification.decide"
    APPOINT = "certification.appoint"
    SEE_REGISTER = "certification.see_register"
    VIEW_CERTIFICATE = "certification.view_certificate"
    REVOKE = "certification.revoke"
    OPEN_MY_COURSE = "certification.open_my_course"  # an Enrolment
    SEE_RESULTS = "certification.see_results"  # a Course
    SEE_FOLLOW_UPS = "certification.see_follow_ups"  # no object
    SEE_FOLLOW_UP = "certification.see_follow_up"  # a FollowUp
    RECORD_STEP = "certification.record_step"  # a FollowUp
    REQUEST_REPORT = "certification.request_report"  # an Organisation
    DOWNLOAD_REPORT = "certification.download_report"  # a Report
