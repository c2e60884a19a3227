"""What the bench measures on: the sample case study, and courses with as many people as a row count asks."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies.kinds import PLAIN, kind_of
from assessments.marking.piles import answer_code
from assessments.models import (
    Answer,
    Criterion,
    CriterionMark,
    Marking,
    Question,
    Recommendation,
    Submission,
    Version,
)
from assessments.states import Judged, Outcome
from bench.load import Ask
from certification.actions import approve
from certification.models import Certificate
from certification.sample.story import Story
from courses.models import Course, Enrolment, Nomination, Programme, RegisterEntry
from courses.states import Presence
from tests import factories

ANSWER = "The concern is repeated, and has grown since the move; the strength is that an adult is told. " * 8
# The same for both servers: Django takes a token that is not masked.
CSRF = "b" * 32


@dataclass
class Answering:
    """One person with an open submission, signed in."""

    enrolment: Enrolment
    cookies: str
    # Of a question with a written answer, as the floor's is.
    number: int
    revision: int = 1

    def page(self) -> Ask:
        return Ask(f"/my/{self.enrolment.uuid}/questions/{self.number}/", self.cookies)

    def save(self) -> Ask:
        """A save that builds on the one before."""
        form = {
            "csrfmiddlewaretoken": CSRF,
            "text": f"{ANSWER}{secrets.token_hex(8)}",
            "base_revision": str(self.revision),
            "then": "next",
        }
        self.revision += 1
        return Ask(f"/my/{self.enrolment.uuid}/questions/{self.number}/", self.cookies, form, expected=302)

    def submit(self) -> Ask:
        key = f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-4000-8000-{secrets.token_hex(6)}"
        form = {"csrfmiddlewaretoken": CSRF, "declared": "on", "idempotency_key": key}
        return Ask(f"/my/{self.enrolment.uuid}/submit/", self.cookies, form, expected=302)


@dataclass
class Marked:
    """One script of a course that is being marked, and the judgement of one criterion of it."""

    enrolment: Enrolment
    submission: Submission
    question: Question
    cookies: str
    device: str
    revision: int = 1

    def script(self) -> Ask:
        return Ask(f"/courses/{self.enrolment.course.uuid}/marking/{self.enrolment.uuid}/", self.cookies)

    def answer(self) -> Ask:
        code = answer_code(self.question.uuid, self.submission.uuid)
        course = self.enrolment.course.uuid
        return Ask(f"/courses/{course}/marking/questions/{self.question.number}/{code}/", self.cookies)

    def judge(self) -> Ask:
        """A judgement that builds on the one before."""
        name = f"{self.question.number}_1"
        form = {
            "csrfmiddlewaretoken": CSRF,
            "submission": str(self.submission.uuid),
            "device": self.device,
            "sequence": str(self.revision),
            f"judged_{name}": (Judged.MET, Judged.NOT_MET)[self.revision % 2],
            f"note_{name}": f"{secrets.token_hex(8)}: it names what the young person is good at.",
            f"base_{name}": str(self.revision),
        }
        self.revision += 1
        return Ask(f"/marking/{self.enrolment.uuid}/{self.question.number}/1/", self.cookies, form)


def answer_to(question: Question) -> str:
    """`ANSWER` as it is kept: whole, or its words shared out over the fields of another kind."""
    kind = kind_of(question.kind)
    fields = kind.fields(question.settings)
    share = len(ANSWER) // len(fields)
    values = {
        field.name: ANSWER[place * share :][:share] if field.is_text else field.options[0].value
        for place, field in enumerate(fields)
    }
    return kind.text_of(values, question.settings)


def cookies_of(person: Person) -> str:
    """The cookies of a new session of `person`, with the CSRF token's beside it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}; csrftoken={CSRF}"


def enrol(course: Course, count: int, *, by: Person, trainer: Person) -> list[Enrolment]:
    """`count` people on `course`, who were there all the time."""
    start, now = secrets.token_hex(4), timezone.now()
    people = Person.objects.bulk_create(
        Person(name=f"Person {n}", email=f"{start}.{n}@people.example", password="!") for n in range(count)
    )
    nominations = Nomination.objects.bulk_create(
        Nomination(
            course=course,
            sponsor_organisation=course.organisation,
            name=person.name,
            email=person.email,
            job_role="Social worker",
            years_experience=3,
            nominated_by=by,
            token_sha256=hashlib.sha256(person.email.encode()).hexdigest(),
            token_expires_at=now + timedelta(days=30),
        )
        for person in people
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            course=course,
            person=person,
            nomination=nomination,
            sponsor_organisation=course.organisation,
            certificate_name=person.name,
            expectations_version="1",
            sponsor_confirmed_at=now,
            sponsor_confirmed_by=by,
        )
        for person, nomination in zip(people, nominations, strict=True)
    )
    RegisterEntry.objects.bulk_create(
        RegisterEntry(
            course=course,
            enrolment=enrolment,
            session=session,
            presence=Presence.PRESENT,
            recorded_by=trainer,
        )
        for enrolment in enrolments
        for session in course.sessions.all()
    )
    return enrolments


