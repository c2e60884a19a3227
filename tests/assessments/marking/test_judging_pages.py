"""One judgement, saved as soon as it is made."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments.models import CriterionMark
from assessments.states import Judged, Outcome
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking.scripts import enrolled, page, signed_in, standing, typed
from tests.pages import fields_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


def judging(client: Client, enrolment: Enrolment, name: str = "1_1", **sent: Any) -> Any:
    question, criterion = name.split("_")
    url = reverse("assessments:judge", args=[enrolment.uuid, question, criterion])
    stamp = {"submission": enrolment.submissions.latest("attempt").uuid, "device": uuid4(), "sequence": 1}
    values = {"judged": "met", "note": "", "oral_question": "", "oral_answer": "", "settled": "", "base": 0}
    fields = {f"{key}_{name}": value for key, value in (values | sent).items() if key not in stamp}
    return client.post(url, {**stamp, **{key: sent[key] for key in stamp if key in sent}, **fields})


def test_judgement_is_saved_and_said_back(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    reply = judging(client, enrolment, note="  Well put.\r\nYes. ")
    told = reply.json()
    assert (reply.status_code, told["state"], told["base"]) == (200, "saved", 1)
    assert told["mark"] == {
        "judged": "met",
        "note": "Well put.\nYes.",
        "oral_question": "",
        "oral_answer": "",
        "settled": "",
    }
    assert fields_in(client.get(page("mark", enrolment)).text)["had_1_1"] == told["had"]
    again = statements(lambda: judging(client, enrolment, judged="not_met", base=1))
    assert len(again) <= 5 + 1  # one reads the attempt, for this test


def test_judgement_that_clashes_brings_both_and_saves_neither_unseen(
    course: Course, trainer: Person, other: Person
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    judging(signed_in(trainer), enrolment, note="HERS")
    client = signed_in(other)
    reply = judging(client, enrolment, judged="not_met", note="HIS")
    told = reply.json()
    assert (reply.status_code, told["state"], told["mark"]["note"]) == (409, "clash", "HERS")
    for words in ("HERS", "HIS", "Ada Quill", 'name="use_1_1"', 'name="because_1_1"', "data-decide"):
        assert words in told["html"]
    reply = judging(client, enrolment, judged="not_met", note="HIS", base=told["base"])
    assert (reply.status_code, reply.json()["state"]) == (409, "unexplained")
    reply = judging(client, enrolment, judged="not_met", note="HIS", base=told["base"], because="Why.")
    assert reply.json()["state"] == "saved"
    assert standing("1_1").note == "HIS"


@pytest.mark.parametrize(
    ("sent", "status", "state"),
    [
        ({"judged": "splendid"}, 422, "refused"),
        ({"note": "x" * 2001}, 422, "refused"),
        ({"note": "nul\x00"}, 422, "refused"),
        ({"settled": "met"}, 422, "refused"),
        ({"device": "x"}, 400, "unreadable"),
        ({"sequence": -1}, 400, "unreadable"),
        ({"submission": "x"}, 400, "unreadable"),
        ({"submission": uuid4()}, 409, "over"),
        ({"name": "9_9"}, 422, "refused"),
        ({"name": f"1_{10**30}"}, 422, "refused"),
    ],
)
def test_what_is_no_judgement_is_said_and_saves_nothing(
    course: Course, trainer: Person, sent: dict[str, Any], status: int, state: str
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    reply = judging(signed_in(trainer), enrolment, **sent)
    assert (reply.status_code, reply.json()["state"]) == (status, state)
    assert reply.json()["message"]
    assert not CriterionMark.objects.exists()


@pytest.mark.parametrize("base", ["", "x", -1, 10**30])
def test_judgement_that_does_not_say_what_it_builds_on_writes_nothing_over(
    course: Course, trainer: Person, base: Any
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    assert judging(client, enrolment, base=base).json()["state"] == "saved"
    assert judging(client, enrolment, judged="not_met", base=base).json()["state"] == "clash"
    assert standing("1_1").judged == Judged.MET


def test_judgement_of_a_finalised_script_is_over(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    reply = judging(signed_in(trainer), enrolment, judged="not_met", base=1)
    assert (reply.status_code, reply.json()["state"]) == (409, "over")


def test_judging_is_for_trainers_of_the_course_alone(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    statuses = {
        404: [factories.associate(course.programme), factories.trainer_of(factories.course())],
        403: [enrolment.person, factories.commissioner(course.organisation), factories.admin()],
    }
    for status, people in statuses.items():
        for person in people:
            assert judging(signed_in(person), enrolment).status_code == status
    nobodys = reverse("assessments:judge", args=[uuid4(), 1, 1])
    assert signed_in(trainer).post(nobodys, {}).status_code == 404
    assert not CriterionMark.objects.exists()


def test_finalised_marks_are_read_with_who_and_when(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course, outcome=Outcome.NOT_YET)
    client = signed_in(trainer)
    html = client.get(page("mark", enrolment)).content.decode()
    assert "Marked by Ada Quill. Finalised on" in html
    assert 'name="judged_1_1"' not in html
    assert client.post(page("mark", enrolment), typed("met", base=1)).status_code == 409
    assert set(CriterionMark.objects.values_list("judged", flat=True)) == {Judged.NOT_MET}
