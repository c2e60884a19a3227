"""Second marking: the pages of who asks, who marks and who settles, in every state, are accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from assessments.marking import actions
from assessments.states import Judged
from courses.models import Course
from tests import factories
from tests.assessments.marking import second
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]
ORAL = {"oral_question": "And why?", "oral_answer": "Because he tells his tutor.", "settled": Judged.MET}


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create(code="aim3", name="AIM3")
    trainers = [factories.associate(programme, name=name) for name in ("Ada Quill", "Ben Rook")]
    return factories.course(programme=programme, trainers=trainers, title="AIM3, Leeds")


def test_asking_somebody(wrong: Wrong, course: Course) -> None:
    admin, url = factories.admin(), at("certification:second_markers", course)
    assert not wrong(admin, url)
    enrolment = second.first_marked(course)
    latest = second.recommended(enrolment)
    actions.disagree(recommendation=latest, reason="Otherwise.", by=course.associates.last().associate)  # type: ignore[union-attr]
    assert not wrong(admin, url)
    marker = second.second_marker(course)
    assert not wrong(admin, reverse("home"), url)
    assert not wrong(admin, url, sent={})
    script = second.asked(enrolment, marker)
    back = reverse("certification:take_back", args=[course.uuid, script.uuid])
    assert not wrong(admin, url, back)
    assert not wrong(admin, back, sent={"because": ""})


def test_marking_a_second_time(wrong: Wrong, course: Course) -> None:
    enrolment, marker = second.first_marked(course), second.second_marker(course)
    aloud = actions.Mark("1_1", Judged.PARTLY_MET, base=1, **ORAL)
    actions.mark(enrolment=enrolment, marks=[aloud], by=factories.trainer_of(course))
    scripts = reverse("assessments:second_scripts")
    assert not wrong(marker, scripts)
    script = second.asked(enrolment, marker)
    page = reverse("assessments:second_mark", args=[script.uuid])
    back = reverse("assessments:second_hand_back", args=[script.uuid])
    settle = reverse("assessments:second_settle", args=[script.uuid])
    assert not wrong(marker, reverse("home"), scripts, page, back, settle)
    assert not wrong(marker, page, sent={"judged_1_1": "nonsense"})
    assert not wrong(marker, back, sent={"because": ""})
    assert not wrong(factories.trainer_of(course), at("assessments:settle", course, enrolment))
    actions.mark_again(script=script.uuid, marks=second.marks(c1_1=Judged.NOT_MET), by=marker)
    actions.finish_second_marking(script=script, by=marker)
    assert not wrong(marker, scripts, page, back, settle)


def test_settling(wrong: Wrong, course: Course) -> None:
    trainer, admin = factories.trainer_of(course), factories.admin()
    enrolment = second.first_marked(course)
    second.recommended(enrolment)
    page = at("assessments:settle", course, enrolment)
    assert not wrong(trainer, page)
    script = second.finished(enrolment, c1_1=Judged.NOT_MET, c2_2=Judged.PARTLY_MET)
    other = reverse("assessments:second_settle", args=[script.uuid])
    assert not wrong(trainer, page)
    assert not wrong(trainer, page, sent={"then": "propose"})
    assert not wrong(trainer, page, sent={"then": "say", "text": ""})
    assert not wrong(admin, page)
    assert not wrong(admin, page, sent={"then": "settle"})
    actions.discuss(enrolment=enrolment, text="Read the second paragraph, please.", by=trainer)
    judged = {"1_1": Judged.PARTLY_MET, "2_2": Judged.MET}
    proposal = actions.propose_settlement(
        enrolment=enrolment, judged=judged, supports_override=False, by=trainer
    )
    assert not wrong(trainer, page)
    assert not wrong(script.marker, other)
    assert not wrong(script.marker, other, sent={"then": "propose", **{f"judged_{k}": "met" for k in judged}})
    actions.agree_to_settlement(enrolment=enrolment, proposal=proposal.uuid, by=script.marker, script=script)
    assert not wrong(trainer, page, at("assessments:recommend", course, enrolment))
    assert not wrong(script.marker, other, reverse("assessments:second_scripts"))


def test_sample_and_numbers(wrong: Wrong, course: Course) -> None:
    trainer, admin = factories.trainer_of(course), factories.admin()
    sample = at("assessments:sample", course)
    numbers = reverse("assessments:second_numbers", args=[course.programme.code])
    assert not wrong(trainer, sample)
    assert not wrong(admin, numbers)
    assert not wrong(admin, numbers, sent={"sample_at_least": "101", "because": ""})
    second.sampled(course)
    for number in range(12):
        second.first_marked(course, name=f"Person number {number}")
    assert not wrong(trainer, sample)
    actions.draw_sample(course=course, by=trainer)
    assert not wrong(trainer, sample, at("assessments:marking", course))
    assert not wrong(admin, sample, numbers, at("certification:second_markers", course))
