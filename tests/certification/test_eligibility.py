"""The one rule: its whole truth table, every vacuous case, and who may not decide."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, Person
from assessments.models import CoursePin, Criterion, CriterionMark, Disagreement, Submission
from assessments.states import Judged, Outcome
from certification.actions import CannotBeFinalised, finalise
from certification.eligibility import (
    Approver,
    Code,
    Stage,
    approvers,
    as_approver,
    associates_to_appoint,
    conflicts,
    free_admins,
    stage_of,
    unmet,
    unmet_to_finalise,
    with_facts,
    with_parties,
)
from certification.models import Appointment
from courses.models import CourseAssociate, Enrolment, Nomination, RegisterEntry
from courses.states import Judgement, Presence
from tests import factories

# --- The table: every requirement met or not, in every combination -------------------------------

NOW = timezone.now()
FREE = Approver(
    person_id=90,
    identities=frozenset({90}),
    addresses=frozenset({"approver@aim.example"}),
    acted_for=frozenset(),
    course_ids=frozenset(),
    is_aim_admin=True,
    licensed_for=frozenset(),
)


def nominated(manager_email: str = "Manager@Council.example") -> Any:
    """A walk-in's nomination, whose link the trainer was shown."""
    return SimpleNamespace(is_walk_in=True, link_shown_to_id=30, manager_email=manager_email)


def facts(**changes: Any) -> Any:
    """An enrolment that meets everything, but for `changes`."""
    return SimpleNamespace(
        **{
            "person_id": 1,
            "person": SimpleNamespace(merged_into_id=None),
            "course_id": 3,
            "course": SimpleNamespace(programme_id=5, zone=ZoneInfo("Europe/London")),
            "nomination": nominated(),
            "sponsor_organisation_id": 7,
            "sponsor_to_be_named": False,
            "enrolled_at": NOW,
            "sponsor_confirmed_at": NOW,
            "sponsor_confirmed_by_id": 40,
            "acceptance_confirmed_at": NOW,
            "withdrawn_at": None,
            "sessions_total": 2,
            "sessions_entered": 2,
            "sessions_met": 2,
            "last_session": 2,
            "last_session_ends_at": NOW,
            "questions_total": 8,
            "questions_answered": 8,
            "submission_id": 1,
            "submitted_at": NOW,
            "criteria_total": 24,
            "criteria_marked": 24,
            "essential_total": 4,
            "essential_met": 4,
            "marking_id": 1,
            "marking_finalised_at": NOW,
            "recommendation_id": 1,
            "recommendation_marking_id": 1,
            "recommendation_finalised_at": NOW,
            "outcome": Outcome.COMPETENT,
            "standing_disagreements": 0,
            "settled_from_id": None,
            "supports_override": None,
            "essential_settled": 0,
            "override_reason": "",
            "earlier_courses": 2,
            "first_courses": 2,
            "sample_size": 13,
            "keeps_seed": True,
            "is_drawn_over": True,
            "is_sampled": False,
            "was_refused": False,
            "trainer_ids": [30],
            "recorder_ids": [30],
            "marker_ids": [30],
            "employer_ids": [],
            "appointed_ids": [],
            **changes,
        }
    )


