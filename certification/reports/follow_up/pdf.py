"""The follow-up report as a PDF."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone, translation

from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pdf import render_pdf
from certification.models import Report
from certification.report_contents import Cohort, ReportedPerson, how_counted, too_few


def report_pdf(report: Report, people: Sequence[ReportedPerson], cohort: Cohort, *, title: str) -> bytes:
    """The report in its reader's language, with times in the organisation's zone.

    Args:
        report: with its course, organisation and who asked for it.
        people: what is said of each, in order.
        cohort: where they were strong or weak together.
        title: what it is called.
    """
    course = report.course
    days = [
        session.starts_at.astimezone(course.zone).date() for session in course.sessions.order_by("starts_at")
    ]
    trainers = course.associates.select_related("associate").order_by(InOrder("associate__name"))
    with translation.override(report.language), timezone.override(report.organisation.time_zone):
        html = render_to_string(
            "documents/follow_up_report.html",
            {
                "language": report.language,
                "title": title,
                "organisation": report.organisation.name,
                "programme_name": course.programme.name,
                "course_title": course.title,
                "course_reference": course.reference,
                "course_started_on": days[0] if days else None,
                "course_ended_on": days[-1] if days else None,
                "associates": [assigned.associate.name for assigned in trainers],
                "generated_at": report.requested_at,
                "generated_for": f"{report.requested_by.name} ({report.requested_by.email})",
                "people": people,
                "cohort": cohort,
                "cohort_words": too_few(cohort) if cohort.released_at is None else how_counted(cohort),
            },
        )
        return render_pdf(
            html,
            stylesheet="documents/follow_up_report.css",
            title=title,
            language=report.language,
            created=report.requested_at,
        )
