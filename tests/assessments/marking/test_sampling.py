"""The sample for second marking: its size, its seed, who is drawn, and that anyone can repeat it."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from assessments.answering.actions import open_questions, release_case_study
from assessments.answering.actions.seeding import keep_seed
from assessments.marking import actions
from assessments.marking.sampling import chance_of_finding, drawn_from, sample_size
from assessments.models import DrawnScript, SampleDraw, SampleSeed
from assessments.states import Judged, Outcome
from courses.models import Course
from tests import factories
from tests.assessments.marking import second

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scripts", "drawn"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (12, 3), (30, 3), (31, 4), (40, 4), (41, 5), (300, 30)],
)
def test_sample_is_the_larger_of_three_and_a_tenth(scripts: int, drawn: int) -> None:
    assert sample_size(scripts, at_least=3, percent=10) == drawn


def test_sample_of_29_shows_a_tenth_of_faults_with_95_per_cent() -> None:
    assert round(chance_of_finding(0.1, 29), 2) == 0.95
    assert chance_of_finding(0.1, 28) < 0.95


scripts = st.dictionaries(
    st.uuids(), st.sets(st.integers(1, 3), min_size=1).map(sorted), min_size=1, max_size=40
)


@given(scripts=scripts, seed=st.text(min_size=1), at_least=st.integers(0, 5), percent=st.integers(0, 100))
def test_same_seed_gives_the_same_people_whatever_order_they_come_in(
    scripts: dict[UUID, list[int]], seed: str, at_least: int, percent: int
) -> None:
    found = drawn_from(scripts, seed=seed, at_least=at_least, percent=percent)
    backwards = dict(reversed(list(scripts.items())))
    assert found == drawn_from(backwards, seed=seed, at_least=at_least, percent=percent)
    for marker, drawn in found.items():
        own = [uuid for uuid, markers in scripts.items() if marker in markers]
        places = {uuid: sha256(f"{seed} {uuid}".encode()).hexdigest() for uuid in own}
        # As somebody repeats it by hand: a tenth is rounded up, and the first in the order are taken.
        most = min(len(own), max(at_least, -(-len(own) * percent // 100)))
        assert drawn == sorted(own, key=lambda uuid: places[uuid])[:most]


def test_seed_is_kept_when_the_room_opens_beside_its_hash(course: Course, trainer: Person) -> None:
    release_case_study(course=course, by=trainer)
    assert not SampleSeed.objects.exists()
    open_questions(course=course, by=trainer)
    open_questions(course=course, by=trainer)
    seed = SampleSeed.objects.get()
    assert (seed.number, seed.seed_sha256) == (1, sha256(seed.seed.encode()).hexdigest())
    assert len(seed.seed) == 64


def test_seed_is_kept_before_the_first_mark_where_no_room_was_opened(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course)
    factories.submission(enrolment)
    actions.mark(enrolment=enrolment, marks=second.marks(), by=trainer)
    assert SampleSeed.objects.get().kept_at <= enrolment.submissions.get().markings.get().started_at


def draw(course: Course, trainer: Person) -> set[str]:
    made = actions.draw_sample(course=course, by=trainer)
    rows = made.scripts.filter(is_in_sample=True)
    return set(rows.values_list("submission__enrolment__person__name", flat=True))


def test_draw_is_repeated_from_its_seed(course: Course, trainer: Person) -> None:
    second.sampled(course)
    for number in range(12):
        second.first_marked(course, name=f"Person {number}")
    names = draw(course, trainer)
    made = SampleDraw.objects.get()
    scripts = {row.submission.uuid: [row.marker_id] for row in made.scripts.select_related("submission")}
    again = drawn_from(scripts, seed=made.seed.seed, at_least=3, percent=10)[trainer.pk]
    drawn = DrawnScript.objects.filter(submission__uuid__in=again)
    assert len(names) == 3
    assert {row.submission.enrolment.person.name for row in drawn} == names


def test_each_marker_is_drawn_from_where_a_pile_was_split(
    course: Course, trainer: Person, other: Person
) -> None:
    second.sampled(course, at_least=1, percent=0)
    for number in range(4):
        enrolment = factories.enrolment(course)
        factories.submission(enrolment)
        by = trainer if number < 2 else other
        actions.mark(enrolment=enrolment, marks=second.marks(), by=by)
    made = actions.draw_sample(course=course, by=trainer)
    drawn = made.scripts.filter(is_in_sample=True).values_list("marker__name", flat=True)
    assert sorted(drawn) == ["Ada Quill", "Ben Rook"]


def test_draw_leaves_out_who_is_marked_again_anyway(course: Course, trainer: Person) -> None:
    second.sampled(course)
    close, clear = second.first_marked(course, name="Close"), second.first_marked(course, name="Clear")
    actions.mark(enrolment=close, marks=[actions.Mark("1_1", Judged.NOT_MET, base=1)], by=trainer)
    assert draw(course, trainer) == {"Clear"}
    assert not DrawnScript.objects.filter(submission__enrolment=close).exists()
    assert clear.submissions.get().draws.get().is_in_sample


def test_finalising_draws_once_every_answer_is_marked(course: Course, trainer: Person) -> None:
    second.sampled(course)
    done, unmarked = second.first_marked(course, name="Done"), factories.enrolment(course)
    factories.submission(unmarked)
    actions.close_marking(recommendation=second.recommended(done), by=trainer)
    assert not SampleDraw.objects.exists()
    actions.mark(enrolment=unmarked, marks=second.marks(), by=trainer)
    actions.close_marking(recommendation=second.recommended(unmarked), by=trainer)
    assert SampleDraw.objects.get().scripts.count() == 2


def test_whoever_is_marked_later_is_drawn_with_another_seed_and_the_first_stay_drawn(
    course: Course, trainer: Person
) -> None:
    second.sampled(course, at_least=1, percent=0)
    second.first_marked(course, name="First")
    assert draw(course, trainer) == {"First"}
    with pytest.raises(actions.NothingToDraw):
        actions.draw_sample(course=course, by=trainer)
    second.first_marked(course, name="Later")
    late = draw(course, trainer)
    assert late in ({"Later"}, set())
    assert SampleSeed.objects.count() == 3
    assert DrawnScript.objects.filter(is_in_sample=True, submission__enrolment__person__name="First").exists()


def test_nothing_is_drawn_without_numbers_or_a_seed(course: Course, trainer: Person) -> None:
    second.first_marked(course)
    with pytest.raises(actions.NothingToDraw):
        actions.draw_sample(course=course, by=trainer)
    keep_seed(course.pk)
    with pytest.raises(actions.NothingToDraw):
        actions.draw_sample(course=course, by=trainer)


def test_numbers_are_set_with_a_reason_and_stay_on_record(course: Course) -> None:
    programme, by = course.programme, factories.admin()
    assert actions.numbers_of(programme.pk) == actions.Numbers(0, 0, 0)
    wanted = actions.Numbers(5, 20, 1)
    with pytest.raises(actions.NumbersRefused) as refused:
        actions.set_numbers(programme=programme, numbers=wanted, because=" ", by=by)
    assert refused.value.field == "because"
    with pytest.raises(actions.NumbersRefused) as refused:
        actions.set_numbers(programme=programme, numbers=actions.Numbers(5, 101, 1), because="x", by=by)
    assert refused.value.field == "sample_percent"
    for _ in range(2):
        actions.set_numbers(programme=programme, numbers=wanted, because="More new Associates.", by=by)
    assert actions.numbers_of(programme.pk) == wanted
    assert programme.second_marking_numbers.count() == 1


def test_not_yet_that_was_told_is_not_drawn_from(course: Course, trainer: Person) -> None:
    second.sampled(course)
    enrolment = second.first_marked(course, judged=Judged.NOT_MET)
    actions.close_marking(recommendation=second.recommended(enrolment, Outcome.NOT_YET), by=trainer)
    assert not SampleDraw.objects.exists()
