"""What went before: earlier results and certificates of the same person, each told as far as one may know."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from certification.disclosure import (
    RESULTS,
    EnrolmentWithResults,
    Shown,
    Told,
    Viewer,
    told,
    viewer_of,
    with_results,
)
from courses.histories import Known, accounts_of, add_teller
from courses.models import Course, Enrolment, confirmed


@add_teller
def results_of(reader: Person, course: Course, addresses: Collection[str]) -> dict[str, list[Known]]:
    """Earlier results of whoever has one of `addresses`, in the programme of `course`.

    An AIM admin is told all. Who acts for an organisation is told of those whom that sponsored, as far as
    their result went to it: what another organisation or the person themself sponsored does not exist.
    Nobody is told of themself.
    """
    if not (reader.is_aim_admin or reader.organisation_ids):
        return {}
    # Of each address the account that others were merged into.
    first = Coalesce("merged_into", "pk")
    people = Person.objects.filter(email__in=addresses).annotate(first=first).values("first")
    places = Enrolment.objects.visible_to(reader).exclude(accounts_of(reader)).exclude(course=course)
    if not reader.is_aim_admin:
        places = places.filter(confirmed(), sponsor_organisation_id__in=reader.organisation_ids)
    own = Coalesce(OuterRef("person__merged_into"), OuterRef("person"))
    theirs = Person.objects.accounts_of(own).filter(email__in=addresses)
    earlier: Any = with_results(
        places.filter(
            Q(person__in=people) | Q(person__merged_into__in=people), course__programme=course.programme_id
        )
    ).annotate(addresses=ArraySubquery(theirs.values("email")))
    found: dict[str, list[Known]] = {}
    for one in earlier.order_by("-course__number"):
        shown = told(one, viewer_of(reader))
        for address in one.addresses if shown.stage in RESULTS else ():
            known = Known(_words(one, shown), holds=shown.stage == Shown.CERTIFIED)
            found.setdefault(address, []).append(known)
    return found


def with_before(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """With `has_other_places`: whether `before` has any, in the query that reads them."""
    first = Coalesce(OuterRef(OuterRef("person__merged_into")), OuterRef(OuterRef("person")))
    others = Enrolment.objects.filter(
        person__in=Person.objects.accounts_of(first).values("pk"),
        course__programme=OuterRef("course__programme"),
    ).exclude(pk=OuterRef("pk"))
    return enrolments.annotate(has_other_places=Exists(others))


def before(enrolment: Enrolment) -> list[tuple[EnrolmentWithResults, Told]]:
    """Other places of the same person in the same programme, with what The AIM Project is told."""
    others = Enrolment.objects.filter(
        accounts_of(enrolment.person), course__programme=enrolment.course.programme_id
    ).exclude(pk=enrolment.pk)
    rows = with_results(others).order_by("-course__number")
    return [(one, told(one, Viewer.AIM)) for one in rows]


def _words(enrolment: EnrolmentWithResults, shown: Told) -> str:
    said = {"result": shown.stage.label, "course": enrolment.course.title}
    if shown.certificate_issued_on is None or shown.stage != Shown.CERTIFIED:
        return _("%(result)s: %(course)s") % said
    return _("Holds a certificate since %(day)s, number %(number)s: %(course)s") % {
        **said,
        "day": date_format(shown.certificate_issued_on),
        "number": shown.certificate_reference,
    }
