"""Naming a walk-in's sponsor, and its yes or no, through the pages of everybody who has a part in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Person
from courses.actions import add_walk_in, refuse_sponsor
from courses.models import Course, Enrolment, Nomination, SponsorRefusal
from tests import factories as make
from tests.courses.factories import NOON, accepted, nominee, person_fields, running
from tests.courses.pages import key, signed_in, text
from tests.stale import REFUSED, both, filled_in, over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def typed(**fields: Any) -> dict[str, Any]:
    return {
        **person_fields(email="walks.in@people.example", manager_name="", manager_email=""),
        "sponsor": "another",
        "sponsor_name": "Bradford Council",
        **key(),
        **fields,
    }


def council(name: str = "Bradford Council") -> tuple[Organisation, Person]:
    organisation = make.OrganisationFactory.create(name=name)
    return organisation, make.commissioner(organisation)


def asked(course: Course) -> tuple[Enrolment, Person]:
    """A walk-in whose sponsor, another organisation than the course's, is asked."""
    organisation, contact = council()
    who = nominee(name="Walter Walker", job_role="Youth worker")
    made = add_walk_in(
        course=course, nominee=who, sponsor=None, sponsor_name=organisation.name, by=make.trainer_of(course)
    )
    return accepted(made), contact


def page_of(route: str, enrolment: Enrolment) -> str:
    return reverse(f"courses:{route}", args=[enrolment.course.uuid, enrolment.nomination.uuid])


# --- The trainer -----------------------------------------------------------------------------------


def test_trainer_types_another_organisation_s_name_and_none_is_listed():
    course = running()
    organisation, _contact = council()
    client = signed_in(make.trainer_of(course))
    url = reverse("courses:walk_in", args=[course.uuid])
    page = text(client.get(url))
    assert "Another organisation" in page
    assert organisation.name not in page
    assert 'autocomplete="off"' in page
    assert client.post(url, typed()).status_code == 302
    assert Nomination.objects.get().sponsor_organisation == organisation


def test_trainer_s_page_keeps_what_was_typed_where_the_name_is_not_known():
    course = running()
    client = signed_in(make.trainer_of(course))
    url = reverse("courses:walk_in", args=[course.uuid])
    sent = typed(sponsor_name="Bradfrod Council")
    response = client.post(url, sent)
    page = text(response)
    assert response.status_code == 422
    assert "No organisation of this name could be asked" in page
    for value in (sent["name"].replace("’", "’"), "Bradfrod Council", sent["email"]):
        assert value in page
    assert not Nomination.objects.exists()
    nameless = client.post(url, typed(sponsor_name=" "))
    assert "Enter the name of the organisation that sponsors them." in text(nameless)
    # What the page says to do instead: nobody is lost by it.
    left = client.post(url, sent | {"sponsor": "to_be_named"}, follow=True)
    nomination = Nomination.objects.get()
    assert (nomination.sponsor_to_be_named, nomination.sponsor_said) == (True, "Bradfrod Council")
    enrolment = Client().get(reverse("courses:walk_in_code", args=[course.uuid, nomination.uuid]))
    assert enrolment.status_code == 302
    assert left.status_code == 200


def test_somebody_without_a_known_sponsor_reads_so_and_the_trainer_too():
    course = running()
    trainer = make.trainer_of(course)
    made = add_walk_in(course=course, nominee=nominee(), sponsor=None, sponsor_to_be_named=True, by=trainer)
    invitation = text(Client().get(reverse("courses:invitation", args=[made.token])))
    assert "The AIM Project names your sponsor, and tells you." in invitation
    assert "You pay for yourself" not in invitation
    enrolment = accepted(made)
    code = reverse("courses:walk_in_code", args=[course.uuid, made.uuid])
    assert "The AIM Project names who sponsors them." in text(signed_in(trainer).get(code))
    mine = text(signed_in(enrolment.person).get(reverse("certification:my_course", args=[enrolment.uuid])))
    assert "You, then your sponsor. The AIM Project names who that is" in mine
    assert "self-funded" not in mine
    assert "You also confirm that you pay" not in mine


# --- Whoever is asked ------------------------------------------------------------------------------


