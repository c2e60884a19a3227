"""Settling what two markers judged differently: said, proposed, agreed on, or decided by an admin."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.locks import lock_enrolment, require_no_place, require_trainer
from assessments.marking.actions.asking import locked_script
from assessments.marking.actions.settlement import (
    NotWholeProposal,
    locked_to_settle,
    marks_of,
    settle,
    submission_of,
    support,
    whole,
)
from assessments.marking.emails import tell_to_settle
from assessments.marking.models import (
    ProposedMark,
    SecondMarker,
    Settlement,
    SettlementProposal,
    SettlingMessage,
)
from courses.models import Enrolment


class NotYourProposal(Refused):
    """Who proposed does not agree with themself: the other side does."""


@transaction.atomic
def discuss(
    *, enrolment: Enrolment, text: str, by: Person, script: SecondMarker | None = None
) -> SettlingMessage:
    """Say something about the differences to the other side.

    Args:
        enrolment: whose answers.
        text: what; it never changes, and the person whom it is about can ask to read it.
        by: a trainer of the course; or, with `script`, the second marker.
        script: what asked the second marker.

    Returns:
        the message; the same as their last one is that one.

    Raises:
        NotTheTrainer, NotAsked, OwnWork, MarkingFinalised (approved), NothingToSettle.
        NotWholeProposal: nothing was written.

    Side effects:
        The other side is told that something waits.
    """
    found, submission = _on_a_side(enrolment, by, script)
    locked_to_settle(submission, found)
    if not text.strip():
        raise NotWholeProposal(_("Write what you want to say."), "text")
    last = SettlingMessage.objects.filter(submission=submission).last()
    if last is not None and last.said_by_id == by.pk and last.text == text.strip():
        return last
    said = SettlingMessage.objects.create(submission_id=submission, text=text.strip(), said_by=by)
    tell_to_settle(found, to_second=script is None)
    return said


@transaction.atomic
def propose_settlement(
    *,
    enrolment: Enrolment,
    judged: Mapping[str, str],
    supports_override: bool | None = None,
    seen: UUID | None = None,
    by: Person,
    script: SecondMarker | None = None,
) -> SettlementProposal:
    """Propose what to agree on; the other side agrees, or proposes something else.

    Args:
        enrolment: whose answers.
        judged: a `Judged` for each criterion that differs, by its name, as in "2_1".
        supports_override: whether *competent* is supported where these marks would not suggest it.
        seen: the proposal that stood when the page was read; None: there was none.
        by, script: as for `discuss`.

    Returns:
        the proposal; the same again by the same side is that one.

    Raises:
        As `discuss`; ChangedMeanwhile: another proposal stands by now; NotWholeProposal.

    Side effects:
        The other side is told that something waits.
    """
    found, submission = _on_a_side(enrolment, by, script)
    to_settle = locked_to_settle(submission, found)
    agreed = whole(to_settle, judged)
    supports = support(to_settle, agreed, supports_override)
    standing = SettlementProposal.objects.filter(submission=submission).order_by("-pk").first()
    is_own = standing is not None and standing.is_from_second == (script is not None)
    if standing is not None and is_own:
        said = (marks_of(standing), standing.supports_override)
        if said == (agreed, supports):
            return standing
    if (standing.uuid if standing else None) != seen:
        raise ChangedMeanwhile(
            _("Another proposal was made since you opened the page. Read it, then agree or propose anew.")
        )
    proposal = SettlementProposal.objects.create(
        submission_id=submission,
        is_from_second=script is not None,
        supports_override=supports,
        proposed_by=by,
    )
    ProposedMark.objects.bulk_create(
        ProposedMark(proposal=proposal, criterion_id=pk, judged=value) for pk, value in agreed.items()
    )
    tell_to_settle(found, to_second=script is None)
    return proposal


@transaction.atomic
def agree_to_settlement(
    *, enrolment: Enrolment, proposal: UUID, by: Person, script: SecondMarker | None = None
) -> Settlement:
    """Agree with what the other side proposed: the settled marks count from now on.

    Args:
        enrolment: whose answers.
        proposal: the UUID of what was read.
        by, script: as for `discuss`.

    Returns:
        the settlement; agreed before, that one.

    Raises:
        As `discuss`; ChangedMeanwhile: another proposal stands by now; NotYourProposal.

    Side effects:
        As `settle`.
    """
    found, submission = _on_a_side(enrolment, by, script)
    settled = Settlement.objects.filter(submission=submission, proposal__uuid=proposal).first()
    if settled is not None:
        return settled
    to_settle = locked_to_settle(submission, found)
    standing = SettlementProposal.objects.filter(submission=submission).order_by("-pk").first()
    if standing is None or standing.uuid != proposal:
        raise ChangedMeanwhile(
            _("Another proposal was made since you opened the page. Read it, then agree or propose anew.")
        )
    if standing.is_from_second == (script is not None):
        raise NotYourProposal(_("This is your own side’s proposal. The other side agrees with it."))
    # The outcome may have been changed since it was proposed.
    supports = support(to_settle, marks_of(standing), standing.supports_override)
    return settle(to_settle, marks_of(standing), supports=supports, proposal=standing, by=by)


@transaction.atomic
def settle_as_admin(
    *,
    enrolment: Enrolment,
    judged: Mapping[str, str],
    reason: str,
    supports_override: bool | None = None,
    seen: UUID | None = None,
    by: Person,
) -> Settlement:
    """Settle what the two could not agree on.

    Args:
        enrolment: whose answers.
        judged, supports_override, seen: as for `propose_settlement`.
        reason: why so; both sides read it.
        by: an AIM admin who neither trains the course nor has a place on it; they approve nothing of it then.

    Returns:
        the settlement; settled so before, that one.

    Raises:
        OwnWork, MarkingFinalised (approved), NothingToSettle, ChangedMeanwhile, NotWholeProposal.

    Side effects:
        As `settle`.
    """
    found = lock_enrolment(enrolment.pk)
    require_no_place(course=found.course_id, by=by)
    submission = submission_of(found)
    settled = Settlement.objects.filter(submission=submission, settled_by=by, proposal__isnull=True).first()
    if settled is not None and settled.reason:
        return settled
    to_settle = locked_to_settle(submission, found)
    standing = SettlementProposal.objects.filter(submission=submission).order_by("-pk").first()
    if (standing.uuid if standing else None) != seen:
        raise ChangedMeanwhile(_("A proposal was made since you opened the page. Read it, then settle."))
    agreed = whole(to_settle, judged)
    supports = support(to_settle, agreed, supports_override)
    if not reason.strip():
        raise NotWholeProposal(_("Say why it is settled so. Both markers read it."), "reason")
    return settle(to_settle, agreed, supports=supports, reason=reason.strip(), by=by)


def _on_a_side(enrolment: Enrolment, by: Person, script: SecondMarker | None) -> tuple[Enrolment, int]:
    """The enrolment, locked, and its submission's primary key, if `by` may speak for that side."""
    if script is not None:
        return locked_script(script, by)
    found = lock_enrolment(enrolment.pk)
    require_trainer(enrolment=found, by=by)
    return found, submission_of(found)
