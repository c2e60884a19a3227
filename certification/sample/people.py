"""What each person of the sample data does on their course, phase by phase, through the actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import time_machine

from accounts.models import Person
from assessments.answering.actions import (
    close_questions,
    confirm_blank,
    confirm_blank_parts,
    open_questions,
    release_case_study,
    save_answer,
    submit,
    tell_marking_date,
)
from assessments.case_studies.kinds import kind_of
from assessments.marking.actions import (
    Mark,
    disagree,
    draw_sample,
    finish_second_marking,
    mark,
    mark_again,
    name_of,
    recommend,
    record_conversation,
    write_feedback,
)
from assessments.marking.differences import first_of
from assessments.marking.readiness import assessment_of
from assessments.marking.second_marking import awaits_draw, needed_for
from assessments.models import (
    Answer,
    Criterion,
    CriterionMark,
    Recommendation,
    Submission,
    stands_as,
)
from assessments.states import Judged, NotAssessed, Outcome, Reason, Settled
from certification.actions import (
    approve,
    ask_second_marker,
    finalise,
    read_feedback,
    record_step,
    return_to_trainer,
    send_on,
)
from certification.models import FollowUp
from certification.sample.reading import SampleContext, values_of
from courses.actions import (
    Entry,
    accept,
    add_walk_in,
    decline,
    nominate,
    note_identity,
    take_register,
)
from courses.expectations import CURRENT
from courses.models import Course, Enrolment, Session
from courses.nominees import Nominee
from courses.states import Delivery, Judgement, Presence

ANSWERED = {"answering": 4, "submitted_blank": 7}
NOTHING_WRITTEN = {"not_started", "absent", "left", "invited", "accepted", "declined"}
NOT_SUBMITTED = NOTHING_WRITTEN | {"answering"}
UNMARKED = NOT_SUBMITTED | {
    "submitted",
    "submitted_blank",
    "submitted_late_arrival",
    "submitted_make_up",
    "walk_in",
}
NOT_YET = {"not_yet", "not_yet_commented", "closed", "released"}
COMPETENT = {"competent", "marked", "disagreed", "finalised", "finalised_self_funded", "approved", "returned"}
FINALISED = NOT_YET | {"competent", "finalised", "finalised_self_funded", "approved", "returned", "left"}


@dataclass
class Part:
    """One person's row of people.yaml, and what becomes of it."""

    name: str
    job_role: str
    years: int
    word: str
    turn: int
    enrolment: Enrolment | None = None

    @property
    def nominee(self) -> Nominee:
        return Nominee(name=self.name, email=self.email, job_role=self.job_role, years_experience=self.years)

    @property
    def email(self) -> str:
        plain = self.name.lower().replace("ë", "e").replace("’", "").replace(" ", ".")
        return f"{plain}@people.example"


def at(moment: datetime) -> AbstractContextManager[object]:
    """The clock stands at `moment`, and goes on from there."""
    return time_machine.travel(moment, tick=True)


