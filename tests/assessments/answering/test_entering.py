"""Getting into the room: its address for everyone, and a trainer's code for who cannot reach their email."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import end_sessions, vouch_for_network
from accounts.models import OutgoingEmail
from assessments.answering import actions
from assessments.answering.addresses import LETTERS, NOBODYS, code_of, number_of
from assessments.models import EntryCode
from assessments.states import CodeEnd
from courses.models import Enrolment
from tests import factories
from tests.accounts import entering
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def give(enrolment: Enrolment) -> actions.GivenCode:
    return actions.give_entry_code(enrolment=enrolment, by=factories.trainer_of(enrolment.course))


def page(name: str, enrolment: Enrolment) -> str:
    return reverse(f"assessments:{name}", args=[code_of(enrolment.course.number)])


def tasks(enrolment: Enrolment) -> str:
    return reverse("assessments:task_list", args=[enrolment.uuid])


def type_code(client: Client, enrolment: Enrolment, code: str, email: str = "") -> HttpResponse:
    typed = {"email": email or enrolment.person.email, "code": code}
    return client.post(page("room_code", enrolment), typed)  # type: ignore[return-value]


def wrong(code: str) -> str:
    return ("2" if code[0] == "1" else "1") + code[1:]


# --- The address ---------------------------------------------------------------------------------


def test_every_course_has_a_code_of_its_own_that_leads_back_to_it() -> None:
    codes = {code_of(number) for number in range(20_000)}
    assert len(codes) == 20_000
    for number in (1, 2, 77, 19_999, 63_999_999):
        code = code_of(number)
        assert set(code) <= set(LETTERS)
        full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
        for typed in (code, f" {code[:3]}-{code[3:].lower()} ", f"{code[:3]}\u2011{code[3:]}.", full_width):
            assert number_of(typed) == number


@pytest.mark.parametrize("typed", ["", "BCDFG", "BCDFGHJ", "AEIOUL", "12345678", "BCD\x00G", "ΒCDFGH"])
def test_what_is_no_code_is_nobodys(typed: str) -> None:
    assert number_of(typed) == NOBODYS


def test_address_leads_through_email_and_code_to_ones_own_questions(
    client: Client, enrolment: Enrolment
) -> None:
    address = page("room_entry", enrolment)
    shown = client.get(address)
    assert f'name="next" value="{address}"' in shown.content.decode()
    entering.ask(client, enrolment.person.email, next=address)
    done = entering.type_code(client, entering.code_to(enrolment.person.email), next=address)
    assert done.url == address
    assert client.get(address).url == tasks(enrolment)  # type: ignore[attr-defined]
    assert client.get(address.lower()).url == tasks(enrolment)  # type: ignore[attr-defined]


def test_address_says_the_same_of_any_room_to_who_is_not_signed_in(enrolment: Enrolment) -> None:
    def seen(name: str, code: str) -> tuple[int, str]:
        answer = Client().get(reverse(f"assessments:{name}", args=[code]))
        return answer.status_code, re.sub(r"token\" value=\"\w+", "", answer.content.decode()).replace(
            code, ""
        )

    there, nowhere = code_of(enrolment.course.number), code_of(enrolment.course.number + 7)
    for name in ("room_entry", "room_code"):
        assert seen(name, there) == seen(name, nowhere)
    assert enrolment.course.title not in seen("room_entry", there)[1]


def test_who_has_no_place_learns_nothing_and_what_to_do(client: Client, enrolment: Enrolment) -> None:
    client.force_login(factories.PersonFactory.create(email="stranger@people.example"))
    seen = set()
    for number in (enrolment.course.number, enrolment.course.number + 7):
        code = code_of(number)
        answer = client.get(reverse("assessments:room_entry", args=[code]))
        assert answer.status_code == 404
        text = answer.content.decode()
        assert "speak to your trainer: they can add you now" in text
        assert "stranger@people.example" in text
        assert enrolment.course.title not in text
        seen.add(re.sub(r"token\" value=\"\w+", "", text).replace(code, ""))
    assert len(seen) == 1


def test_who_gave_up_their_place_has_none(client: Client, enrolment: Enrolment) -> None:
    Enrolment.objects.update(withdrawn_at=timezone.now(), withdrawn_by=enrolment.person)
    client.force_login(enrolment.person)
    assert client.get(page("room_entry", enrolment)).status_code == 404


def test_trainer_comes_to_the_room(client: Client, enrolment: Enrolment) -> None:
    client.force_login(factories.trainer_of(enrolment.course))
    room = reverse("assessments:room", args=[enrolment.course.uuid])
    assert client.get(page("room_entry", enrolment)).url == room  # type: ignore[attr-defined]


def test_page_to_project_shows_address_and_qr_code(client: Client, enrolment: Enrolment) -> None:
    client.force_login(factories.trainer_of(enrolment.course))
    text = client.get(reverse("assessments:room_address", args=[enrolment.course.uuid])).content.decode()
    assert f"<strong>{code_of(enrolment.course.number)}</strong>" in text
    assert page("room_entry", enrolment) in text
    assert '<path fill="#000" d="M' in text


# --- Giving a code -------------------------------------------------------------------------------


def test_code_is_kept_as_its_hmac_alone(enrolment: Enrolment) -> None:
    given = give(enrolment)
    assert re.fullmatch(r"\d{4}-\d{4}-\d{2}", given.code)
    row = EntryCode.objects.values().get()
    assert given.code not in str(row)
    assert given.code.replace("-", "") not in str(row)
    other = actions.give_entry_code(
        enrolment=factories.enrolment(enrolment.course), by=factories.trainer_of(enrolment.course)
    )
    assert actions.hmac_of(other.row.uuid, given.code) != row["code_hmac"]


def test_code_is_shown_once_and_only_after_saying_that_they_are_here(
    client: Client, enrolment: Enrolment
) -> None:
    client.force_login(factories.trainer_of(enrolment.course))
    path = reverse("assessments:entry_code", args=[enrolment.course.uuid, enrolment.uuid])
    assert "Tick the box" in client.post(path).content.decode()
    assert not EntryCode.objects.exists()
    assert client.post(path, {"present": "on"}).status_code == 302
    first = client.get(path)
    code = re.search(r'"entry-code">(\d{4}-\d{4}-\d{2})<', first.content.decode())
    assert code
    assert "no-store" in first["Cache-Control"]
    assert enrolment.person.email not in first.content.decode()
    assert 'class="entry-code"' not in client.get(path).content.decode()
    assert type_code(Client(), enrolment, code[1]).status_code == 302


def test_another_code_ends_the_first(enrolment: Enrolment) -> None:
    first, second = give(enrolment), give(enrolment)
    assert EntryCode.objects.get(pk=first.row.pk).ended_because == CodeEnd.REPLACED
    assert type_code(Client(), enrolment, first.code).status_code == 422
    assert type_code(Client(), enrolment, second.code).status_code == 302


def test_who_has_a_second_step_gets_in_without_it(enrolment: Enrolment) -> None:
    # Whatever makes its codes may lie at home, and the session reaches this one place alone.
    TOTP.activate(enrolment.person, generate_totp_secret())
    phone = Client()
    answer = type_code(phone, enrolment, give(enrolment).code)
    assert answer["Location"] == tasks(enrolment)
    assert phone.get(tasks(enrolment)).status_code == 200
    assert phone.get(reverse("account_second_step")).status_code == 403


def test_session_of_a_code_spares_nobody_else_the_second_step(enrolment: Enrolment) -> None:
    other = factories.PersonFactory.create()
    TOTP.activate(other, generate_totp_secret())
    phone = Client()
    type_code(phone, enrolment, give(enrolment).code)
    assert entering.ask(phone, other.email)["Location"] == reverse("home")
    phone.post(reverse("account_logout"))
    entering.ask(phone, other.email)
    typed = entering.type_code(phone, entering.code_to(other.email))
    assert typed.url == reverse("mfa_authenticate")


def test_no_code_on_another_day_or_for_who_takes_no_part(enrolment: Enrolment) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=2)), pytest.raises(actions.NoCodeNow):
        give(enrolment)
    Enrolment.objects.update(withdrawn_at=timezone.now(), withdrawn_by=enrolment.person)
    with pytest.raises(actions.NoCodeNow):
        give(enrolment)


def test_codes_are_a_log_that_the_application_cannot_rewrite(client: Client, enrolment: Enrolment) -> None:
    given = give(enrolment)
    for act in (
        lambda: EntryCode.objects.all().delete(),
        lambda: EntryCode.objects.update(made_by=enrolment.person),
        lambda: EntryCode.objects.update(code_hmac="0" * 64),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    type_code(client, enrolment, given.code)
    for again in ({"used_at": None}, {"used_at": timezone.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            EntryCode.objects.update(**again)


def test_trainer_sees_what_came_of_each_code_in_as_many_statements(client: Client) -> None:
    course = factories.course(capacity=300)
    trainer = factories.trainer_of(course)
    client.force_login(trainer)
    path = reverse("assessments:entry_codes", args=[course.uuid])
    taken = []
    for more in (1, 30):
        for _number in range(more):
            actions.give_entry_code(enrolment=factories.enrolment(course), by=trainer)
        taken.append(len(statements(lambda: client.get(path))))
    assert taken[0] == taken[1] <= 12
    used = factories.enrolment(course)
    type_code(Client(), used, give(used).code)
    text = client.get(path).content.decode()
    assert "used at" in text
    assert "works until" in text


# --- Using it ------------------------------------------------------------------------------------


def test_code_signs_in_to_ones_own_place_and_tells_the_person(client: Client, enrolment: Enrolment) -> None:
    done = type_code(client, enrolment, give(enrolment).code.replace("-", " "))
    assert done.url == tasks(enrolment)  # type: ignore[attr-defined]
    assert client.get(tasks(enrolment)).status_code == 200
    assert client.session["confined_to"] == {
        "enrolment": str(enrolment.uuid),
        "course": str(enrolment.course.uuid),
    }
    letter = OutgoingEmail.objects.get(to_address=enrolment.person.email)
    assert enrolment.course.title in letter.text
    assert factories.trainer_of(enrolment.course).name in letter.text
    assert "tell us at once" in letter.text


def test_code_works_once(enrolment: Enrolment) -> None:
    code = give(enrolment).code
    assert type_code(Client(), enrolment, code).status_code == 302
    assert "does not work any more" in type_code(Client(), enrolment, code).content.decode()


def test_code_works_for_ten_minutes(enrolment: Enrolment) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = give(enrolment).code
        clock.shift(599)
        assert type_code(Client(), enrolment, code).status_code == 302
        code = give(enrolment).code
        clock.shift(600)
        assert type_code(Client(), enrolment, code).status_code == 422


@pytest.mark.whole_run
def test_wrong_tries_end_neither_the_right_code_nor_a_new_one(enrolment: Enrolment) -> None:
    given = give(enrolment)
    for number in range(60):
        other = Client(REMOTE_ADDR=f"192.0.2.{number}")
        assert type_code(other, enrolment, wrong(given.code)).status_code == 422
    assert EntryCode.objects.get().wrong_tries == 60
    assert type_code(Client(), enrolment, given.code).status_code == 302
    new = give(enrolment)
    type_code(Client(), enrolment, wrong(new.code))
    assert type_code(Client(), enrolment, new.code).status_code == 302


def test_wrong_tries_in_the_room_refuse_nobody_there(enrolment: Enrolment) -> None:
    given = give(enrolment)
    vouch_for_network(network="203.0.113.7", by=enrolment.person)
    for _number in range(60):
        type_code(Client(REMOTE_ADDR="203.0.113.7"), enrolment, wrong(given.code))
    assert type_code(Client(REMOTE_ADDR="203.0.113.7"), enrolment, given.code).status_code == 302


def test_network_that_is_no_rooms_tries_so_often_and_then_waits(enrolment: Enrolment) -> None:
    given = give(enrolment)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _number in range(30):
            type_code(Client(), enrolment, wrong(given.code))
        refused = type_code(Client(), enrolment, given.code)
        assert "Wait 10 seconds, then press again" in refused.content.decode()
        assert EntryCode.objects.get().wrong_tries == 30
        clock.shift(10)
        assert type_code(Client(), enrolment, given.code).status_code == 302


def test_unknown_room_person_and_code_are_answered_alike(enrolment: Enrolment) -> None:
    given, nobody = give(enrolment), "nobody@people.example"

    def seen(room: str, email: str, code: str) -> tuple[int, str]:
        path = reverse("assessments:room_code", args=[room])
        answer = Client().post(path, {"email": email, "code": code})
        text = answer.content.decode()
        for differs in (room, email, code):
            text = text.replace(differs, "")
        return answer.status_code, re.sub(r"token\" value=\"\w+", "", text)

    there, elsewhere = code_of(enrolment.course.number), code_of(enrolment.course.number + 1)
    email = enrolment.person.email
    refused = seen(there, email, wrong(given.code))
    assert "do not go together" in refused[1]
    assert refused == seen(elsewhere, email, given.code) == seen(there, nobody, given.code)
    assert refused == seen("ZZZ", email, given.code)


def test_code_is_of_its_own_course_alone(enrolment: Enrolment) -> None:
    other = factories.enrolment(factories.course(), enrolment.person)
    assert type_code(Client(), other, give(enrolment).code).status_code == 422


def test_code_does_not_change_a_session_that_is_signed_in(client: Client, enrolment: Enrolment) -> None:
    client.force_login(enrolment.person)
    code = give(enrolment).code
    assert type_code(client, enrolment, code).url == page("room_entry", enrolment)  # type: ignore[attr-defined]
    assert "confined_to" not in client.session
    assert type_code(Client(), enrolment, code).status_code == 302


def test_sign_in_half_done_by_another_does_not_go_along(client: Client, enrolment: Enrolment) -> None:
    other = factories.PersonFactory.create()
    entering.ask(client, other.email)
    type_code(client, enrolment, give(enrolment).code)
    assert "account_login" not in client.session
    entering.type_code(client, entering.code_to(other.email))
    assert client.session["_auth_user_id"] == str(enrolment.person.pk)


@pytest.mark.parametrize(
    ("now", "zone", "ends"),
    [
        ("2026-11-26 10:00Z", "Europe/London", "2026-11-26 22:00Z"),
        ("2026-11-26 16:00Z", "Europe/London", "2026-11-27 00:00Z"),
        ("2026-11-26 16:00Z", "America/Los_Angeles", "2026-11-27 04:00Z"),
    ],
)
def test_session_ends_with_the_courses_day(
    client: Client, settings: Any, now: str, zone: str, ends: str
) -> None:
    settings.SESSION_IDLE_MINUTES = 24 * 60
    with time_machine.travel(now, tick=False):
        held = factories.enrolment(factories.course(time_zone=zone))
        type_code(client, held, give(held).code)
        session = Session.objects.get(session_key=client.session.session_key)
        assert session.expire_date.strftime("%Y-%m-%d %H:%MZ") == ends
        assert client.get(tasks(held)).status_code == 200
    with time_machine.travel(session.expire_date + timedelta(seconds=1)):
        assert client.get(tasks(held)).status_code == 302


def test_signing_out_everywhere_ends_it(client: Client, enrolment: Enrolment) -> None:
    type_code(client, enrolment, give(enrolment).code)
    person = enrolment.person
    assert end_sessions(person=person, by=person) == 1
    assert client.get(tasks(enrolment)).status_code == 302


def test_csrf_holds_for_codes(enrolment: Enrolment) -> None:
    client: Any = Client(enforce_csrf_checks=True)
    assert type_code(client, enrolment, give(enrolment).code).status_code == 403
    assert EntryCode.objects.get().used_at is None
