"""What can be done with case studies, submissions and marking; each member says what it is asked about."""

from enum import StrEnum


class Assessments(StrEnum):
    # Asked about a course.
    RUN_SITTING = "assessments.run_sitting"
    SEE_SITTING = "assessments.see_sitting"
    READ_CASE_STUDY = "assessments.read_case_study"
    PUBLISH_COURSE = "assessments.publish_course"
    SEE_MARKING = "assessments.see_marking"
    PRINT_BOOKLETS = "assessments.print_booklets"
    RECORD_CONSIDERATION = "assessments.record_consideration"
    # These two of an enrolment as well.
    SEE_CONSIDERATIONS = "assessments.see_considerations"
    DECIDE_CONSIDERATION = "assessments.decide_consideration"
    # Asked about an enrolment; to mark, also about a course.
    ANSWER = "assessments.answer"
    READ_OWN_SUBMISSION = "assessments.read_own_submission"
    MARK = "assessments.mark"
    RECOMMEND = "assessments.recommend"
    DISAGREE = "assessments.disagree"
    SEE_TRANSCRIPTION = "assessments.see_transcription"
    TYPE_TRANSCRIPTION = "assessments.type_transcription"
    UPLOAD_UNSENT = "assessments.upload_unsent"
    ASK_ADJUSTMENT = "assessments.ask_adjustment"
    GRANT_ADJUSTMENT = "assessments.grant_adjustment"
    ANSWER_ADJUSTMENT = "assessments.answer_adjustment"
    TELL_WHAT_HAPPENED = "assessments.tell_what_happened"
    # Asked about an enrolment: to settle what two markers judged differently.
    SETTLE_AS_ADMIN = "assessments.settle_as_admin"
    # Asked about the whole site.
    SET_SECOND_MARKING = "assessments.set_second_marking"
    # Asked about an edition of the framework.
    EDIT_FRAMEWORK = "assessments.edit_framework"
    # Asked about the whole site.
    SEE_ALL_STRENGTHS = "assessments.see_all_strengths"
    SEE_ALL_ADJUSTMENT_REQUESTS = "assessments.see_all_adjustment_requests"
    SEE_ALL_CONSIDERATIONS = "assessments.see_all_considerations"
    # Asked about a version.
    READ_MODEL_ANSWERS = "assessments.read_model_answers"
    AGREE_TO_VERSION = "assessments.agree_to_version"
    WRITE_VERSION = "assessments.write_version"
    # Asked about no row: versions are begun, proposed and given up by The AIM Project alone.
    MANAGE_VERSIONS = "assessments.manage_versions"
    LEAD_AGREEMENT = "assessments.lead_agreement"
    # Asked about an objection.
    REPLY_TO_OBJECTION = "assessments.reply_to_objection"
    WITHDRAW_OBJECTION = "assessments.withdraw_objection"