# One way, or several, in which each requirement is not met, none of which touches another; but that to
# recommend competent without the essential criteria is an override, which takes a second marking.
BROKEN: dict[Code, list[dict[str, Any]]] = {
    Code.WITHDRAWN: [{"withdrawn_at": NOW}],
    Code.ATTENDANCE: [
        {"sessions_met": 1},
        {"sessions_total": 0, "sessions_entered": 0, "sessions_met": 0},
        {"sessions_entered": 1, "sessions_met": 1},
        {"sessions_entered": 0, "sessions_met": 0},
        {"sessions_entered": 3, "sessions_met": 1},
        {"last_session_ends_at": NOW + timedelta(days=1)},
    ],
    Code.INDIVIDUAL_WORK: [
        {"questions_answered": 7},
        {"questions_total": 0, "questions_answered": 0},
        {"submission_id": None, "submitted_at": None, "questions_answered": 0},
        {"submitted_at": None},
    ],
    Code.MARKING: [
        {"criteria_marked": 23},
        {"criteria_total": 0, "criteria_marked": 0},
        {"criteria_marked": 0},
    ],
    Code.MARKING_FINALISED: [{"marking_finalised_at": None}],
    Code.ESSENTIAL_CRITERIA: [{"essential_met": 2}, {"essential_total": 0, "essential_met": 0}],
    Code.SECOND_MARKING: [{"standing_disagreements": 1}],
    Code.RECOMMENDATION: [
        {"outcome": Outcome.NOT_YET},
        {"outcome": Outcome.NOT_ASSESSED},
        {"recommendation_marking_id": 2},
        {"recommendation_marking_id": None},
    ],
    Code.REFUSED: [{"was_refused": True}],
    Code.FINALISED: [{"recommendation_finalised_at": None}],
    Code.SPONSOR: [
        {"sponsor_confirmed_at": None},
        {"sponsor_confirmed_at": None, "sponsor_organisation_id": None},
        {"sponsor_to_be_named": True, "sponsor_organisation_id": None, "sponsor_confirmed_at": None},
        {"acceptance_confirmed_at": None},
    ],
    Code.APPROVER: [{}],
    Code.CONFLICT: [
        {"trainer_ids": [30, 90]},
        {"recorder_ids": [30, 90]},
        {"sponsor_confirmed_by_id": 90},
        {"marker_ids": [90]},
        {"employer_ids": [7]},
        {"nomination": nominated(manager_email=" Approver@AIM.example")},
    ],
}


def expected(broken: Collection[Code]) -> list[Code]:
    """What is said where these are not met, each as its first in `BROKEN`."""
    override = Code.ESSENTIAL_CRITERIA in broken and Code.RECOMMENDATION not in broken
    return [code for code in Code if code in broken or (override and code == Code.SECOND_MARKING)]


def codes(enrolment: Any, approver: Approver | None = FREE) -> list[Code]:
    return [need.code for need in unmet(enrolment, approver=approver)]


def test_eligibility_holds_where_everything_is_met() -> None:
    assert unmet(facts(), approver=FREE) == []
    assert unmet(facts()) == []


@pytest.mark.parametrize(
    ("code", "change"), [(code, change) for code, changes in BROKEN.items() for change in changes]
)
def test_each_requirement_unmet_alone_is_said_alone(code: Code, change: dict[str, Any]) -> None:
    approver = FREE
    if code == Code.APPROVER:
        approver = Approver(**{**vars(FREE), "is_aim_admin": False})
    if change.get("employer_ids"):
        approver = Approver(**{**vars(FREE), "acted_for": frozenset({(7, None)})})
    needs = unmet(facts(**change), approver=approver)
    assert [need.code for need in needs] == expected([code])
    assert all(need.words.strip() for need in needs)


def test_every_combination_of_unmet_requirements_is_said_exactly() -> None:
    """All 8,192: for each set of requirements that are not met, exactly that set is said."""
    everything = list(Code)
    for broken in chain.from_iterable(combinations(everything, n) for n in range(len(everything) + 1)):
        changes: dict[str, Any] = {}
        for code in broken:
            changes |= BROKEN[code][0]
        approver = Approver(**{**vars(FREE), "is_aim_admin": Code.APPROVER not in broken})
        assert codes(facts(**changes), approver) == expected(broken)


counts = st.integers(min_value=0, max_value=3)