class Day:
    """One course's people, and the moments at which they act."""

    def __init__(
        self, context: SampleContext, course: Course, parts: list[Part], commissioner: Person
    ) -> None:
        self.context, self.course, self.parts, self.commissioner = context, course, parts, commissioner
        self.sessions: list[Session] = list(course.sessions.all())
        self.trainers = [
            row.associate for row in course.associates.select_related("associate").order_by("pk")
        ]
        self.trainer = self.trainers[0]
        last = self.sessions[-1]
        self.began = last.starts_at
        self.until = last.ends_at
        # On the day of the story itself people still write, and nothing is closed.
        self.is_past = self.until < context.now - timedelta(days=1)

    def during(self, fraction: float) -> datetime:
        """A moment of the last session, as a fraction of it."""
        return self.began + (self.until - self.began) * fraction

    def afterwards(self, fraction: float) -> datetime:
        """A moment after the last session, as a fraction of what was left of its day."""
        return self.until + (min(self.context.now, self.until + timedelta(hours=2)) - self.until) * fraction

    def enrolled(self, *words: str) -> Iterator[tuple[Part, Enrolment]]:
        """Those who are on the course, all of them or those with one of `words`."""
        for part in self.parts:
            if part.enrolment is not None and (not words or part.word in words):
                yield part, part.enrolment

    # --- Before ------------------------------------------------------------------------------

    def invite(self, begun: datetime) -> None:
        for part in self.parts:
            if part.word == "walk_in":
                continue
            self_funded = part.word == "finalised_self_funded"
            with at(begun + timedelta(hours=2, minutes=part.turn)):
                nomination = nominate(
                    course=self.course,
                    nominee=part.nominee,
                    sponsor=None if self_funded else self.course.organisation,
                    by=self.context.people["grace"] if self_funded else self.commissioner,
                )
            with at(begun + timedelta(hours=6, minutes=part.turn)):
                if part.word == "declined":
                    decline(token=nomination.token)
                elif part.word != "invited":
                    part.enrolment = accept(
                        token=nomination.token, certificate_name=part.name, expectations_version=CURRENT
                    )

    # --- The day -----------------------------------------------------------------------------

    def hold(self) -> None:
        walk_in = next((part for part in self.parts if part.word == "walk_in"), None)
        if walk_in is not None:
            with at(self.sessions[0].starts_at + timedelta(minutes=10)):
                nomination = add_walk_in(
                    course=self.course,
                    nominee=walk_in.nominee,
                    sponsor=self.course.organisation,
                    by=self.trainer,
                )
                walk_in.enrolment = accept(
                    token=nomination.token, certificate_name=walk_in.name, expectations_version=CURRENT
                )
        for session in self.sessions:
            is_last = session == self.sessions[-1]
            with at(self.during(0.3) if is_last else session.ends_at):
                entries = [self.entry(part, enrolment, session) for part, enrolment in self.enrolled()]
                take_register(session=session, entries=entries, by=self.trainer)
        if self.course.delivery == Delivery.ONLINE:
            with at(self.sessions[0].starts_at + timedelta(minutes=15)):
                for _part, enrolment in self.enrolled():
                    note_identity(enrolment=enrolment, by=self.trainer, checked=True)
        with at(self.sessions[-2].starts_at + timedelta(minutes=30)):
            release_case_study(course=self.course, by=self.trainer)
        with at(self.during(0.35)):
            open_questions(course=self.course, by=self.trainer)
        for part, enrolment in self.enrolled():
            if part.word not in NOTHING_WRITTEN:
                self.answer(part, enrolment)

    def entry(self, part: Part, enrolment: Enrolment, session: Session) -> Entry:
        number = session.number
        if part.word == "submitted_late_arrival" and number == 2:
            return Entry(
                enrolment,
                Presence.LATE,
                20,
                Judgement.COVERED,
                "Went through the introduction to the five domains together at the break.",
            )
        if part.word == "submitted_make_up" and number == 2:
            return Entry(enrolment, Presence.LEFT_EARLY, 90, Judgement.MAKE_UP)
        if (part.word == "absent" and number > 1) or (part.word == "left" and session == self.sessions[-1]):
            return Entry(enrolment, Presence.ABSENT)
        return Entry(enrolment, Presence.PRESENT)

    def answer(self, part: Part, enrolment: Enrolment) -> None:
        answers = self.context.answers[self.course.programme.code]
        known = ANSWERED.get(part.word, len(answers))
        minute = 0.4 + 0.001 * (part.turn % 24)
        for number, row in enumerate(answers[:known], start=1):
            quality = row[
                "thin" if part.word in NOT_YET or part.word == "override" else self.quality(part, number)
            ]
            with at(self.during(minute + 0.015 * number)):
                save_answer(
                    enrolment=enrolment,
                    number=number,
                    values=values_of(quality[part.turn % len(quality)]),
                    base_revision=0,
                    by=enrolment.person,
                    finished=not (part.word == "answering" and number == known),
                )
        with at(self.during(minute + 0.15)):
            for number in range(known + 1, len(answers) + 1):
                if part.word == "submitted_blank":
                    confirm_blank(enrolment=enrolment, number=number, by=enrolment.person)
            if part.word not in NOT_SUBMITTED:
                self.confirm_parts(enrolment)
                submit(enrolment=enrolment, declared=True, by=enrolment.person)

    def confirm_parts(self, enrolment: Enrolment) -> None:
        """What a thin answer leaves out stays blank on purpose."""
        for answer in Answer.objects.filter(submission__enrolment=enrolment, gaps__gt=0):
            question = answer.question
            empty = kind_of(question.kind).left_out(answer.text, question.settings)
            confirm_blank_parts(
                enrolment=enrolment,
                number=question.number,
                parts=[part.name for part in empty],
                by=enrolment.person,
            )

    def quality(self, part: Part, number: int) -> str:
        return "strong" if part.years >= 5 or (part.turn + number) % 3 else "adequate"

    # --- Marking -------------------------------------------------------------------------------

    def mark(self) -> None:
        notes = self.context.answers["feedback"]["marker_notes"]
        for part, enrolment in self.enrolled():
            if part.word in UNMARKED:
                continue
            submission = Submission.objects.get(enrolment=enrolment)
            criteria = list(
                Criterion.objects.filter(question__version=submission.version)
                .select_related("question")
                .order_by("question__number", "number")
            )
            marks = [self.judge(part, criterion, place, notes) for place, criterion in enumerate(criteria)]
            if part.word == "marking":
                marks = marks[: len(marks) // 2]
            with at(self.during(0.65 + 0.002 * (part.turn % 24))):
                mark(enrolment=enrolment, marks=marks, by=self.trainer)

    def judge(self, part: Part, criterion: Criterion, place: int, notes: list[str]) -> Mark:
        turn = (place + part.turn) % 7
        note = notes[(place + part.turn) % len(notes)].strip() if turn == 3 else ""
        if part.word in NOT_YET or part.word == "override":
            met = turn in (1, 4) and not criterion.is_essential
            return Mark(name_of(criterion), Judged.PARTLY_MET if met else Judged.NOT_MET, note)
        if criterion.is_essential and turn == 0 and part.word == "competent":
            return Mark(
                name_of(criterion),
                Judged.PARTLY_MET,
                note,
                oral_question="You name the concern. What strength would you set beside it, and why?",
                oral_answer="That he tells his tutor when his hands are busy: one adult to build a plan on.",
                settled=Settled.MET,
            )
        if criterion.is_essential or turn not in (2, 5):
            return Mark(name_of(criterion), Judged.MET, note)
        return Mark(name_of(criterion), Judged.PARTLY_MET, note)

    def recommend(self) -> None:
        told = self.context.answers["feedback"]
        for part, enrolment in self.enrolled():
            if part.word in UNMARKED - {"left"} or part.word == "marking":
                continue
            turn = part.turn % 3
            with at(self.during(0.75 + 0.002 * (part.turn % 24))):
                if part.word == "left":
                    recommendation = recommend(
                        enrolment=enrolment,
                        outcome=Outcome.NOT_ASSESSED,
                        not_assessed_because=NotAssessed.LEFT,
                        by=self.trainer,
                    )
                elif part.word in NOT_YET:
                    recommendation = recommend(
                        enrolment=enrolment,
                        outcome=Outcome.NOT_YET,
                        reasons=[Reason.EXPERIENCE, Reason.UNDERSTANDING],
                        experience_shown=told["experience_shown"][turn].strip(),
                        experience_needed=told["experience_needed"][turn].strip(),
                        by=self.trainer,
                    )
                    record_conversation(
                        recommendation=recommendation,
                        held_on=self.during(0.7),
                        words=told["conversation"][turn].strip(),
                        by=self.trainer,
                    )
                else:
                    recommendation = recommend(
                        enrolment=enrolment,
                        outcome=Outcome.COMPETENT,
                        override_reason="Spoke to every domain in the group work, from practice."
                        if part.word == "override"
                        else "",
                        by=self.trainer,
                    )
                if part.word in NOT_YET or part.word == "left":
                    kind = "left" if part.word == "left" else "not_yet"
                    write_feedback(
                        recommendation=recommendation,
                        told_participant=told[f"participant_{kind}"][turn].strip(),
                        told_commissioner=told[f"commissioner_{kind}"][turn].strip(),
                        by=self.trainer,
                    )
            if part.word == "disagreed":
                with at(self.during(0.82)):
                    disagree(
                        recommendation=recommendation,
                        reason="I read the answer on safety planning as resting on one adult.",
                        by=self.trainers[1],
                    )
            if part.word in FINALISED:
                # Nobody attended in full before the end; any other outcome can be said before.
                early = part.word in NOT_YET or part.word == "left"
                if part.word in NOT_YET:
                    self.mark_twice([enrolment], self.during(0.83))
                with at(self.during(0.85) if early else self.afterwards(0.3)):
                    finalise(recommendation=Recommendation.objects.get(pk=recommendation.pk), by=self.trainer)

    # --- Afterwards ------------------------------------------------------------------------------

    def decide(self) -> None:
        decided = self.until + timedelta(days=2) if self.is_past else self.afterwards(0.6)
        grace = self.context.people["grace"]
        approved = [enrolment for _part, enrolment in self.enrolled("competent", "approved")]
        differed = [enrolment for _part, enrolment in self.enrolled("disagreed")]
        if approved:
            with at(self.afterwards(0.4)):
                if any(awaits_draw(assessment_of(one)) for one in approved):
                    draw_sample(course=self.course, by=self.trainer)
            self.mark_twice(approved, self.afterwards(0.45))
        # Seen otherwise a second time too: for the trainers and the second marker to settle.
        self.mark_twice(differed, self.afterwards(0.5), sees_otherwise=True)
        with at(decided):
            for enrolment in approved:
                approve(enrolment=enrolment, by=grace)
            for _part, enrolment in self.enrolled("returned"):
                return_to_trainer(
                    enrolment=enrolment,
                    question="Two criteria of question 4 are met, and the notes read as partly met. Which?",
                    by=grace,
                )

    def mark_twice(
        self, enrolments: list[Enrolment], moment: datetime, *, sees_otherwise: bool = False
    ) -> None:
        """Somebody without a part in the course marks those who need it a second time, and finishes."""
        needing = [one for one in enrolments if needed_for(assessment_of(one))]
        if not needing:
            return
        marker, grace = self.context.people["piers"], self.context.people["grace"]
        if marker in self.trainers:
            marker = self.context.people["ruth"]
        with at(moment):
            people = [one.uuid for one in needing]
            for script in ask_second_marker(course=self.course, people=people, associate=marker, by=grace):
                first = first_of(script.submission_id)
                marks = [
                    Mark(name_of(mark.criterion), stands_as(mark.judged, mark.settled))
                    for mark in CriterionMark.objects.filter(marking=first).select_related(
                        "criterion__question"
                    )
                ]
                if sees_otherwise:
                    marks[0] = Mark(
                        marks[0].criterion, Judged.PARTLY_MET, "The plan names one adult; who else is there?"
                    )
                mark_again(script=script.uuid, marks=marks, by=marker)
                finish_second_marking(script=script, by=marker)

    def follow_up(self) -> None:
        read = self.during(0.95)
        for part, enrolment in self.enrolled("not_yet_commented", "closed", "released"):
            follow_up = FollowUp.objects.get(enrolment=enrolment)
            with at(read):
                follow_up = read_feedback(follow_up=follow_up, by=enrolment.person)
            words = "I agree that I need more assessments behind me. I would like to shadow two."
            with at(read + (self.until - read) / 2):
                follow_up = send_on(
                    follow_up=follow_up,
                    comment="" if part.word == "released" else words,
                    by=enrolment.person,
                )
            if part.word == "closed":
                for days, done, closes in (
                    (
                        7,
                        "Met with Gareth and his manager; agreed to shadow two assessments by the spring.",
                        False,
                    ),
                    (16, "Booked on the spring course; shadowing has begun. Nothing further from us.", True),
                ):
                    with at(self.until + timedelta(days=days)):
                        record_step(
                            follow_up=follow_up,
                            done=done,
                            done_on=(self.until + timedelta(days=days)).date(),
                            closes=closes,
                            by=self.commissioner,
                        )

    def end(self) -> None:
        """A course that is over is closed; today's room is told when marking will be done."""
        if self.is_past:
            with at(self.until):
                close_questions(course=self.course, by=self.trainer)
        else:
            with at(self.during(0.96)):
                tell_marking_date(
                    course=self.course, on=(self.context.now + timedelta(days=2)).date(), by=self.trainer
                )


def take_part(
    context: SampleContext, course: Course, parts: list[Part], *, commissioner: Person, begun: datetime
) -> None:
    """Everyone in `parts` takes their part in `course`, as far as it has come.

    Args:
        context: who there is, and the sample answers.
        course: a published course.
        parts: its people.
        commissioner: who nominates them.
        begun: when it was published.
    """
    day = Day(context, course, parts, commissioner)
    day.invite(begun)
    if day.began < context.now:
        day.hold()
        day.mark()
        day.recommend()
        day.decide()
        day.follow_up()
        day.end()
