"""Where somebody tells the safeguarding leads something, and where these read it."""

from django.urls import path

from safeguarding.views import leading, telling

app_name = "safeguarding"

urlpatterns = [
    path("", telling.worried, name="worried"),
    path("tell/", telling.tell, name="tell"),
    path("tell/courses/<uuid:course>/", telling.tell_of_course, name="tell_of_course"),
    path("tell/places/<uuid:enrolment>/", telling.tell_of_person, name="tell_of_person"),
    path("sent/", telling.sent, name="sent"),
    path("sent/<uuid:record>/", telling.sent_record, name="sent_record"),
    path("records/", leading.records, name="records"),
    path("records/<uuid:record>/", leading.record, name="record"),
    path("records/<uuid:record>/stand-aside/", leading.stand_aside, name="stand_aside"),
    path("leads/", leading.leads, name="leads"),
    path("leads/appoint/", leading.appoint_lead, name="appoint_lead"),
    path("leads/<uuid:uuid>/end/", leading.end_lead, name="end_lead"),
]
