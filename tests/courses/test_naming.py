"""The name on a certificate is corrected before approval, by the person or by an AIM admin with a reason."""

from __future__ import annotations

import html
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from certification.actions import approve, approve_all
from certification.models import Certificate
from courses import expectations
from courses.actions import EnrolmentFrozen, NameRefused, correct_certificate_name
from courses.models import Enrolment, NameCorrection
from courses.tokens import sha256_of
from tests import factories
from tests.courses.factories import coming, person_fields
from tests.courses.pages import key
from tests.stale import both, filled_in, over

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    return factories.recommended(factories.course(), certificate_name="Zoe ONeil")


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Ada Admin")


def page_of(enrolment: Enrolment) -> str:
    return reverse("courses:certificate_name", args=[enrolment.course.uuid, enrolment.uuid])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def name_of(enrolment: Enrolment) -> str:
    return Enrolment.objects.get(pk=enrolment.pk).certificate_name


def test_a_person_corrects_their_own_and_sees_it(enrolment: Enrolment) -> None:
    client = signed_in(enrolment.person)
    own = reverse("certification:my_course", args=[enrolment.uuid])
    assert page_of(enrolment) in client.get(own).text
    assert "Zoe ONeil" in client.get(page_of(enrolment)).text
    sent = {"name": "  Zoë O’Neill ", "seen": "0"}
    assert client.post(page_of(enrolment), sent).url == own
    assert client.post(page_of(enrolment), sent).url == own
    assert name_of(enrolment) == "Zoë O’Neill"
    assert "Zoë O’Neill" in client.get(own).text
    row = NameCorrection.objects.get()
    assert (row.enrolment, row.corrected_by, row.reason) == (enrolment, enrolment.person, "")
    assert Person.objects.get(pk=enrolment.person_id).name == enrolment.person.name


def test_an_admin_corrects_it_with_a_reason_which_stays(enrolment: Enrolment, admin: Person) -> None:
    client = signed_in(admin)
    decide = reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid])
    assert page_of(enrolment) in client.get(decide).text
    refused = client.post(page_of(enrolment), {"name": "Zoë O’Neill", "reason": "\u200b", "seen": "0"})
    assert "Say why you correct somebody else’s name." in refused.text
    assert name_of(enrolment) == "Zoe ONeil"
    sent = {"name": "Zoë O’Neill", "reason": "They asked for it.", "seen": "0"}
    assert client.post(page_of(enrolment), sent).url == decide
    page = " ".join(client.get(decide).text.split())
    assert '<p class="h2" dir="auto">Zoë O’Neill</p>' in page
    assert "by Ada Admin. They asked for it." in page
    assert "ONeil<" not in page
    assert (
        "Zoë O’Neill"
        in signed_in(enrolment.person).get(reverse("certification:my_course", args=[enrolment.uuid])).text
    )


def test_nobody_else_corrects_it(enrolment: Enrolment) -> None:
    trainer = factories.trainer_of(enrolment.course)
    assert signed_in(trainer).get(page_of(enrolment)).status_code == 403
    assert signed_in(factories.PersonFactory.create()).get(page_of(enrolment)).status_code == 404
    with pytest.raises(NameRefused):
        correct_certificate_name(enrolment=enrolment, name="Other", by=trainer, seen=0, reason="So.")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u3164", "\u202e"])
def test_a_name_of_which_nothing_can_be_seen_is_refused(enrolment: Enrolment, name: str) -> None:
    refused = signed_in(enrolment.person).post(page_of(enrolment), {"name": name, "seen": "0"})
    assert "Enter the name as it should stand on the certificate." in refused.text
    with pytest.raises(NameRefused):
        correct_certificate_name(enrolment=enrolment, name=name, by=enrolment.person, seen=0)
    assert name_of(enrolment) == "Zoe ONeil"


