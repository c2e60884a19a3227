"""What can be done with case studies, submissions and marking; each member says what it is asked about."""

from enum import StrEnum


class Assessments(StrEnum):
    # Asked about a course.
    RUN_SITTING = "assessments.run_sitting"
    SEE_SITTING = "assessments.see_sitting"
    READ_CASE_STUDY = "assessments.read_case_study"
    PUBLISH_COURSE = "assessments.publish_course"
    SEE_MARKING = "assessments.see_marking"
    # Asked about an enrolment.
    ANSWER = "assessments.answer"
    READ_OWN_SUBMISSION = "assessments.read_own_submission"
    MARK = "assessments.mark"
    RECOMMEND = "assessments.recommend"
    DISAGREE = "assessments.disagree"
