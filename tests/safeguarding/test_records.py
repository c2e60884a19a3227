"""Safeguarding records: who reads them, who does not, and that nothing in them changes."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_email, end_staff_appointment
from accounts.models import OutgoingEmail, Person
from courses.models import Enrolment
from safeguarding.actions import (
    NothingSaid,
    NotNow,
    OwnLead,
    SaidMeanwhile,
    add_to_record,
    appoint_lead,
    end_lead,
    record_step,
    stand_aside,
)
from safeguarding.models import Entry, Exclusion, LeadAppointment, Record, RecordReading
from safeguarding.states import NEXT, Danger, Entered
from tests import factories
from tests.everywhere import where_it_stands

pytestmark = pytest.mark.django_db

SEEN = "Zoë O’Neill & <Sons> said qxzvjk7."


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid4())}


def told(**changed: Any) -> dict[str, Any]:
    values = {
        "danger": "yes",
        "concern": "professional",
        "about": "Their name qxzvjk7",
        "seen": SEEN,
        "done": "Nothing qxzvjk7 yet.",
    }
    return {**values, **key(), **changed}


def letters_to(person: Person) -> list[OutgoingEmail]:
    return list(OutgoingEmail.objects.filter(to_address=person.email).order_by("pk"))


@pytest.fixture
def place() -> Enrolment:
    return factories.enrolment(factories.course())


# --- Told through the page, read by the leads alone -------------------------------------------------------


def test_trainer_tells_the_leads_from_a_page_and_comes_back_to_it(place: Enrolment) -> None:
    lead = factories.lead().person
    trainer = factories.trainer_of(place.course)
    client = signed_in(trainer)
    path = reverse("safeguarding:tell_of_person", args=[place.uuid])
    marking = reverse("assessments:mark", args=[place.course.uuid, place.uuid])
    url = f"{path}?place=marking&next={marking}"
    page = client.get(url).text
    assert "call the police on 999" in page
    assert f'value="{place.person.name}"' in page
    form = told()
    refused = client.post(url, {**form, "seen": "", "danger": ""})
    assert "Say whether somebody is in danger now." in refused.text
    assert "Their name qxzvjk7" in refused.text
    assert not Record.objects.exists()
    sent = client.post(url, form, follow=True)
    record = Record.objects.get()
    assert (record.enrolment, record.course, record.place) == (place, place.course, "marking")
    assert record.reference in sent.text
    assert f'href="{marking}"' in sent.text
    assert "qxzvjk7" not in sent.text
    again = client.post(url, form, follow=True)
    assert again.redirect_chain == sent.redirect_chain
    assert Record.objects.count() == 1
    read = signed_in(lead).get(reverse("safeguarding:record", args=[record.uuid])).text
    assert "Zoë O’Neill &amp; &lt;Sons&gt; said qxzvjk7." in read
    assert trainer.name in read


def test_title_of_the_form_says_from_what_kind_of_page_and_names_nobody(place: Enrolment) -> None:
    client = signed_in(factories.trainer_of(place.course))
    paths = [
        reverse("safeguarding:tell"),
        reverse("safeguarding:tell_of_course", args=[place.course.uuid]),
        reverse("safeguarding:tell_of_person", args=[place.uuid]),
    ]
    titles = [client.get(path).text.partition("<title>")[2].partition("</title>")[0] for path in paths]
    assert [" ".join(title.split()) for title in titles] == [
        "Tell the safeguarding leads – AIMcert",
        "Tell the safeguarding leads, from a course’s page – AIMcert",
        "Tell the safeguarding leads, from a page about one person – AIMcert",
    ]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_form_leads_back_to_pages_of_ours_alone(elsewhere: str) -> None:
    client = signed_in(factories.PersonFactory.create())
    url = f"{reverse('safeguarding:tell')}?next={elsewhere}"
    assert "evil" not in client.get(url).text
    assert "alert(1)" not in client.get(url).text
    assert "evil" not in client.post(url, told())["Location"]


def test_whom_to_phone_stands_on_the_page(settings: Any, client: Client) -> None:
    settings.AIM = {
        **settings.AIM,
        "SAFEGUARDING_CONTACT": {"name": "Ada O’Neill", "phone": "020 7946 0999", "email": "s@aim.example"},
    }
    page = client.get(reverse("safeguarding:worried")).text
    assert "Ada O’Neill" in page
    assert 'href="tel:02079460999"' in page
    assert "s@aim.example" in page


def test_admin_who_is_no_lead_reads_nothing_and_a_lead_need_be_no_admin(place: Enrolment) -> None:
    lead = factories.lead().person
    record = factories.safeguarding_record(factories.trainer_of(place.course), enrolment=place)
    path = reverse("safeguarding:record", args=[record.uuid])
    admin = signed_in(factories.admin())
    assert admin.get(path).status_code == 404
    assert admin.post(path, {"kind": "closed", "text": "x", "shown": "0", **key()}).status_code == 404
    assert admin.get(reverse("safeguarding:records")).status_code == 403
    assert not lead.is_aim_admin
    assert signed_in(lead).get(path).status_code == 200
    end_lead(appointment=LeadAppointment.objects.get(), by=factories.admin())
    assert signed_in(lead).get(path).status_code == 404


def test_writer_sees_reference_and_time_and_adds_but_reads_nothing(place: Enrolment) -> None:
    lead, writer = factories.lead().person, factories.trainer_of(place.course)
    record = factories.safeguarding_record(writer, seen=SEEN, about="About qxzvjk7", enrolment=place)
    record_step(record=record, kind=Entered.ACKNOWLEDGED, text="Acted qxzvjk7.", shown=0, by=lead)
    client, path = signed_in(writer), reverse("safeguarding:sent_record", args=[record.uuid])
    assert record.reference in client.get(reverse("safeguarding:sent")).text
    page = client.get(path).text
    assert record.reference in page
    assert "qxzvjk7" not in page
    assert client.post(path, {"text": " ", **key()}).status_code == 422
    form = {"text": "More qxzvjk7.", **key()}
    added = client.post(path, form, follow=True).text
    assert "You added to it on" in added
    assert "qxzvjk7" not in added
    assert client.post(path, form).status_code == 302
    assert record.entries.filter(kind=Entered.ADDED).count() == 1
    assert client.get(reverse("safeguarding:record", args=[record.uuid])).status_code == 404
    assert signed_in(lead).get(path).status_code == 404


def test_session_that_ended_loses_nothing_that_was_typed() -> None:
    answer = Client().post(reverse("safeguarding:tell"), told())
    assert answer.status_code == 403
    assert "said qxzvjk7" in answer.text
    assert "call 999 first" in answer.text
    assert not Record.objects.exists()


def test_each_reading_is_kept_with_who_and_when(place: Enrolment) -> None:
    lead = factories.lead().person
    record = factories.safeguarding_record(factories.trainer_of(place.course), enrolment=place)
    client, path = signed_in(lead), reverse("safeguarding:record", args=[record.uuid])
    client.get(reverse("safeguarding:records"))
    assert not RecordReading.objects.exists()
    client.get(path)
    # A form that is refused shows the record again.
    client.post(path, {"kind": "", "shown": "0", **key()})
    assert [reading.read_by for reading in RecordReading.objects.all()] == [lead, lead]


def test_records_to_read_stand_with_the_danger_first(place: Enrolment) -> None:
    lead, writer = factories.lead().person, factories.trainer_of(place.course)
    sent = {
        danger: factories.safeguarding_record(writer, danger=danger).reference
        for danger in (Danger.YES, Danger.NO, Danger.NOT_SURE)
    }
    page = signed_in(lead).get(reverse("safeguarding:records")).text
    stood = sorted(sent, key=lambda danger: page.index(sent[danger]))
    assert stood == [Danger.YES, Danger.NOT_SURE, Danger.NO]


def test_words_that_a_step_may_need_are_not_called_optional(place: Enrolment) -> None:
    lead = factories.lead().person
    record = factories.safeguarding_record(factories.trainer_of(place.course))
    assert "(optional)" not in signed_in(lead).get(reverse("safeguarding:record", args=[record.uuid])).text


# --- Nobody handles their own -----------------------------------------------------------------------------


def _is_the_person(lead: Person, place: Enrolment) -> None:
    Enrolment.objects.filter(pk=place.pk).update(person=lead)


def _was_merged_from_the_person(lead: Person, place: Enrolment) -> None:
    Person.objects.filter(pk=place.person_id).update(merged_into=lead, is_active=False)


def _manages_the_person(lead: Person, place: Enrolment) -> None:
    place.nomination.manager_email = lead.email
    place.nomination.save()


def _manages_the_person_by_an_earlier_address(lead: Person, place: Enrolment) -> None:
    _manages_the_person(lead, place)
    change_email(person=lead, email="lead.elsewhere@example.org", by=lead)
    lead.refresh_from_db()


def _acts_for_their_employer(lead: Person, place: Enrolment) -> None:
    assert place.sponsor_organisation
    lead.memberships.create(organisation=place.sponsor_organisation, started_by=lead)


@pytest.mark.parametrize(
    "tie",
    [
        _is_the_person,
        _was_merged_from_the_person,
        _manages_the_person,
        _manages_the_person_by_an_earlier_address,
        _acts_for_their_employer,
    ],
)
def test_lead_with_a_conflict_neither_sees_it_nor_is_told(place: Enrolment, tie: Any) -> None:
    lead, other = factories.lead().person, factories.lead().person
    tie(lead, place)
    place.refresh_from_db()
    record = factories.safeguarding_record(factories.trainer_of(place.course), enrolment=place)
    assert not Record.objects.visible_to(lead).exists()
    assert list(Record.objects.visible_to(other)) == [record]
    assert not letters_to(lead)
    assert [letter.subject for letter in letters_to(other)] == ["A safeguarding record waits"]
    page = signed_in(lead).get(reverse("home")).text
    assert "Read 1 safeguarding record" not in page
    assert signed_in(lead).get(reverse("safeguarding:record", args=[record.uuid])).status_code == 404


def test_ended_membership_is_no_conflict(place: Enrolment) -> None:
    lead = factories.lead().person
    _acts_for_their_employer(lead, place)
    lead.memberships.update(ended_at=timezone.now(), ended_by=lead)
    factories.safeguarding_record(factories.trainer_of(place.course), enrolment=place)
    assert Record.objects.visible_to(lead).exists()


def test_writer_keeps_it_from_a_lead_who_is_involved(place: Enrolment) -> None:
    involved, other = factories.lead(name="Involved").person, factories.lead().person
    client = signed_in(factories.trainer_of(place.course))
    path = reverse("safeguarding:tell")
    assert "Involved" in client.get(path).text
    client.post(path, told(keep_from=[str(involved.uuid)]))
    record = Record.objects.get()
    assert not Record.objects.visible_to(involved).exists()
    assert list(Record.objects.visible_to(other)) == [record]
    assert not letters_to(involved)
    page = signed_in(involved).get(reverse("safeguarding:record", args=[record.uuid]))
    assert page.status_code == 404


def test_lead_who_stands_aside_reads_it_no_more(place: Enrolment) -> None:
    aside, other, admin = factories.lead().person, factories.lead().person, factories.admin()
    record = factories.safeguarding_record(factories.trainer_of(place.course), enrolment=place)
    client = signed_in(aside)
    path = reverse("safeguarding:stand_aside", args=[record.uuid])
    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 404
    assert client.get(reverse("safeguarding:record", args=[record.uuid])).status_code == 404
    assert len(letters_to(other)) == 2
    assert not letters_to(admin)
    stand_aside(record=record, by=other)
    stand_aside(record=record, by=other)
    assert Exclusion.objects.count() == 2
    assert [letter.subject for letter in letters_to(admin)] == ["A safeguarding lead must be appointed"]
    assert "no lead is free to read a record that waits" in signed_in(admin).get(reverse("home")).text
    appoint_lead(name="New", email="new@people.example", by=admin)
    new = Person.objects.get(email="new@people.example")
    assert [letter.subject for letter in letters_to(new)][1:] == ["A safeguarding record waits"]
    assert "no lead is free" not in signed_in(admin).get(reverse("home")).text


# --- Where no lead is appointed ---------------------------------------------------------------------------


def test_without_a_lead_the_admins_are_asked_to_appoint_one_and_read_nothing(place: Enrolment) -> None:
    admin, about = factories.admin(), factories.admin()
    Enrolment.objects.filter(pk=place.pk).update(person=about)
    place.refresh_from_db()
    record = factories.safeguarding_record(
        factories.trainer_of(place.course), enrolment=place, seen=SEEN, about="qxzvjk7"
    )
    letter = letters_to(admin)[0]
    assert letter.subject == "A safeguarding lead must be appointed"
    assert "qxzvjk7" not in letter.text
    assert record.reference not in letter.text
    assert not letters_to(about)
    home = signed_in(admin).get(reverse("home")).text
    assert "Appoint a safeguarding lead" in home
    assert not Record.objects.visible_to(admin).exists()


def test_nobody_appoints_themself(place: Enrolment) -> None:
    admin = factories.admin()
    with pytest.raises(OwnLead):
        appoint_lead(name="", email=admin.email.upper(), by=admin)
    page = signed_in(admin).post(reverse("safeguarding:appoint_lead"), {"name": "Me", "email": admin.email})
    assert "Ask another AIM admin" in page.text
    assert not LeadAppointment.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        LeadAppointment.objects.create(person=admin, started_by=admin)


def test_lead_is_appointed_and_ended_through_the_pages(place: Enrolment) -> None:
    client = signed_in(factories.admin())
    form = {"name": "Zoë", "email": "zoe@people.example"}
    assert (
        "Zoë is now a safeguarding lead"
        in client.post(reverse("safeguarding:appoint_lead"), form, follow=True).text
    )
    client.post(reverse("safeguarding:appoint_lead"), form)
    appointment = LeadAppointment.objects.get()
    assert len(letters_to(appointment.person)) == 1
    end = reverse("safeguarding:end_lead", args=[appointment.uuid])
    assert "no longer a safeguarding lead" in client.post(end, follow=True).text
    appointment.refresh_from_db()
    first = appointment.ended_at
    client.post(end)
    appointment.refresh_from_db()
    assert appointment.ended_at == first
    with pytest.raises(DatabaseError), transaction.atomic():
        LeadAppointment.objects.update(ended_at=timezone.now() + timedelta(days=1))


def test_lead_stays_one_when_they_leave_the_staff(place: Enrolment) -> None:
    lead = factories.lead(factories.admin()).person
    end_staff_appointment(appointment=lead.staff_appointments.get(), by=factories.admin())
    factories.safeguarding_record(factories.trainer_of(place.course))
    assert Record.objects.visible_to(Person.objects.get(pk=lead.pk)).exists()


# --- What leads do ----------------------------------------------------------------------------------------


def test_lead_acknowledges_decides_closes_and_opens_again_through_the_page(place: Enrolment) -> None:
    lead = factories.lead().person
    record = factories.safeguarding_record(factories.trainer_of(place.course), enrolment=place)
    client, path = signed_in(lead), reverse("safeguarding:record", args=[record.uuid])
    assert "Read 1 safeguarding record" in client.get(reverse("home")).text
    for number, kind in enumerate((Entered.ACKNOWLEDGED, Entered.DECIDED, Entered.CLOSED, Entered.REOPENED)):
        form = {"kind": kind, "text": f"Words {number}", "shown": str(number)}
        sent = client.post(path, {**form, **key()})
        assert sent.status_code == 302
        assert "Read 1 safeguarding record" not in client.get(reverse("home")).text
    assert [entry.kind for entry in record.entries.all()] == [
        "acknowledged",
        "decided",
        "closed",
        "reopened",
    ]
    page = client.get(path).text
    assert "Words 2" in page
    assert lead.name in page
    add_to_record(record=record, text="And on Wednesday.", by=record.sent_by)
    assert "Read 1 safeguarding record" in client.get(reverse("home")).text
    assert [letter.subject for letter in letters_to(lead)] == ["A safeguarding record waits"] * 2


@pytest.mark.parametrize("latest", ["", *Entered.values])
@pytest.mark.parametrize("kind", Entered.values)
def test_every_step_after_every_entry_is_taken_or_refused(latest: str, kind: str) -> None:
    lead = factories.lead().person
    record = factories.safeguarding_record(factories.PersonFactory.create())
    if latest:
        Entry.objects.create(record=record, kind=latest, text="Words.", written_by=lead)
    shown = 1 if latest else 0
    if kind in NEXT[latest]:
        record_step(record=record, kind=kind, text="Words.", shown=shown, by=lead)
        assert record.entries.count() == shown + 1
    else:
        with pytest.raises(NotNow):
            record_step(record=record, kind=kind, text="Words.", shown=shown, by=lead)
        assert record.entries.count() == shown


def test_closing_what_was_added_to_meanwhile_is_refused_with_a_way_on() -> None:
    lead, writer = factories.lead().person, factories.PersonFactory.create()
    record = factories.safeguarding_record(writer)
    client, path = signed_in(lead), reverse("safeguarding:record", args=[record.uuid])
    add_to_record(record=record, text="And on Wednesday.", by=writer)
    form = {"kind": "closed", "text": "Nothing more.", "shown": "0", **key()}
    refused = client.post(path, form)
    assert refused.status_code == 409
    assert "Read it first" in refused.text
    assert "And on Wednesday." in client.get(path).text
    assert client.post(path, {**form, "shown": "1"}).status_code == 302
    with pytest.raises(SaidMeanwhile):
        record_step(record=record, kind=Entered.REOPENED, text="x", shown=1, by=lead)
    with pytest.raises(NothingSaid):
        record_step(record=record, kind=Entered.REOPENED, text=" ", shown=2, by=lead)


# --- Nothing changes, and it stands nowhere else ----------------------------------------------------------


@pytest.mark.parametrize("model", [Record, Entry, Exclusion, RecordReading])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_application_changes_and_deletes_nothing_of_a_record(model: Any, act: str) -> None:
    lead = factories.lead().person
    record = factories.safeguarding_record(factories.PersonFactory.create(), keep_from=[lead])
    record_step(record=record, kind=Entered.ACKNOWLEDGED, text="", shown=0, by=lead)
    RecordReading.objects.create(record=record, read_by=lead)
    rows = model.objects.all()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows.update(id=rows[0].pk) if act == "update" else rows._raw_delete("default")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        LeadAppointment.objects.all()._raw_delete("default")


def test_words_of_a_record_stand_in_its_own_tables_alone(
    place: Enrolment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lead = factories.lead().person
    factories.admin()
    client = signed_in(factories.trainer_of(place.course))
    client.post(reverse("safeguarding:tell_of_person", args=[place.uuid]), told())
    record = Record.objects.get()
    client.post(reverse("safeguarding:sent_record", args=[record.uuid]), {"text": "More qxzvjk7.", **key()})
    form = {"kind": "decided", "text": "Done qxzvjk7.", "shown": "1", **key()}
    answer = signed_in(lead).post(reverse("safeguarding:record", args=[record.uuid]), form)
    assert answer.status_code == 302
    assert where_it_stands("qxzvjk7") == {"safeguarding_record", "safeguarding_entry"}
    assert not [
        line
        for line in caplog.records
        if "qxzvjk7" in line.getMessage() + repr(vars(line)) and line.name != "django.db.backends"
    ]


def test_statements_stay_the_same_for_many_records(django_assert_num_queries: Any) -> None:
    lead, writer = factories.lead().person, factories.PersonFactory.create()
    client = signed_in(lead)
    for rows in (1, 3, 30):
        while Record.objects.count() < rows:
            factories.safeguarding_record(writer)
        with django_assert_num_queries(6):
            client.get(reverse("safeguarding:records"))