@given(
    total=counts, entered=counts, met=counts, asked=counts, answered=counts, criteria=counts, marked=counts,
    essential=counts, essential_met=counts,
)  # fmt: skip
def test_counts_are_never_vacuously_enough(**n: int) -> None:
    enrolment = facts(
        sessions_total=n["total"],
        sessions_entered=n["entered"],
        sessions_met=n["met"],
        questions_total=n["asked"],
        questions_answered=n["answered"],
        criteria_total=n["criteria"],
        criteria_marked=n["marked"],
        essential_total=n["essential"],
        essential_met=n["essential_met"],
    )
    said = codes(enrolment)
    full = n["total"] > 0 and n["entered"] >= n["total"] and n["met"] >= max(n["total"], n["entered"])
    assert (Code.ATTENDANCE not in said) == full
    assert (Code.INDIVIDUAL_WORK not in said) == (n["asked"] > 0 and n["answered"] >= n["asked"])
    assert (Code.MARKING not in said) == (n["criteria"] > 0 and n["marked"] >= n["criteria"])
    assert (Code.ESSENTIAL_CRITERIA not in said) == (
        n["essential"] > 0 and n["essential_met"] >= n["essential"]
    )


def test_a_walk_in_needs_confirmation_and_others_do_not() -> None:
    nominated = SimpleNamespace(is_walk_in=False, link_shown_to_id=None, manager_email="")
    assert codes(facts(sponsor_confirmed_at=None, nomination=nominated)) == []


def test_nobody_without_an_address_is_taken_for_the_manager() -> None:
    unnamed = SimpleNamespace(is_walk_in=False, link_shown_to_id=None, manager_email="")
    nobody = Approver(**{**vars(FREE), "addresses": frozenset({""})})
    assert codes(facts(nomination=unnamed), nobody) == []


def test_the_self_funded_share_no_employer_with_anyone() -> None:
    assert codes(facts(sponsor_organisation_id=None)) == []


def test_an_appointed_associate_needs_a_licence_in_force() -> None:
    appointed = Approver(**{**vars(FREE), "is_aim_admin": False, "licensed_for": frozenset({5})})
    assert codes(facts(appointed_ids=[90]), appointed) == []
    for licensed_for in (frozenset(), frozenset({6})):
        lapsed = Approver(**{**vars(appointed), "licensed_for": licensed_for})
        assert codes(facts(appointed_ids=[90]), lapsed) == [Code.APPROVER]
    assert codes(facts(appointed_ids=[91]), appointed) == [Code.APPROVER]


def test_the_candidate_is_recognised_through_a_merged_account() -> None:
    assert codes(facts(person_id=90)) == [Code.CONFLICT]
    assert codes(facts(person=SimpleNamespace(merged_into_id=90))) == [Code.CONFLICT]
    both = Approver(**{**vars(FREE), "identities": frozenset({90, 1})})
    assert codes(facts(), both) == [Code.CONFLICT]


# --- The same facts, read from PostgreSQL ---------------------------------------------------------


@pytest.fixture
def enrolment(db: None) -> Enrolment:
    return factories.recommended(factories.course())


def read(enrolment: Enrolment) -> Any:
    return with_parties(Enrolment.objects.filter(pk=enrolment.pk)).get()


def without_an_entry(enrolment: Enrolment) -> None:
    enrolment.register_entries.first().delete()  # type: ignore[union-attr]


def absent_once(enrolment: Enrolment) -> None:
    enrolment.register_entries.filter(session__number=2).update(presence=Presence.ABSENT)


def another_session(enrolment: Enrolment) -> None:
    enrolment.course.sessions.create(
        number=3, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1)
    )


def disagreed(enrolment: Enrolment) -> None:
    Disagreement.objects.create(
        recommendation=enrolment.recommendations.get(),
        reason="I see it otherwise.",
        disagreed_by=factories.trainer_of(enrolment.course),
    )


def second_attempt(enrolment: Enrolment) -> None:
    factories.submission(enrolment)


def walked_in(enrolment: Enrolment) -> None:
    enrolment.nomination.is_walk_in = True
    enrolment.nomination.save()
    Enrolment.objects.filter(pk=enrolment.pk).update(sponsor_confirmed_at=None, sponsor_confirmed_by=None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without_an_entry, {Code.ATTENDANCE}),
        (absent_once, {Code.ATTENDANCE}),
        (another_session, {Code.ATTENDANCE}),
        (disagreed, {Code.SECOND_MARKING}),
        (
            second_attempt,
            {
                Code.MARKING,
                Code.MARKING_FINALISED,
                Code.ESSENTIAL_CRITERIA,
                Code.SECOND_MARKING,
                Code.RECOMMENDATION,
            },
        ),
        (walked_in, {Code.SPONSOR}),
    ],
)
def test_a_changed_row_changes_what_is_unmet(
    enrolment: Enrolment, change: Callable[[Enrolment], None], expected: set[Code]
) -> None:
    assert unmet(read(enrolment)) == []
    change(enrolment)
    assert set(codes(read(enrolment), None)) == expected


