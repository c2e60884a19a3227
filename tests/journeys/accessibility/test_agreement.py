"""The agreement on a version with all that can be said about it: its pages are accessible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Version
from courses.models import Course
from tests import factories
from tests.assessments.case_studies import versions as make
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db


def world() -> tuple[Version, Course, dict[str, Person]]:
    """One version in force, the next with all that can be said about it, a course that can be moved."""
    admin = factories.admin(name="Grace Adeyemi")
    programme = factories.ProgrammeFactory.create(name="AIM3")
    ruth, aroha, sam = (
        factories.associate(programme, country, name=name)
        for country, name in (("GB", "Ruth Calder"), ("NZ", "Aroha Tamatea"), ("GB", "Sam Whitlock"))
    )
    piers = factories.associate(programme, "IE", name="Piers Langdale")
    first = make.proposed(programme, admin)
    make.all_agree(first, ruth, aroha, sam, piers)
    actions.freeze_version(version=first, by=admin)
    course = factories.course(
        programme=programme, trainers=[ruth], starts=timezone.now() + timedelta(days=9), title="AIM3, Leeds"
    )
    between = make.proposed(programme, admin, title="Robin: the second")
    make.all_agree(between, ruth, aroha, sam, piers)
    actions.freeze_version(version=between, by=admin)
    second = make.proposed(programme, admin, sections=4, words=60, title="Robin, told anew: a fictional case")
    make.all_agree(second, ruth, aroha)
    objection = actions.object_to(
        version=second, passage=make.passage(second, 2), reason="It names a school.\n\nPlease do not.", by=sam
    )
    actions.reply_to_objection(objection=objection, text="Is the street enough?", by=admin)
    body = second.sections.get(number=2).body
    make.change_section(
        second, number=2, body=body.replace("word2x7", "another").replace("word2x9 ", "") + "\n\nAnd more."
    )
    make.change_section(second, number=3, title="Another title")
    second.refresh_from_db()
    make.all_agree(second, aroha)
    today = timezone.localdate()
    actions.record_unavailable(
        programme=programme,
        associate=piers,
        from_on=today,
        until_on=today + timedelta(days=20),
        reason="On leave.",
        by=admin,
    )
    return second, course, {"admin": admin, "lapsed": ruth, "agreed": aroha, "objects": sam}


def test_pages_of_the_agreement(wrong: Callable[..., list[str]]) -> None:
    version, course, people = world()
    objection = version.objections.get()
    of = "assessments:version_"
    agreement, home, changes = at(f"{of}agreement", version), at("home"), at(f"{of}changes", version)
    about = at(f"{of}objection", version, objection)
    pages = {
        "admin": [
            agreement,
            at(f"{of}freeze", version),
            at(f"{of}unavailable", version),
            changes,
            f"{changes}?since={people['lapsed'].uuid}",
            f"{changes}?passage={make.passage(version, 2)}",
            about,
            at(f"{of}objection_close", version, objection),
            at("assessments:publish", course),
            at("assessments:move_pin", course, Version.objects.in_force().get()),
            home,
        ],
        "lapsed": [agreement, at(f"{of}agree", version), at(f"{of}object", version), changes, home],
        "agreed": [agreement],
        "objects": [agreement, about, home],
    }
    for role, paths in pages.items():
        browser = Client()
        browser.force_login(people[role])
        for path in paths:
            assert browser.get(path).status_code == 200, (role, path)
        assert not wrong(browser, *paths)
