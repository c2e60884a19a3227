"""Addresses of assessments: those of its three storeys."""

from assessments.answering.urls import urlpatterns as answering
from assessments.case_studies.urls import urlpatterns as case_studies
from assessments.marking.urls import urlpatterns as marking

app_name = "assessments"
urlpatterns = [*answering, *marking, *case_studies]
