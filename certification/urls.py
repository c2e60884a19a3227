"""Where decisions, certificates, verification, results, follow-ups and reports are found."""

from django.urls import path

from certification.views import (
    approvals,
    backlog,
    branding,
    certificates,
    deciding,
    finalising,
    follow_ups,
    over_time,
    participants,
    people,
    redacting,
    second_markers,
    sponsors,
    telling,
    verification,
)

app_name = "certification"

urlpatterns = [
    path("verify/", verification.verify, name="verify"),
    # Also what holds a slash is a code that nobody was given, and gets the same answer.
    path("verify/<path:code>/", verification.verified, name="verified"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/finalise/", finalising.finalise, name="finalise"),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/told/", telling.tell_later, name="tell_later"),
    path("approvals/", approvals.queue, name="queue"),
    path("approvals/<uuid:course>/", approvals.course_queue, name="course_queue"),
    path("approvals/<uuid:course>/second-markers/", second_markers.second_markers, name="second_markers"),
    path("approvals/<uuid:course>/second-markers/<uuid:script>/", second_markers.take_back, name="take_back"),
    path("approvals/<uuid:course>/approve/", approvals.approve_all, name="approve_all"),
    path("approvals/<uuid:course>/<uuid:enrolment>/", deciding.decide, name="decide"),
    path("approvals/<uuid:course>/<uuid:enrolment>/appoint/", deciding.appoint, name="appoint"),
    path("approvals/<uuid:course>/<uuid:enrolment>/redact/", redacting.redact, name="redact"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<uuid:certificate>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:certificate>/pdf/", certificates.download, name="download"),
    path("certificates/<uuid:certificate>/picture/", certificates.picture, name="picture"),
    path("certificates/<uuid:certificate>/revoke/", certificates.revoke, name="revoke"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("staff/mark-and-signatory/", branding.branding, name="branding"),
    path("staff/waiting/", backlog.backlog, name="backlog"),
    path("staff/waiting/<slug:kind>/again/", backlog.try_again, name="try_again"),
    path("my/<uuid:enrolment>/", participants.my_course, name="my_course"),
    path("my/<uuid:enrolment>/feedback/", participants.my_feedback, name="my_feedback"),
    path("courses/<uuid:course>/results/", sponsors.results, name="results"),
    path("courses/<uuid:course>/report/", sponsors.report_request, name="report_request"),
    path("reports/<uuid:report>/", sponsors.report, name="report"),
    path("reports/<uuid:report>/file/", sponsors.report_download, name="report_download"),
    path("follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("follow-ups/<uuid:follow_up>/", follow_ups.follow_up, name="follow_up"),
    path("over-time/", over_time.over_time, name="over_time"),
    path("over-time/file/", over_time.over_time_file, name="over_time_file"),
]
