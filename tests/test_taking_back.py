"""What was done and can be undone: the next page offers it, it acts once, and is refused and told as ever."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actions import appoint_staff, end_membership, end_staff_appointment, invite_commissioner
from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Unavailability
from courses.actions import assign_associate, decline, withdraw_licence, withdraw_nomination
from courses.models import Nomination
from courses.nominees import Nominee
from safeguarding.actions import end_lead
from tests import factories
from tests.courses.factories import coming, nominated
from tests.journeys.accessibility.outline import Form, outline_of
from tests.pages import words_in
from tests.stale import filled_in

pytestmark = pytest.mark.django_db
PERSON = [field.name for field in fields(Nominee)]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def posted(client: Client, url: str, **sent: str) -> HttpResponse:
    """The page that a form leads to."""
    return client.post(url, {"idempotency_key": str(uuid4()), **sent}, follow=True)  # type: ignore[return-value]


def undo_on(page: HttpResponse) -> Form:
    """The button below what the page says was done, as a browser sends it."""
    messages = re.search(r'<div class="messages".*?</form>', page.content.decode(), re.DOTALL)
    assert messages, "nothing offers to undo it"
    return outline_of(HttpResponse(messages[0])).forms[0]


def pressed(client: Client, form: Form) -> HttpResponse:
    return client.post(form.action, form.sent, follow=True)  # type: ignore[return-value]


def link_in(page: HttpResponse, words: str) -> str:
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*{words}', page.content.decode())
    assert found, f"no link {words!r}"
    return unescape(found[1])


def said_of(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email}


def test_trainer_who_was_taken_off_is_put_back_with_one_press_and_with_two() -> None:
    course, admin = coming(), factories.admin()
    other = factories.associate(course.programme, name="Ruth Calder")
    assign_associate(course=course, associate=other, by=admin)
    client, elsewhere = signed_in(admin), signed_in(admin)
    page = posted(client, reverse("courses:associate_remove", args=[course.uuid, other.uuid]))
    assert not course.associates.filter(associate=other).exists()
    assert "Put Ruth Calder back" in words_in(page.content.decode())
    undo = undo_on(page)
    for browser in (client, client, elsewhere):
        back = pressed(browser, undo)
        assert back.status_code == 200
        assert "There is a problem" not in words_in(back.content.decode())
        assert course.associates.filter(associate=other).count() == 1
    assert "Put Ruth Calder back" not in words_in(back.content.decode())


def test_trainer_is_not_put_back_once_their_licence_is_withdrawn() -> None:
    course, admin = coming(), factories.admin()
    other = factories.associate(course.programme, name="Ruth Calder")
    assign_associate(course=course, associate=other, by=admin)
    client = signed_in(admin)
    page = posted(client, reverse("courses:associate_remove", args=[course.uuid, other.uuid]))
    withdraw_licence(licence=other.licences.get(), by=admin)
    for _press in range(2):
        refused = pressed(client, undo_on(page))
        assert "There is a problem" in words_in(refused.content.decode())
        assert not course.associates.filter(associate=other).exists()


def test_author_whose_writing_was_ended_writes_again() -> None:
    programme, admin = factories.ProgrammeFactory.create(), factories.admin()
    version = factories.version(programme, frozen=False)
    writer = factories.associate(programme, name="Ruth Calder")
    author = actions.invite_author(version=version, person=writer, by=admin)
    client = signed_in(admin)
    page = posted(client, reverse("assessments:version_author_end", args=[version.uuid, author.uuid]))
    assert not version.authors.filter(ended_at__isnull=True).exists()
    undo = undo_on(page)
    for _press in range(2):
        assert "There is a problem" not in words_in(pressed(client, undo).content.decode())
        assert version.authors.get(ended_at__isnull=True).person == writer


def test_associate_who_can_be_asked_again_is_recorded_as_unavailable_anew() -> None:
    programme, admin = factories.ProgrammeFactory.create(), factories.admin()
    associate = factories.associate(programme, cleared=False)
    version = factories.version(programme, frozen=False)
    actions.propose_version(version=version, by=admin)
    away = {"from_on": date(2030, 5, 1), "until_on": date(2030, 6, 1), "reason": "on leave"}
    row = actions.record_unavailable(programme=programme, associate=associate, by=admin, **away)
    client = signed_in(admin)
    page = posted(client, reverse("assessments:version_unavailable_end", args=[version.uuid, row.uuid]))
    assert not Unavailability.objects.standing().exists()
    form = client.get(link_in(page, "Record them as unavailable again"))
    posted(client, form.request["PATH_INFO"], **filled_in(form))
    again = Unavailability.objects.standing().get()
    assert {name: getattr(again, name) for name in away} == away
    assert again.associate == associate


@pytest.mark.parametrize("role", ["staff", "commissioner", "lead"])
def test_role_that_ended_is_given_again_to_the_same_person(role: str) -> None:
    admin, person = factories.admin(), factories.PersonFactory.create(name="Helen Marsh")
    organisation = factories.OrganisationFactory.create()
    pages = {
        "staff": reverse("staff"),
        "commissioner": reverse("organisation", args=[organisation.uuid]),
        "lead": reverse("safeguarding:leads"),
    }
    if role == "staff":
        end_staff_appointment(appointment=appoint_staff(**said_of(person), by=admin), by=admin)
    elif role == "commissioner":
        ended = invite_commissioner(organisation=organisation, **said_of(person), by=admin)
        end_membership(membership=ended, by=admin)
    else:
        factories.lead(factories.PersonFactory.create())
        end_lead(appointment=factories.lead(person), by=admin)
    client = signed_in(admin)
    form = client.get(link_in(client.get(pages[role]), "Give it again"))
    assert filled_in(form) | {"name": "Helen Marsh", "email": person.email} == filled_in(form)
    posted(client, form.request["PATH_INFO"], **filled_in(form))
    assert "Give it again" not in words_in(client.get(pages[role]).content.decode())


@pytest.mark.parametrize("how", ["withdrawn", "declined"])
def test_nomination_that_came_to_nothing_is_made_again_with_what_was_said(how: str) -> None:
    course = coming()
    commissioner = factories.commissioner(course.organisation)
    before = nominated(course, by=commissioner, name="Tom Ashby", years_experience=Decimal(4))
    if how == "withdrawn":
        withdraw_nomination(nomination=before, by=commissioner)
    else:
        decline(token=before.token)
    before.refresh_from_db()
    client = signed_in(commissioner)
    url = reverse("courses:nominations", args=[course.uuid])
    form = client.get(link_in(client.get(url), "Nominate again"))
    sent = filled_in(form)
    assert {name: str(getattr(before, name)) for name in PERSON} == {name: sent[name] for name in PERSON}
    page = posted(client, form.request["PATH_INFO"], **sent)
    assert "was nominated" in words_in(page.content.decode())
    assert course.nominations.filter(email=before.email).count() == 2
    assert "Nominate again" not in words_in(client.get(url).content.decode())


def test_nobody_is_filled_in_whom_the_reader_may_not_see() -> None:
    course, other = coming(), factories.OrganisationFactory.create()
    commissioner = factories.commissioner(course.organisation)
    theirs: Nomination = factories.nomination(course, sponsor=other, name="Somebody Else")
    url = reverse("courses:nominate", args=[course.uuid])
    for again in (str(theirs.uuid), str(uuid4()), "no-uuid", "\x00"):
        page = signed_in(commissioner).get(url, {"again": again})
        assert page.status_code == 200
        assert not filled_in(page).get("name")


def test_sponsor_who_is_only_asked_reads_nothing_of_a_walk_in() -> None:
    course = coming()
    commissioner = factories.commissioner(course.organisation)
    enrolment = factories.enrolment(course, confirmed=False)
    walk_in = enrolment.nomination
    Nomination.objects.update(is_walk_in=True)
    assert Nomination.objects.visible_to(commissioner).filter(pk=walk_in.pk).exists()
    url = reverse("courses:nominate", args=[course.uuid])
    page = signed_in(commissioner).get(url, {"again": str(walk_in.uuid)})
    assert page.status_code == 200
    for value in (walk_in.name, walk_in.email, walk_in.manager_email):
        assert value not in page.content.decode()
    assert not filled_in(page).get("email")


def test_adjustment_that_ended_is_granted_again_as_it_was() -> None:
    enrolment = factories.enrolment(coming())
    client = signed_in(factories.trainer_of(enrolment.course))
    url = reverse("assessments:adjustments", args=[enrolment.course.uuid, enrolment.uuid])
    page = posted(client, url, kind="room", details="Room seven")
    assert "Grant again" not in words_in(page.content.decode())
    end = enrolment.adjustments.get()
    page = posted(
        client, reverse("assessments:adjustment_end", args=[enrolment.course.uuid, enrolment.uuid, end.uuid])
    )
    assert not enrolment.adjustments.standing().exists()
    again = next(form for form in outline_of(page).forms if "details" in form.sent)
    for _press in range(2):
        page = client.post(url, again.sent, follow=True)  # type: ignore[assignment]
        assert enrolment.adjustments.standing().get().details == "Room seven"
    assert "Grant again" not in words_in(page.content.decode())
