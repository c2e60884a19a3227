"""Decisions, certificates, follow-ups and reports in every state: their pages are accessible."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from assessments.states import Outcome
from certification.actions import (
    appoint,
    approve,
    build_document,
    comment_on,
    publish_branding,
    record_step,
)
from certification.artwork import read_artwork
from certification.documents import picture_name
from certification.models import CertificateDocument, FollowUp
from certification.states import DecisionKind, ReportState
from courses.actions import correct_certificate_name
from tests import factories
from tests.certification import outcomes
from tests.certification.artworks import SIGNATURE, SVG
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


def test_decisions_that_wait(wrong: Wrong) -> None:
    course = factories.course()
    admin = factories.admin()
    eligible, unconfirmed = factories.recommended(course), factories.recommended(course, confirmed=False)
    lacking = factories.recommended(course)
    lacking.register_entries.all().delete()
    refused = factories.recommended(course)
    outcomes.decided(refused, DecisionKind.REFUSED)
    people = (eligible, unconfirmed, lacking, refused)
    assert not wrong(admin, at("home"), at("certification:queue"), at("certification:course_queue", course))
    assert not wrong(admin, at("certification:approve_all", course))
    assert not wrong(admin, *(at("certification:decide", course, one) for one in people))
    page = at("certification:decide", course, eligible)
    latest = eligible.recommendations.get().uuid
    typed = {"idempotency_key": str(uuid4()), "recommendation": str(latest), "decision": "return"}
    assert not wrong(admin, page, sent=typed)
    at_once = {"idempotency_key": str(uuid4()), "shown": str(latest)}
    at_once["named"] = eligible.certificate_name
    client = Client()
    client.force_login(admin)
    result = client.post(at("certification:approve_all", course), at_once).url  # type: ignore[attr-defined]
    assert not wrong(admin, result)
    build_document(document_id=CertificateDocument.objects.get().pk)
    assert not wrong(admin, result)


def test_decision_for_which_no_admin_is_free(wrong: Wrong) -> None:
    programme = factories.ProgrammeFactory.create()
    admin = factories.admin()
    free = factories.associate(programme, name="Free Associate")
    course = factories.course(programme=programme)
    eligible = factories.recommended(course, person=admin)
    boss = factories.admin()
    eligible.nomination.manager_email = boss.email
    eligible.nomination.save()
    decide, choose = (at(f"certification:{page}", course, eligible) for page in ("decide", "appoint"))
    assert not wrong(boss, decide, choose)
    appoint(enrolment=eligible, associate=free, reason="Nobody else.", by=boss)
    assert not wrong(free, at("home"), decide)


@pytest.mark.parametrize("state", ["being made", "made", "revoked"])
def test_certificate(wrong: Wrong, state: str) -> None:
    course = factories.course()
    admin = factories.admin()
    holder = factories.recommended(course)
    certificate = approve(enrolment=holder, by=admin)
    if state == "made":
        assert build_document(document_id=certificate.document.pk)
    if state == "revoked":
        outcomes.revoked(holder)
    page = at("certification:certificate", certificate)
    assert not wrong(holder.person, at("home"), at("certification:my_course", holder), page)
    assert not wrong(factories.commissioner(course.organisation), page, at("certification:results", course))
    assert not wrong(admin, page, at("certification:certificates"), at("certification:revoke", certificate))
    assert not wrong(None, at("certification:verified", certificate.code))


def test_certificate_whose_picture_is_not_there(wrong: Wrong) -> None:
    holder = factories.recommended(factories.course())
    certificate = approve(enrolment=holder, by=factories.admin())
    assert build_document(document_id=certificate.document.pk)
    certificate.document.refresh_from_db()
    default_storage.delete(picture_name(certificate.document))
    assert not wrong(holder.person, at("certification:certificate", certificate))


def test_mark_and_signatory(wrong: Wrong) -> None:
    admin, page = factories.admin(), at("certification:branding")
    assert not wrong(admin, page)
    typed = {"seen": "0", "signatory": "Zoë O’Neill & <Sons>", "role": "Director of Training"}
    kept = {"mark_kept": b64encode(SVG).decode(), "signature_kept": b64encode(SIGNATURE).decode()}
    assert not wrong(admin, page, sent=typed | kept | {"look": "1"})
    assert not wrong(admin, page, sent=typed | kept | {"signatory": "", "no_mark": "on"})
    published = {name: read_artwork(image) for name, image in (("mark", SVG), ("signature", SIGNATURE))}
    publish_branding(**published, signatory="Carol Whitfield", role="Director", by=admin)
    assert not wrong(admin, page)
    assert not wrong(admin, page, sent=typed | kept)


def test_certificate_that_nobody_has(wrong: Wrong) -> None:
    searched = f"{at('certification:verify')}?code="
    assert not wrong(None, at("certification:verified", "ABCDE-FGHIJ"), searched, f"{searched}nonsense")
    assert not wrong(factories.admin(), f"{at('certification:certificates')}?q=Nobody")


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, Outcome.NOT_ASSESSED])
@pytest.mark.parametrize("state", ["unread", "opened", "sent on", "done", "closed"])
def test_follow_up(wrong: Wrong, state: str, outcome: str) -> None:
    course = factories.course()
    by = factories.commissioner(course.organisation)
    if state == "unread":
        follow_up = outcomes.follow_up(course, outcome=outcome)
    elif state == "opened":
        follow_up = outcomes.opened(course, outcome=outcome)
    else:
        follow_up = outcomes.released(course, outcome=outcome)
    about = follow_up.enrolment
    if state in ("done", "closed"):
        comment_on(follow_up=follow_up, comment="I would like to shadow.", by=about.person)
        record_step(
            follow_up=follow_up,
            done="We agreed to shadow two assessments.",
            done_on=timezone.localdate(),
            closes=state == "closed",
            by=by,
        )
    pages = [at("home"), at("certification:my_course", about), at("certification:my_feedback", about)]
    assert not wrong(about.person, *pages)
    lists = [at("home"), at("certification:follow_ups"), at("certification:results", course)]
    assert not wrong(by, *lists, at("certification:follow_up", follow_up))
    assert not wrong(factories.admin(), *lists, at("certification:follow_up", follow_up))


@pytest.mark.parametrize("state", [outcomes.follow_up, outcomes.opened, outcomes.released])
def test_follow_up_of_ones_own(wrong: Wrong, state: Callable[..., FollowUp]) -> None:
    follow_up = state(factories.course(), sponsor=None)
    about = follow_up.enrolment
    pages = [at("home"), at("certification:my_course", about), at("certification:my_feedback", about)]
    assert not wrong(about.person, *pages, at("certification:follow_up", follow_up))


@pytest.mark.parametrize("state", [*ReportState.values])
def test_report(wrong: Wrong, state: str) -> None:
    course = factories.course()
    by = factories.commissioner(course.organisation)
    now, built = timezone.now(), state == ReportState.BUILT
    report = factories.report(
        course,
        by,
        format="xlsx",
        state=state,
        done=3,
        total=9,
        built_at=now if built else None,
        expires_at=now + timedelta(days=1) if built else None,
        file="a-file" if built else "",
        sha256="0" * 64 if built else "",
    )
    assert not wrong(by, at("home"), at("certification:report", report))


def test_place_given_up(wrong: Wrong) -> None:
    person = factories.PersonFactory.create()
    left = factories.enrolment(factories.course(), person, withdrawn_at=timezone.now(), withdrawn_by=person)
    assert not wrong(left.person, at("home"), at("certification:my_course", left))


def test_name_that_the_certificate_cannot_show(wrong: Wrong) -> None:
    course = factories.course()
    admin, theirs = factories.admin(), factories.recommended(course, certificate_name="王小明 Wang")
    page = at("courses:certificate_name", course, theirs)
    assert not wrong(theirs.person, at("certification:my_course", theirs), page)
    assert not wrong(admin, page, at("certification:approve_all", course))
    assert not wrong(admin, page, sent={"name": "\u200b", "reason": "", "seen": "0"})
    correct_certificate_name(enrolment=theirs, name="小明 Wang", by=admin, seen=0, reason="A slip.")
    assert not wrong(theirs.person, page, sent={"name": "Ming Wang", "seen": "0"})
    assert not wrong(admin, at("certification:decide", course, theirs))
    certificate = approve(enrolment=theirs, by=admin)
    assert not wrong(None, at("certification:verified", certificate.code))
    assert not wrong(None, f"{at('certification:verify')}?code=wrong")


def test_search_and_one_person(wrong: Wrong) -> None:
    admin = factories.admin()
    course = factories.course(title="AIM3 in Otley")
    enrolment = factories.recommended(course)
    person = enrolment.person
    approve(enrolment=enrolment, by=admin)
    factories.recommended(factories.course(), person=person, outcome=Outcome.NOT_YET)
    factories.nomination(factories.course(), email=person.email)
    Membership.objects.create(person=person, organisation=course.organisation, started_by=admin)
    nobody = factories.PersonFactory.create()
    pages = [at("certification:person", one) for one in (person, factories.trainer_of(course), nobody)]
    assert not wrong(admin, *[f"{at('search')}{query}" for query in ("", "?q=otley", "?q=zzzz")])
    assert not wrong(admin, f"{at('search')}?q={person.name.split()[0]}", *pages)
