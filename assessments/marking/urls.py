"""Addresses of marking and recommended outcomes."""

from django.urls import path

from assessments.marking.views import marking, previews, recommending, strengths

urlpatterns = [
    # Where people were strong or weak.
    path("strengths/", strengths.of_programmes, name="programme_strengths"),
    path("courses/<uuid:course>/strengths/", strengths.of_course, name="strengths"),
    path(
        "versions/<uuid:version>/preview/marking/",
        previews.preview_marker,
        name="version_preview_marker",
    ),
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
]
