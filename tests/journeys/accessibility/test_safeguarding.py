"""Telling the safeguarding leads, what they read and record, and who is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from safeguarding.actions import add_to_record, note_reading, record_step
from safeguarding.states import Danger
from tests import factories
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


def test_telling(wrong: Wrong, settings: Any) -> None:
    settings.AIM = {
        **settings.AIM,
        "SAFEGUARDING_CONTACT": {"name": "Ada Example", "phone": "020 7946 0999", "email": "s@aim.example"},
    }
    factories.lead(name="One of the leads")
    place = factories.enrolment(factories.course())
    trainer = factories.trainer_of(place.course)
    record = factories.safeguarding_record(trainer, enrolment=place)
    add_to_record(record=record, text="And on Wednesday.", by=trainer)
    assert not wrong(None, at("safeguarding:worried"))
    back = f"?place=marking&next={at('home')}"
    assert not wrong(trainer, reverse("safeguarding:tell_of_person", args=[place.uuid]) + back)
    sent = reverse("safeguarding:sent_record", args=[record.uuid])
    assert not wrong(trainer, at("safeguarding:sent"), sent + back)


def test_nothing_sent_so_far(wrong: Wrong) -> None:
    assert not wrong(factories.PersonFactory.create(), at("safeguarding:sent"), at("safeguarding:tell"))


def test_lead_reads_and_records(wrong: Wrong) -> None:
    lead, aside = factories.lead(name="Ada Example").person, factories.lead(name="Who is involved").person
    assert not wrong(lead, at("safeguarding:records"))
    place = factories.enrolment(factories.course())
    writer = factories.trainer_of(place.course)
    for danger in Danger.values:
        record = factories.safeguarding_record(writer, enrolment=place, danger=danger, keep_from=[aside])
    record_step(record=record, kind="acknowledged", text="", shown=0, by=lead)
    closed = factories.safeguarding_record(writer, done="I told the head teacher.")
    note_reading(record=closed, by=lead)
    add_to_record(record=closed, text="And on Wednesday.", by=writer)
    record_step(record=closed, kind="closed", text="The local authority leads on it.", shown=1, by=lead)
    first = writer.sent_safeguarding_records.get(danger=Danger.YES)
    pages = [reverse("safeguarding:record", args=[one.uuid]) for one in (first, record, closed)]
    assert not wrong(lead, at("home"), at("safeguarding:records"), *pages)


def test_admin_without_a_lead(wrong: Wrong) -> None:
    admin = factories.admin()
    assert not wrong(admin, at("home"), at("safeguarding:leads"), at("safeguarding:appoint_lead"))
    appointment = factories.lead()
    factories.lead()
    appointment.ended_at, appointment.ended_by = appointment.started_at, admin
    appointment.save()
    assert not wrong(admin, at("safeguarding:leads"))