def test_nothing_at_all_meets_nothing(db: None) -> None:
    course = factories.course(sessions=0, published=False)
    enrolment = factories.enrolment(course)
    assert codes(read(enrolment), None) == [
        Code.ATTENDANCE,
        Code.INDIVIDUAL_WORK,
        Code.MARKING,
        Code.MARKING_FINALISED,
        Code.ESSENTIAL_CRITERIA,
        Code.RECOMMENDATION,
    ]


def test_a_version_without_essential_criteria_certifies_nobody(db: None) -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme, frozen=False)
    Criterion.objects.filter(question__version=version).update(is_essential=False)
    course = factories.course(programme=programme, pinned=False)
    CoursePin.objects.create(course=course, version=version, pinned_by=course.created_by)
    enrolment = factories.recommended(course)
    assert codes(read(enrolment), None) == [Code.ESSENTIAL_CRITERIA, Code.SECOND_MARKING]


def test_a_version_without_questions_certifies_nobody(db: None) -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme, questions=0)
    course = factories.course(programme=programme, pinned=False)
    CoursePin.objects.create(course=course, version=version, pinned_by=course.created_by)
    enrolment = factories.recommended(course)
    assert {Code.INDIVIDUAL_WORK, Code.MARKING, Code.ESSENTIAL_CRITERIA} <= set(codes(read(enrolment), None))


def test_a_blank_counts_as_answered_only_where_it_was_confirmed(db: None) -> None:
    course = factories.course()
    for confirmed in (True, False):
        made = factories.enrolment(course, attended=True)
        submission = factories.submission(made, submitted=False, answers=["Words", ""])
        if not confirmed:
            submission.answers.filter(text="").update(blank_confirmed_at=None, text="  \n ")
        submission.submitted_at, submission.declaration = timezone.now(), "My own."
        submission.fingerprint, submission.receipt = "0" * 64, f"R{confirmed}"
        submission.save()
        assert (Code.INDIVIDUAL_WORK in codes(read(made), None)) != confirmed


def test_a_missing_answer_is_unmet(db: None) -> None:
    made = factories.enrolment(factories.course(), attended=True)
    factories.submission(made, answers=["The first alone"])
    assert Code.INDIVIDUAL_WORK in codes(read(made), None)


@pytest.mark.parametrize(
    ("entry", "met"),
    [
        ({"presence": Presence.PRESENT}, True),
        ({"presence": Presence.LATE, "minutes_missed": 5, "judgement": Judgement.NOTHING_MISSED}, True),
        (
            {
                "presence": Presence.LEFT_EARLY,
                "minutes_missed": 20,
                "judgement": Judgement.COVERED,
                "covered_how": "By telephone",
            },
            True,
        ),
        ({"presence": Presence.LATE, "minutes_missed": 60, "judgement": Judgement.MAKE_UP}, False),
        ({"presence": Presence.ABSENT}, False),
    ],
)
def test_attendance_follows_each_kind_of_entry(db: None, entry: dict[str, Any], met: bool) -> None:
    made = factories.enrolment(factories.course(sessions=1, starts=timezone.now() - timedelta(hours=2)))
    row = RegisterEntry.objects.create(
        course=made.course,
        enrolment=made,
        session=made.course.sessions.get(),
        recorded_by=made.course.created_by,
        **entry,
    )
    assert (Code.ATTENDANCE not in codes(read(made), None)) == met
    if not met:
        row.made_up_on, row.made_up_how = timezone.localdate(), "With the Leeds course"
        row.made_up_at, row.made_up_by = timezone.now(), factories.trainer_of(made.course)
        row.save()
        assert Code.ATTENDANCE not in codes(read(made), None)