def test_whoever_is_asked_reads_the_name_the_course_and_who_added_them_and_nothing_else():
    course = running()
    enrolment, contact = asked(course)
    make.enrolment(course)
    client = signed_in(contact)
    assert "Confirm 1 walk-in" in text(client.get("/"))
    nomination = enrolment.nomination
    for url in (reverse("courses:nominations", args=[course.uuid]), page_of("refuse_sponsor", enrolment)):
        page = text(client.get(url))
        assert "Walter Walker" in page
        assert f"{make.trainer_of(course)}" in page
        assert "22 November 2026" in page
        for hidden in (nomination.email, nomination.job_role, nomination.manager_name, "Years of experience"):
            assert hidden not in page
    for route in ("courses:enrolment_withdraw", "courses:certificate_name"):
        url = reverse(route, args=[course.uuid, enrolment.uuid])
        assert client.get(url).status_code == 404
    assert "Walter Walker" not in text(client.get(reverse("certification:results", args=[course.uuid])))
    client.post(page_of("confirm_sponsor", enrolment), key())
    assert nomination.email in text(client.get(reverse("courses:nominations", args=[course.uuid])))


def test_the_day_on_which_they_were_added_is_that_of_the_course(time_machine):
    time_machine.move_to(NOON.replace(hour=20), tick=True)
    enrolment, contact = asked(running(time_zone="Pacific/Auckland"))
    client = signed_in(contact)
    for url in (
        reverse("courses:nominations", args=[enrolment.course.uuid]),
        page_of("refuse_sponsor", enrolment),
    ):
        assert "on 23 November 2026" in text(client.get(url))


def test_not_ours_is_a_page_then_a_refusal_and_then_they_see_nothing_any_more():
    course, admin = running(), make.admin()
    enrolment, contact = asked(course)
    client, sent = signed_in(contact), key()
    url = page_of("refuse_sponsor", enrolment)
    assert "You do not sponsor Walter Walker?" in text(client.get(url))
    assert client.post(url, sent).url == reverse("home")
    # The second press of the same form leads where the first did, and does nothing more.
    assert client.post(url, sent).url == reverse("home")
    assert SponsorRefusal.objects.count() == 1
    home = text(client.get("/"))
    assert "Walter Walker" in home  # what they just did, once
    assert "Walter" not in text(client.get("/"))
    assert client.post(url, key()).status_code == 404
    for gone in (
        url,
        reverse("courses:nominations", args=[course.uuid]),
        reverse("courses:detail", args=[course.uuid]),
        reverse("certification:results", args=[course.uuid]),
    ):
        assert client.get(gone).status_code == 404
    assert "Name who sponsors 1 walk-in" in text(signed_in(admin).get("/"))


def test_one_contact_confirms_while_the_other_has_the_page_open():
    enrolment, contact = asked(running())
    other = make.commissioner(enrolment.sponsor_organisation)
    one, two = signed_in(contact), signed_in(other)
    url = page_of("refuse_sponsor", enrolment)
    assert two.get(url).status_code == 200
    one.post(page_of("confirm_sponsor", enrolment), key())
    refused = two.post(url, key())
    assert refused.status_code == 409
    assert f"{contact} confirmed on 22 November 2026" in text(refused)
    assert two.get(url).status_code == 409
    assert two.post(url, key()).status_code == 409
    enrolment.refresh_from_db()
    assert enrolment.sponsor_confirmed_by == contact
    assert not SponsorRefusal.objects.exists()


def test_one_contact_refuses_while_the_other_has_the_page_open():
    enrolment, contact = asked(running())
    other = make.commissioner(enrolment.sponsor_organisation)
    one, two = signed_in(contact), signed_in(other)
    listed = reverse("courses:nominations", args=[enrolment.course.uuid])
    assert "Yes, we sponsor them" in text(two.get(listed))
    one.post(page_of("refuse_sponsor", enrolment), key())
    assert two.post(page_of("confirm_sponsor", enrolment), key()).status_code == 404
    assert two.get(listed).status_code == 404
    enrolment.refresh_from_db()
    assert enrolment.sponsor_confirmed_at is None


