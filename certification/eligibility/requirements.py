"""The requirements of the one rule, and the words that say which is not met and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aimcert.foundation.times import said_moment
from assessments.marking.facts import is_override, stands_on_latest
from assessments.marking.readiness import Assessment, Step, missing_to_finalise
from assessments.marking.second_marking import Why, awaits_draw, is_settled, needed_for
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.eligibility.approvers import Approver, conflicts_of
from certification.eligibility.facts import Facts, Parties
from courses.models import Enrolment


class Code(StrEnum):
    """What can be missing, in the order in which it is said."""

    WITHDRAWN = "withdrawn"
    ATTENDANCE = "attendance"
    INDIVIDUAL_WORK = "individual_work"
    MARKING = "marking"
    MARKING_FINALISED = "marking_finalised"
    ESSENTIAL_CRITERIA = "essential_criteria"
    SECOND_MARKING = "second_marking"
    RECOMMENDATION = "recommendation"
    REFUSED = "refused"
    FINALISED = "finalised"
    SPONSOR = "sponsor"
    APPROVER = "approver"
    CONFLICT = "conflict"


# What finalising itself brings about, and what may come after it.
AFTER_FINALISING = frozenset({Code.MARKING_FINALISED, Code.FINALISED, Code.SPONSOR})
# What assessments' own list of steps says, in its words.
SAID_BY_STEPS = frozenset({Code.MARKING, Code.SECOND_MARKING, Code.RECOMMENDATION})


@dataclass(frozen=True)
class Requirement:
    """One thing that is missing.

    Args:
        code: which part of the rule, or, before finalising, which of assessments' steps.
        words: exactly what is missing and what to do, in the reader's language.
    """

    code: Code | Step
    words: str


def unmet(enrolment: Enrolment, *, approver: Approver | None = None) -> list[Requirement]:
    """What `enrolment` still lacks to be certified; nothing missing is an empty list.

    Args:
        enrolment: as `with_facts` read it; with an approver, as `with_parties` did.
        approver: who would approve. Without one, everything but the approver is looked at.

    Returns:
        The unmet requirements, in the order of `Code`, each once.
    """
    facts = cast(Facts, enrolment)
    missing = [Requirement(code, words) for code, asked in _RULE if (words := asked(facts))]
    if approver is not None:
        parties = cast(Parties, enrolment)
        if words := _approver(parties, approver):
            missing.append(Requirement(Code.APPROVER, words))
        if conflicts := conflicts_of(approver, parties):
            missing.append(Requirement(Code.CONFLICT, " ".join(conflicts)))
    return missing


def _withdrawn(facts: Facts) -> str:
    return _("They withdrew from this course.") if facts.withdrawn_at else ""


def _attendance(facts: Facts) -> str:
    if facts.sessions_total < 1:
        return _("The course has no sessions, so nobody can have attended it. Enter its sessions.")
    words = []
    if (without := facts.sessions_total - facts.sessions_entered) > 0:
        words.append(
            ngettext(
                "%(n)d session of %(total)d has no complete register entry. Take the register.",
                "%(n)d sessions of %(total)d have no complete register entry. Take the register.",
                without,
            )
            % {"n": without, "total": facts.sessions_total}
        )
    if (missed := facts.sessions_entered - facts.sessions_met) > 0:
        words.append(
            ngettext(
                "%(n)d session of %(total)d was not attended in full. It must be covered, or made up at"
                " an equivalent session within %(days)d days.",
                "%(n)d sessions of %(total)d were not attended in full. They must be covered, or made up"
                " at equivalent sessions within %(days)d days.",
                missed,
            )
            % {"n": missed, "total": facts.sessions_total, "days": settings.AIM["MADE_UP_WITHIN_DAYS"]}
        )
    if not words and facts.sessions_met < facts.sessions_total:
        words.append(_("The register is not complete. Take the register."))
    if facts.last_session_ends_at is not None and facts.last_session_ends_at > timezone.now():
        # A register may be written while people sit there; that they stayed is true at the end.
        words.append(
            _("Session %(number)d ends on %(when)s. Before that nobody has attended in full.")
            % {
                "number": facts.last_session,
                "when": said_moment(facts.last_session_ends_at, facts.course.zone),
            }
        )
    return " ".join(words)


def _individual_work(facts: Facts) -> str:
    if facts.questions_total < 1:
        return _("The course has no case study with questions. Publish it with a case study in force.")
    if facts.submission_id is None:
        return _("They have not started to answer the case study.")
    if facts.submitted_at is None:
        return _("Their answers are not submitted. They check them, declare them their own work and submit.")
    if (without := facts.questions_total - facts.questions_answered) > 0:
        return ngettext(
            "%(n)d question of %(total)d has neither an answer nor a blank that they confirmed.",
            "%(n)d questions of %(total)d have neither an answer nor a blank that they confirmed.",
            without,
        ) % {"n": without, "total": facts.questions_total}
    return ""


def _marking(facts: Facts) -> str:
    if facts.criteria_total < 1:
        return _("The case study has no criteria to mark by.")
    if facts.marking_id is None:
        return _("The answers are not marked. A trainer of the course marks them.")
    if (without := facts.criteria_total - facts.criteria_marked) > 0:
        return ngettext(
            "%(n)d criterion of %(total)d is not marked. Finish the marking.",
            "%(n)d criteria of %(total)d are not marked. Finish the marking.",
            without,
        ) % {"n": without, "total": facts.criteria_total}
    return ""


def _marking_finalised(facts: Facts) -> str:
    return "" if facts.marking_finalised_at else _("The marking is not finalised. The trainer finalises it.")


def _essential_criteria(facts: Facts) -> str:
    if is_override(facts) and facts.supports_override:
        # A second marker supports it, and the trainer gave a reason.
        return ""
    if facts.essential_total < 1:
        return _("The case study sets no essential criterion, so none can be met.")
    if (without := facts.essential_total - facts.essential_met) > 0:
        return ngettext(
            "%(n)d essential criterion of %(total)d is not met. One that is partly met may be settled by"
            " one oral question.",
            "%(n)d essential criteria of %(total)d are not met. One that is partly met may be settled by"
            " one oral question.",
            without,
        ) % {"n": without, "total": facts.essential_total}
    return ""


def _second_marking(facts: Facts) -> str:
    words = {
        Why.DISAGREEMENT: _(
            "The trainers of the course disagree about the outcome. That needs a second marking: ask a second"
            " marker, or have the disagreement withdrawn."
        ),
        Why.OVERRIDE: _(
            "Competent is recommended although the marks say otherwise. That needs a second marker who"
            " supports it: ask one, or have the outcome changed."
        ),
        Why.CLOSE: _(
            "The marks are close to the line, so they need a second marking that is settled. Ask a second"
            " marker."
        ),
        Why.FIRST_COURSES: "",
        Why.SAMPLE: _(
            "These answers were drawn in the sample, so they need a second marking that is settled. Ask a"
            " second marker."
        ),
    }
    found = [words[why] for why in needed_for(facts)]
    if awaits_draw(facts):
        found.append(
            _(
                "The sample for second marking is not drawn yet. It is once all answers of the course are"
                " marked and an outcome is finalised, or when you draw it from those that are marked."
            )
        )
    if is_settled(facts) and is_override(facts) and not facts.supports_override:
        found.append(
            _(
                "The second marking was settled, and competent is not supported although the marks say"
                " otherwise. The trainer recommends another outcome."
            )
        )
    return " ".join(one for one in found if one)


def _recommendation(facts: Facts) -> str:
    if facts.recommendation_id is None:
        return _("No outcome is recommended. A trainer of the course recommends one.")
    if facts.outcome != Outcome.COMPETENT:
        return _("The trainer did not recommend competent.")
    if not stands_on_latest(facts):
        return _("The outcome is recommended on an earlier marking. Recommend it on the latest one.")
    return ""


def _refused(facts: Facts) -> str:
    """A refusal is The AIM Project's decision on these answers, and no trainer takes it back.

    What needs a word of the trainer's is returned, with a question; what was refused becomes *not yet
    competent*, which the trainer speaks about and the sponsor follows up. Competence is then shown
    anew, by another attempt, which is a submission of its own and decided on for itself. An appeal alone
    lifts a refusal, by people with no part in it; then the outcome is recommended and decided on anew.
    """
    if not facts.was_refused:
        return ""
    return _(
        "The AIM Project refused to certify on these answers. Recommend not yet competent; competent"
        " needs another attempt."
    )


def _finalised(facts: Facts) -> str:
    if facts.recommendation_id is None or facts.recommendation_finalised_at:
        return ""
    return _("The recommended outcome is not finalised. The trainer finalises it.")


def _sponsor(facts: Facts) -> str:
    """A walk-in's sponsor has confirmed; and whoever accepted by a link that was shown did so themself.

    The trainer was shown that link, and could have accepted in their place. Somebody who pays for
    themself is their own sponsor: they, or The AIM Project, confirm it. Where nobody is named, or who was
    has said that they are not theirs, there is nobody to confirm.
    """
    words = []
    is_walk_in, shown = facts.nomination.is_walk_in, facts.nomination.link_shown_to_id is not None
    if facts.sponsor_to_be_named:
        words.append(_sponsor_to_be_named())
    elif facts.sponsor_confirmed_at is None and is_walk_in:
        words.append(
            _("They came as a walk-in, and their sponsor has not confirmed. Ask the sponsor to confirm.")
            if facts.sponsor_organisation_id
            else _("They came as a walk-in who pays for themself. They, or The AIM Project, confirm that.")
        )
    if shown and facts.acceptance_confirmed_at is None:
        words.append(
            _(
                "Their place was accepted in the room, by a link that a trainer was shown. They sign in and"
                " confirm, on the page of their course, that they accepted it themself."
            )
        )
    return " ".join(words)


def _sponsor_to_be_named() -> str:
    return _(
        "They came as a walk-in, and it is not known who sponsors them. The AIM Project names a sponsor"
        " before the outcome is finalised."
    )


def _approver(enrolment: Parties, approver: Approver) -> str:
    if approver.is_aim_admin:
        return ""
    if approver.person_id not in enrolment.appointed_ids:
        return _("Only The AIM Project, or an Associate whom it appointed for this person, decides.")
    if enrolment.course.programme_id not in approver.licensed_for:
        return _(
            "Your licence for this programme is no longer in force. The AIM Project appoints"
            " another Associate."
        )
    return ""


_RULE: tuple[tuple[Code, Callable[[Facts], str]], ...] = (
    (Code.WITHDRAWN, _withdrawn),
    (Code.ATTENDANCE, _attendance),
    (Code.INDIVIDUAL_WORK, _individual_work),
    (Code.MARKING, _marking),
    (Code.MARKING_FINALISED, _marking_finalised),
    (Code.ESSENTIAL_CRITERIA, _essential_criteria),
    (Code.SECOND_MARKING, _second_marking),
    (Code.RECOMMENDATION, _recommendation),
    (Code.REFUSED, _refused),
    (Code.FINALISED, _finalised),
    (Code.SPONSOR, _sponsor),
)


def unmet_to_finalise(enrolment: Enrolment, recommendation: Recommendation) -> list[Requirement]:
    """What keeps the trainer from finalising `recommendation`, which is the latest of `enrolment`.

    Whatever the outcome, what assessments says is still to be done, and that a sponsor is named, to whom
    goes what comes of it. *Competent* also needs everything of the rule but what finalising brings
    about, the sponsor's confirmation and the approval.

    Args:
        enrolment: as `with_facts` read it.
        recommendation: its latest recommendation.
    """
    steps = missing_to_finalise(cast(Assessment, enrolment), recommendation)
    needs = [Requirement(step.step, str(step.words)) for step in steps]
    if enrolment.sponsor_to_be_named:
        needs.append(Requirement(Code.SPONSOR, _sponsor_to_be_named()))
    if recommendation.outcome != Outcome.COMPETENT:
        return needs
    return [need for need in unmet(enrolment) if need.code not in SAID_BY_STEPS | AFTER_FINALISING] + needs
