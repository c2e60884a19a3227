"""Courses, nominations, invitations and the register in every state: their pages are accessible."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.actions import (
    Entry,
    SessionTimes,
    add_walk_in,
    answer_make_up,
    ask_make_up,
    cancel,
    confirm_acceptance,
    edit_course,
    name_sponsor,
    refuse_sponsor,
    renew_licence,
    seen_of,
    set_sessions,
    take_register,
    withdraw_enrolment,
)
from courses.models import Course, Enrolment, RegisterEntry
from courses.states import Judgement, Presence
from tests import factories
from tests.courses.factories import accepted, coming, nominated, nominee, person_fields
from tests.courses.pages import key
from tests.journeys.accessibility.asking import at
from tests.stale import filled_in

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

PUBLIC_PAGES = ("courses:public", "courses:detail")
ADMIN_PAGES = ("courses:detail", "courses:nominations", "courses:register", "assessments:room")


def test_draft_course_with_nothing_set(wrong: Wrong) -> None:
    course = factories.course(published=False, sessions=0, trainers=[])
    pages = ("courses:detail", "courses:sessions", "courses:associates", "assessments:publish")
    assert not wrong(factories.admin(), *(at(page, course) for page in pages))


def test_draft_course_ready_to_publish(wrong: Wrong) -> None:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme)
    starts = timezone.now() + timedelta(days=9)
    course = factories.course(programme=programme, published=False, starts=starts)
    assert not wrong(factories.admin(), at("courses:detail", course), at("assessments:publish", course))


def test_course_and_licence_that_somebody_else_changed(wrong: Wrong) -> None:
    course = coming(sessions=2)
    mine, theirs, client = factories.admin(), factories.admin(), Client()
    client.force_login(mine)
    licence = course.associates.get().licence
    pages = [at("courses:edit", course), at("courses:sessions", course), at("courses:licence_renew", licence)]
    typed = [filled_in(client.get(page)) for page in pages]
    longer = [
        SessionTimes(one.starts_at, one.ends_at + timedelta(minutes=5)) for one in course.sessions.all()
    ]
    set_sessions(course=course, sessions=longer, by=theirs)
    edit_course(course=course, **{**details_of(course), "title": "AIM3, York"}, by=theirs)
    renew_licence(licence=licence, valid_until=timezone.localdate() + timedelta(days=90), by=theirs)
    typed[0] |= {"delivery": "online", "venue": "By video"}
    typed[2] |= {"valid_until": ""}
    for page, sent in zip(pages, typed, strict=True):
        assert not wrong(mine, page, sent=sent)


def details_of(course: Course) -> dict[str, object]:
    fields = ("title", "organisation", "country", "time_zone", "delivery", "venue", "capacity")
    return {name: getattr(course, name) for name in (*fields, "experience_sought")}


def test_coming_course_with_nobody_on_it(wrong: Wrong) -> None:
    course = coming()
    admin, trainer = factories.admin(), factories.trainer_of(course)
    commissioner = factories.commissioner(course.organisation)
    assert not wrong(None, at("courses:public", course))
    assert not wrong(admin, *(at(page, course) for page in ADMIN_PAGES), at("courses:cancel", course))
    assert not wrong(trainer, at("courses:detail", course), at("courses:register_session", course, 1))
    assert not wrong(trainer, at("assessments:marking", course), at("courses:walk_in", course))
    assert not wrong(commissioner, at("courses:nominations", course), at("certification:results", course))


@pytest.mark.parametrize("state", ["cancelled", "full", "over", "hosted"])
def test_public_page(wrong: Wrong, state: str) -> None:
    course = {
        "cancelled": lambda: coming(),
        "full": lambda: coming(capacity=1),
        "over": lambda: factories.course(starts=timezone.now() - timedelta(days=9)),
        "hosted": lambda: coming(hosted=True),
    }[state]()
    someone = factories.enrolment(course).person
    if state == "cancelled":
        cancel(course=course, because="The venue was flooded.", by=factories.admin())
    assert not wrong(None, at("courses:public", course))
    assert not wrong(someone, at("courses:detail", course), at("home"))
    assert not wrong(factories.admin(), *(at(page, course) for page in ADMIN_PAGES))


def test_nominations_at_every_stage(wrong: Wrong) -> None:
    course, now = coming(), timezone.now()
    by = factories.commissioner(course.organisation)
    factories.nomination(course)
    factories.nomination(course, token_expires_at=now - timedelta(days=1))
    factories.nomination(course, declined_at=now)
    factories.nomination(course, withdrawn_at=now, withdrawn_by=by)
    factories.nomination(course, is_walk_in=True)
    factories.enrolment(course)
    factories.enrolment(course, withdrawn_at=now, withdrawn_by=by)
    assert not wrong(by, at("courses:nominations", course))


@pytest.mark.parametrize("state", ["open", "expired", "declined", "withdrawn", "unknown", "accepted"])
def test_invitation(wrong: Wrong, state: str) -> None:
    course, now = coming(), timezone.now()
    fields = {
        "expired": {"token_expires_at": now - timedelta(days=1)},
        "declined": {"declined_at": now},
        "withdrawn": {"withdrawn_at": now, "withdrawn_by": course.created_by},
    }.get(state, {})
    token = "a-token"
    if state == "accepted":
        nomination = nominated(course)
        accepted(nomination)
        token = nomination.token
    elif state != "unknown":
        factories.nomination(course, token_sha256=hashlib.sha256(token.encode()).hexdigest(), **fields)
    assert not wrong(None, at("courses:invitation", token))


def test_walk_in_with_its_link(wrong: Wrong) -> None:
    course = factories.course()
    trainer = factories.trainer_of(course)
    browser = Client()
    browser.force_login(trainer)
    typed = {**person_fields(manager_name="", manager_email=""), **key()}
    added = browser.post(at("courses:walk_in", course), typed | {"sponsor": str(course.organisation.uuid)})
    assert b'aria-labelledby="qr-title"' in browser.get(added["Location"]).content
    assert not wrong(browser, added["Location"])


@pytest.mark.parametrize("answered", ["not yet", "not theirs", "pays", "finalised"])
def test_walk_in_whose_sponsor_is_asked(wrong: Wrong, answered: str) -> None:
    course, admin = factories.course(), factories.admin()
    organisation = factories.OrganisationFactory.create(name="Bradford Council")
    contact = factories.commissioner(organisation)
    made = add_walk_in(
        course=course,
        nominee=nominee(name="Walter Walker"),
        sponsor=None,
        sponsor_name=organisation.name,
        by=factories.trainer_of(course),
    )
    enrolment = accepted(made)
    listed, naming = at("courses:nominations", course), at("courses:name_sponsor", course, made)
    if answered in ("not theirs", "pays"):
        refuse_sponsor(nomination=made, by=contact)
        assert not wrong(admin, at("home"), listed, naming)
    if answered == "pays":
        confirm_acceptance(enrolment=enrolment, by=enrolment.person)
        name_sponsor(nomination=made, sponsor=None, seen="nobody", by=admin)
        assert not wrong(enrolment.person, at("home"))
    if answered == "finalised":
        Enrolment.objects.update(outcome_finalised_at=timezone.now())
    if answered in ("not yet", "finalised"):
        not_ours = at("courses:refuse_sponsor", course, made)
        assert not wrong(contact, at("home"), listed, not_ours)
        assert not wrong(admin, listed, naming)
    if answered == "not yet":
        # Another admin named a sponsor meanwhile.
        assert not wrong(admin, naming, sent=key() | {"sponsor": "themself", "seen": "nobody"})
    assert not wrong(enrolment.person, at("certification:my_course", enrolment))


def register_of_everything(course: Course) -> None:
    session = course.sessions.get(number=1)
    for presence, more in (
        (Presence.PRESENT, {}),
        (Presence.ABSENT, {}),
        (Presence.LATE, {"minutes_missed": 20, "judgement": Judgement.MAKE_UP}),
        (Presence.LEFT_EARLY, {"minutes_missed": 1, "judgement": Judgement.NOTHING_MISSED}),
        (
            Presence.LATE,
            {
                "minutes_missed": 30,
                "judgement": Judgement.COVERED,
                "covered_how": "Over lunch, with the slides.",
            },
        ),
        (
            Presence.ABSENT,
            {
                "made_up_on": timezone.localdate(),
                "made_up_how": "In Hull.",
                "made_up_at": timezone.now(),
                "made_up_by": factories.trainer_of(course),
            },
        ),
    ):
        RegisterEntry.objects.create(
            course=course,
            enrolment=factories.enrolment(course),
            session=session,
            presence=presence,
            recorded_by=course.created_by,
            **more,
        )


def test_register_with_everything_in_it(wrong: Wrong) -> None:
    course = factories.course(starts=timezone.now() - timedelta(hours=5))
    register_of_everything(course)
    frozen = factories.enrolment(course, attended=True)
    frozen.frozen_at = timezone.now()
    frozen.save()
    admin, trainer = factories.admin(), factories.trainer_of(course)
    entries = [at("courses:register_entry", course, 1, one) for one in course.enrolments.all()]
    assert not wrong(trainer, at("courses:register", course), at("courses:register_session", course, 1))
    assert not wrong(admin, at("courses:register_session", course, 1), entries[0])
    assert not wrong(trainer, *entries, at("courses:register_entry", course, 2, frozen))


def test_register_that_is_corrected_after_the_session(wrong: Wrong) -> None:
    course = factories.course(starts=timezone.now() - timedelta(hours=5))
    recorded, final = (factories.enrolment(course, attended=True) for _ in range(2))
    long_ago = timezone.now() - timedelta(hours=1)
    RegisterEntry.objects.update(recorded_at=long_ago)
    trainer, session = factories.trainer_of(course), course.sessions.get(number=1)
    take_register(
        session=session,
        entries=[Entry(enrolment=recorded, presence=Presence.ABSENT)],
        by=trainer,
        reason="Left at the first break.",
    )
    take_register(
        session=session,
        entries=[Entry(enrolment=recorded, presence=Presence.PRESENT)],
        by=factories.admin(),
        reason="Seen in the other room.",
    )
    RegisterEntry.objects.update(recorded_at=long_ago)
    Enrolment.objects.filter(pk=final.pk).update(outcome_finalised_at=timezone.now())
    page = at("courses:register_session", course, 1)
    entries = [at("courses:register_entry", course, 1, one) for one in (recorded, final)]
    assert not wrong(trainer, page, *entries)
    was = seen_of(recorded.register_entries.get(session=session))
    typed = {f"p-{recorded.uuid}": "absent", f"was-p-{recorded.uuid}": was}
    assert not wrong(trainer, page, sent=typed)
    assert not wrong(trainer, at("courses:walk_in", course))


def test_register_that_two_people_write(wrong: Wrong) -> None:
    course = factories.course()
    one, other = (factories.enrolment(course) for _ in range(2))
    trainer, session = factories.trainer_of(course), course.sessions.get(number=1)
    for person, presence in ((one, Presence.ABSENT), (other, Presence.LATE)):
        entry = Entry(enrolment=person, presence=presence, judged_later=presence == Presence.LATE)
        take_register(session=session, entries=[entry], by=trainer)
    page = at("courses:register_session", course, 1)
    assert not wrong(trainer, page, sent={f"p-{one.uuid}": "present", f"was-p-{one.uuid}": ""})
    judged = {
        "judge": "1",
        "was": "",
        "presence": "late",
        "minutes_missed": "9",
        "judgement": "nothing_missed",
    }
    assert not wrong(trainer, at("courses:register_entry", course, 1, other), sent=judged)


@pytest.mark.parametrize("begun", [False, True])
def test_giving_up_a_place_before_and_after(wrong: Wrong, begun: bool) -> None:
    course = factories.course() if begun else coming()
    mine, theirs = factories.enrolment(course), factories.enrolment(course)
    pages = [at("courses:enrolment_withdraw", course, row) for row in (mine, theirs)]
    assert not wrong(mine.person, pages[0], at("certification:my_course", mine))
    assert not wrong(factories.admin(), pages[1])
    withdraw_enrolment(enrolment=mine, by=mine.person)
    withdraw_enrolment(enrolment=theirs, by=factories.admin())
    assert not wrong(mine.person, at("certification:my_course", mine))
    assert not wrong(factories.commissioner(course.organisation), at("courses:nominations", course))


def test_session_that_another_associate_held(wrong: Wrong) -> None:
    course = factories.course()
    person, trainer = factories.enrolment(course), factories.trainer_of(course)
    holder = factories.associate(course.programme, "IE", name="Hal Holder")
    absent = Entry(enrolment=person, presence=Presence.ABSENT)
    (entry,) = take_register(session=course.sessions.get(number=1), entries=[absent], by=trainer)
    page = at("courses:register_entry", course, 1, person)
    assert not wrong(trainer, page)
    assert not wrong(trainer, page, sent={"ask": "1"})
    said = {"made_up_on": timezone.localdate(), "made_up_how": "The second day, in York."}
    asked = ask_make_up(entry=entry, associate=holder, **said, by=trainer)
    theirs = at("courses:made_up", asked)
    assert not wrong(holder, theirs)
    assert not wrong(holder, theirs, sent={"confirmed": "no"})
    assert not wrong(trainer, page)
    answer_make_up(request=asked, confirmed=False, because="I held none that day.", by=holder)
    assert not wrong(trainer, page)
    assert not wrong(holder, theirs)