def test_a_stale_page_overwrites_nothing_and_shows_what_stands(enrolment: Enrolment, admin: Person) -> None:
    client = signed_in(enrolment.person)
    correct_certificate_name(enrolment=enrolment, name="Zoë ONeill", by=admin, seen=0, reason="Dots.")
    stale = client.post(page_of(enrolment), {"name": "Zoe O’Neill", "seen": "0"})
    assert stale.status_code == 409
    assert re.search(r"The AIM Project saved it on \d+ \w+ \d{4}, \d\d:\d\d", stale.text)
    assert admin.name not in stale.text
    assert both(stale) == [("Zoë ONeill", "Zoe O’Neill")]
    assert 'value="Zoe O’Neill"' in stale.text
    assert name_of(enrolment) == "Zoë ONeill"
    with pytest.raises(ChangedMeanwhile):
        correct_certificate_name(enrolment=enrolment, name="Zoe O’Neill", by=enrolment.person, seen=0)
    # Sent again as it came back, it builds on the older name still; what nobody's page counted, on none.
    again = filled_in(stale)
    assert client.post(page_of(enrolment), again).status_code == 409
    assert client.post(page_of(enrolment), again | {"seen": "7"}).status_code == 409
    assert name_of(enrolment) == "Zoë ONeill"
    assert client.post(page_of(enrolment), again | over(stale)).status_code == 302
    assert name_of(enrolment) == "Zoe O’Neill"


def test_a_page_that_counts_corrections_that_never_were_is_refused(enrolment: Enrolment) -> None:
    forged = {"name": "Zoe O’Neill", "seen": "7"}
    assert signed_in(enrolment.person).post(page_of(enrolment), forged).status_code == 409


def test_after_approval_nothing_corrects_it(enrolment: Enrolment, admin: Person) -> None:
    approve(enrolment=enrolment, by=admin)
    client = signed_in(enrolment.person)
    for response in (
        client.get(page_of(enrolment)),
        client.post(page_of(enrolment), {"name": "A", "seen": "0"}),
    ):
        assert response.status_code == 409
        assert "The certificate is approved" in response.text
    assert (
        page_of(enrolment) not in client.get(reverse("certification:my_course", args=[enrolment.uuid])).text
    )
    with pytest.raises(EnrolmentFrozen):
        correct_certificate_name(enrolment=enrolment, name="A", by=enrolment.person, seen=0)
    for attempt in (
        "UPDATE courses_enrolment SET certificate_name = 'A'",
        "INSERT INTO courses_namecorrection (enrolment_id, reason, corrected_at, corrected_by_id)"
        " SELECT id, 'So.', now(), person_id FROM courses_enrolment",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_a_row_says_who_and_why_and_can_be_neither_changed_nor_without_a_reason(
    enrolment: Enrolment, admin: Person
) -> None:
    correct_certificate_name(enrolment=enrolment, name="Zoë", by=admin, seen=0, reason="Dots.")
    for attempt in (
        "UPDATE courses_namecorrection SET reason = ''",
        "DELETE FROM courses_namecorrection",
        "INSERT INTO courses_namecorrection (enrolment_id, reason, corrected_at, corrected_by_id)"
        " SELECT enrolment_id, '', now(), corrected_by_id FROM courses_namecorrection",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_what_was_read_under_another_name_is_not_approved(enrolment: Enrolment, admin: Person) -> None:
    correct_certificate_name(enrolment=enrolment, name="Zoë", by=enrolment.person, seen=0)
    with pytest.raises(ChangedMeanwhile):
        approve(enrolment=enrolment, by=admin, named="Zoe ONeil")
    (recommendation,) = enrolment.recommendations.all()
    done = approve_all(course=enrolment.course, by=admin, named={recommendation.uuid: "Zoe ONeil"})
    assert not done.certificates
    assert "name was corrected" in done.left_out[0].why[0].words
    assert approve(enrolment=enrolment, by=admin, named="Zoë").name == "Zoë"


def carried(page: str) -> dict[str, str]:
    """What the last form of a page carries along."""
    form = page.split("<form")[-1]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_page_that_showed_another_name_approves_nobody_and_the_one_read_again_does(
    enrolment: Enrolment, admin: Person
) -> None:
    client = signed_in(admin)
    decide = reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid])
    approving = reverse("certification:approve_all", args=[enrolment.course.uuid])
    one, everyone = (carried(client.get(page).text) for page in (decide, approving))
    assert (one["named"], everyone["named"]) == ("Zoe ONeil", "Zoe ONeil")
    correct_certificate_name(enrolment=enrolment, name="Zoë O’Neill & <Sons>", by=enrolment.person, seen=0)
    refused = client.post(decide, {**one, "decision": "approve"})
    assert refused.status_code == 409
    assert "The name on the certificate was corrected since you opened the page" in refused.text
    # Another word is missing: what comes back is still about the name that was read.
    incomplete = client.post(decide, {**one, "decision": "return"}).text
    assert carried(incomplete)["named"] == "Zoe ONeil"
    client.post(approving, everyone)
    assert not Certificate.objects.exists()
    again = carried(client.get(decide).text)
    assert client.post(decide, {**again, "decision": "approve"}).status_code == 302
    assert Certificate.objects.get().name == "Zoë O’Neill & <Sons>"


