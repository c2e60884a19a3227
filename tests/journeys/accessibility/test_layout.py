"""What lies where: on the board, in lists on a phone, under a bar that stays, and below a form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from courses.actions import Entry, take_register
from courses.states import Presence
from tests import factories
from tests.journeys.accessibility.asking import asked, at
from tests.journeys.accessibility.looking import Looking
from tests.journeys.accessibility.test_lists import crowded, named_at_length
from tests.journeys.accessibility.test_the_room import crowd

pytestmark = pytest.mark.django_db

# How many rows the questions of each seat take.
ROWS = """() => [...document.querySelectorAll(".seat .steps")].map(
    steps => new Set([...steps.children].map(each => Math.round(each.getBoundingClientRect().top))).size)"""
# Of words that are cut off or stand over the edge of their box.
OVER = """() => [...document.querySelectorAll(".step")].filter(
    each => each.scrollWidth > each.clientWidth).length"""
# Where the words of each row's state end.
ENDS = """() => [...document.querySelectorAll(".task-list > li > .tag")].map(
    each => Math.round(each.getBoundingClientRect().right))"""
# Everything that takes the focus, brought under the bar at the foot of the window: how many lay under it,
# and how many still do once they have the focus.
UNDER_THE_BAR = """() => {
    const bar = document.querySelector(".register-save, .save-bar");
    const middle = element => {
        const there = element.getBoundingClientRect();
        return there.top + there.height / 2;
    };
    const under = element => {
        const there = bar.getBoundingClientRect();
        return middle(element) > there.top && middle(element) < there.bottom;
    };
    const found = [0, 0];
    for (const each of document.querySelectorAll("main form :is(input, textarea, summary, a)")) {
        if (!each.checkVisibility()) continue;
        document.activeElement.blur();
        window.scrollBy(0, middle(each) - middle(bar));
        if (!under(each)) continue;
        each.focus();
        found[0] += 1;
        found[1] += under(each);
    }
    return found;
}"""
# How far the way back stands from the left edge of what it leads back from.
APART = """() => Math.round(document.querySelector(".back").getBoundingClientRect().left
    - document.querySelector("main").getBoundingClientRect().left)"""
# How many pixels of each table are not in sight.
OUT_OF_SIGHT = (
    """() => [...document.querySelectorAll(".table-wrap")].map(each => each.scrollWidth - each.clientWidth)"""
)
# What stands less than this many pixels below a button, and is no button.
CLINGING = """() => [...document.querySelectorAll("main .btn")].flatMap(button =>
    [...document.querySelectorAll("main :is(p, summary, .inset)")]
        .filter(each => each.checkVisibility() && !each.contains(button) && !button.contains(each))
        .filter(each => {
            const gap = each.getBoundingClientRect().top - button.getBoundingClientRect().bottom;
            return gap >= 0 && gap < 12;
        })
        .map(each => each.textContent.trim().slice(0, 60)))"""


def shown_to(person: Person, path: str) -> HttpResponse:
    client = Client()
    client.force_login(person)
    return asked(client, path)


def test_eight_questions_stand_beside_one_another_on_the_board(looking: Looking) -> None:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, questions=8)
    course = factories.course(programme=programme)
    factories.sitting(course)
    crowd(course)
    path = at("assessments:board", course)
    page = shown_to(factories.trainer_of(course), path)
    for width in (390, 1280, 1440, 1920):
        assert set(looking.measured(path, page, width, ROWS)) == {1}, width
        assert looking.measured(path, page, width, OVER) == 0, width


def test_what_is_done_of_each_question_stands_in_one_column_on_a_phone(looking: Looking) -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme, questions=3, frozen=False)
    version.questions.filter(number=2).update(
        title="What would you want to know about Robin’s family, and why?"
    )
    factories.freeze(version)
    enrolment = factories.enrolment(factories.course(programme=programme))
    factories.sitting(enrolment.course)
    factories.submission(enrolment, submitted=False, answers=["One.", ""])
    path = at("assessments:task_list", enrolment)
    page = shown_to(enrolment.person, path)
    for width in (320, 390):
        ends = looking.measured(path, page, width, ENDS)
        assert len(ends) == 3
        assert len(set(ends)) == 1, ends


def test_what_has_the_focus_is_never_under_the_bar_that_stays(looking: Looking) -> None:
    course = factories.course(starts=timezone.now() - timedelta(hours=5))
    people = crowd(course)
    sent = factories.enrolment(course, attended=True)
    factories.submission(sent)
    trainer = factories.trainer_of(course)
    for path, at_least in (
        (at("courses:register_session", course, 1), 3 * len(people)),
        (at("assessments:mark", course, sent), 4),
    ):
        page = shown_to(trainer, path)
        for width in (390, 1280):
            before, after = looking.measured(path, page, width, UNDER_THE_BAR)
            assert before >= at_least, (path, width)
            assert not after, (path, width)


def test_way_back_stands_above_what_it_leads_back_from(looking: Looking) -> None:
    enrolment = factories.enrolment(factories.course())
    path = at("courses:certificate_name", enrolment.course, enrolment)
    page = shown_to(enrolment.person, path)
    for width in (390, 1280):
        assert looking.measured(path, page, width, APART) == 0, width


def test_nothing_clings_to_the_buttons_above_it(looking: Looking) -> None:
    course = factories.course(starts=timezone.now() - timedelta(hours=5))
    sent = factories.enrolment(course, attended=True)
    factories.submission(sent)
    absent = factories.enrolment(course)
    trainer = factories.trainer_of(course)
    entry = Entry(enrolment=absent, presence=Presence.ABSENT)
    take_register(session=course.sessions.get(number=1), entries=[entry], by=trainer)
    for person, path in (
        (absent.person, at("assessments:my_adjustments", absent)),
        (absent.person, at("assessments:task_list", absent)),
        (trainer, at("assessments:recommend", course, sent)),
        (trainer, at("assessments:person", course, absent)),
        (trainer, at("courses:register_entry", course, 1, absent)),
    ):
        page = shown_to(person, path)
        assert page.status_code == 200, path
        for width in (390, 1280):
            assert not looking.measured(path, page, width, CLINGING), (path, width)


def test_lists_have_the_width_of_a_tablet(looking: Looking) -> None:
    course, admin = crowded(3)
    for number in range(2):
        factories.nomination(course, email=f"a.{number}@northamptonshire-childrens-services.example")
    named_at_length(course)
    trainer, commissioner = factories.trainer_of(course), factories.commissioner(course.organisation)
    pages = {
        at("assessments:marking", course): trainer,
        at("courses:nominations", course): commissioner,
        at("certification:results", course): commissioner,
        at("certification:follow_ups"): admin,
        at("certification:course_queue", course): admin,
        at("certification:certificates"): admin,
    }
    for path, person in pages.items():
        hidden = looking.measured(path, shown_to(person, path), 820, OUT_OF_SIGHT)
        assert hidden, path
        assert max(hidden) <= 0, (path, hidden)
