"""Every address of the site."""

from django.conf import settings
from django.urls import include, path

from accounts.urls import account_urls, legal_urls, organisation_urls, staff_urls
from aimcert import help as help_pages
from aimcert import home
from aimcert.audit.views import audit_log, audit_log_sheet
from aimcert.search import search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search, name="search"),
    path("welcome/", home.welcome, name="welcome"),
    path("help/", help_pages.contents, name="help"),
    path("help/<slug:role>/", help_pages.of_role, name="help_of_role"),
    path("about/", include(legal_urls)),
    path("account/", include(account_urls)),
    path("organisations/", include(organisation_urls)),
    path("staff/audit-log/", audit_log, name="audit_log"),
    path("staff/audit-log/audit-log.xlsx", audit_log_sheet, name="audit_log_sheet"),
    path("staff/", include(staff_urls)),
    path("courses/", include("courses.urls")),
    path("safeguarding/", include("safeguarding.urls")),
    path("", include("assessments.urls")),
    path("", include("certification.urls")),
    path("robots.txt", home.robots, name="robots"),
]

handler400 = "aimcert.foundation.refusals.bad_request"

if settings.DEMO:
    urlpatterns.append(path("mailbox/", include("aimcert.demo.urls")))