def test_nobody_attended_in_full_before_the_last_session_ended(db: None, time_machine: Any) -> None:
    ends = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    time_machine.move_to(ends - timedelta(minutes=90))
    made = factories.enrolment(factories.course(starts=ends - timedelta(hours=5)))
    for session in made.course.sessions.all():
        entry = {"course": made.course, "enrolment": made, "session": session}
        RegisterEntry.objects.create(
            **entry, presence=Presence.PRESENT, recorded_by=factories.trainer_of(made.course)
        )
    marking = factories.marking(factories.submission(made))
    recommendation = factories.recommendation(made, marking=marking, finalised=False)
    for missing in (unmet(read(made))[:1], unmet_to_finalise(read(made), recommendation)):
        assert [need.code for need in missing] == [Code.ATTENDANCE]
        assert "Session 2 ends on 22 November 2026, 16:30 (London\N{NO-BREAK SPACE}time)." in missing[0].words
    with pytest.raises(CannotBeFinalised, match="Session 2 ends on 22 November 2026, 16:30"):
        finalise(recommendation=recommendation, by=recommendation.recommended_by)
    time_machine.move_to(ends)
    assert finalise(recommendation=recommendation, by=recommendation.recommended_by).finalised_at
    assert unmet(read(made)) == []


def test_an_oral_question_that_settled_it_counts_as_met(db: None) -> None:
    course = factories.course()
    made = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(made), judged=Judged.PARTLY_MET)
    assert Code.ESSENTIAL_CRITERIA in codes(read(made), None)
    CriterionMark.objects.filter(marking=marking).update(
        settled="met", oral_question="Why?", oral_answer="So."
    )
    assert Code.ESSENTIAL_CRITERIA not in codes(read(made), None)


def test_one_and_a_list_say_the_same_in_one_query(db: None) -> None:
    course = factories.course()
    people = [factories.recommended(course) for _ in range(3)]
    people += [factories.recommended(course, outcome=Outcome.NOT_YET), factories.enrolment(course)]
    for size in (1, 3, 5):
        chosen = [one.pk for one in people[:size]]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows = list(with_parties(Enrolment.objects.filter(pk__in=chosen)))
            listed = {row.pk: unmet(row, approver=FREE) for row in rows}
        assert len(captured) == 1
        assert listed == {one.pk: unmet(read(one), approver=FREE) for one in people[:size]}


# --- Stages, and what finalising needs ---------------------------------------------------------------


def test_stage_follows_the_latest_recommendation(db: None) -> None:
    course = factories.course()
    assert stage_of(read(factories.enrolment(course))) == Stage.WITH_TRAINER
    assert stage_of(read(factories.recommended(course))) == Stage.WAITING
    assert stage_of(read(factories.recommended(course, outcome=Outcome.NOT_YET))) == Stage.NOT_YET
    left = factories.enrolment(course)
    factories.recommendation(left, outcome=Outcome.NOT_ASSESSED)
    assert stage_of(read(left)) == Stage.NOT_ASSESSED


def test_finalising_competent_needs_all_but_what_comes_after(db: None) -> None:
    made = factories.enrolment(factories.course(), attended=True)
    marking = factories.marking(factories.submission(made))
    recommendation = factories.recommendation(made, marking=marking, finalised=False)
    walked_in(made)
    assert codes(read(made), None) == [Code.MARKING_FINALISED, Code.FINALISED, Code.SPONSOR]
    assert unmet_to_finalise(read(made), recommendation) == []
    absent_once(made)
    assert [need.code for need in unmet_to_finalise(read(made), recommendation)] == [Code.ATTENDANCE]


def test_finalising_an_override_or_a_disagreement_says_that_a_second_marker_is_needed(db: None) -> None:
    made = factories.enrolment(factories.course(), attended=True)
    marking = factories.marking(factories.submission(made), judged=Judged.NOT_MET)
    recommendation = factories.recommendation(
        made, marking=marking, finalised=False, override_reason="I know them."
    )
    words = " ".join(need.words for need in unmet_to_finalise(read(made), recommendation))
    assert "second marker" in words
    disagreed(made)
    words = " ".join(need.words for need in unmet_to_finalise(read(made), recommendation))
    assert "disagrees" in words


