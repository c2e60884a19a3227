"""Addresses of the room and of answering."""

from django.urls import path

from assessments.answering.views import (
    adjusting,
    answering,
    board,
    entering,
    granting,
    helping,
    moving,
    paper,
    previews,
    publishing,
    room,
    saving,
    submitting,
    transcribing,
    unsent,
)

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
    path("my/<uuid:enrolment>/check/", submitting.check, name="check"),
    path("my/<uuid:enrolment>/submit/", submitting.submit, name="submit"),
    path("my/<uuid:enrolment>/receipt/", submitting.receipt, name="receipt"),
    path("my/<uuid:enrolment>/receipt/answers.txt", submitting.answers_text, name="answers_text"),
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
    # Paper: booklets, what is typed in from them, its scans; files of unsent answers.
    path("courses/<uuid:course>/case-study/paper/", paper.course, name="paper"),
    path("courses/<uuid:course>/case-study/paper/codes/", paper.codes, name="paper_codes"),
    path("courses/<uuid:course>/case-study/paper/booklets.pdf", paper.booklets, name="paper_booklets"),
    path(
        "courses/<uuid:course>/case-study/people/<uuid:enrolment>/booklet.pdf",
        paper.booklet,
        name="paper_booklet",
    ),
    path("paper/", paper.to_check, name="papers_to_check"),
    path("paper/<uuid:enrolment>/", transcribing.transcription, name="transcription"),
    path(
        "paper/<uuid:enrolment>/questions/<int:number>/",
        transcribing.question,
        name="transcription_question",
    ),
    path("paper/<uuid:enrolment>/scans/", transcribing.scans, name="transcription_scans"),
    path("paper/<uuid:enrolment>/scans/<uuid:scan>/", transcribing.scan, name="transcription_scan"),
    path(
        "paper/<uuid:enrolment>/scans/<uuid:scan>/remove/",
        transcribing.scan_remove,
        name="transcription_scan_remove",
    ),
    path("paper/<uuid:enrolment>/done/", transcribing.done, name="transcription_done"),
    path("paper/<uuid:enrolment>/check/", transcribing.check, name="transcription_check"),
    path("paper/<uuid:enrolment>/give-up/", transcribing.give_up, name="transcription_give_up"),
    path("paper/<uuid:enrolment>/unsent/", unsent.upload, name="unsent"),
    path(
        "versions/<uuid:version>/preview/questions/<int:number>/",
        previews.preview_question,
        name="version_preview_question",
    ),
    path("courses/<uuid:course>/publish/", publishing.publish, name="publish"),
    path("courses/<uuid:course>/publish/move/<uuid:version>/", moving.move_pin, name="move_pin"),
]
