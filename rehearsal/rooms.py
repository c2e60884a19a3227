"""The rooms that are rehearsed in: a programme of their own, one course each, made in the database itself."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from assessments.answering.addresses import code_of
from assessments.case_studies.kinds import PLAIN, kind_of
from assessments.models import Answer, Question, Submission, Version
from bench.data import CSRF, cookies_of, enrol
from courses.models import Course, Enrolment, Programme
from rehearsal.texts import Asked
from tests import factories

KINDS = (PLAIN, PLAIN, "domain-profile", PLAIN)


@dataclass(frozen=True)
class Member:
    """One participant.

    Attributes:
        cookies: of a session made for them; empty where they sign in themselves.
    """

    enrolment: UUID
    email: str
    cookies: dict[str, str]


@dataclass(frozen=True)
class MadeRoom:
    """One course, opened to answer."""

    course: UUID
    trainer_cookies: dict[str, str]
    members: list[Member]
    # Its page that takes a code from the trainer.
    room_code: str


@dataclass
class Saver:
    """Somebody who does nothing but save one written answer, of ours or of the floor's."""

    enrolment: UUID
    submission: UUID
    cookies: str
    number: int
    device: UUID
    revision: int = 1


class Rooms:
    """What a rehearsal needs in the database, made now."""

    def __init__(self) -> None:
        # What was rehearsed in this database before has numbers too.
        for factory in (factories.PersonFactory, factories.ProgrammeFactory, factories.OrganisationFactory):
            factory.reset_sequence(secrets.randbelow(10**9) + 1, force=True)
        self.programme: Programme = factories.ProgrammeFactory.create()
        self.version: Version = factories.version(self.programme, kinds=KINDS)
        self.organisation = factories.OrganisationFactory.create()
        self.questions = [
            _asked(each) for each in Question.objects.filter(version=self.version).order_by("number")
        ]

    def room(self, number: int, people: int, *, by_code: bool) -> MadeRoom:
        """A course with `people` on it, whose questions are open.

        Args:
            by_code: nobody has a session yet; all sign in by an emailed code.
        """
        course, enrolments = self._opened(f"Rehearsal, room {number}", people)
        members = [
            Member(each.uuid, each.person.email, {} if by_code else _jar(cookies_of(each.person)))
            for each in enrolments
        ]
        room_code = reverse("assessments:room_code", args=[code_of(course.number)])
        return MadeRoom(course.uuid, _jar(cookies_of(factories.trainer_of(course))), members, room_code)

    def savers(self, count: int) -> list[Saver]:
        """`count` people who answered one question once."""
        course, enrolments = self._opened("Rehearsal, saving alone", count)
        asked = Question.objects.filter(version=self.version, kind=PLAIN).order_by("number")[0]
        submissions = Submission.objects.bulk_create(
            Submission(enrolment=each, course=course, version=self.version) for each in enrolments
        )
        Answer.objects.bulk_create(
            Answer(
                submission=each,
                version=self.version,
                question=asked,
                text="The first words.",
                saved_at=timezone.now(),
            )
            for each in submissions
        )
        return [
            Saver(
                enrolment.uuid,
                submission.uuid,
                cookies_of(enrolment.person),
                asked.number,
                UUID(bytes=secrets.token_bytes(16)),
            )
            for enrolment, submission in zip(enrolments, submissions, strict=True)
        ]

    def _opened(self, title: str, people: int) -> tuple[Course, Sequence[Enrolment]]:
        course = factories.course(
            programme=self.programme, organisation=self.organisation, title=title, capacity=max(30, people)
        )
        factories.sitting(course)
        return course, enrol(course, people, by=course.created_by, trainer=factories.trainer_of(course))


def _asked(question: Question) -> Asked:
    kind = kind_of(question.kind)
    if question.kind == PLAIN:
        return Asked(question.number)
    field = next(field for field in kind.fields(question.settings) if field.is_text)
    return Asked(question.number, field.name, is_plain=False)


def _jar(cookies: str) -> dict[str, str]:
    return dict(each.split("=", 1) for each in cookies.split("; "))


__all__ = ["CSRF", "MadeRoom", "Member", "Rooms", "Saver"]