class Data:
    """Everything that the asks need. Rows are made in bulk: what is measured is reading and saving."""

    def __init__(self) -> None:
        call_command("load_programmes", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115
        call_command("load_framework", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115
        story = Story()
        story.introduce()
        story.agree_on_case_studies()
        self.admin, self.trainer = story.people["grace"], story.people["ruth"]
        self.organisation = story.organisations["northmoor"]
        self.programme = Programme.objects.get(code="aim3")
        self.version = Version.objects.in_force().get(case_study__programme=self.programme)
        self.questions = list(Question.objects.filter(version=self.version))
        self.criteria = list(Criterion.objects.filter(question__version=self.version))
        self.admin_cookies, self.trainer_cookies = cookies_of(self.admin), cookies_of(self.trainer)
        self.room = self.course("The room")
        factories.sitting(self.room)
        self.certificate = self._certificate()

    def course(self, title: str) -> Course:
        """A running course of the sample's trainer, with nobody on it."""
        return factories.course(
            programme=self.programme,
            organisation=self.organisation,
            trainers=[self.trainer],
            title=title,
            capacity=300,
            sessions=3,
        )

    def enrol(self, course: Course, count: int) -> list[Enrolment]:
        """`count` people on `course`, who were there all the time."""
        return enrol(course, count, by=self.admin, trainer=self.trainer)

    def answered(self, enrolments: list[Enrolment]) -> list[Submission]:
        """Open submissions of `enrolments` with an answer to every question."""
        texts = [(question, answer_to(question)) for question in self.questions]
        submissions = Submission.objects.bulk_create(
            Submission(enrolment=enrolment, course_id=enrolment.course_id, version=self.version)
            for enrolment in enrolments
        )
        Answer.objects.bulk_create(
            Answer(submission=submission, version=self.version, question=question, text=text)
            for submission in submissions
            for question, text in texts
        )
        return submissions

    def answering(self, count: int) -> list[Answering]:
        """`count` people in the open room, each with every question answered and nothing submitted."""
        found = self.enrol(self.room, count)
        self.answered(found)
        written = next(question.number for question in self.questions if question.kind == PLAIN)
        return [Answering(enrolment, cookies_of(enrolment.person), written) for enrolment in found]

    def submitted(self, enrolments: list[Enrolment]) -> list[Submission]:
        """Submissions of `enrolments` with an answer to every question, submitted."""
        submissions, now = self.answered(enrolments), timezone.now()
        for submission in submissions:
            submission.submitted_at, submission.declaration = now, "This is my own work."
            submission.fingerprint = hashlib.sha256(str(submission.uuid).encode()).hexdigest()
            submission.receipt = secrets.token_hex(8)
        Submission.objects.bulk_update(submissions, ["submitted_at", "declaration", "fingerprint", "receipt"])
        return submissions

    def marked(self, title: str, count: int) -> list[Marked]:
        """`count` scripts of a course, every second criterion of each judged."""
        course = self.course(title)
        factories.sitting(course, closed=True)
        factories.over(course)
        enrolments = self.enrol(course, count)
        submissions = self.submitted(enrolments)
        markings = Marking.objects.bulk_create(
            Marking(submission=submission, marker=self.trainer) for submission in submissions
        )
        CriterionMark.objects.bulk_create(
            CriterionMark(marking=marking, criterion=criterion, judged=Judged.MET, judged_by=self.trainer)
            for marking in markings
            for criterion in self.criteria
            if criterion.number % 2
        )
        written = next(question for question in self.questions if question.kind == PLAIN)
        return [
            Marked(enrolment, submission, written, self.trainer_cookies, str(uuid4()))
            for enrolment, submission in zip(enrolments, submissions, strict=True)
        ]

    def outcomes(self, title: str, count: int) -> Course:
        """A course with `count` people who were marked and recommended as competent, all finalised."""
        course, now = self.course(title), timezone.now()
        factories.sitting(course, closed=True)
        factories.over(course)
        enrolments = self.enrol(course, count)
        submissions = self.submitted(enrolments)
        markings = Marking.objects.bulk_create(
            Marking(submission=submission, marker=self.trainer) for submission in submissions
        )
        CriterionMark.objects.bulk_create(
            CriterionMark(marking=marking, criterion=criterion, judged=Judged.MET, judged_by=self.trainer)
            for marking in markings
            for criterion in self.criteria
        )
        for marking in markings:
            marking.finalised_at, marking.finalised_by = now, self.trainer
        Marking.objects.bulk_update(markings, ["finalised_at", "finalised_by"])
        Recommendation.objects.bulk_create(
            Recommendation(
                enrolment=enrolment,
                submission=submission,
                marking=marking,
                outcome=Outcome.COMPETENT,
                recommended_by=self.trainer,
                finalised_at=now,
                finalised_by=self.trainer,
            )
            for enrolment, submission, marking in zip(enrolments, submissions, markings, strict=True)
        )
        return course

    def _certificate(self) -> Certificate:
        course = self.outcomes("Approved", 1)
        return approve(enrolment=course.enrolments.get(), by=self.admin)
