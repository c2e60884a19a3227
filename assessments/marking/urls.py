"""Addresses of marking and recommended outcomes."""

from django.urls import include, path

from assessments.marking.views import (
    by_question,
    conversing,
    disagreeing,
    judging,
    marking,
    marking_sheet,
    previews,
    recommending,
    sampling,
    second_marking,
    settling,
    strengths,
)

of_a_person = [
    path("", marking.mark, name="mark"),
    path("history/", judging.history, name="mark_history"),
    path("outcome/", recommending.recommend, name="recommend"),
    path("outcome/agree/", recommending.agree, name="agree"),
    path("conversation/", conversing.conversation, name="conversation"),
    path("conversation/not-held/", conversing.no_conversation, name="no_conversation"),
    path("second/", settling.settle, name="settle"),
    path("feedback/", recommending.feedback, name="feedback"),
    path("disagree/", disagreeing.disagree, name="disagree"),
    path(
        "disagree/<uuid:disagreement>/withdraw/",
        disagreeing.withdraw_disagreement,
        name="withdraw_disagreement",
    ),
]

by_question_paths = [
    path("", by_question.questions, name="mark_questions"),
    path("<int:number>/", by_question.next_answer, name="mark_next"),
    path("<int:number>/<slug:code>/", by_question.answer, name="mark_answer"),
    path("<int:number>/<slug:code>/stay/", by_question.stay, name="mark_stay"),
    path("<int:number>/<slug:code>/take-over/", by_question.take_over, name="mark_take_over"),
]

second_paths = [
    path("", second_marking.scripts, name="second_scripts"),
    path("<uuid:script>/", second_marking.mark, name="second_mark"),
    path("<uuid:script>/<int:question>/<int:criterion>/", second_marking.judge, name="second_judge"),
    path("<uuid:script>/hand-back/", second_marking.hand_back, name="second_hand_back"),
    path("<uuid:script>/settle/", settling.second_settle, name="second_settle"),
]

urlpatterns = [
    path("second-marking/", include(second_paths)),
    path("courses/<uuid:course>/marking/sample/", sampling.sample, name="sample"),
    path("programmes/<slug:programme>/second-marking/", sampling.numbers, name="second_numbers"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/", include(of_a_person)),
    path("marking/<uuid:enrolment>/<int:question>/<int:criterion>/", judging.judge, name="judge"),
    path("courses/<uuid:course>/marking/questions/", include(by_question_paths)),
    path(
        "courses/<uuid:course>/marking/answers/<slug:code>/<int:question>/<int:criterion>/",
        by_question.judge,
        name="judge_answer",
    ),
    path("courses/<uuid:course>/marking/sheet/", marking_sheet.bring_back, name="marking_sheet"),
    path(
        "courses/<uuid:course>/marking/sheet/marking-sheet.xlsx",
        marking_sheet.take,
        name="marking_sheet_file",
    ),
    path("courses/<uuid:course>/marking/", marking.marking, name="marking"),
    # Where people were strong or weak.
    path("strengths/", strengths.of_programmes, name="programme_strengths"),
    path("courses/<uuid:course>/strengths/", strengths.of_course, name="strengths"),
    path("versions/<uuid:version>/preview/marking/", previews.preview_marker, name="version_preview_marker"),
]
