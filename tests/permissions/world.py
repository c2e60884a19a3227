"""One course with somebody in every role beside it, and the same again for strangers."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.actions import publish_legal_text
from accounts.models import DataExport, Organisation, OutgoingEmail, Person
from accounts.states import LegalPage
from aimcert.foundation.files import store
from assessments.answering.addresses import code_of
from assessments.case_studies.actions import draft_edition
from assessments.marking.piles import answer_code
from assessments.models import (
    Adjustment,
    AdjustmentRequest,
    Booklet,
    Disagreement,
    Objection,
    Scan,
    SecondMarker,
    TranscribedAnswer,
    Transcription,
    Unavailability,
    VersionAuthor,
)
from assessments.states import Adjusted, Outcome
from certification.actions import approve
from certification.models import Appeal, FollowUp
from certification.states import AppealFollows, AppealKind, AppealResult
from courses.models import Course, Enrolment, MakeUpRequest, Nomination
from tests import factories
from tests.certification import outcomes

# In the order of every row of tests/permissions/matrix.py.
ROLES = (
    "anonymous",
    "participant",
    "other participant",
    "trainer",
    "other trainer",
    "Associate",
    "commissioner",
    "other commissioner",
    "AIM admin",
    "AIM admin who trained",
    "AIM admin who takes part",
)


@dataclass
class World:
    """Everyone and everything that a route can be asked about."""

    people: dict[str, Person | None]
    organisation: Organisation
    course: Course
    draft: Course
    enrolment: Enrolment
    nomination: Nomination
    things: dict[str, Any]
    # Arguments of routes by their name, and those that one route has for itself.
    names: dict[str, Any]
    own: dict[str, dict[str, Any]]


def build() -> World:
    """A running course: its participant answers, others of it stand at later stages."""
    programme = factories.ProgrammeFactory.create()
    in_force = factories.version(programme)
    edition = factories.framework(programme)
    underway = factories.version(programme, frozen=False)
    organisation, other_organisation = factories.OrganisationFactory.create_batch(2)
    trainer = factories.associate(programme, name="Trainer")
    other_trainer = factories.associate(programme, name="Other trainer")
    trained_admin = factories.admin(name="Admin who trained")
    trained_admin.licences.create(
        programme=programme,
        country="GB",
        valid_from="2020-01-01",
        granted_by=trained_admin,
        cleared_at=timezone.now(),
    )
    course = factories.course(
        programme=programme, organisation=organisation, trainers=[trainer, trained_admin], title="This course"
    )
    other = factories.course(
        programme=programme, organisation=other_organisation, trainers=[other_trainer], title="Other course"
    )
    draft = factories.course(
        programme=programme,
        organisation=organisation,
        trainers=[trainer, trained_admin],
        published=False,
        starts=timezone.now() + timedelta(days=30),
        title="Draft course",
    )
    factories.sitting(course)
    participant = factories.PersonFactory.create(name="Participant")
    enrolment = factories.enrolment(course, participant, attended=True)
    factories.submission(enrolment, submitted=False, answers=["A draft of mine."])
    other_participant = factories.PersonFactory.create(name="Other participant")
    factories.enrolment(other, other_participant, attended=True)
    commissioner = factories.commissioner(organisation, name="Commissioner")
    admin = factories.admin(name="Admin")
    enrolled_admin = factories.admin(name="Admin who takes part")
    factories.enrolment(course, enrolled_admin, attended=True)
    eligible = factories.recommended(course)
    not_yet = factories.recommended(course, outcome=Outcome.NOT_YET)
    unspoken = outcomes.unspoken(course)
    unfinished = factories.enrolment(course, attended=True)
    open_marking = factories.marking(factories.submission(unfinished))
    open_recommendation = factories.recommendation(unfinished, marking=open_marking, finalised=False)
    disagreement = Disagreement.objects.create(
        recommendation=open_recommendation, reason="I see it otherwise.", disagreed_by=trained_admin
    )
    twice = factories.enrolment(course, attended=True)
    marked_twice = factories.submission(twice)
    factories.marking(marked_twice)
    certified = factories.recommended(course)
    certificate = approve(enrolment=certified, by=admin)
    answer = answer_code(in_force.questions.get(number=1).uuid, certified.submissions.get().uuid)
    publish_legal_text(page=LegalPage.PRIVACY, text="What we hold about you.", by=admin)
    follow_up = FollowUp.objects.create(
        enrolment=not_yet,
        recommendation=not_yet.recommendations.get(),
        sponsor_organisation=organisation,
        due_at=timezone.now() + timedelta(days=2),
        read_at=timezone.now(),
        released_at=timezone.now(),
    )
    objection = Objection.objects.create(
        version=underway,
        passage="head",
        passage_sha256="0" * 64,
        reason="The title.",
        raised_by=other_trainer,
    )
    unavailability = Unavailability.objects.create(
        programme=programme,
        associate=trained_admin,
        from_on=timezone.localdate(),
        until_on=timezone.localdate() + timedelta(days=9),
        reason="On leave.",
        recorded_by=admin,
    )
    token = secrets.token_urlsafe(24)
    nomination = factories.nomination(course, token_sha256=hashlib.sha256(token.encode()).hexdigest())
    walk_in = factories.nomination(course, is_walk_in=True, nominated_by=trainer)
    # Accepted, so that their sponsor is asked.
    asked_about = factories.enrolment(course, confirmed=False).nomination
    asked_about.is_walk_in, asked_about.nominated_by = True, trainer
    asked_about.save()
    # About the commissioner and the admin themselves, whom nobody lets handle their own.
    own_nomination = factories.nomination(course, email=commissioner.email)
    pays = factories.recommended(course, outcome=Outcome.NOT_YET, sponsor=None)
    own_follow_up = FollowUp.objects.create(
        enrolment=pays,
        recommendation=pays.recommendations.get(),
        due_at=timezone.now() + timedelta(days=2),
        read_at=timezone.now(),
    )
    letter = OutgoingEmail.objects.create(
        to_address="somebody@people.example", subject="Not sent", text="Not sent"
    )
    drafted = draft_edition(programme=programme, by=admin)
    author = VersionAuthor.objects.create(version=underway, person=other_trainer, invited_by=admin)
    factories.wordings(underway)
    asked = AdjustmentRequest.objects.create(
        enrolment=enrolment, kinds=[Adjusted.LARGE_PRINT], asked_by=participant
    )
    adjustment = Adjustment.objects.create(
        enrolment=enrolment, kind=Adjusted.ROOM, details="Room 2.", granted_by=trainer
    )
    happened = factories.consideration(enrolment)
    Booklet.objects.create(enrolment=enrolment, code="ABCDEFGJ", made_by=trainer)
    on_paper = factories.enrolment(course, attended=True)
    transcription = Transcription.objects.create(
        enrolment=on_paper, version=in_force, reason="No network.", begun_by=trained_admin
    )
    for question in in_force.questions.all():
        TranscribedAnswer.objects.create(transcription=transcription, question=question, text="Typed.")
    stored = store(b"A scan, as far as this goes.", suffix=".pdf")
    scan = Scan.objects.create(
        transcription=transcription,
        file=stored.name,
        sha256=stored.sha256,
        size=stored.size,
        content_type="application/pdf",
        added_by=trained_admin,
    )
    make_up = MakeUpRequest.objects.create(
        enrolment=unfinished,
        session=course.sessions.get(number=1),
        associate=other_trainer,
        made_up_on=timezone.localdate(),
        made_up_how="In York.",
        asked_by=trainer,
    )
    report = factories.report(course, commissioner, organisation=organisation)
    export = _export(participant)
    lead = factories.associate(programme, name="Associate only")
    leading = factories.lead(lead)
    script = SecondMarker.objects.create(submission=marked_twice, marker=lead, asked_by=admin)
    record = factories.safeguarding_record(participant, enrolment=enrolment)
    kept = store(b"%PDF-1.7 What I think of it.", suffix=".pdf")
    appeal = Appeal.objects.create(
        enrolment=enrolment,
        kinds=[AppealKind.PROCEDURE],
        words="The room was too loud.",
        asked_by=participant,
        answer_due_at=timezone.now() + timedelta(days=28),
        file=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        content_type="application/pdf",
    )
    outsider = factories.PersonFactory.create(name="Somebody unconnected")
    for member in (lead, outsider):
        appeal.members.create(
            person=member,
            is_unconnected=member == outsider,
            appointed_by=admin,
            declared_at=timezone.now(),
        )
    appeal.drafts.create(
        revision=1,
        result=AppealResult.NOT_UPHELD,
        follows=AppealFollows.NOTHING,
        found="It was as loud as elsewhere.",
        answer="We asked everybody.",
        drafted_by=outsider,
    )
    return World(
        people={
            "anonymous": None,
            "participant": participant,
            "other participant": other_participant,
            "trainer": trainer,
            "other trainer": other_trainer,
            "Associate": lead,
            "commissioner": commissioner,
            "other commissioner": factories.commissioner(other_organisation, name="Other commissioner"),
            "AIM admin": admin,
            "AIM admin who trained": trained_admin,
            "AIM admin who takes part": enrolled_admin,
        },
        organisation=organisation,
        course=course,
        draft=draft,
        enrolment=enrolment,
        nomination=nomination,
        things={
            "eligible": eligible,
            "not yet": not_yet,
            "not told yet": unspoken,
            "unfinished": unfinished,
            "on paper": on_paper,
            "marked twice": twice,
            "certified": certified,
            "the commissioner": own_nomination,
            "who pays for themself": own_follow_up,
        },
        names={
            "token": token,
            "handle": "of-nobody",
            "certificate": certificate.uuid,
            "code": certificate.code,
            "record": record.uuid,
            "script": script.uuid,
            "kind": "letters",
            "page": "privacy",
            "role": "participants",
            "report": report.uuid,
            "appeal": appeal.uuid,
            "export": export.uuid,
            "follow_up": follow_up.uuid,
            "disagreement": disagreement.uuid,
            "objection": objection.uuid,
            "asked": asked.uuid,
            "adjustment": adjustment.uuid,
            "consideration": happened.uuid,
            "scan": scan.uuid,
            "unavailability": unavailability.uuid,
            "licence": trainer.licences.get().uuid,
            "make_up": make_up.uuid,
            "associate": trainer.uuid,
            "person": trainer.uuid,
            "membership": commissioner.memberships.get().uuid,
            "edition": edition.uuid,
            "programme": programme.code,
            "version": underway.uuid,
            "section": underway.sections.get().uuid,
            "question": underway.questions.get(number=1).uuid,
            "passage": "head",
            "author": author.uuid,
        },
        own={
            "assessments:publish": {"course": draft.uuid},
            **{
                f"assessments:framework_{act}": {"edition": drafted.uuid}
                for act in ("edit", "stage", "stage_new", "stage_remove", "publish")
            },
            "assessments:move_pin": {"version": in_force.uuid},
            "assessments:room_entry": {"code": code_of(course.number)},
            "assessments:room_code": {"code": code_of(course.number)},
            **{
                f"assessments:mark_{act}": {"code": answer, "number": 1}
                for act in ("answer", "stay", "take_over")
            },
            "assessments:judge": {"question": 1, "criterion": 1},
            "assessments:second_judge": {"question": 1, "criterion": 1},
            "assessments:judge_answer": {
                "code": answer,
                "question": 1,
                "criterion": 1,
            },
            "courses:walk_in_code": {"nomination": walk_in.uuid},
            "courses:walk_in_again": {"nomination": walk_in.uuid},
            **{
                f"courses:{act}_sponsor": {"nomination": asked_about.uuid}
                for act in ("confirm", "refuse", "name")
            },
            "organisation": {"uuid": organisation.uuid},
            "edit_organisation": {"uuid": organisation.uuid},
            "invite_commissioner": {"uuid": organisation.uuid},
            "end_membership": {"uuid": organisation.uuid},
            "end_staff_appointment": {"uuid": admin.staff_appointments.get().uuid},
            "retry_email": {"uuid": letter.uuid},
            "safeguarding:end_lead": {"uuid": leading.uuid},
            **{
                route: {"uuid": participant.uuid}
                for route in ("person", "sign_out_for", "reset_second_step", "ask_for_somebodys_data")
            },
        },
    )


def _export(person: Person) -> DataExport:
    """Everything held about `person`, as far as this goes, made for them."""
    now, stored = timezone.now(), store(b"Everything, as far as this goes.", suffix=".zip")
    return DataExport.objects.create(
        person=person,
        asked_by=person,
        made_at=now,
        expires_at=now + timedelta(days=14),
        file=stored.name,
        sha256=stored.sha256,
        size=stored.size,
    )
