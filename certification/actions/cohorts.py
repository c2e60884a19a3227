"""Where a sponsor's people were strong or weak together: what it is told, and when something new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from assessments.marking.strengths import marked_of, strengths_of
from certification.disclosure import Shown, Viewer, told, with_results
from certification.models import CohortRelease
from certification.report_contents import Banded, Cohort, cohort_in
from courses.models import Course, Enrolment, confirmed

MARKED = (Shown.CERTIFIED, Shown.NOT_YET)


@transaction.atomic
def release_cohort(*, course: Course, organisation: Organisation) -> Cohort:
    """Tell where `organisation`'s people on `course` were strong or weak, in bands, so that nobody is known.

    Nobody promised that their employer never sees their marks is to be worked out from it. So there is
    nothing for fewer than `AIM["COHORT_LEAST"]` people; no figure is told; and whoever asks is told the
    same as was told last, until the people differ from those of every earlier time by nobody, or by at
    least `AIM["COHORT_APART"]` who came and as many who went, if any did. What was told does not change
    when one mark does.

    Somebody whose outcome the sponsor may not read yet is not counted. Whoever asks is: what is told does
    not depend on who that is.

    Args:
        course: any.
        organisation: the sponsor whose people it is about.

    Returns:
        What is told now; what was told last, where nothing new can be; nothing, where nothing ever could.

    Side effects:
        Writes what is told for the first time, with the people it is about.
    """
    least = settings.AIM["COHORT_LEAST"]
    apart = settings.AIM["COHORT_APART"]
    # Two reports at once would each tell something new.
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    released = CohortRelease.objects.filter(course=course, organisation=organisation)
    earlier: dict[int, set[int]] = {}
    for pk, person in released.values_list("pk", "people__person"):
        earlier.setdefault(pk, set()).add(person)
    people = _told_of(course, organisation)
    if len(people) >= least and all(_apart(set(people), those, apart) for those in earlier.values()):
        release = CohortRelease.objects.create(
            course=course, organisation=organisation, bands=_bands(people.values())
        )
        release.people.add(*people.values())
        return cohort_in(release)
    return cohort_in(released.order_by("pk").last())


def _told_of(course: Course, organisation: Organisation) -> dict[int, int]:
    """Whose marks count: enrolments by person, of those whose outcome the sponsor may read."""
    now = timezone.now()
    theirs = Enrolment.objects.filter(confirmed(), course=course, sponsor_organisation=organisation)
    read = {
        one.pk: one.person_id
        for one in with_results(theirs.order_by("pk"))
        if told(one, Viewer.SPONSOR, now).stage in MARKED
    }
    return {read[enrolment]: enrolment for enrolment in marked_of(read)}


def _apart(these: set[int], those: set[int], apart: int) -> bool:
    """Whether what is told of `these` beside what was told of `those` says nothing of fewer than `apart`."""
    came, went = len(these - those), len(those - these)
    return bool(came or went) and all(number == 0 or number >= apart for number in (came, went))


def _bands(enrolments: Iterable[int]) -> list[dict[str, Any]]:
    found = strengths_of(list(enrolments))
    return [Banded(row.about, row.band).stored() for row in (*found.constructs, *found.areas)]
