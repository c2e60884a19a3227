"""What waits for those who write a case study's next version."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.kinds import KINDS
from assessments.models import Criterion, Question, Section, Version, VersionAuthor


def waiting_to_write(user: Person) -> list[Waiting]:
    """The version that `user` was invited to write, and drafts that lack nothing, for an AIM admin."""
    return [*_to_write(user), *_to_propose(user)]


def _to_write(user: Person) -> list[Waiting]:
    invitations = VersionAuthor.objects.filter(
        person=user, ended_at__isnull=True, version__in=Version.objects.underway()
    )
    return [
        Waiting(
            _("Write the case study: %(programme)s, version %(number)d")
            % {"programme": row.version.case_study.programme.name, "number": row.version.number},
            reverse("assessments:version_write", args=[row.version.uuid]),
            row.invited_at,
            Urgency.SOON,
        )
        for row in invitations.select_related("version__case_study__programme").order_by("pk")
    ]


def _to_propose(user: Person) -> list[Waiting]:
    if not user.is_aim_admin:
        return []
    drafts = Version.objects.underway().filter(proposed_at__isnull=True)
    return [
        Waiting(
            _("Propose the case study to the Associates: %(programme)s, version %(number)d")
            % {"programme": version.case_study.programme.name, "number": version.number},
            reverse("assessments:version_write", args=[version.uuid]),
            version.drafted_at,
            Urgency.LATER,
        )
        for version in _whole(drafts).select_related("case_study__programme").order_by("pk")
    ]


def _whole(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Of `versions`, those in which nothing is empty that a proposal needs: one statement for all.

    What a saved passage may hold was checked when it was saved; proposing checks the whole again.
    """
    sections = Section.objects.filter(version=OuterRef("pk"))
    questions = Question.objects.filter(version=OuterRef("pk"))
    criteria = Criterion.objects.filter(question__version=OuterRef("pk"))
    by_decision = [kind.code for kind in KINDS.values() if kind.essential_by_decision]
    undecided = Q(is_essential=True, essential_because="", question__kind__in=by_decision)
    unfinished = (
        undecided | Q(text="") | Q(met="") | Q(partly_met="") | Q(not_met="") | Q(constructs__isnull=True)
    )
    return versions.exclude(Q(content_note="") | Q(fictional_statement="")).filter(
        Exists(sections),
        ~Exists(sections.filter(body="")),
        Exists(questions),
        ~Exists(questions.filter(Q(text="") | Q(model_answer="") | Q(criteria__isnull=True))),
        Exists(criteria.filter(is_essential=True)),
        ~Exists(criteria.filter(unfinished)),
    )
