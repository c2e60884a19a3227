"""Somebody of whom every table that an export tells holds something, and what an export of them says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.actions import make_export
from accounts.models import (
    ConfirmedAddress,
    DataExport,
    KnownDevice,
    Membership,
    OutgoingEmail,
    PendingSignIn,
    Person,
    SecurityStep,
    SignInCode,
    StaffAppointment,
)
from accounts.signing_in import NO_ADDRESS
from aimcert.foundation.files import open_stored, store
from assessments.models import (
    AcknowledgedSave,
    Adjustment,
    AdjustmentRequest,
    Agreement,
    AgreementReminder,
    Booklet,
    ConsiderationDecision,
    Disagreement,
    EntryCode,
    JournalKey,
    KeptAnswer,
    KeptMark,
    Marking,
    RedactedText,
    Redaction,
    RemovedScan,
    Scan,
    ScanUpload,
    Seat,
    SecondMarker,
    Settlement,
    SettlingMessage,
    Submission,
    TimeGrant,
    TranscribedAnswer,
    Transcription,
    Unavailability,
    UnsentUpload,
    VersionAuthor,
)
from assessments.states import Adjusted, CodeEnd, Granted, Kept, MarkingRole, MarkKept, WhatFollows
from certification.actions import build_document, read_feedback
from certification.models import Appeal, Appointment, CertificateDocument, CohortRelease, FollowUpStep
from courses.models import (
    Course,
    CourseAssociate,
    Enrolment,
    MakeUpRequest,
    NameCorrection,
    RegisterReason,
    SponsorRefusal,
)
from tests import factories
from tests.certification import outcomes
from tests.conftest import as_owner

NAME = "Zoë O’Neill & <Sons>"


def exported(person: Person) -> DataExport:
    """An export of `person`, made; however many there were today."""
    export = DataExport.objects.create(person=person, asked_by=person)
    assert make_export(export_id=export.pk)
    export.refresh_from_db()
    return export


@contextmanager
def unpacked(export: DataExport) -> Iterator[ZipFile]:
    """The file of an export."""
    with open_stored(export.file) as file, ZipFile(BytesIO(file.read())) as zipped:
        yield zipped


def rows_of(export: DataExport) -> dict[str, list[dict[str, Any]]]:
    """The rows that the file tells machines, by their tables."""
    with unpacked(export) as zipped:
        names = [name for name in zipped.namelist() if name.startswith("data/") and "contents" not in name]
        return {name[5:-5]: json.loads(zipped.read(name))["rows"] for name in names}


def texts_of(export: DataExport) -> str:
    """Everything that the file says, one after another."""
    with unpacked(export) as zipped:
        return "\n".join(zipped.read(name).decode(errors="replace") for name in zipped.namelist())


def person_with_everything() -> Person:
    """Somebody with a row in every table that is told: certified, not yet, answering, and training."""
    person: Person = factories.PersonFactory.create(name=NAME, email="zoe@people.example")
    _account(person)
    organisation = factories.OrganisationFactory.create(name="Council of Leeds")
    course = factories.course(organisation=organisation, title="Certified course")
    certified = outcomes.certified(course, person=person)
    build_document(document_id=_document_of(certified))
    Appointment.objects.create(
        enrolment=certified, associate=_other(), reason="Nobody was free.", appointed_by=_other()
    )
    _marked_again(certified.submissions.get())
    _marked_twice(certified.submissions.get())
    told = factories.course(organisation=organisation, title="Course not passed yet")
    follow_up = outcomes.released(told, person=person)
    FollowUpStep.objects.create(
        follow_up=follow_up, done="Spoke with them.", done_on=timezone.localdate(), recorded_by=_other()
    )
    Disagreement.objects.create(
        recommendation=follow_up.recommendation, reason="I see it otherwise.", disagreed_by=_other()
    )
    _reviewed(follow_up.enrolment)
    later = outcomes.told_later(factories.course(title="Course told later"), person=person)
    read_feedback(follow_up=later, by=person)
    CohortRelease.objects.create(course=told, organisation=organisation, bands=[]).people.add(
        follow_up.enrolment, factories.enrolment(told)
    )
    _answering(factories.enrolment(factories.course(title="Course of today"), person, attended=True))
    _training(person)
    return person


def _reviewed(enrolment: Enrolment) -> None:
    """A review that they asked for, answered; and one of somebody else that they decide."""
    person, now = enrolment.person, timezone.now()
    stored = store(b"%PDF-1.7 My letter.", suffix=".pdf")
    of_file = {"file": stored.name, "sha256": stored.sha256, "size": stored.size}
    appeal = Appeal.objects.create(
        enrolment=enrolment,
        submission=enrolment.submissions.get(),
        kinds=["marks"],
        words="Question 1.",
        asked_by=person,
        answer_due_at=now,
        file_name="letter.pdf",
        content_type="application/pdf",
        **of_file,
    )
    draft = appeal.drafts.create(
        revision=1,
        result="not_upheld",
        follows="nothing",
        found="The marks are right.",
        answer="We read it again.",
        drafted_by=_other(),
    )
    draft.views.create(confirms=True, said_by=_other())
    appeal.answered_at, appeal.answered_by = now, _other()
    appeal.save()
    others = factories.enrolment(factories.course())
    theirs = Appeal.objects.create(
        enrolment=others, kinds=["marks"], words="Mine.", asked_by=others.person, answer_due_at=now
    )
    theirs.members.create(person=person, is_unconnected=True, appointed_by=_other())


def _other() -> Person:
    made: Person = factories.PersonFactory.create()
    return made


def _marked_again(submission: Submission) -> None:
    """A further round of marking, in which a judgement was changed."""
    marking = factories.marking(submission)
    before = marking.marks.order_by("pk")[0]
    KeptMark.objects.create(
        marking=marking,
        criterion=before.criterion,
        why=MarkKept.CHANGED,
        judged="not_met",
        note="AT-FIRST-SIGHT",
        revision=1,
        judged_at=before.judged_at,
        judged_by=before.judged_by,
    )
    marking.finalised_at, marking.finalised_by = timezone.now(), marking.marker
    marking.save()


def _marked_twice(submission: Submission) -> None:
    """A second marking, what two markers said to one another, and what The AIM Project settled."""
    marker, admin, now = _other(), _other(), timezone.now()
    SecondMarker.objects.create(submission=submission, marker=marker, asked_by=admin)
    SettlingMessage.objects.create(submission=submission, text="READ-IT-AGAIN", said_by=marker)
    first = submission.markings.latest("round")
    made = {}
    for role in (MarkingRole.SECOND, MarkingRole.SETTLED):
        made[role] = Marking.objects.create(
            submission=submission,
            role=role,
            round=first.round,
            marker=marker,
            finalised_at=now,
            finalised_by=marker,
        )
    Settlement.objects.create(
        submission=submission,
        first=first,
        second=made[MarkingRole.SECOND],
        marking=made[MarkingRole.SETTLED],
        reason="IT-IS-SETTLED-SO",
        settled_by=admin,
    )


def _document_of(enrolment: Enrolment) -> int:
    certificate = enrolment.certificates.get()
    return CertificateDocument.objects.get_or_create(certificate=certificate, defaults={"design": 1})[0].pk


def _account(person: Person) -> None:
    now, by = timezone.now(), _other()
    factories.PersonFactory.create(
        name="Zoë before", email="zoe.before@people.example", is_active=False, merged_into=person
    )
    ConfirmedAddress.objects.create(
        person=person,
        email="zoe.once@people.example",
        confirmed_at=now - timedelta(days=9),
        given_up_at=now - timedelta(days=3),
    )
    organisation = factories.OrganisationFactory.create(name="Trust of York")
    Membership.objects.create(person=person, organisation=organisation, started_by=by)
    StaffAppointment.objects.create(person=person, started_by=by, ended_at=now, ended_by=by)
    SecurityStep.objects.create(person=person, act="signed_out", reason="Left open.", done_by=by)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "SECRET-OF-THE-APP"})
    UserSession.objects.create(
        user=person, session_key="SECRET-SESSION", ip=NO_ADDRESS, user_agent="Edge on Windows"
    )
    KnownDevice.objects.create(person=person, device_hash="d" * 64)
    code = SignInCode.objects.create(
        address_hash="a" * 64,
        person=person,
        code_hmac="c" * 64,
        label="ABCD",
        is_long=False,
        expires_at=now + timedelta(minutes=9),
    )
    PendingSignIn.objects.create(code=code, wrong_tries=2)
    OutgoingEmail.objects.create(to_address=person.email, subject="Your place", text="SECRET-TOKEN")


def _answering(enrolment: Enrolment) -> None:
    """What stands of somebody on a day that is not over."""
    now, by, person = timezone.now(), _other(), enrolment.person
    course: Course = enrolment.course
    session, version = course.sessions.get(number=1), course.pin.version
    question = version.questions.get(number=1)
    on = {"enrolment": enrolment}
    SponsorRefusal.objects.create(**on, organisation=course.organisation, refused_by=by)
    NameCorrection.objects.create(**on, reason="An accent.", corrected_by=by)
    RegisterReason.objects.create(**on, session=session, recorded_at=now, reason="Seen at the back.")
    MakeUpRequest.objects.create(
        **on,
        session=session,
        associate=by,
        made_up_on=timezone.localdate(),
        made_up_how="In York.",
        asked_by=by,
    )
    draft: Submission = factories.submission(enrolment, submitted=False, answers=["A draft of mine."])
    KeptAnswer.objects.create(
        submission=draft,
        question=question,
        why=Kept.REPLACED,
        text="An earlier word.",
        saved_at=now,
        minute=now,
    )
    AcknowledgedSave.objects.create(
        submission=draft,
        question=question,
        device=uuid4(),
        sequence=1,
        revision=1,
        sha256="e" * 64,
        saved_at=now,
    )
    JournalKey.objects.create(submission=draft)
    UnsentUpload.objects.create(submission=draft, sha256="f" * 64, answers=1, uploaded_by=by)
    AdjustmentRequest.objects.create(**on, kinds=[Adjusted.ROOM], words="A quiet room.", asked_by=person)
    Adjustment.objects.create(**on, kind=Adjusted.ROOM, details="Room 2.", granted_by=by)
    happened = factories.consideration(enrolment)
    ConsiderationDecision.objects.create(
        **on, consideration=happened, follows=WhatFollows.NOTHING, reason="It was short.", decided_by=by
    )
    TimeGrant.objects.create(**on, what=Granted.EXTRA, minutes=15, reason="Reads slowly.", granted_by=by)
    Seat.objects.create(**on, seen_at=now)
    EntryCode.objects.create(
        **on,
        code_hmac="b" * 64,
        made_by=by,
        expires_at=now + timedelta(minutes=9),
        ended_at=now,
        ended_because=CodeEnd.values[0],
    )
    Booklet.objects.create(**on, code="ABCDEFGH", made_by=by)
    paper = Transcription.objects.create(**on, version=version, reason="No network.", begun_by=by)
    TranscribedAnswer.objects.create(transcription=paper, question=question, text="On paper.")
    kept, gone = (
        Scan.objects.create(
            transcription=paper,
            file=stored.name,
            sha256=stored.sha256,
            size=stored.size,
            content_type="application/pdf",
            added_by=by,
        )
        for stored in (store(text, suffix=".pdf") for text in (b"THE-SHEET", b"THE-SHEET-TAKEN-OUT"))
    )
    ScanUpload.objects.create(
        transcription=paper, name="page 1.pdf", file="x", sha256="9" * 64, uploaded_by=by
    )
    with as_owner():
        redaction = Redaction.objects.create(**on, reason="A child was named.", redacted_by=by)
        RedactedText.objects.create(
            redaction=redaction,
            submission=draft,
            table_name="assessments_answer",
            column_name="text",
            row_id=1,
            times=1,
            sha256="8" * 64,
        )
        RemovedScan.objects.create(redaction=redaction, scan=gone)
    assert kept.pk


def _training(person: Person) -> None:
    now, by = timezone.now(), _other()
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme)
    licence = person.licences.create(
        programme=programme, country="GB", valid_from="2020-01-01", granted_by=by, cleared_at=now
    )
    course = factories.course(programme=programme, trainers=[])
    CourseAssociate.objects.create(course=course, associate=person, licence=licence, assigned_by=by)
    VersionAuthor.objects.create(version=version, person=person, invited_by=by)
    Agreement.objects.create(version=version, associate=person, fingerprint="7" * 64, passages={})
    AgreementReminder.objects.create(version=version, associate=person, sent_by=by)
    Unavailability.objects.create(
        programme=programme,
        associate=person,
        from_on=timezone.localdate(),
        until_on=timezone.localdate(),
        reason="On leave.",
        recorded_by=by,
    )
    factories.lead(person)
    factories.nomination(course, manager_name=person.name, manager_email=person.email, name="SOMEBODY-ELSE")