# --- Who may decide --------------------------------------------------------------------------------


@pytest.fixture
def approver(db: None) -> Person:
    return factories.admin(email="ada@aim.example")


def told(approver: Person, enrolment: Enrolment) -> list[str]:
    return conflicts(approver, Enrolment.objects.filter(pk=enrolment.pk))[enrolment.pk]


def test_an_admin_without_a_part_has_no_conflict(approver: Person, enrolment: Enrolment) -> None:
    assert told(approver, enrolment) == []


def test_who_trained_the_course_has_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    licence = enrolment.course.associates.get().licence
    CourseAssociate.objects.create(
        course=enrolment.course, associate=approver, licence=licence, assigned_by=approver
    )
    assert told(approver, enrolment) == ["You trained them on this course."]


def test_who_held_the_session_that_made_up_has_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    enrolment.register_entries.filter(session__number=1).update(
        made_up_on=timezone.localdate(), made_up_how="In York", made_up_at=timezone.now(), made_up_by=approver
    )
    assert told(approver, enrolment) == ["You trained them on this course."]


def test_who_corrected_the_register_has_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    enrolment.register_entries.filter(session__number=1).update(recorded_by=approver, reason="By telephone")
    assert told(approver, enrolment) == ["You took or corrected their register."]


def test_who_wrote_in_the_register_before_another_has_a_conflict_still(
    approver: Person, enrolment: Enrolment
) -> None:
    entry = enrolment.register_entries.filter(session__number=1)
    entry.update(recorded_by=approver, presence=Presence.ABSENT, reason="By telephone")
    entry.update(recorded_by=factories.trainer_of(enrolment.course), presence=Presence.PRESENT, reason="")
    assert told(approver, enrolment) == ["You took or corrected their register."]


def test_who_confirmed_a_walk_in_has_a_conflict_and_who_nominated_has_none(
    approver: Person, enrolment: Enrolment
) -> None:
    Enrolment.objects.update(sponsor_confirmed_by=approver)
    assert told(approver, enrolment) == []
    Nomination.objects.update(is_walk_in=True)
    assert told(approver, enrolment) == ["You confirmed who sponsors them."]


def test_who_has_or_had_a_place_on_the_course_has_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    factories.enrolment(factories.course(), approver)
    assert told(approver, enrolment) == []
    assert free_admins(read(enrolment)) == [approver]
    own = factories.enrolment(enrolment.course, approver)
    assert told(approver, enrolment) == ["You have or had a place on this course yourself."]
    Enrolment.objects.filter(pk=own.pk).update(withdrawn_at=timezone.now(), withdrawn_by=approver)
    assert told(approver, enrolment) == ["You have or had a place on this course yourself."]
    assert free_admins(read(enrolment)) == []


def test_who_marked_has_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    factories.marking(Submission.objects.get(enrolment=enrolment), marker=approver)
    assert told(approver, enrolment) == ["You marked their answers or recommended their outcome."]


def test_who_recommended_has_a_conflict(approver: Person, db: None) -> None:
    made = factories.enrolment(factories.course())
    factories.recommendation(made, outcome=Outcome.NOT_ASSESSED, recommended_by=approver)
    assert told(approver, made) == ["You marked their answers or recommended their outcome."]


def test_who_is_named_as_line_manager_has_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    enrolment.nomination.manager_email = "Ada@AIM.example"
    enrolment.nomination.save()
    assert told(approver, enrolment) == ["You are named as their line manager."]


EMPLOYER = ["You act, or acted since they enrolled, for an organisation that employs or sponsors them."]