def test_not_ours_after_finalising_says_whom_to_write_to():
    enrolment, contact = asked(running())
    Enrolment.objects.update(outcome_finalised_at=timezone.now())
    client, url = signed_in(contact), page_of("refuse_sponsor", enrolment)
    listed = text(client.get(reverse("courses:nominations", args=[enrolment.course.uuid])))
    assert "Not ours" not in listed
    assert "Their outcome is finalised. If you do not know them, write to" in listed
    for response in (client.get(url), client.post(url, key())):
        assert response.status_code == 409
        assert "write to The AIM Project at" in text(response)


# --- The AIM Project -------------------------------------------------------------------------------


def test_admin_names_another_sponsor_and_the_person_s_page_says_who():
    course, admin = running(), make.admin()
    enrolment, contact = asked(course)
    refuse_sponsor(nomination=enrolment.nomination, by=contact)
    other, other_contact = council("Hull Council")
    client, url = signed_in(admin), page_of("name_sponsor", enrolment)
    assert url in text(client.get(reverse("courses:nominations", args=[course.uuid])))
    page = text(client.get(url))
    assert f"Bradford Council, said by {contact} on 22 November 2026" in page
    assert client.post(url, key()).status_code == 422
    sent = key() | {"sponsor": str(other.uuid), "seen": "nobody"}
    listed = reverse("courses:nominations", args=[course.uuid])
    assert client.post(url, sent).url == client.post(url, sent).url == listed
    assert "Hull Council is asked to confirm" in text(client.get(listed))
    mine = reverse("certification:my_course", args=[enrolment.uuid])
    assert "You, then Hull Council." in text(signed_in(enrolment.person).get(mine))
    assert "Confirm 1 walk-in" in text(signed_in(other_contact).get("/"))


def test_admin_does_not_overwrite_another_admin_s_choice():
    course = running()
    enrolment, _contact = asked(course)
    seen = str(enrolment.sponsor_organisation.uuid)
    (second, _), (third, _) = council("Hull Council"), council("York Council")
    one, two, url = signed_in(make.admin()), signed_in(make.admin()), page_of("name_sponsor", enrolment)
    assert f'value="{seen}"' in text(two.get(url))
    one.post(url, key() | {"sponsor": str(second.uuid), "seen": seen})
    refused = two.post(url, key() | {"sponsor": str(third.uuid), "seen": seen})
    assert refused.status_code == 409
    assert REFUSED in text(refused)
    assert both(refused) == [("Hull Council", "York Council")]
    # Pressed again as it came back, it still builds on what was asked before.
    sent = filled_in(refused)
    assert sent["sponsor"] == str(third.uuid)
    assert two.post(url, sent | key()).status_code == 409
    enrolment.refresh_from_db()
    assert enrolment.sponsor_organisation == second
    assert two.post(url, sent | key() | over(refused)).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.sponsor_organisation == third


def test_person_who_is_to_pay_confirms_it_on_their_own_page():
    course, admin = running(), make.admin()
    enrolment, contact = asked(course)
    mine = signed_in(enrolment.person)
    confirm = reverse("courses:confirm_acceptance", args=[course.uuid, enrolment.uuid])
    mine.post(confirm, key())
    refuse_sponsor(nomination=enrolment.nomination, by=contact)
    signed_in(admin).post(
        page_of("name_sponsor", enrolment), key() | {"sponsor": "themself", "seen": "nobody"}
    )
    assert "Confirm that you pay for yourself" in text(mine.get("/"))
    page = reverse("certification:my_course", args=[enrolment.uuid])
    assert "Do you pay for yourself?" in text(mine.get(page))
    done = mine.post(confirm, {"idempotency_key": str(uuid4())}, follow=True)
    assert "You confirmed that you pay for yourself." in text(done)
    assert "Do you pay for yourself?" not in text(done)
    enrolment.refresh_from_db()
    assert enrolment.sponsor_confirmed_by == enrolment.person
    assert "Confirm that you pay for yourself" not in text(mine.get("/"))


def test_naming_is_over_once_an_outcome_is_finalised():
    enrolment, _contact = asked(running())
    Enrolment.objects.update(outcome_finalised_at=timezone.now())
    client, url = signed_in(make.admin()), page_of("name_sponsor", enrolment)
    sent = key() | {"sponsor": "themself", "seen": str(enrolment.sponsor_organisation.uuid)}
    for response in (client.get(url), client.post(url, sent)):
        assert response.status_code == 409
        assert "so who sponsors them stays as it is" in text(response)
