"""What waits once answers were submitted: marks, outcomes, questions of The AIM Project, second markings."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.rows import first
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.answering.models import Submission
from assessments.marking.facts import is_marked, with_assessment
from assessments.marking.models import Marking, Recommendation, SecondMarker, SettlementProposal
from assessments.marking.second_marking import is_settled, needed_for, with_second_marking
from assessments.states import MarkingRole, Outcome
from courses.models import Enrolment
from courses.rules import own_places, trains_others_now

# Where a line leads that is not to the list of everyone on the course.
PAGES = {"ask": "certification:second_markers"}


def waiting_to_mark(user: Person) -> list[Waiting]:
    """One line for each course that `user` trains, or oversees, and each thing that it needs: one query."""
    rows: list[Any] = list(_unsettled(user))
    counts: dict[tuple[str, str], Counter[str]] = {}
    since: dict[tuple[str, str, str], datetime] = {}
    for row in rows:
        course = (str(row.course.uuid), row.course.title)
        for need in _needs(row, user):
            counts.setdefault(course, Counter())[need] += 1
            at = row.submitted_at
            since[*course, need] = min(at, since.get((*course, need), at))
    return [
        Waiting(
            _words(need, number) % {"count": number, "course": course[1]},
            reverse(PAGES.get(need, "assessments:marking"), args=[course[0]]),
            since.get((*course, need)),
            Urgency.SOON if need == "settle" else Urgency.NOW,
        )
        for course, needs in counts.items()
        for need, number in needs.items()
    ]


def marking_again() -> Waiting:
    """The line of somebody for whom a second marking waits; what, their list says."""
    return Waiting(
        _("Go on with what you were asked to mark a second time"), reverse("assessments:second_scripts"), None
    )


def _unsettled(user: Person) -> QuerySet[Any]:
    recommended = Recommendation.objects.filter(enrolment=OuterRef("pk"))
    submitted = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    trains = Exists(trains_others_now(user).filter(course=OuterRef("course")))
    # Most of what somebody ever trained is finalised: only the rest is looked at closely. What is finalised
    # as competent can still wait for a second marking.
    found = Enrolment.objects.filter(
        Exists(recommended.filter(finalised_at__isnull=True))
        | ~Exists(recommended)
        | Exists(recommended.filter(outcome=Outcome.COMPETENT)),
        Exists(submitted),
        frozen_at__isnull=True,
        course__cancelled_at__isnull=True,
    ).annotate(trains=trains)
    found = (
        found.exclude(course__in=own_places(user).values("course"))
        if user.is_aim_admin
        else found.filter(trains)
    )
    asked = SecondMarker.objects.filter(submission=OuterRef("submission_id"), ended_at__isnull=True)
    finished = Marking.objects.filter(
        submission=OuterRef("submission_id"), role=MarkingRole.SECOND, finalised_at__isnull=False
    )
    latest = SettlementProposal.objects.filter(submission=OuterRef("submission_id")).order_by("-pk")
    return (
        with_second_marking(with_assessment(found))
        .annotate(
            is_returned=Exists(recommended.filter(~Q(begun_because=""), finalised_at__isnull=True)),
            is_asked=Exists(asked),
            is_compared=Exists(finished.filter(marker=first(asked, "marker"))),
            proposed_by_second=first(latest, "is_from_second"),
        )
        .select_related("course")
        .order_by("pk")
    )


def _needs(row: Any, user: Person) -> list[str]:
    """What `row` waits for from `user`, each a kind of line."""
    found = []
    again = needed_for(row) if is_marked(row) else []
    if row.trains and row.recommendation_finalised_at is None:
        found.append("returned" if row.is_returned else "mark" if not is_marked(row) else "settle")
    if row.trains and row.is_compared and not is_settled(row) and row.proposed_by_second is not False:
        found.append("differ")
    if user.is_aim_admin and again and not row.is_asked:
        found.append("ask")
    return found


def _words(need: str, number: int) -> str:
    match need:
        case "returned":
            return ngettext(
                "Answer The AIM Project about %(count)d outcome: %(course)s",
                "Answer The AIM Project about %(count)d outcomes: %(course)s",
                number,
            )
        case "differ":
            return ngettext(
                "Settle %(count)d second marking: %(course)s",
                "Settle %(count)d second markings: %(course)s",
                number,
            )
        case "ask":
            return ngettext(
                "Ask a second marker for %(count)d script: %(course)s",
                "Ask a second marker for %(count)d scripts: %(course)s",
                number,
            )
        case "mark":
            return ngettext("Mark %(count)d script: %(course)s", "Mark %(count)d scripts: %(course)s", number)
        case _:
            return ngettext(
                "Settle %(count)d outcome: %(course)s", "Settle %(count)d outcomes: %(course)s", number
            )