def test_who_acted_for_the_sponsor_since_they_enrolled_has_a_conflict(
    approver: Person, enrolment: Enrolment
) -> None:
    membership = Membership.objects.create(
        person=approver, organisation=enrolment.sponsor_organisation, started_by=approver
    )
    assert told(approver, enrolment) == EMPLOYER
    membership.ended_at, membership.ended_by = timezone.now(), approver
    membership.save()
    assert told(approver, enrolment) == EMPLOYER
    Enrolment.objects.update(enrolled_at=membership.ended_at)
    assert told(approver, enrolment) == EMPLOYER
    Enrolment.objects.update(enrolled_at=membership.ended_at + timedelta(seconds=1))
    assert told(approver, enrolment) == []


def test_who_acts_for_the_same_organisation_as_the_candidate_has_a_conflict(
    approver: Person, enrolment: Enrolment
) -> None:
    shared = factories.OrganisationFactory.create()
    for person in (approver, enrolment.person):
        Membership.objects.create(person=person, organisation=shared, started_by=approver)
    assert told(approver, enrolment) == EMPLOYER
    enrolment.person.memberships.update(ended_at=timezone.now(), ended_by=approver)
    assert told(approver, enrolment) == EMPLOYER
    Enrolment.objects.update(enrolled_at=timezone.now())
    assert told(approver, enrolment) == []


def test_the_candidate_has_a_conflict(approver: Person, db: None) -> None:
    assert told(approver, factories.recommended(factories.course(), person=approver)) == [
        "You are the candidate."
    ]


def test_an_account_merged_into_the_approvers_counts_as_theirs(
    approver: Person, enrolment: Enrolment
) -> None:
    old = factories.PersonFactory.create(email="old@council.example")
    Membership.objects.create(person=old, organisation=enrolment.sponsor_organisation, started_by=old)
    enrolment.nomination.manager_email = old.email
    enrolment.nomination.save()
    assert told(approver, enrolment) == []
    Person.objects.filter(pk=old.pk).update(is_active=False, merged_into=approver)
    assert told(approver, enrolment) == ["You are named as their line manager.", *EMPLOYER]


def test_conflicts_of_any_number_take_the_same_queries(approver: Person, db: None) -> None:
    course = factories.course()
    for _ in range(3):
        factories.recommended(course)
    for size in (1, 3):
        chosen = Enrolment.objects.filter(pk__in=list(Enrolment.objects.values_list("pk", flat=True)[:size]))
        with CaptureQueriesContext(connection) as captured:
            assert len(conflicts(approver, chosen)) == size
        assert len(captured) == 2


def test_free_admins_are_those_without_a_conflict(approver: Person, enrolment: Enrolment) -> None:
    other = factories.admin()
    Membership.objects.create(person=other, organisation=enrolment.sponsor_organisation, started_by=other)
    left = factories.admin()
    left.staff_appointments.update(ended_at=timezone.now(), ended_by=left)
    assert free_admins(read(enrolment)) == [approver]


def test_associates_to_appoint_hold_a_licence_and_had_no_part(enrolment: Enrolment) -> None:
    programme = enrolment.course.programme
    able = factories.associate(programme, country="IE")
    factories.associate(factories.ProgrammeFactory.create())
    lapsed = factories.associate(programme)
    lapsed.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    withdrawn = factories.associate(programme)
    withdrawn.licences.update(withdrawn_at=timezone.now(), withdrawn_by=able)
    assert associates_to_appoint(read(enrolment)) == [able]


def test_an_appointment_is_for_one_enrolment(enrolment: Enrolment, approver: Person) -> None:
    associate = factories.associate(enrolment.course.programme)
    other = factories.recommended(enrolment.course)
    Appointment.objects.create(
        enrolment=enrolment, associate=associate, reason="Nobody is free.", appointed_by=approver
    )
    assert codes(read(enrolment), as_approver(associate)) == []
    assert codes(read(other), as_approver(associate)) == [Code.APPROVER]


def test_approvers_are_read_in_one_query(db: None) -> None:
    factories.admin()
    factories.associate(factories.ProgrammeFactory.create())
    with CaptureQueriesContext(connection) as captured:
        assert len(approvers(Person.objects.all())) == Person.objects.count()
    assert len(captured) == 2  # the second counts, for the assertion
    assert with_facts(Enrolment.objects.none()).count() == 0
