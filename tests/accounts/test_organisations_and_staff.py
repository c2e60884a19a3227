"""Organisations, commissioners and AIM admins: what the actions promise and what the database holds."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import (
    AccountClosed,
    LastAdmin,
    OrganisationExists,
    OwnAppointment,
    OwnMembership,
    appoint_staff,
    create_organisation,
    edit_organisation,
    end_membership,
    end_staff_appointment,
    find_or_create_person,
    invite_commissioner,
)
from accounts.models import Membership, Organisation, OutgoingEmail, Person, StaffAppointment
from tests.factories import OrganisationFactory, PersonFactory, admin, commissioner
from tests.stale import REFUSED, both, filled_in, over

pytestmark = pytest.mark.django_db


def test_person_is_found_by_any_spelling_of_the_address() -> None:
    made = find_or_create_person(name="Zoë", email="Zoe@People.Example ")
    assert made.email == "zoe@people.example"
    assert not made.has_usable_password()
    assert find_or_create_person(name="Somebody else", email="ZOE@people.example") == made
    made.refresh_from_db()
    assert made.name == "Zoë"


def test_person_who_was_merged_is_found_as_the_other() -> None:
    kept = PersonFactory.create()
    PersonFactory.create(email="old@people.example", is_active=False, merged_into=kept)
    assert find_or_create_person(name="", email="old@people.example") == kept


def test_closed_account_is_not_invited() -> None:
    PersonFactory.create(email="old@people.example", is_active=False)
    with pytest.raises(AccountClosed):
        find_or_create_person(name="", email="old@people.example")


@pytest.mark.parametrize("second", ["zoe@people.example", "ZOE@people.example"])
def test_database_holds_one_person_for_an_address(second: str) -> None:
    PersonFactory.create(email="zoe@people.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory.create(email=second)


def test_database_holds_addresses_in_lower_case() -> None:
    with pytest.raises(IntegrityError, match="person_email_lower"), transaction.atomic():
        PersonFactory.create(email="Zoe@people.example")


def test_organisation_of_the_same_name_and_country_is_refused() -> None:
    by = admin()
    create_organisation(name="Leeds City Council", country="GB", time_zone="Europe/London", by=by)
    with pytest.raises(OrganisationExists):
        create_organisation(name="LEEDS  city council", country="GB", time_zone="Europe/London", by=by)
    create_organisation(name="Leeds City Council", country="IE", time_zone="Europe/Dublin", by=by)


def test_organisation_is_changed_and_takes_nobody_elses_name() -> None:
    by = admin()
    leeds = create_organisation(name="Leeds City Council", country="GB", time_zone="Europe/London", by=by)
    hull = create_organisation(name="Hull", country="GB", time_zone="Europe/London", by=by)
    edited = edit_organisation(
        organisation=hull, name=" Hull  City Council", country="GB", time_zone="Europe/London", by=by
    )
    assert (edited.name, edited.changed_by) == ("Hull City Council", by)
    with pytest.raises(OrganisationExists):
        edit_organisation(
            organisation=hull, name="leeds city council", country="GB", time_zone="Europe/London", by=by
        )
    hull.refresh_from_db()
    assert hull.name == "Hull City Council"
    # As it stands already, nobody changed it.
    same = edit_organisation(
        organisation=leeds, name=leeds.name, country="GB", time_zone="Europe/London", by=by
    )
    assert same.changed_by is None


def test_inviting_a_commissioner_twice_writes_one_letter() -> None:
    organisation, by = OrganisationFactory.create(), admin()
    first = invite_commissioner(organisation=organisation, name="Zoë", email="zoe@people.example", by=by)
    again = invite_commissioner(organisation=organisation, name="Zoë", email="zoe@people.example", by=by)
    assert first == again
    assert OutgoingEmail.objects.get().to_address == "zoe@people.example"
    assert first.started_by == by


def test_commissioner_who_ended_can_be_invited_again() -> None:
    organisation, by = OrganisationFactory.create(), admin()
    first = invite_commissioner(organisation=organisation, name="Zoë", email="zoe@people.example", by=by)
    ended = end_membership(membership=first, by=by)
    assert end_membership(membership=first, by=admin()).ended_by == by
    again = invite_commissioner(organisation=organisation, name="Zoë", email="zoe@people.example", by=by)
    assert again.pk != ended.pk
    assert Membership.objects.filter(ended_at__isnull=True).count() == 1


def test_nobody_lets_themself_act_for_an_organisation_nor_ends_it(client: Client) -> None:
    organisation, me = OrganisationFactory.create(), admin()
    with pytest.raises(OwnMembership):
        invite_commissioner(organisation=organisation, name=me.name, email=me.email.upper(), by=me)
    client.force_login(me)
    form = {"name": "Me", "email": me.email}
    page = client.post(reverse("invite_commissioner", args=[organisation.uuid]), form).content.decode()
    assert "You cannot invite yourself. Ask another AIM admin" in page
    assert not Membership.objects.exists()
    membership = invite_commissioner(organisation=organisation, name=me.name, email=me.email, by=admin())
    with pytest.raises(OwnMembership):
        end_membership(membership=membership, by=me)
    membership.refresh_from_db()
    assert membership.ended_at is None


def test_role_is_read_afresh_on_each_request(client: Client) -> None:
    organisation = OrganisationFactory.create()
    person = commissioner(organisation)
    client.force_login(person)
    page = reverse("organisation", args=[organisation.uuid])
    assert client.get(page).status_code == 200
    end_membership(membership=Membership.objects.get(), by=admin())
    assert client.get(page).status_code == 404


def test_nobody_ends_their_own_appointment() -> None:
    me = admin()
    admin()
    with pytest.raises(OwnAppointment):
        end_staff_appointment(appointment=me.staff_appointments.get(), by=me)


def test_last_admin_stays() -> None:
    last = admin()
    with pytest.raises(LastAdmin):
        end_staff_appointment(appointment=last.staff_appointments.get(), by=PersonFactory.create())


def test_ending_an_appointment_twice_keeps_the_first_date() -> None:
    me, other = admin(), admin()
    row = other.staff_appointments.get()
    first = end_staff_appointment(appointment=row, by=me)
    assert end_staff_appointment(appointment=row, by=me).ended_at == first.ended_at
    assert not Person.objects.get(pk=other.pk).is_aim_admin


def test_appointing_twice_writes_one_letter() -> None:
    by = admin()
    first = appoint_staff(name="Zoë", email="zoe@people.example", by=by)
    assert appoint_staff(name="Zoë", email="zoe@people.example", by=by) == first
    assert OutgoingEmail.objects.count() == 1


def test_command_appoints_the_first_admin_only(capsys: Any) -> None:
    call_command("appoint_admin", "Zoë", "zoe@people.example")
    call_command("appoint_admin", "Zoë", "Zoe@people.example")
    assert StaffAppointment.objects.get().person.email == "zoe@people.example"
    with pytest.raises(CommandError, match="already"):
        call_command("appoint_admin", "Other", "other@people.example")
    with pytest.raises(CommandError, match=r"name@example\.org"):
        call_command("appoint_admin", "Other", "nonsense")


def pages(
    organisation: Organisation, membership: Membership, appointment: StaffAppointment
) -> dict[str, str]:
    return {
        "organisations": reverse("organisations"),
        "create_organisation": reverse("create_organisation"),
        "organisation": reverse("organisation", args=[organisation.uuid]),
        "edit_organisation": reverse("edit_organisation", args=[organisation.uuid]),
        "invite_commissioner": reverse("invite_commissioner", args=[organisation.uuid]),
        "staff": reverse("staff"),
        "appoint_staff": reverse("appoint_staff"),
        "unsent_emails": reverse("unsent_emails"),
        "end_membership": reverse("end_membership", args=[organisation.uuid, membership.uuid]),
        "end_staff_appointment": reverse("end_staff_appointment", args=[appointment.uuid]),
    }


EXPECTED = {
    #                        admin, its commissioner, another's, stranger to all
    "organisations": (200, 200, 200, 200),
    "create_organisation": (200, 403, 403, 403),
    "organisation": (200, 200, 404, 404),
    "edit_organisation": (200, 403, 404, 404),
    "invite_commissioner": (200, 403, 404, 404),
    "staff": (200, 403, 403, 403),
    "appoint_staff": (200, 403, 403, 403),
    "unsent_emails": (200, 403, 403, 403),
    "end_membership": (302, 403, 404, 404),
    "end_staff_appointment": (302, 403, 403, 403),
}


@pytest.mark.parametrize("page", EXPECTED)
def test_page_answers_each_role_as_expected(page: str) -> None:
    organisation = OrganisationFactory.create()
    own, other = commissioner(organisation), commissioner(OrganisationFactory.create())
    membership, appointment = own.memberships.get(), admin().staff_appointments.get()
    url = pages(organisation, membership, appointment)[page]
    found = []
    for person in (own, other, PersonFactory.create(), admin()):
        client = Client()
        client.force_login(person)
        answer = client.post(url) if page.startswith("end_") else client.get(url)
        found.append(answer.status_code)
        if person.staff_appointments.count() == 0:
            membership.refresh_from_db()
            appointment.refresh_from_db()
            assert membership.ended_at is None
            assert appointment.ended_at is None
    assert (found[3], *found[:3]) == EXPECTED[page]
    anonymous = Client().get(url)
    assert (anonymous.status_code, anonymous.url) == (302, f"{reverse('account_login')}?next={url}")


def test_membership_is_ended_only_through_its_own_organisation(client: Client) -> None:
    one, other = OrganisationFactory.create(), OrganisationFactory.create()
    commissioner(one)
    client.force_login(admin())
    url = reverse("end_membership", args=[other.uuid, Membership.objects.get().uuid])
    assert client.post(url).status_code == 404
    assert Membership.objects.get().ended_at is None


def test_admin_adds_an_organisation_and_invites_through_the_pages(client: Client) -> None:
    client.force_login(admin())
    typed = {"name": "O’Neill & <Sons>", "country": "IE", "time_zone": "Europe/Dublin"}
    made = client.post(reverse("create_organisation"), typed, follow=True)
    assert "O’Neill &amp; &lt;Sons&gt;" in made.text
    again = client.post(reverse("create_organisation"), typed)
    assert "already an organisation of this name" in again.text
    assert "Dublin time" in made.text
    assert "Europe/Dublin" not in made.text
    organisation = Organisation.objects.get()
    invited = client.post(
        reverse("invite_commissioner", args=[organisation.uuid]),
        {"name": "Zoë", "email": "zoe@people.example"},
        follow=True,
    )
    assert "Zoë" in invited.text.split("<main")[1]


def test_organisation_that_another_admin_changed_is_not_overwritten_before_both_were_seen() -> None:
    organisation = OrganisationFactory.create(name="Leeds", country="GB", time_zone="Europe/London")
    mine, theirs = Client(), Client()
    mine.force_login(admin())
    theirs.force_login(admin(name="Olu Other"))
    url = reverse("edit_organisation", args=[organisation.uuid])
    assert f'href="{url}"' in mine.get(reverse("organisation", args=[organisation.uuid])).text
    typed = filled_in(mine.get(url)) | {"name": "Leeds Council"}
    assert theirs.post(url, filled_in(theirs.get(url)) | {"name": "City of Leeds"}).status_code == 302
    refused = mine.post(url, typed)
    assert refused.status_code == 409
    assert REFUSED in refused.text
    assert "Olu Other saved it" in refused.text
    assert both(refused) == [("City of Leeds", "Leeds Council")]
    # Sent again as it came back it builds on the older name still.
    assert mine.post(url, filled_in(refused)).status_code == 409
    organisation.refresh_from_db()
    assert organisation.name == "City of Leeds"
    assert mine.post(url, filled_in(refused) | over(refused)).status_code == 302
    organisation.refresh_from_db()
    assert organisation.name == "Leeds Council"


def test_list_asks_as_much_for_many_organisations_as_for_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(admin())
    for size in (1, 20, 70):
        for _ in range(size - Organisation.objects.count()):
            commissioner(OrganisationFactory.create())
        with django_assert_num_queries(5):
            client.get(reverse("organisations"))


def test_search_keeps_its_words_on_the_next_page(client: Client) -> None:
    client.force_login(admin())
    for number in range(60):
        OrganisationFactory.create(name=f"Trust & Son {number:02}")
    page = client.get(reverse("organisations"), {"name": "Trust & Son"}).text
    assert "?name=Trust+%26+Son&amp;page=2" in page
    assert (
        "Trust &amp; Son 59" in client.get(reverse("organisations") + "?name=Trust%20%26%20Son&page=2").text
    )
