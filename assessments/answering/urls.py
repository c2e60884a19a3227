"""Addresses of the room and of answering."""

from django.urls import include, path

from assessments.answering.views import (
    adjusting,
    answering,
    board,
    considering,
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

# What the trainer does about one person in it.
of_a_person = [
    path("", granting.person, name="person"),
    path("extra-time/", granting.extra, name="extra_time"),
    path("reopen/", granting.reopen, name="reopen_for_one"),
    path("helped/", board.helped, name="helped"),
    path("code/", entering.entry_code, name="entry_code"),
    path("adjustments/", adjusting.person, name="adjustments"),
    path("adjustments/<uuid:adjustment>/end/", adjusting.end, name="adjustment_end"),
    path("adjustments/requests/<uuid:asked>/", adjusting.answer, name="adjustment_answer"),
    path("what-happened/<uuid:consideration>/", considering.one, name="consideration"),
    path("booklet.pdf", paper.booklet, name="paper_booklet"),
]

# The room: the trainer's side of the day.
of_a_course = [
    path("", room.room, name="room"),
    path("release/", room.release, name="release"),
    path("open/", room.open_, name="open"),
    path("close/", room.close, name="close"),
    path("close/<int:minutes>/", room.close_soon, name="close_soon"),
    path("more-time/<int:minutes>/", room.more_time, name="more_time"),
    path("reopen/", room.reopen, name="reopen"),
    path("board/", board.board, name="board"),
    path("marking-date/", room.marking_date, name="marking_date"),
    path("read/", room.case_study, name="case_study"),
    path("address/", entering.room_address, name="room_address"),
    path("people/codes/", entering.entry_codes, name="entry_codes"),
    path("adjustments/", adjusting.course, name="course_adjustments"),
    path("what-happened/", considering.course, name="course_considerations"),
    path("what-happened/record/", considering.record, name="consideration_record"),
    path("paper/", paper.course, name="paper"),
    path("paper/codes/", paper.codes, name="paper_codes"),
    path("paper/booklets.pdf", paper.booklets, name="paper_booklets"),
]

# Answering: the participant's own.
own = [
    path("questions/", answering.task_list, name="task_list"),
    path("questions/<int:number>/", answering.question, name="question"),
    path("questions/<int:number>/save/", saving.save, name="save"),
    path("questions/<int:number>/earlier/", answering.earlier, name="earlier"),
    path("journal/", saving.journal, name="journal"),
    path("state/", saving.state, name="state"),
    path("help/", helping.help_, name="help"),
    path("check/", submitting.check, name="check"),
    path("submit/", submitting.submit, name="submit"),
    path("receipt/", submitting.receipt, name="receipt"),
    path("receipt/answers.txt", submitting.answers_text, name="answers_text"),
    path("adjustments/", adjusting.own, name="my_adjustments"),
    path("what-happened/", considering.own, name="my_considerations"),
]

# What is typed in from booklets, its scans; files of unsent answers.
from_paper = [
    path("", transcribing.transcription, name="transcription"),
    path("questions/<int:number>/", transcribing.question, name="transcription_question"),
    path("scans/", transcribing.scans, name="transcription_scans"),
    path("scans/<uuid:scan>/", transcribing.scan, name="transcription_scan"),
    path("scans/<uuid:scan>/remove/", transcribing.scan_remove, name="transcription_scan_remove"),
    path("done/", transcribing.done, name="transcription_done"),
    path("check/", transcribing.check, name="transcription_check"),
    path("give-up/", transcribing.give_up, name="transcription_give_up"),
    path("unsent/", unsent.upload, name="unsent"),
]

urlpatterns = [
    path("courses/<uuid:course>/case-study/people/<uuid:enrolment>/", include(of_a_person)),
    path("courses/<uuid:course>/case-study/", include(of_a_course)),
    path("my/<uuid:enrolment>/", include(own)),
    path("paper/<uuid:enrolment>/", include(from_paper)),
    # Getting in: the room's address, and codes from its trainer.
    path("room/<str:code>/", entering.room_entry, name="room_entry"),
    path("room/<str:code>/code/", entering.room_code, name="room_code"),
    path("adjustments/", adjusting.to_answer, name="adjustments_to_answer"),
    path("what-happened/", considering.everything, name="considerations"),
    path("paper/", paper.to_check, name="papers_to_check"),
    path(
        "versions/<uuid:version>/preview/questions/<int:number>/",
        previews.preview_question,
        name="version_preview_question",
    ),
    path("courses/<uuid:course>/publish/", publishing.publish, name="publish"),
    path("courses/<uuid:course>/publish/move/<uuid:version>/", moving.move_pin, name="move_pin"),
]
