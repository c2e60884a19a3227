"""Every page of the agreement at 320 and 1280 pixels: axe finds nothing, nothing runs off the side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Version
from courses.models import Course
from tests import factories
from tests.assessments.case_studies import versions as make
from tests.stack import Stack

WIDTHS = (1280, 320)


@transaction.atomic
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


def as_(person: Person, open_page: Callable[..., Page], width: int, url: str) -> Page:
    """A browser of this width in which `person` is signed in."""
    client = Client()
    client.force_login(person)
    page = open_page(viewport={"width": width, "height": 900})
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    return page


def test_pages_are_accessible_on_a_phone_and_a_desk(
    new_page: Callable[..., Page], live_stack: Stack, axe: Callable[..., None]
) -> None:
    version, course, people = world()
    objection = version.objections.get()

    def at(name: str, *more: object) -> str:
        return reverse(f"assessments:version_{name}", args=[version.uuid, *more])

    in_force = Version.objects.in_force().get()
    pages = {
        "admin": [
            at("agreement"),
            at("freeze"),
            at("unavailable"),
            at("changes"),
            f"{at('changes')}?since={people['lapsed'].uuid}",
            f"{at('changes')}?passage={make.passage(version, 2)}",
            at("objection", objection.uuid),
            at("objection_close", objection.uuid),
            reverse("assessments:publish", args=[course.uuid]),
            reverse("assessments:move_pin", args=[course.uuid, in_force.uuid]),
            reverse("home"),
        ],
        "lapsed": [at("agreement"), at("agree"), at("object"), at("changes"), reverse("home")],
        "agreed": [at("agreement")],
        "objects": [at("agreement"), at("objection", objection.uuid), reverse("home")],
    }
    for width in WIDTHS:
        for role, paths in pages.items():
            page = as_(people[role], new_page, width, live_stack.url)
            for path in paths:
                answer = page.goto(path)
                assert answer is not None
                assert answer.status == 200, path
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                axe(page)
