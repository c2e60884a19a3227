"""The marking list: what is next, first what needs doing first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.answering.actions import begin_transcription
from assessments.marking import actions
from assessments.models import Marking, Recommendation
from assessments.states import Judged, Outcome
from courses.models import Course
from tests import factories
from tests.assessments.marking.scripts import enrolled, page, signed_in
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.mark.whole_run
@pytest.mark.parametrize("people", [1, 3, 300])
def test_any_number_of_people_takes_as_many_queries(course: Course, trainer: Person, people: int) -> None:
    for number in range(people):
        enrolment = factories.enrolment(course)
        if number % 2 == 0:
            marking = factories.marking(factories.submission(enrolment), marker=trainer)
            factories.recommendation(enrolment, marking=marking, finalised=False)
    client = signed_in(trainer)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("assessments:marking", args=[course.uuid]))
    assert flat(response.text).count('<tr><th scope="row">') == people
    assert len(queries) == 8


def test_the_list_says_what_is_next_with_what_needs_doing_first(course: Course, trainer: Person) -> None:
    factories.sitting(course, closed=True)
    absent = factories.enrolment(course, factories.PersonFactory.create(name="Absent Abe"))
    factories.marking(factories.submission(absent))
    factories.recommendation(absent, marking=Marking.objects.get(), finalised=False)
    done = factories.recommended(course, person=factories.PersonFactory.create(name="Done Dora"))
    unsubmitted = enrolled(course, "Nothing Nia")
    new = enrolled(course, "New Ned")
    factories.submission(new)
    returned = factories.recommended(course, person=factories.PersonFactory.create(name="Returned Ros"))
    actions.begin_round(enrolment=returned, because="Why?", by=factories.admin())
    marked = enrolled(course, "Marked Mo")
    factories.marking(factories.submission(marked), judged=Judged.NOT_MET)
    talk = enrolled(course, "Talk Tess")
    marking = factories.marking(factories.submission(talk), judged=Judged.NOT_MET)
    Recommendation.objects.create(
        enrolment=talk,
        outcome=Outcome.NOT_YET,
        reasons=["understanding"],
        marking=marking,
        submission=marking.submission,
        recommended_by=trainer,
    )
    html = flat(signed_in(trainer).get(reverse("assessments:marking", args=[course.uuid])).text)
    rows = re.findall(
        r'<tr><th scope="row"><a href="[^"]+">([^<]+)</a>.*?<td data-label="Next">(.*?)</td>', html
    )
    said = [(name, re.sub("<span.*?</span>|<[^>]+>", "", words)) for name, words in rows]
    assert said == [
        ("Returned Ros", "Answer The AIM Project"),
        ("New Ned", "Mark"),
        ("Marked Mo", "Recommend an outcome"),
        ("Nothing Nia", "Say why not assessed"),
        ("Talk Tess", "Record the conversation"),
        ("Absent Abe", "Waits for full attendance"),
        ("Done Dora", "With The AIM Project"),
    ]
    assert page("conversation", talk) in html
    assert page("mark", done) in html
    assert page("recommend", unsubmitted) in html


def test_the_list_waits_for_answers_that_are_typed_in_from_paper(course: Course, trainer: Person) -> None:
    factories.sitting(course, closed=True)
    written = enrolled(course, "Paper Pat")
    begin_transcription(enrolment=written, reason="No network.", by=trainer)
    html = signed_in(trainer).get(reverse("assessments:marking", args=[course.uuid])).content.decode()
    assert "Waits for their answers" in html
    assert "Say why not assessed" not in html


def test_nobody_is_shown_as_there_to_the_end_before_the_end(course: Course, trainer: Person) -> None:
    """What the pages show of attendance is what the one rule says of it."""
    enrolment = enrolled(course)
    marking = factories.marking(factories.submission(enrolment), marker=trainer)
    factories.recommendation(enrolment, marking=marking, finalised=False)
    client = signed_in(trainer)

    def read() -> tuple[str, str, str]:
        listed = flat(client.get(reverse("assessments:marking", args=[course.uuid])).text)
        return listed, *(flat(client.get(page(name, enrolment)).text) for name in ("mark", "recommend"))

    course.sessions.filter(number=2).update(ends_at=timezone.now() + timedelta(minutes=5))
    listed, script, outcome = read()
    for html in (script, outcome):
        assert "<dt>Sessions attended</dt><dd>2 of 2 so far</dd>" in html
    assert '<strong class="tag tag-waiting">Sessions so far: 2 of 2</strong>' in listed
    assert "Waits for full attendance" in listed
    assert "It can be finalised once the last session has ended" in outcome
    assert "Go on to finalise" not in outcome
    course.sessions.filter(number=2).update(ends_at=timezone.now())
    listed, script, outcome = read()
    assert '<strong class="tag tag-good">Full attendance</strong>' in listed
    assert "<dt>Sessions attended</dt><dd>2 of 2</dd>" in script
    assert "Go on to finalise" in outcome
    assert "so far" not in listed + script + outcome


def test_an_admin_reads_the_list_and_is_offered_nothing_to_do(course: Course) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    html = (
        signed_in(factories.admin()).get(reverse("assessments:marking", args=[course.uuid])).content.decode()
    )
    assert "Zoë O’Neill" in html
    assert page("recommend", enrolment) not in html
    assert "Trainers of this course mark and recommend" in html


def test_an_empty_list_says_who_will_appear(course: Course, trainer: Person) -> None:
    response = signed_in(trainer).get(reverse("assessments:marking", args=[course.uuid]))
    assert "Nobody is enrolled yet." in response.content.decode()
