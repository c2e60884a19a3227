"""The follow-up report: what a sponsor may read of its own people on a course, and what it has done."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aimcert.foundation.name_order import InOrder
from certification.actions.cohorts import release_cohort
from certification.models import Report
from certification.report_contents import Cohort, ReportedPerson, people_in
from certification.report_kinds import SPONSOR, Kind, add_kind
from certification.reports.follow_up.pdf import report_pdf
from certification.reports.follow_up.sheets import report_xlsx
from certification.states import ReportFormat, ReportKind, Viewer
from courses.models import Enrolment, confirmed


def _title(report: Report) -> str:
    return _("Follow-up report: %(course)s, %(organisation)s") % {
        "course": report.course.title,
        "organisation": report.organisation.name,
    }


def _people(report: Report) -> QuerySet[Enrolment]:
    people = Enrolment.objects.filter(
        confirmed(), course=report.course_id, sponsor_organisation=report.organisation_id
    )
    return people.exclude(person=report.requested_by_id).order_by(InOrder("certificate_name"), "pk")


def _cohort(report: Report) -> Cohort:
    return release_cohort(course=report.course, organisation=report.organisation)


def _pdf(report: Report, people: Sequence[ReportedPerson], title: str) -> bytes:
    return report_pdf(report, people, _cohort(report), title=title)


def _xlsx(report: Report, people: Sequence[ReportedPerson], title: str) -> bytes:
    return report_xlsx(report, people, _cohort(report), title=title)


add_kind(
    Kind[Report, ReportedPerson](
        code=ReportKind.FOLLOW_UP,
        audience=SPONSOR,
        leads={
            Viewer.AIM: gettext_lazy(
                "What one organisation may read about its own people, and what it has done so far. It is made"
                " in the background and kept for a day."
            ),
            Viewer.SPONSOR: gettext_lazy(
                "Everything that you can read here about your people, what we tell you about each, and what"
                " was done so far. It is made in the background and kept for a day."
            ),
        },
        ready=gettext_lazy("Download your follow-up report (%(kind)s): %(title)s"),
        underway=gettext_lazy("Your follow-up report (%(kind)s) is being made: %(title)s"),
        file_stem="follow-up",
        title=_title,
        people=_people,
        gather=people_in,
        writers={ReportFormat.PDF: _pdf, ReportFormat.XLSX: _xlsx},
    )
)
