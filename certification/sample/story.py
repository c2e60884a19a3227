"""What happened in the demo before it was opened, told by the actions themselves under a moved clock."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction
from django.utils import timezone

from accounts.actions import appoint_staff, create_organisation, invite_commissioner, publish_legal_text
from accounts.legal import GAP, model_text
from accounts.models import Organisation, OutgoingEmail, Person
from accounts.states import LegalPage
from assessments.answering.actions import publish_course
from assessments.case_studies.actions import agree, freeze_version, import_version, propose_version
from certification.actions import publish_branding
from certification.artwork import read_artwork
from certification.sample.people import Part, take_part
from certification.sample.reading import HERE, SampleContext, case_study, read
from courses.actions import (
    SessionTimes,
    assign_associate,
    create_course,
    grant_licence,
)
from courses.models import Course, Programme
from courses.states import Delivery


def is_told() -> bool:
    """Whether the story was told to its end: it is told in one transaction."""
    return Organisation.objects.filter(
        name=read("people.yaml")["organisations"]["northmoor"]["name"]
    ).exists()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock stands at `moment`, and goes on from there."""
    with time_machine.travel(moment, tick=True):
        yield


class Story:
    """Tells the sample data, from the first organisation to what waits today.

    Args:
        say: told what is being written, for whoever waits.
    """

    def __init__(self, say: Callable[[str], Any] = lambda line: None) -> None:
        self.say = say
        self.told = read("people.yaml")
        self.answers = read("answers.yaml")
        self.now = timezone.now()
        self.people: dict[str, Person] = {}
        self.context = SampleContext(self.now, self.people, self.answers)
        self.organisations: dict[str, Organisation] = {}
        self.turns = itertools.count()

    @transaction.atomic
    def tell(self) -> None:
        """Everything, in one transaction: a story that breaks off leaves nothing."""
        self.say("People, organisations and licences …")
        with at(self.now - timedelta(days=120)):
            self.introduce()
            self.publish_legal_pages()
            self.choose_who_signs()
        with at(self.now - timedelta(days=100)):
            self.agree_on_case_studies()
        for part, days, line in (
            (self.past_course, 60, "A course of three weeks ago …"),
            (self.course_abroad, 50, "A course abroad …"),
            (self.course_today, 40, "Today’s course …"),
        ):
            self.say(line)
            part(self.now - timedelta(days=days))
        # What was written until now was sent in its own time; only today's letters go out.
        OutgoingEmail.objects.filter(
            created_at__lt=self.now - timedelta(days=1), sent_at__isnull=True
        ).update(text="", html="", sent_at=self.now)
        self.say("Next month’s course …")
        self.course_next_month(self.now - timedelta(hours=20))

    # --- Who there is -------------------------------------------------------------------------

    def introduce(self) -> None:
        first = None
        for key, who in self.told["admins"].items():
            self.people[key] = appoint_staff(name=who["name"], email=who["email"], by=first).person
            first = first or self.people[key]
        admin = self.people["grace"]
        for key, row in self.told["organisations"].items():
            self.organisations[key] = create_organisation(**row, by=admin)
        for key, who in self.told["commissioners"].items():
            membership = invite_commissioner(
                organisation=self.organisations[who["organisation"]],
                name=who["name"],
                email=who["email"],
                by=admin,
            )
            self.people[key] = membership.person
        for key, who in self.told["associates"].items():
            for code, countries in who["licences"].items():
                for country in countries:
                    licence = grant_licence(
                        name=who["name"],
                        email=who["email"],
                        programme=Programme.objects.get(code=code),
                        country=country,
                        valid_from=timezone.localdate(),
                        valid_until=None,
                        by=admin,
                    )
                    self.people[key] = licence.associate

    def publish_legal_pages(self) -> None:
        fills = read("legal.yaml")
        for page in LegalPage:
            words = iter(fills[page])
            text = GAP.sub(lambda _gap: next(words), model_text(page))  # noqa: B023  # used at once
            publish_legal_text(page=page, text=f"{fills['opens']}\n\n{text}", by=self.people["grace"])

    def choose_who_signs(self) -> None:
        # Without a mark: The AIM Project's own is not ours to draw.
        publish_branding(
            mark=None,
            signatory="Dan Fairweather",
            role="Director of Training (demo)",
            signature=read_artwork((HERE / "signature.svg").read_bytes()),
            by=self.people["grace"],
        )

    def agree_on_case_studies(self) -> None:
        for name in ("aim3.yaml", "under12s.yaml"):
            version = import_version(content=case_study(name), by=self.people["grace"])
            propose_version(version=version, by=self.people["grace"])
            for key, who in self.told["associates"].items():
                if version.case_study.programme.code in who["licences"]:
                    agree(version=version, by=self.people[key])
            freeze_version(version=version, by=self.people["martin"])

    # --- The courses ----------------------------------------------------------------------------

    def arrange(
        self,
        title: str,
        *,
        code: str,
        organisation: str,
        trainers: list[str],
        sessions: list[SessionTimes],
        **more: Any,
    ) -> Course:
        """Create, staff and publish a course."""
        commissioned_by = self.organisations[organisation]
        programme = Programme.objects.get(code=code)
        course = create_course(
            programme=programme,
            title=title,
            organisation=commissioned_by,
            sessions=sessions,
            by=self.people["grace"],
            **{
                "country": commissioned_by.country,
                "time_zone": commissioned_by.time_zone,
                "delivery": Delivery.IN_PERSON,
                "capacity": 30,
                "experience_sought": programme.experience_sought,
                **more,
            },
        )
        for trainer in trainers:
            assign_associate(course=course, associate=self.people[trainer], by=self.people["grace"])
        publish_course(course=course, by=self.people["grace"])
        return course

    def days(self, zone: str, *ago: int) -> list[SessionTimes]:
        """A morning and an afternoon on each of these days before today, in `zone`."""
        tz = ZoneInfo(zone)
        today = self.now.astimezone(tz).date()
        return [
            SessionTimes(
                datetime.combine(today - timedelta(days=days), time(first, 30), tz),
                datetime.combine(today - timedelta(days=days), time(last, 30), tz),
            )
            for days in ago
            for first, last in ((9, 12), (13, 16))
        ]

    def past_course(self, begun: datetime) -> None:
        sessions = self.days("Europe/London", 22, 21)
        with at(begun):
            course = self.arrange(
                "AIM3, Northmoor, autumn",
                code="aim3",
                organisation="northmoor",
                trainers=["ruth", "sam"],
                sessions=sessions,
                venue="Training suite 2, Northmoor County Hall",
            )
        self.play(course, "past", "helen", begun)

    def course_abroad(self, begun: datetime) -> None:
        with at(begun):
            course = self.arrange(
                "AIM3, Te Awa, online",
                code="aim3",
                organisation="te_awa",
                trainers=["aroha"],
                sessions=self.days("Pacific/Auckland", 11, 10),
                delivery=Delivery.ONLINE,
                venue="A link is sent to everyone enrolled on the morning of the course.",
            )
        self.play(course, "abroad", "mere", begun)

    def course_today(self, begun: datetime) -> None:
        zone = ZoneInfo("Europe/London")
        midnight = datetime.combine(self.now.astimezone(zone).date(), time(), zone)
        # Whenever the demo is opened, it is the end of this day: its last session is over, some people
        # still write, the trainer marks, and the first outcomes are with The AIM Project.
        begins = max(midnight, self.now - timedelta(hours=5))
        starts, ends = (begins + (self.now - begins) * part for part in (0.02, 0.88))
        with at(begun):
            course = self.arrange(
                "AIM3, Leeds",
                code="aim3",
                organisation="northmoor",
                trainers=["ruth", "sam"],
                sessions=[
                    *self.days("Europe/London", 1),
                    SessionTimes(starts, ends),
                ],
                venue="Room 4, Wharfside Centre, Leeds",
            )
        self.play(course, "today", "helen", begun)

    def course_next_month(self, begun: datetime) -> None:
        zone = ZoneInfo("Europe/London")
        day = (self.now.astimezone(zone) + timedelta(days=30)).date()
        with at(begun):
            course = self.arrange(
                "AIM Under 12s, Northmoor, winter",
                code="under12s",
                organisation="northmoor",
                trainers=["ruth"],
                capacity=10,
                sessions=[
                    SessionTimes(
                        datetime.combine(day, time(first, 30), zone),
                        datetime.combine(day, time(last, 30), zone),
                    )
                    for first, last in ((9, 12), (13, 16))
                ],
                venue="Training suite 2, Northmoor County Hall",
            )
        self.play(course, "next_month", "omar", begun)

    def play(self, course: Course, group: str, commissioner: str, begun: datetime) -> None:
        """Everyone of `group` takes their part in `course`."""
        parts = [
            Part(name, job_role, years, word, turn=next(self.turns))
            for name, job_role, years, word in self.told[group]
        ]
        take_part(self.context, course, parts, commissioner=self.people[commissioner], begun=begun)