def test_letters_that_a_certificate_lacks_are_said_where_a_name_is_typed_and_decided_on(
    enrolment: Enrolment, admin: Person
) -> None:
    words = "The certificate cannot show some letters of this name yet: 王 小 明."
    own = reverse("certification:my_course", args=[enrolment.uuid])
    client = signed_in(enrolment.person)
    decide = reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid])
    approving = reverse("certification:approve_all", args=[enrolment.course.uuid])
    assert all(words not in signed_in(admin).get(page).text for page in (decide, approving))
    corrected = client.post(page_of(enrolment), {"name": "王小明 Wang", "seen": "0"}, follow=True)
    assert words in corrected.text
    assert words in client.get(own).text
    assert all(words in signed_in(admin).get(page).text for page in (decide, approving))


def test_letters_that_a_certificate_lacks_are_said_where_somebody_is_put_forward_and_accepts() -> None:
    words = "The certificate cannot show some letters of this name yet: 王 小 明."
    course = coming()
    by = factories.commissioner(course.organisation)
    nominated = signed_in(by).post(
        reverse("courses:nominate", args=[course.uuid]),
        {**person_fields(name="王小明"), **key(), "sponsor": str(course.organisation.uuid)},
        follow=True,
    )
    assert words in nominated.text
    token = "a-token"
    invited = factories.nomination(coming(), name="王小明", token_sha256=sha256_of(token))
    page = reverse("courses:invitation", args=[token])
    assert words in Client().get(page).text
    accepted = Client().post(
        page,
        {"certificate_name": "王小明", "accepted": "on", "expectations_version": expectations.CURRENT},
        follow=True,
    )
    assert Enrolment.objects.get(nomination=invited).certificate_name == "王小明"
    assert words in accepted.text
    running = factories.course()
    here = factories.nomination(running, name="王小明", is_walk_in=True)
    code = reverse("courses:walk_in_code", args=[running.uuid, here.uuid])
    assert words in signed_in(factories.trainer_of(running)).get(code).text


def test_an_admin_reads_who_corrected_it_meanwhile(enrolment: Enrolment, admin: Person) -> None:
    client = signed_in(admin)
    correct_certificate_name(enrolment=enrolment, name="Zoë ONeill", by=enrolment.person, seen=0)
    stale = client.post(page_of(enrolment), {"name": "Zoe O’Neill", "reason": "So.", "seen": "0"})
    assert f"{escape(enrolment.person.name)} saved it on" in stale.text
    # The reason is about the change alone.
    assert both(stale) == [("Zoë ONeill", "Zoe O’Neill")]
    assert client.post(page_of(enrolment), filled_in(stale)).status_code == 409
    assert client.post(page_of(enrolment), filled_in(stale) | over(stale)).status_code == 302
    assert name_of(enrolment) == "Zoe O’Neill"


def test_refusal_speaks_of_what_was_typed_only_where_something_was_sent(
    enrolment: Enrolment, admin: Person
) -> None:
    approve(enrolment=enrolment, by=admin)
    client = signed_in(enrolment.person)
    opened = client.get(page_of(enrolment))
    sent = client.post(page_of(enrolment), {"name": "Zoë O’Neill"})
    assert [opened.status_code, sent.status_code] == [409, 409]
    assert "what you typed is still there" not in opened.text
    assert "what you typed is still there" in sent.text
