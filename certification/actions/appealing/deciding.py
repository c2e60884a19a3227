"""Deciding an appeal: one drafts, all others confirm the same draft, and what follows is done with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.marking.actions import begin_round
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.actions.appealing.asking import AppealRefused, locked_appeal
from certification.actions.appealing.panel import require_no_part
from certification.appeals import draft_of, members_of, needs_unconnected, panel_missing, unconfirmed
from certification.emails import tell_appeal_answered, tell_draft_waits, tell_trainers
from certification.models import Appeal, AppealDraft, AppealView, Decision
from certification.states import AppealFollows, AppealResult, DecisionKind, Touches

ANEW = (AppealFollows.ROUND, AppealFollows.MARKED_ANEW, AppealFollows.REFUSAL_LIFTED)


class NotOnThePanel(AppealRefused):
    """Only who was appointed to decide an appeal, and declared to have no part in it, decides it."""


@dataclass(frozen=True)
class Proposed:
    """A decision as somebody writes it.

    Args:
        result: an `AppealResult`.
        follows: an `AppealFollows`.
        found: what was found; the person does not read it here, but can ask to.
        answer: the words to the person.
        touches: by what a fault may have touched others, `Touches`.
    """

    result: str
    follows: str
    found: str
    answer: str
    touches: Collection[str] = ()


@transaction.atomic
def draft_decision(*, appeal: Appeal, proposed: Proposed, seen: int = 0, by: Person) -> AppealDraft:
    """Write the decision, which stands once every other member has confirmed it.

    Args:
        appeal: an open one whose panel is whole.
        proposed: the decision.
        seen: the revision that `by` read, 0: none was there.
        by: a member.

    Returns:
        The draft, a new revision; the same again is the one that there is.

    Raises:
        AppealOver, NotOnThePanel, HadAPart.
        ChangedMeanwhile: another revision stands.
        AppealRefused: the panel is not whole, words are missing, or what should follow is not possible.

    Side effects:
        A letter to the other members. What was confirmed before has to be confirmed anew.
    """
    appeal = locked_appeal(appeal)
    _require_member(appeal, by)
    if missing := panel_missing(members_of(appeal), needed=needs_unconnected()[0]):
        raise AppealRefused(" ".join(missing))
    before = draft_of(appeal)
    touches = sorted(set(proposed.touches))
    said = _said_by(proposed, touches)
    if before is not None and before.drafted_by_id == by.pk and _said(before) == said:
        return before
    if seen != (before.revision if before else 0):
        raise ChangedMeanwhile(_("Somebody wrote another draft since you opened the page. Read it first."))
    _require_possible(appeal, proposed)
    draft = AppealDraft.objects.create(
        appeal=appeal,
        revision=seen + 1,
        result=proposed.result,
        follows=proposed.follows,
        found=proposed.found.strip(),
        answer=proposed.answer.strip(),
        touches=touches,
        drafted_by=by,
    )
    tell_draft_waits(draft, unconfirmed(members_of(appeal), draft))
    return draft


@transaction.atomic
def view_draft(*, appeal: Appeal, confirms: bool, words: str = "", seen: int, by: Person) -> AppealView:
    """Confirm the decision as it is drafted, or say what one sees otherwise.

    Args:
        appeal: an open one.
        confirms: whether it is one's own decision too.
        words: what one sees otherwise; beside a confirmation not needed.
        seen: the revision that `by` read.
        by: a member who did not write it.

    Returns:
        What was said; the same twice is the one that there is.

    Raises:
        AppealOver, NotOnThePanel, HadAPart.
        ChangedMeanwhile: another revision stands.
        AppealRefused: there is no draft, it is one's own, or words are missing.

    Side effects:
        Where all have confirmed, the appeal is answered and what follows is done; the person gets a letter
        that something waits for them to read.
    """
    ended = Appeal.objects.filter(pk=appeal.pk, answered_at__isnull=False).exists()
    if ended:
        mine = AppealView.objects.filter(
            draft__appeal=appeal, draft__revision=seen, said_by=by, confirms=confirms
        )
        if found := mine.first():
            return found
    appeal = locked_appeal(appeal)
    _require_member(appeal, by)
    draft = draft_of(appeal)
    if draft is None:
        raise AppealRefused(_("No decision is drafted yet."))
    if seen != draft.revision:
        raise ChangedMeanwhile(_("Somebody wrote another draft since you opened the page. Read it first."))
    if draft.drafted_by_id == by.pk:
        raise AppealRefused(_("You wrote this draft yourself. The others confirm it."))
    words = words.strip()
    if not confirms and not words:
        raise AppealRefused(_("Say what you see otherwise."), "words")
    same = draft.views.filter(said_by=by, confirms=confirms)
    if found := (same.first() if confirms else same.filter(words=words).first()):
        return found
    view = AppealView.objects.create(draft=draft, confirms=confirms, words=words, said_by=by)
    members, current = members_of(appeal), cast(AppealDraft, draft_of(appeal))
    whole = not panel_missing(members, needed=needs_unconnected()[0])
    if whole and not unconfirmed(members, current):
        _answer(appeal, current, by)
    return view


def _said(draft: AppealDraft) -> tuple[object, ...]:
    return (draft.result, draft.follows, draft.found, draft.answer, draft.touches)


def _said_by(proposed: Proposed, touches: list[str]) -> tuple[object, ...]:
    return (proposed.result, proposed.follows, proposed.found.strip(), proposed.answer.strip(), touches)


def _require_member(appeal: Appeal, by: Person) -> None:
    if not appeal.members.standing().filter(person=by, declared_at__isnull=False).exists():
        raise NotOnThePanel(
            _("Only who was appointed to decide this, and declared to have no part in it, does that.")
        )
    # What is known of them may have changed since they declared it.
    require_no_part(appeal, by)


def _require_possible(appeal: Appeal, proposed: Proposed) -> None:
    if proposed.result not in AppealResult.values:
        raise AppealRefused(_("Say what you came to."), "result")
    if proposed.follows not in AppealFollows.values:
        raise AppealRefused(_("Say what follows."), "follows")
    if not set(proposed.touches) <= set(Touches.values):
        raise AppealRefused(_("Choose from the list."), "touches")
    if not proposed.found.strip():
        raise AppealRefused(_("Write what you found."), "found")
    if not proposed.answer.strip():
        raise AppealRefused(_("Write what the person reads."), "answer")
    nothing = (AppealFollows.NOTHING, AppealFollows.WORDS)
    if proposed.result == AppealResult.NOT_UPHELD and proposed.follows not in nothing:
        raise AppealRefused(_("Where it is not upheld, no outcome is looked at again."), "follows")
    if proposed.follows in ANEW:
        _require_round(appeal, proposed.follows)


def _require_round(appeal: Appeal, follows: str) -> None:
    """Go on only where a new round can be begun of the answers that the appeal is about."""
    enrolment = appeal.enrolment
    if enrolment.frozen_at is not None:
        raise AppealRefused(
            _(
                "Their outcome is approved, so no new round can be begun. Say in words what follows; their"
                " certificate can be revoked on its own page."
            ),
            "follows",
        )
    latest = Recommendation.objects.filter(enrolment=enrolment).latest_first().first()
    if latest is None:
        raise AppealRefused(_("No outcome was recommended yet, so no new round can be begun."), "follows")
    if latest.submission_id != appeal.submission_id:
        raise AppealRefused(
            _("They have handed in other answers since, which are looked at for themselves."), "follows"
        )
    if follows == AppealFollows.REFUSAL_LIFTED and not _refusals(appeal).exists():
        raise AppealRefused(
            _("The AIM Project did not refuse these answers, so nothing is lifted."), "follows"
        )


def _refusals(appeal: Appeal) -> QuerySet[Decision]:
    return Decision.objects.filter(
        enrolment=appeal.enrolment_id,
        kind=DecisionKind.REFUSED,
        recommendation__submission=appeal.submission_id,
    )


def _answer(appeal: Appeal, draft: AppealDraft, by: Person) -> None:
    """The decision stands: what follows is done with it, all or nothing."""
    if draft.follows in ANEW:
        # It may have been approved since the draft was written.
        _require_round(appeal, draft.follows)
    appeal.answered_at, appeal.answered_by = timezone.now(), by
    if draft.follows == AppealFollows.REFUSAL_LIFTED:
        appeal.refusal_lifted_at = appeal.answered_at
    appeal.save(update_fields=["answered_at", "answered_by", "refusal_lifted_at"])
    if draft.follows in ANEW:
        lifted = draft.follows == AppealFollows.REFUSAL_LIFTED
        begin_round(
            enrolment=appeal.enrolment,
            because=_because(draft),
            outcome=Outcome.COMPETENT if lifted else None,
            by=by,
        )
        tell_trainers(appeal.enrolment)
    tell_appeal_answered(appeal)


def _because(draft: AppealDraft) -> str:
    """What trainers read of it: that a review came to this, and what was found; not what was asked."""
    found = draft.found[:1500]
    if draft.follows == AppealFollows.MARKED_ANEW:
        return _("A review found that somebody else should mark these answers: %(found)s") % {"found": found}
    if draft.follows == AppealFollows.REFUSAL_LIFTED:
        return _("A review lifted the refusal. Look at the outcome again: %(found)s") % {"found": found}
    return _("A review found that this should be looked at again: %(found)s") % {"found": found}
