"""Appeals as far as they are read: until when one can be asked, who may decide it, how long is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person, StaffAppointment
from aimcert.foundation.working_days import working_days_after
from assessments.models import (
    Adjustment,
    AdjustmentRequest,
    ConsiderationDecision,
    Recommendation,
)
from certification.eligibility import Parties, as_approver, conflicts_of, with_parties
from certification.models import (
    Appeal,
    AppealDraft,
    Certificate,
    Decision,
    FollowUp,
    PanelMember,
    PanelRule,
)
from courses.models import Enrolment, Licence

# Who decide, at least.
LEAST = 2


@dataclass(frozen=True)
class AppealWindow:
    """Whether somebody can ask for a review now.

    Args:
        submission: the primary key of the answers that it would be about.
        opened_at: when they could read what it would be about; None: there is nothing yet.
        closes_at: until when it can be asked.
        asked: what was asked of the same answers; it is asked once.
    """

    submission: int | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    asked: Appeal | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be asked now."""
        return self.asked is None and self.closes_at is not None and timezone.now() < self.closes_at


def appeal_window(enrolment: Enrolment) -> AppealWindow:
    """Whether, and until when, the person of `enrolment`, which has its course, can ask for a review.

    The time begins when they could read their outcome, or what was decided about an adjustment or special
    consideration; the latest of these counts.
    """
    submission, moments = _answers_read_about(enrolment)
    requests = AdjustmentRequest.objects.filter(enrolment=enrolment, answered_at__isnull=False)
    decisions = ConsiderationDecision.objects.filter(enrolment=enrolment)
    moments += [at for at in requests.values_list("answered_at", flat=True) if at is not None]
    moments += [*decisions.values_list("decided_at", flat=True)]
    about = Appeal.objects.filter(enrolment=enrolment, submission=submission).first()
    if not moments:
        return AppealWindow(submission, asked=about)
    opened_at = max(moments)
    days = settings.AIM["APPEAL_WORKING_DAYS"]
    closes_at = working_days_after(opened_at, days, enrolment.course.zone)
    return AppealWindow(submission, opened_at, closes_at, about)


def _answers_read_about(enrolment: Enrolment) -> tuple[int | None, list[datetime]]:
    """The answers of the latest outcome that the person could read, and since when."""
    issued = Certificate.objects.filter(enrolment=enrolment).values_list(
        "decision__recommendation__submission", "issued_at", "decision__recommendation__round"
    )
    read = FollowUp.objects.filter(enrolment=enrolment).values_list(
        "recommendation__submission", "readable_at", "recommendation__round"
    )
    outcomes = sorted([*issued, *read], key=lambda row: (row[2], row[1]))
    if outcomes:
        return outcomes[-1][0], [outcomes[-1][1]]
    return None, []


def needs_unconnected() -> tuple[bool, PanelRule | None]:
    """Whether one who decides has to be unconnected with The AIM Project, and the row that says otherwise."""
    rule = PanelRule.objects.select_related("set_by").order_by("-pk").first()
    return (rule is None or rule.needs_unconnected), rule


def is_connected(person: Person) -> bool:
    """Whether `person`, on any account of theirs, is or was on the staff, or has or had a licence."""
    accounts = Person.objects.accounts_of(person.pk).values("pk")
    return (
        StaffAppointment.objects.filter(person__in=accounts).exists()
        or Licence.objects.filter(associate__in=accounts).exists()
    )


def parts_in(person: Person, enrolment: Enrolment) -> list[str]:
    """Why `person` may have no hand in an appeal about `enrolment`, in words; nothing where they may.

    What keeps anybody from deciding whether somebody is certified, and whoever had a part in a decision that
    an appeal can be about.
    """
    facts = with_parties(Enrolment.objects.filter(pk=enrolment.pk)).get()
    approver = as_approver(person)
    found = conflicts_of(approver, cast(Parties, facts))
    if _decided_about(enrolment) & approver.identities:
        found.append(_("You had a part in a decision about them that this can be about."))
    return found


def _decided_about(enrolment: Enrolment) -> set[int]:
    """Primary keys of whoever decided on somebody, or granted or declined something to them."""
    deciders: list[QuerySet[Any, Any]] = [
        model.objects.filter(enrolment=enrolment).order_by().values_list(field)
        for model, field in (
            (Decision, "decided_by"),
            (ConsiderationDecision, "decided_by"),
            (AdjustmentRequest, "answered_by"),
            (Adjustment, "granted_by"),
            (Certificate, "revoked_by"),
            (Recommendation, "finalised_by"),
        )
    ]
    return {pk for (pk,) in deciders[0].union(*deciders[1:]) if pk is not None}


def panel_missing(members: Sequence[PanelMember], *, needed: bool) -> list[str]:
    """What those who decide still lack, in words.

    Args:
        members: all who were appointed, taken off or not, with their people.
        needed: whether one of them has to be unconnected with The AIM Project.
    """
    members = [one for one in members if one.ended_at is None]
    found = []
    if len(members) < LEAST:
        found.append(_("At least two people decide. Appoint who is missing."))
    if needed and not any(one.is_unconnected for one in members):
        found.append(_("One of them has to be unconnected with The AIM Project."))
    waits = [one.person.name for one in members if one.declared_at is None]
    if waits:
        found.append(
            _("Still to declare that they have no part in it: %(names)s.") % {"names": ", ".join(waits)}
        )
    return found


def draft_of(appeal: Appeal) -> AppealDraft | None:
    """The decision as it was written last, with what was said of it."""
    drafts = appeal.drafts.select_related("drafted_by").prefetch_related("views__said_by")
    return drafts.order_by("-revision").first()


def unconfirmed(members: Sequence[PanelMember], draft: AppealDraft) -> list[PanelMember]:
    """Who of `members` still has to confirm `draft`, from `draft_of`; whoever wrote it need not."""
    done = {view.said_by_id for view in draft.views.all() if view.confirms} | {draft.drafted_by_id}
    return [one for one in members if one.ended_at is None and one.person_id not in done]


def place_of(appeal: Appeal) -> Enrolment:
    """The place that `appeal` is about, as `with_parties` reads it, for whoever reads its file."""
    return with_parties(Enrolment.objects.filter(pk=appeal.enrolment_id)).get()


def members_of(appeal: Appeal) -> list[PanelMember]:
    """All who were appointed to decide `appeal`, taken off or not."""
    return list(appeal.members.select_related("person"))


def overdue_first(appeals: QuerySet[Appeal]) -> QuerySet[Appeal]:
    """`appeals`: the open ones first, by when they have to be answered."""
    ended = F("answered_at")
    return appeals.order_by(
        ended.asc(nulls_first=True), F("withdrawn_at").asc(nulls_first=True), "answer_due_at"
    )
