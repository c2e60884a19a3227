"""Exactly those get a letter whom docs/who-is-told.md names, and every act is named there."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.models.signals import post_save
from django.template import Template
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render

import accounts.actions
import assessments.answering.actions
import assessments.case_studies.actions
import assessments.marking.actions
import certification.actions
import courses.actions
import safeguarding.actions
from accounts.models import OutgoingEmail, Person
from certification.emails import tell_feedback_waits
from courses.actions import add_walk_in, decline, withdraw_enrolment
from courses.emails import contacts_of
from tests import factories as make
from tests.certification import outcomes
from tests.courses.factories import nominee
from tests.who_is_told.happenings import HAPPENINGS
from tests.who_is_told.table import told, told_nobody
from tests.who_is_told.world import NEW, World

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "emails"
LAYOUTS = {"base", "text"}
APPS = (
    accounts.actions,
    courses.actions,
    assessments.case_studies.actions,
    assessments.answering.actions,
    assessments.marking.actions,
    certification.actions,
    safeguarding.actions,
)


@contextmanager
def letters() -> Iterator[list[tuple[str, str]]]:
    """Every letter that is written meanwhile: to which address, and by which template."""
    found: list[tuple[str, str]] = []
    rendered: list[str] = []

    def note_template(template: Any, **_others: Any) -> None:
        folder, _, name = str(template.name).rpartition("/")
        if folder == "emails" and (stem := name.split(".")[0]) not in LAYOUTS:
            rendered.append(stem)

    def note_letter(instance: OutgoingEmail, created: bool, **_: Any) -> None:
        if created:
            found.append((instance.to_address, rendered[-1]))

    rendering = Template._render  # type: ignore[attr-defined]
    Template._render = instrumented_test_render  # type: ignore[attr-defined]
    template_rendered.connect(note_template)
    post_save.connect(note_letter, sender=OutgoingEmail)
    try:
        yield found
    finally:
        Template._render = rendering  # type: ignore[attr-defined]
        template_rendered.disconnect(note_template)
        post_save.disconnect(note_letter, sender=OutgoingEmail)


@pytest.mark.parametrize("happens", told())
def test_exactly_those_who_are_named_get_a_letter(happens: str) -> None:
    prepared, begun = HAPPENINGS[happens]
    world = World(begun=begun)
    act = prepared(world)
    with letters() as found:
        act()
    expected = [
        (address, row.template)
        for row in told()[happens]
        for address in set().union(*(world.people[who] for who in row.people))
    ]
    assert sorted(found) == sorted(expected)


def test_every_line_of_the_page_happens() -> None:
    assert set(HAPPENINGS) == set(told())


def test_every_act_is_on_the_page() -> None:
    """A new action says who is told, or why nobody is."""
    acts = {
        f"{module.__name__.split('.')[0]}.{name}"
        for module in APPS
        for name in module.__all__
        if inspect.isfunction(act := getattr(module, name)) and _changes_something(act)
    }
    named = {row.action for rows in told().values() for row in rows} | set(told_nobody())
    assert acts - named == set()
    exists = {f"{module.__name__.split('.')[0]}.{name}" for module in APPS for name in dir(module)}
    assert named - exists - {"accounts.signing_in"} == set()


def _changes_something(function: Any) -> bool:
    """An action takes everything by name and says who acts, or is one transaction."""
    taken = inspect.signature(function).parameters.values()
    by_name = bool(taken) and all(one.kind is inspect.Parameter.KEYWORD_ONLY for one in taken)
    return by_name and ("by" in inspect.signature(function).parameters or hasattr(function, "__wrapped__"))


def test_every_letter_is_on_the_page() -> None:
    """A template of a letter that nobody is told by, or that the page does not know, fails."""
    written = {path.stem for path in TEMPLATES.iterdir()} - LAYOUTS
    assert written == {row.template for rows in told().values() for row in rows}


# --- Who reads it ----------------------------------------------------------------------------------------


def test_letter_to_a_joined_account_goes_to_the_account_that_is_read() -> None:
    follow_up = outcomes.follow_up(make.course())
    joined, kept = follow_up.enrolment.person, make.PersonFactory.create(name="Zoë Now")
    Person.objects.filter(pk=joined.pk).update(is_active=False, merged_into=kept)
    follow_up.enrolment.person.refresh_from_db()
    with letters() as found:
        tell_feedback_waits(follow_up)
    assert found == [(kept.email, "outcome_to_read")]


def test_nobody_handles_their_own_on_another_account() -> None:
    organisation = make.OrganisationFactory.create()
    kept, colleague = make.commissioner(organisation), make.commissioner(organisation)
    joined = make.PersonFactory.create(is_active=False, merged_into=kept)
    assert contacts_of(organisation, but=joined) == [colleague]


def test_sponsor_without_another_contact_is_spoken_for_by_the_staff_of_now() -> None:
    world = World(begun=False)
    left = make.commissioner(make.OrganisationFactory.create())
    organisation = left.memberships.get().organisation
    assert contacts_of(organisation, but=left) == world.admins


def test_sponsor_hears_nothing_of_a_walk_in_who_declines() -> None:
    world = World(begun=True)
    who = nominee(email=NEW)
    made = add_walk_in(course=world.course, nominee=who, sponsor=world.organisation, by=world.trainers[0])
    with letters() as found:
        decline(token=made.token)
    assert found == []


def test_place_given_up_twice_is_told_once() -> None:
    world = World(begun=True)
    with letters() as found:
        for _ in range(2):
            withdraw_enrolment(enrolment=world.enrolment, by=world.person)
    assert len(found) == len(set(found)) == 4
