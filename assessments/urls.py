"""Addresses of the case study, answering, marking and recommended outcomes."""

from django.urls import path

import assessments.rules  # noqa: F401  registers who may do what
from assessments.views import (
    adjusting,
    agreeing,
    answering,
    board,
    case_studies,
    changing,
    editions,
    entering,
    exchanging,
    framework,
    granting,
    helping,
    marking,
    moving,
    objecting,
    passages,
    recommending,
    room,
    saving,
    strengths,
    unavailable,
    version_reading,
    versions,
    writing,
)

app_name = "assessments"
urlpatterns = [
    # The room: the trainer's side of the day.
    path("courses/<uuid:course>/case-study/", room.room, name="room"),
    path("courses/<uuid:course>/case-study/release/", room.release, name="release"),
    path("courses/<uuid:course>/case-study/open/", room.open_, name="open"),
    path("courses/<uuid:course>/case-study/close/", room.close, name="close"),
    path("courses/<uuid:course>/case-study/close/<int:minutes>/", room.close_soon, name="close_soon"),
    path("courses/<uuid:course>/case-study/more-time/<int:minutes>/", room.more_time, name="more_time"),
    path("courses/<uuid:course>/case-study/reopen/", room.reopen, name="reopen"),
    path("courses/<uuid:course>/case-study/board/", board.board, name="board"),
    path("courses/<uuid:course>/case-study/people/<uuid:enrolment>/", granting.person, name="person"),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/extra-time/",
        granting.extra,
        name="extra_time",
    ),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/reopen/",
        granting.reopen,
        name="reopen_for_one",
    ),
    path("courses/<uuid:course>/case-study/people/<uuid:enrolment>/helped/", board.helped, name="helped"),
    path("courses/<uuid:course>/case-study/marking-date/", room.marking_date, name="marking_date"),
    path("courses/<uuid:course>/case-study/read/", room.case_study, name="case_study"),
    # Getting in: the room's address, and codes from its trainer.
    path("room/<str:code>/", entering.room_entry, name="room_entry"),
    path("room/<str:code>/code/", entering.room_code, name="room_code"),
    path("courses/<uuid:course>/case-study/address/", entering.room_address, name="room_address"),
    path("courses/<uuid:course>/case-study/people/codes/", entering.entry_codes, name="entry_codes"),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/code/",
        entering.entry_code,
        name="entry_code",
    ),
    # Answering: the participant's own.
    path("my/<uuid:enrolment>/questions/", answering.task_list, name="task_list"),
    path("my/<uuid:enrolment>/questions/<int:number>/", answering.question, name="question"),
    path("my/<uuid:enrolment>/questions/<int:number>/save/", saving.save, name="save"),
    path("my/<uuid:enrolment>/questions/<int:number>/earlier/", answering.earlier, name="earlier"),
    path("my/<uuid:enrolment>/journal/", saving.journal, name="journal"),
    path("my/<uuid:enrolment>/state/", saving.state, name="state"),
    path("my/<uuid:enrolment>/help/", helping.help_, name="help"),
    path("my/<uuid:enrolment>/check/", answering.check, name="check"),
    path("my/<uuid:enrolment>/submit/", answering.submit, name="submit"),
    path("my/<uuid:enrolment>/receipt/", answering.receipt, name="receipt"),
    path("my/<uuid:enrolment>/receipt/answers.txt", answering.answers_text, name="answers_text"),
    # Adjustments: asked for, answered, granted.
    path("my/<uuid:enrolment>/adjustments/", adjusting.own, name="my_adjustments"),
    path("adjustments/", adjusting.to_answer, name="adjustments_to_answer"),
    path("courses/<uuid:course>/case-study/adjustments/", adjusting.course, name="course_adjustments"),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/adjustments/",
        adjusting.person,
        name="adjustments",
    ),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/adjustments/<uuid:adjustment>/end/",
        adjusting.end,
        name="adjustment_end",
    ),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/adjustments/requests/<uuid:asked>/",
        adjusting.answer,
        name="adjustment_answer",
    ),
    # The framework, as reference; drafting its next edition.
    path("framework/", framework.framework, name="framework"),
    path("framework/<uuid:edition>/", framework.edition, name="framework_edition"),
    path("framework/<uuid:edition>/framework.pdf", framework.pdf, name="framework_pdf"),
    path("framework/<uuid:edition>/editions/", framework.editions, name="framework_editions"),
    path("framework/<uuid:edition>/draft/", editions.draft, name="framework_draft"),
    path("framework/<uuid:edition>/edit/", editions.edit, name="framework_edit"),
    path("framework/<uuid:edition>/edit/stages/", editions.stage_new, name="framework_stage_new"),
    path("framework/<uuid:edition>/edit/stages/<int:number>/", editions.stage, name="framework_stage"),
    path(
        "framework/<uuid:edition>/edit/stages/<int:number>/remove/",
        editions.stage_remove,
        name="framework_stage_remove",
    ),
    path("framework/<uuid:edition>/publish/", editions.publish, name="framework_publish"),
    # Where people were strong or weak.
    path("strengths/", strengths.of_programmes, name="programme_strengths"),
    path("courses/<uuid:course>/strengths/", strengths.of_course, name="strengths"),
    # The case studies: read, written, previewed, printed.
    path("case-studies/", case_studies.case_studies, name="case_studies"),
    path("case-studies/<slug:programme>/begin/", case_studies.begin, name="version_begin"),
    path("versions/<uuid:version>/", version_reading.version, name="version"),
    path("versions/<uuid:version>/authors/", case_studies.authors, name="version_authors"),
    path(
        "versions/<uuid:version>/authors/<uuid:author>/end/",
        case_studies.author_end,
        name="version_author_end",
    ),
    path("versions/<uuid:version>/propose/", case_studies.propose, name="version_propose"),
    path("versions/<uuid:version>/withdraw/", case_studies.withdraw, name="version_withdraw"),
    path(
        "versions/<uuid:version>/preview/",
        version_reading.preview_case_study,
        name="version_preview_participant",
    ),
    path(
        "versions/<uuid:version>/preview/questions/<int:number>/",
        version_reading.preview_question,
        name="version_preview_question",
    ),
    path(
        "versions/<uuid:version>/preview/marking/",
        version_reading.preview_marker,
        name="version_preview_marker",
    ),
    path("versions/<uuid:version>/booklet.pdf", version_reading.booklet, name="version_booklet"),
    path(
        "versions/<uuid:version>/booklet/marker.pdf",
        version_reading.booklet_marker,
        name="version_booklet_marker",
    ),
    path("versions/<uuid:version>/write/", writing.overview, name="version_write"),
    path("versions/<uuid:version>/write/head/", writing.head, name="version_edit_head"),
    path("versions/<uuid:version>/write/history/<str:passage>/", passages.history, name="version_history"),
    path("versions/<uuid:version>/write/sections/new/", writing.section_new, name="version_section_new"),
    path("versions/<uuid:version>/write/sections/<uuid:section>/", writing.section, name="version_section"),
    path(
        "versions/<uuid:version>/write/sections/<uuid:section>/move/",
        passages.section_move,
        name="version_section_move",
    ),
    path(
        "versions/<uuid:version>/write/sections/<uuid:section>/remove/",
        passages.section_remove,
        name="version_section_remove",
    ),
    path("versions/<uuid:version>/write/questions/new/", writing.question_new, name="version_question_new"),
    path(
        "versions/<uuid:version>/write/questions/<uuid:question>/", writing.question, name="version_question"
    ),
    path(
        "versions/<uuid:version>/write/questions/<uuid:question>/move/",
        passages.question_move,
        name="version_question_move",
    ),
    path(
        "versions/<uuid:version>/write/questions/<uuid:question>/remove/",
        passages.question_remove,
        name="version_question_remove",
    ),
    # Versions and marking.
    path("case-studies/import/", exchanging.import_, name="version_import"),
    path("versions/<uuid:version>/export/", exchanging.export, name="version_export"),
    path("courses/<uuid:course>/publish/", versions.publish, name="publish"),
    path("courses/<uuid:course>/publish/move/<uuid:version>/", moving.move_pin, name="move_pin"),
    path("courses/<uuid:course>/marking/", marking.marking, name="marking"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/", marking.mark, name="mark"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/take-over/", marking.take_over, name="take_over"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/outcome/", recommending.recommend, name="recommend"),
    path(
        "courses/<uuid:course>/marking/<uuid:enrolment>/conversation/",
        recommending.conversation,
        name="conversation",
    ),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/feedback/", recommending.feedback, name="feedback"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/disagree/", recommending.disagree, name="disagree"),
    path(
        "courses/<uuid:course>/marking/<uuid:enrolment>/disagree/<uuid:disagreement>/withdraw/",
        recommending.withdraw_disagreement,
        name="withdraw_disagreement",
    ),
    # Agreement to a version.
    path("versions/<uuid:version>/agreement/", agreeing.agreement, name="version_agreement"),
    path("versions/<uuid:version>/agree/", agreeing.agree, name="version_agree"),
    path("versions/<uuid:version>/remind/", agreeing.remind, name="version_remind"),
    path("versions/<uuid:version>/freeze/", agreeing.freeze, name="version_freeze"),
    path("versions/<uuid:version>/changes/", changing.changes, name="version_changes"),
    path("versions/<uuid:version>/unavailable/", unavailable.record, name="version_unavailable"),
    path(
        "versions/<uuid:version>/unavailable/<uuid:unavailability>/end/",
        unavailable.end,
        name="version_unavailable_end",
    ),
    path("versions/<uuid:version>/object/", objecting.object_to, name="version_object"),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/", objecting.objection, name="version_objection"
    ),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/reply/",
        objecting.reply,
        name="version_objection_reply",
    ),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/withdraw/",
        objecting.withdraw,
        name="version_objection_withdraw",
    ),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/close/",
        objecting.close,
        name="version_objection_close",
    ),
]
