"""The follow-up report as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from aimcert.foundation.spreadsheets import Cell, Column, Sheet, write_xlsx
from aimcert.foundation.times import said_place
from certification.models import Report
from certification.report_contents import Cohort, ReportedPerson, how_counted, too_few


def report_xlsx(report: Report, people: Sequence[ReportedPerson], cohort: Cohort, *, title: str) -> bytes:
    """The report as XLSX, in its reader's language: people, what was done, and what the file is.

    Args:
        report: with its course, organisation and who asked for it.
        people: what is said of each, in order.
        cohort: where they were strong or weak together.
        title: what it is called.
    """
    with translation.override(report.language), timezone.override(report.organisation.time_zone):
        sheets = [
            Sheet(
                _("People"),
                [
                    Column(_("Name"), 28),
                    Column(_("Job role"), 24),
                    Column(_("Outcome"), 24),
                    Column(_("Certificate"), 14),
                    Column(_("Issued on"), 18),
                    Column(_("Reasons"), 28),
                    Column(_("What we tell you"), 60),
                    Column(_("The person’s own comment"), 40),
                    Column(_("Follow-up"), 24),
                ],
                (_person(person) for person in people),
            ),
            Sheet(
                _("Done so far"),
                [Column(_("Name"), 28), Column(_("Day"), 18), Column(_("What was done"), 80)],
                ((person.name, step.done_on, step.done) for person in people for step in person.steps),
            ),
            Sheet(
                _("Strengths and weaknesses"),
                [
                    Column(_("Domain or area"), 50),
                    Column(_("Stage and strand"), 40),
                    Column(_("In words"), 12),
                ],
                _strengths(cohort),
            ),
            Sheet(_("About"), [Column(_("About this report"), 24), Column("", 60)], _about(report)),
        ]
        return write_xlsx(sheets, title=title, created=report.requested_at)


def _person(person: ReportedPerson) -> Sequence[Cell]:
    return (
        person.name,
        person.job_role,
        person.outcome_words,
        person.certificate,
        person.certificate_issued_on,
        "; ".join(person.reasons),
        person.told,
        person.comment,
        person.follow_up or ("" if person.certificate else _("Do not use the model yet")),
    )


def _strengths(cohort: Cohort) -> Iterable[Sequence[Cell]]:
    if cohort.released_at is None:
        yield (too_few(cohort),)
        return
    for row in (*cohort.constructs, *cohort.areas):
        yield row.about.what, row.about.where, row.words
    yield ("",)
    yield (how_counted(cohort),)


def _about(report: Report) -> Iterable[Sequence[Cell]]:
    course = report.course
    yield _("Organisation"), report.organisation.name
    yield _("Model"), course.programme.name
    yield _("Course"), f"{course.title} ({course.reference})"
    yield _("Made (%(place)s)") % {"place": said_place()}, report.requested_at
    yield _("Made for"), f"{report.requested_by.name} ({report.requested_by.email})"
    yield (
        _("Confidential"),
        _("About named people, for %(organisation)s alone.") % {"organisation": report.organisation.name},
    )
