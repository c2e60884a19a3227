"""Nominating, the progress list and its buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.actions import cancel, withdraw_enrolment
from courses.models import Nomination
from tests import factories as make
from tests.courses.factories import NOON, coming, letters_to, nominated, person_fields, running
from tests.courses.pages import SCRIPT, key, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def test_commissioner_nominates_and_sees_the_progress():
    course = coming()
    by = make.commissioner(course.organisation)
    client = signed_in(by)
    url = reverse("courses:nominate", args=[course.uuid])
    page = text(client.get(url))
    # One possible sponsor is no question.
    assert "Who sponsors them?" not in page
    sent = {**person_fields(email="zoe@people.example"), **key()}
    response = client.post(url, sent)
    assert response.url == reverse("courses:nominations", args=[course.uuid])
    assert client.post(url, sent).url == response.url
    made = Nomination.objects.get()
    assert made.sponsor_organisation == course.organisation
    progress = text(client.get(response.url))
    assert "Zoë O’Neill" in progress
    assert "Invited, has not answered" in progress
    assert "1 has not answered" in progress


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Enter their name."),
        ({"name": "\x00\x01"}, "hidden character"),
        ({"name": "x" * 151}, "Shorten this to 150 characters"),
        ({"email": ""}, "Enter their email address."),
        ({"email": "nonsense"}, "in the form name@example.org"),
        ({"email": "a@" + "x" * 300 + ".example"}, "Error:"),
        ({"email": f"{SCRIPT}@people.example"}, "in the form name@example.org"),
        ({"job_role": " "}, "Enter their job role."),
        ({"years_experience": "-1"}, "Enter 0 or more years."),
        ({"years_experience": "61"}, "60"),
        ({"years_experience": "100"}, "60"),
        ({"years_experience": "2.55"}, "at most one decimal place"),
        ({"years_experience": "NaN"}, "Enter a number of years"),
        ({"years_experience": "1e9"}, "60"),
        ({"manager_name": ""}, "Enter their line manager’s name."),
        ({"manager_email": "x"}, "in the form name@example.org"),
    ],
)
def test_nominate_page_says_what_is_wrong_and_keeps_the_rest(fields, words):
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    sent = {**person_fields(), "job_role": "Youth worker", **key(), **fields}
    response = client.post(reverse("courses:nominate", args=[course.uuid]), sent)
    assert response.status_code == 422
    assert words in text(response)
    assert "<title>Error: " in text(response)
    assert "Sam Smith" in text(response) or "manager_name" in fields
    assert SCRIPT not in text(response)
    assert not Nomination.objects.exists()


def test_nobody_is_chosen_as_a_sponsor_beforehand():
    course = coming()
    page = text(signed_in(make.admin()).get(reverse("courses:nominate", args=[course.uuid])))
    assert f'value="{course.organisation.uuid}"' in page
    assert "checked" not in page.partition("<main")[2]


def test_nominate_page_tells_what_the_action_refuses():
    course = coming(capacity=2)
    by = make.commissioner(course.organisation)
    client = signed_in(by)
    url = reverse("courses:nominate", args=[course.uuid])
    enrolled = make.enrolment(course)
    pairs = [
        (enrolled.person.email, "is enrolled on this course already"),
        (make.trainer_of(course).email, "trains the course"),
        (by.email, "cannot put yourself forward"),
    ]
    for email, words in pairs:
        page = text(client.post(url, {**person_fields(email=email), **key()}))
        assert words in page
        assert 'href="#id_email"' in page
    make.nomination(course)
    assert "All 2 places of this course" in text(client.post(url, {**person_fields(), **key()}))
    begun = running(organisation=course.organisation)
    page = text(client.post(reverse("courses:nominate", args=[begun.uuid]), {**person_fields(), **key()}))
    assert "This course has begun" in page


def test_nominations_of_two_sponsors_are_shown_each_their_own():
    course = coming(hosted=True)
    one, other = make.OrganisationFactory.create(), make.OrganisationFactory.create()
    make.nomination(course, sponsor=one, name="Theirs Alone")
    make.nomination(course, sponsor=other, name="Ours Alone")
    page = text(signed_in(make.commissioner(other)).get(reverse("courses:nominations", args=[course.uuid])))
    assert "Ours Alone" in page
    assert "Theirs Alone" not in page


def test_nomination_buttons_act_on_one_s_own_organisation_s_people_only():
    course = coming()
    by = make.commissioner(course.organisation)
    client = signed_in(by)
    made = make.nomination(course, token_expires_at=timezone.now() - timedelta(days=1))
    own = make.nomination(course, email=by.email)
    theirs = make.nomination(course, sponsor=make.OrganisationFactory.create())
    elsewhere = make.nomination(coming(organisation=course.organisation))

    def post(name, nomination):
        url = reverse(f"courses:{name}", args=[course.uuid, nomination.uuid])
        return client.post(url, key()).status_code

    for name in ("nomination_resend", "nomination_withdraw", "confirm_sponsor"):
        assert post(name, own) == 403
        assert post(name, theirs) == 404
        assert post(name, elsewhere) == 404
        assert client.get(reverse(f"courses:{name}", args=[course.uuid, made.uuid])).status_code == 405
    assert post("confirm_sponsor", made) == 409
    assert post("nomination_resend", made) == 302
    assert post("nomination_withdraw", made) == 302
    made.refresh_from_db()
    assert made.withdrawn_at


def test_sponsor_confirms_a_walk_in_on_the_list():
    course = running()
    client = signed_in(make.commissioner(course.organisation))
    enrolment = make.enrolment(course, confirmed=False)
    Nomination.objects.update(is_walk_in=True)
    url = reverse("courses:nominations", args=[course.uuid])
    assert "Yes, we sponsor them" in text(client.get(url))
    client.post(reverse("courses:confirm_sponsor", args=[course.uuid, enrolment.nomination.uuid]), key())
    enrolment.refresh_from_db()
    assert enrolment.sponsor_confirmed_at
    assert "Yes, we sponsor them" not in text(client.get(url))


def test_admin_records_that_a_sponsor_confirms_and_is_not_taken_for_the_sponsor():
    course = running()
    client = signed_in(make.admin())
    enrolment = make.enrolment(course, confirmed=False)
    Nomination.objects.update(is_walk_in=True)
    url = reverse("courses:nominations", args=[course.uuid])
    page = text(client.get(url))
    assert f"Sponsor named: {course.organisation.name}" in page
    assert "The sponsor confirms" in page
    assert "Another AIM admin then decides" in page
    assert "we sponsor them" not in page
    sent = client.post(
        reverse("courses:confirm_sponsor", args=[course.uuid, enrolment.nomination.uuid]), key(), follow=True
    )
    assert f"You recorded that the sponsor of {enrolment.nomination.name} confirms them." in text(sent)


def test_list_on_which_nothing_can_be_done_says_so_in_no_column():
    course = coming()
    nominated(course)
    client = signed_in(make.commissioner(course.organisation))
    url = reverse("courses:nominations", args=[course.uuid])
    assert "What you can do" in text(client.get(url))
    Nomination.objects.update(declined_at=timezone.now())
    assert "Nominate again" in text(client.get(url))
    cancel(course=course, because="Too few people.", by=make.admin())
    assert "What you can do" not in text(client.get(url))


def test_place_is_given_up_after_a_page_that_says_what_it_means():
    course = coming()
    enrolment = make.enrolment(course)
    client = signed_in(enrolment.person)
    url = reverse("courses:enrolment_withdraw", args=[course.uuid, enrolment.uuid])
    assert "Give up your place?" in text(client.get(url))
    sent = key()
    page = reverse("certification:my_course", args=[enrolment.uuid])
    assert client.post(url, sent).url == page
    assert client.post(url, sent).status_code == client.post(url, key()).status_code == 302
    assert client.get(url).url == page
    assert "You gave up your place on" in text(client.get(page))
    other = signed_in(make.enrolment(course).person)
    assert other.get(url).status_code == 404


def test_own_page_leads_to_giving_the_place_up_and_says_who_is_told():
    course = coming()
    enrolment = make.enrolment(course)
    client = signed_in(enrolment.person)
    url = reverse("courses:enrolment_withdraw", args=[course.uuid, enrolment.uuid])
    assert url in client.get(reverse("certification:my_course", args=[enrolment.uuid])).text
    asked = text(client.get(url))
    assert f"Those who act for {course.organisation.name} get an email" in asked
    assert "Until the course begins you can be invited again" in asked
    assert client.post(url, key()).status_code == 302
    assert url not in client.get(reverse("certification:my_course", args=[enrolment.uuid])).text


def test_page_says_whether_the_sponsor_gets_a_letter():
    course = coming()
    enrolment = make.enrolment(course)
    url = reverse("courses:enrolment_withdraw", args=[course.uuid, enrolment.uuid])
    words = f"Those who act for {course.organisation.name} get an email"
    assert words in text(signed_in(make.admin()).get(url))
    assert words not in text(signed_in(make.commissioner(course.organisation)).get(url))


def test_giving_up_once_the_course_has_begun_says_what_it_means():
    course = running()
    enrolment = make.enrolment(course, sponsor=None)
    asked = text(
        signed_in(enrolment.person).get(
            reverse("courses:enrolment_withdraw", args=[course.uuid, enrolment.uuid])
        )
    )
    assert "you cannot take this place up again" in asked
    assert "Your trainers get an email that somebody left." in asked
    assert "Those who act for" not in asked


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome_finalised_at": timezone.now()}, "The trainer has finalised an outcome"),
        ({"frozen_at": timezone.now()}, "The outcome was approved"),
    ],
)
def test_place_is_not_given_up_any_more_and_the_page_says_what_to_do(fields, words):
    course = running()
    enrolment = make.enrolment(course, **fields)
    client = signed_in(enrolment.person)
    url = reverse("courses:enrolment_withdraw", args=[course.uuid, enrolment.uuid])
    assert url not in client.get(reverse("certification:my_course", args=[enrolment.uuid])).text
    for answered in (client.get(url), client.post(url, key()), client.post(url, key())):
        assert answered.status_code == 409
        assert words in text(answered)
        assert "support@aimcert.example" in text(answered)
    enrolment.refresh_from_db()
    assert enrolment.withdrawn_at is None


def test_list_and_own_page_say_who_took_a_place_away():
    course = coming()
    commissioner = make.commissioner(course.organisation, name="Connie Missioner")
    own, by_sponsor, by_aim = (make.enrolment(course) for _ in range(3))
    withdraw_enrolment(enrolment=own, by=own.person)
    withdraw_enrolment(enrolment=by_sponsor, by=commissioner)
    withdraw_enrolment(enrolment=by_aim, by=make.admin(name="Ada Admin"))
    listed = text(signed_in(commissioner).get(reverse("courses:nominations", args=[course.uuid])))
    for who in ("by themself,", "by Connie Missioner,", "by The AIM Project,"):
        assert listed.count(who) == 1
    assert "Ada Admin" not in listed
    for enrolment, words in (
        (own, "You gave up your place on"),
        (by_sponsor, f"{course.organisation.name} withdrew your place on"),
        (by_aim, "The AIM Project withdrew your place on"),
    ):
        page = reverse("certification:my_course", args=[enrolment.uuid])
        assert words in text(signed_in(enrolment.person).get(page))


def test_send_again_says_what_happened_also_after_the_time_of_links_was_shortened(settings, time_machine):
    time_machine.move_to(NOON, tick=False)
    course = coming(days=60)
    by = make.commissioner(course.organisation)
    made = nominated(course, by=by)
    client = signed_in(by)
    url = reverse("courses:nomination_resend", args=[course.uuid, made.uuid])
    assert "less than a minute ago, so no other was sent" in text(client.post(url, follow=True))
    assert len(letters_to(made.email)) == 1
    settings.AIM = {**settings.AIM, "INVITATION_DAYS": 7}
    time_machine.move_to(NOON + timedelta(minutes=2), tick=False)
    assert f"A new link goes to {made.email}." in text(client.post(url, follow=True))
    assert len(letters_to(made.email)) == 2
    assert "less than a minute ago, so no other was sent" in text(client.post(url, follow=True))
    assert len(letters_to(made.email)) == 2


@pytest.mark.parametrize("page", ["nominate", "nominate_several"])
def test_page_of_a_course_that_has_begun_says_so_and_asks_for_nobody(page):
    url = reverse(f"courses:{page}", args=[(course := running()).uuid])
    shown = text(signed_in(make.commissioner(course.organisation)).get(url))
    assert "This course has begun." in shown
    assert 'name="email"' not in shown
    assert 'type="file"' not in shown
    open_one = coming()
    url = reverse(f"courses:{page}", args=[open_one.uuid])
    shown = text(signed_in(make.commissioner(open_one.organisation)).get(url))
    assert "This course has begun." not in shown
    assert 'name="email"' in shown or 'type="file"' in shown
