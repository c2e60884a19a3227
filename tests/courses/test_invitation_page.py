"""The page behind an invitation's link."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import OutgoingEmail
from courses import expectations
from courses.actions import (
    add_walk_in,
    cancel,
    decline,
    resend_invitation,
    withdraw_enrolment,
    withdraw_nomination,
)
from courses.models import Enrolment
from tests import factories as make
from tests.courses.factories import NOON, accepted, coming, letters_to, nominated, nominee, running
from tests.courses.pages import SCRIPT, signed_in, text
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def test_invitation_shows_on_get_and_acts_on_post(client):
    made = nominated(coming())
    url = reverse("courses:invitation", args=[made.token])
    page = text(client.get(url))
    assert "What is expected" in page
    assert not Enrolment.objects.exists()
    sent = {
        "certificate_name": f"Zoë {SCRIPT}",
        "accepted": "on",
        "expectations_version": expectations.CURRENT,
    }
    assert client.post(url, sent).url == url
    assert client.post(url, sent).url == url
    assert Enrolment.objects.get().certificate_name == f"Zoë {SCRIPT}"
    done = text(client.get(url))
    assert "You have a place" in done
    assert SCRIPT not in done


def test_invitation_shows_what_was_said_of_oneself_and_leads_to_the_privacy_notice(client):
    made = nominated(
        coming(),
        job_role=f"Social worker {SCRIPT}",
        years_experience=Decimal("2.5"),
        manager_name="Morgan Reeve",
        manager_email="morgan.reeve@council.example",
    )
    page = text(client.get(reverse("courses:invitation", args=[made.token])))
    told = flat(page.partition("What we were told about you")[2].partition("</dl>")[0])
    assert "Social worker" in told
    assert SCRIPT not in page
    assert "Years of experience: 2.5" in told
    assert "Line manager: Morgan Reeve, morgan.reeve@council.example" in told
    assert f'href="{reverse("legal_page", args=["privacy"])}"' in told


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"certificate_name": ""}, "Enter your name as it should stand"),
        ({"certificate_name": "\x00"}, "hidden character"),
        ({"certificate_name": "x" * 151}, "Shorten this to 150 characters"),
        ({"accepted": ""}, "Say that you accept"),
        ({"expectations_version": "0"}, "What is expected has changed"),
    ],
)
def test_invitation_says_what_is_wrong(client, fields, words):
    made = nominated(coming())
    sent = {
        "certificate_name": "Zoë",
        "accepted": "on",
        "expectations_version": expectations.CURRENT,
        **fields,
    }
    response = client.post(reverse("courses:invitation", args=[made.token]), sent)
    assert response.status_code == (409 if "expectations_version" in fields else 422)
    assert words in text(response)
    assert not Enrolment.objects.exists()


def test_invitation_can_be_declined_and_says_so(client):
    made = nominated(coming())
    url = reverse("courses:invitation", args=[made.token])
    assert client.post(url, {"decline": "1"}).status_code == 302
    assert "You declined this invitation" in text(client.get(url))
    assert client.post(url, {"decline": "1"}).status_code == 302


def test_invitation_that_cannot_be_used_says_why(client, time_machine):
    course = coming(60)
    by = make.commissioner(course.organisation)
    declined, withdrawn, used, old = (nominated(course, by=by) for _ in range(4))
    decline(token=declined.token)
    withdraw_nomination(nomination=withdrawn, by=by)
    accepted(used)
    time_machine.move_to(NOON + timedelta(minutes=2))
    newer = resend_invitation(nomination=old, by=by)
    for token, status, words in (
        ("x" * 2000, 404, "This link does not work"),
        (declined.token, 200, "You declined this invitation"),
        (withdrawn.token, 200, "This invitation was withdrawn"),
        (used.token, 200, "You have a place"),
        (newer.token, 200, "What is expected"),
    ):
        response = client.get(reverse("courses:invitation", args=[token]))
        assert response.status_code == status
        assert words in text(response)
    time_machine.move_to(NOON + timedelta(days=45))
    url = reverse("courses:invitation", args=[newer.token])
    assert "This link has expired" in text(client.get(url))
    time_machine.move_to(NOON + timedelta(days=70))
    assert "This course is over" in text(client.get(url))


def test_every_invitation_that_is_over_says_whom_to_ask(client, time_machine):
    course, off = coming(60), coming(60)
    by = make.commissioner(course.organisation)
    declined, withdrawn, left, old = (nominated(course, by=by) for _ in range(4))
    cancelled = nominated(off, by=make.commissioner(off.organisation))
    decline(token=declined.token)
    withdraw_nomination(nomination=withdrawn, by=by)
    place = accepted(left)
    withdraw_enrolment(enrolment=place, by=place.person)
    cancel(course=off, because="The venue flooded.", by=make.admin())

    def asks(token, heading):
        page = text(client.get(reverse("courses:invitation", args=[token])))
        assert heading in page
        assert re.search("[Aa]sk whoever nominated you", page), heading
        assert 'If you do not know who that is, write to <a href="mailto:support@aimcert.example">' in page

    asks("x" * 40, "This link does not work")
    asks(declined.token, "You declined this invitation")
    asks(withdrawn.token, "This invitation was withdrawn")
    asks(left.token, "This place was given up")
    asks(cancelled.token, "This course was cancelled")
    time_machine.move_to(NOON + timedelta(days=45))
    asks(old.token, "This link has expired")
    time_machine.move_to(NOON + timedelta(days=70))
    asks(old.token, "This course is over")


def test_old_link_after_a_newer_one_does_not_work(client, time_machine):
    made = nominated(coming())
    old = made.token
    time_machine.move_to(NOON + timedelta(minutes=2))
    resend_invitation(nomination=made, by=made.nominated_by)
    assert client.get(reverse("courses:invitation", args=[old])).status_code == 404


def test_invitation_says_whose_it_is_to_somebody_else_signed_in():
    made = nominated(coming())
    client = signed_in(make.PersonFactory.create(email="another@people.example"))
    page = text(client.get(reverse("courses:invitation", args=[made.token])))
    assert "You are signed in as another@people.example" in page


def test_who_has_a_place_already_reads_so_and_whoever_nominated_them_does_not():
    course = coming(hosted=True)
    enrolled = make.enrolment(course, sponsor=None)
    own = make.OrganisationFactory.create(name="Wharfside Council")
    by = make.commissioner(own)
    client = signed_in(by)
    form = {
        "name": enrolled.person.name,
        "email": enrolled.person.email,
        "job_role": "Social worker",
        "years_experience": "3",
        "manager_name": "Morgan Reeve",
        "manager_email": "morgan@wharfside.example",
        "sponsor": str(own.uuid),
        "idempotency_key": str(uuid4()),
    }
    answer = client.post(reverse("courses:nominate", args=[course.uuid]), form, follow=True)
    page = text(answer)
    assert "A link to answer goes to" in page
    assert "Invited, has not answered" in page
    # What narrows the list names every stage.
    assert "enrolled" not in page.split("<tbody")[1]
    letter = letters_to(enrolled.person.email)[-1]
    link = re.search(r"/courses/invitations/[^/\s]+/", letter.text)
    assert link
    page = text(Client().get(link.group()))
    assert "You already have a place on this course" in page
    assert "Accept, and take my place" not in page
    Client().post(link.group(), {"decline": "1"})
    assert "Declined" in text(client.get(reverse("courses:nominations", args=[course.uuid])))


def test_link_of_a_course_that_is_today_works_until_it_ends_and_says_so(time_machine):
    time_machine.move_to(NOON, tick=False)
    course = running(time_zone="Europe/Paris")
    made = add_walk_in(
        course=course, nominee=nominee(), sponsor=course.organisation, by=make.trainer_of(course)
    )
    ends_at = course.sessions.order_by("-ends_at")[0].ends_at
    assert (ends_at - NOON).total_seconds() == 4 * 3600
    said = "until 22 November 2026, 17:00 (Paris\N{NO-BREAK SPACE}time)"
    letter = OutgoingEmail.objects.get(to_address=made.email)
    assert said in letter.text
    assert said in letter.html
    url = reverse("courses:invitation", args=[made.token])
    assert said.removeprefix("until ") in text(Client().get(url))
    by = make.admin()
    assert said in text(signed_in(by).get(reverse("courses:nominations", args=[course.uuid])))
    time_machine.move_to(ends_at + timedelta(seconds=1))
    assert "This course is over" in text(Client().get(url))


def test_link_of_a_course_far_ahead_works_for_its_days_to_the_minute(time_machine):
    time_machine.move_to(NOON, tick=False)
    made = nominated(coming(days=90))
    assert (
        "until 22 December 2026, 12:00 (London\N{NO-BREAK SPACE}time)"
        in OutgoingEmail.objects.get(to_address=made.email).text
    )
    time_machine.move_to(made.token_expires_at)
    page = text(Client().get(reverse("courses:invitation", args=[made.token])))
    assert "could be answered until 22 December 2026, 12:00 (London\N{NO-BREAK SPACE}time)" in page
