"""Addresses of marking and recommended outcomes."""

from django.urls import include, path

from assessments.marking.views import marking, previews, recommending, strengths

of_a_person = [
    path("", marking.mark, name="mark"),
    path("take-over/", marking.take_over, name="take_over"),
    path("outcome/", recommending.recommend, name="recommend"),
    path("conversation/", recommending.conversation, name="conversation"),
    path("feedback/", recommending.feedback, name="feedback"),
    path("disagree/", recommending.disagree, name="disagree"),
    path(
        "disagree/<uuid:disagreement>/withdraw/",
        recommending.withdraw_disagreement,
        name="withdraw_disagreement",
    ),
]

urlpatterns = [
    path("courses/<uuid:course>/marking/<uuid:enrolment>/", include(of_a_person)),
    path("courses/<uuid:course>/marking/", marking.marking, name="marking"),
    # Where people were strong or weak.
    path("strengths/", strengths.of_programmes, name="programme_strengths"),
    path("courses/<uuid:course>/strengths/", strengths.of_course, name="strengths"),
    path("versions/<uuid:version>/preview/marking/", previews.preview_marker, name="version_preview_marker"),
]
