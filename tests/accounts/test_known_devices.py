"""A device that somebody signed in on by themself is known again, and no other is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.actions import forget_devices
from accounts.devices import COOKIE, is_known_device
from accounts.models import KnownDevice
from assessments.answering.actions import give_entry_code
from assessments.answering.addresses import code_of
from tests import factories
from tests.accounts.entering import ask, code_to, sign_in
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def is_known(client: Client, email: str) -> bool:
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return is_known_device(request, email=email)


def test_device_is_known_for_whom_it_was_signed_in_on(client: Client) -> None:
    person, other = PersonFactory.create_batch(2)
    assert not is_known(client, person.email)
    sign_in(client, person)
    client.post(reverse("account_logout"))
    assert is_known(client, person.email)
    assert not is_known(client, other.email)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert KnownDevice.objects.get().device_hash not in cookie.value


def test_shared_device_is_known_for_everybody_who_signed_in_on_it(client: Client) -> None:
    people = PersonFactory.create_batch(2)
    for person in people:
        sign_in(client, person)
        client.post(reverse("account_logout"))
    assert all(is_known(client, person.email) for person in people)
    assert len(set(KnownDevice.objects.values_list("device_hash", flat=True))) == 1


def test_cookie_that_somebody_made_up_is_believed_nothing(client: Client) -> None:
    person = PersonFactory.create()
    sign_in(client, person)
    client.cookies[COOKIE] = client.cookies[COOKIE].value[:-1] + "_"
    assert not is_known(client, person.email)


@pytest.mark.parametrize("script", [False, True])
def test_page_that_signs_in_without_being_left_gives_the_cookie_too(client: Client, script: bool) -> None:
    person = PersonFactory.create()
    ask(client, person.email)
    typed = {"code": code_to(person.email)}
    headers = {"X-Requested-With": "XMLHttpRequest"} if script else {}
    client.post(reverse("account_confirm_login_code"), typed, headers=headers)
    assert is_known(client, person.email)


def test_form_that_signs_in_on_its_way_gives_the_cookie_too(client: Client) -> None:
    course = factories.course()
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    email = enrolment.person.email
    page = reverse("assessments:question", args=[enrolment.uuid, 1])
    client.post(page, {"text": "Typed.", "signing-step": "email", "signing-email": email})
    client.post(page, {"text": "Typed.", "signing-step": "code", "signing-code": code_to(email)})
    assert is_known(client, email)


def test_code_from_a_trainer_makes_no_device_known(client: Client) -> None:
    course = factories.course()
    enrolment = factories.enrolment(course)
    given = give_entry_code(enrolment=enrolment, by=factories.trainer_of(course))
    typed = {"email": enrolment.person.email, "code": given.code}
    client.post(reverse("assessments:room_code", args=[code_of(course.number)]), typed)
    assert client.session["_auth_user_id"] == str(enrolment.person.pk)
    assert not is_known(client, enrolment.person.email)


def test_signing_out_everywhere_makes_no_device_known_any_more(client: Client) -> None:
    person, other = PersonFactory.create_batch(2)
    phone = Client()
    for each, who in ((client, person), (phone, person), (Client(), other)):
        sign_in(each, who)
    client.post(reverse("account_sign_out_everywhere"))
    assert not is_known(phone, person.email)
    assert KnownDevice.objects.get().person == other


def test_device_that_was_not_signed_in_on_for_long_is_forgotten(client: Client) -> None:
    person = PersonFactory.create()
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=179), tick=False):
        sign_in(client, person)
    forget_devices(now=now)
    assert KnownDevice.objects.exists()
    forget_devices(now=now + timedelta(days=2))
    assert not KnownDevice.objects.exists()


def test_signing_in_again_renews_it(client: Client) -> None:
    person = PersonFactory.create()
    now = timezone.now()
    for ago in (100, 1):
        with time_machine.travel(now - timedelta(days=ago), tick=False):
            sign_in(client, person)
            client.post(reverse("account_logout"))
    row = KnownDevice.objects.get()
    assert row.last_at - row.first_at == timedelta(days=99)
