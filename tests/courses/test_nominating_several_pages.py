"""Nominating several people at once: what is read, what is to be put right, and what is sent."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ConfirmedAddress, OutgoingEmail
from courses.actions import cancel
from courses.models import Nomination
from tests import factories as make
from tests.bad_input.pages import read
from tests.certification import outcomes
from tests.courses.factories import NOON, coming, letters_to
from tests.courses.lists_of_people import carried, given, page_of, people, rows_of, uploaded, xlsx_of
from tests.courses.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def test_list_is_looked_at_and_then_nominated():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(10)
    preview = client.post(page_of(course), uploaded(xlsx_of(rows_of(listed))))
    assert preview.status_code == 200
    page = text(preview)
    assert "10 people were read from people.xlsx: 10 are ready." in page
    assert "Nominate 10 people, and send each a link" in page
    assert not Nomination.objects.exists()
    sent = carried(preview) | {"act": "nominate"}
    done = client.post(page_of(course), sent)
    assert done.url == reverse("courses:nominations", args=[course.uuid])
    # The second press of the same button.
    assert client.post(page_of(course), sent).url == done.url
    made = list(Nomination.objects.order_by("pk").values_list("name", "email", "sponsor_organisation"))
    assert made == [(one["name"], one["email"], course.organisation.pk) for one in listed]
    assert OutgoingEmail.objects.count() == 10
    assert len(letters_to(listed[3]["email"])) == 1
    assert "10 people were nominated. A link to answer goes to each of them." in text(client.get(done.url))


def test_rows_are_put_right_in_place():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(3)
    listed[1] |= {"email": "", "years_experience": "two"}
    preview = given(client, course, listed)
    assert preview.status_code == 422
    errors = read(preview)
    assert errors.title.startswith("Error: Check the list")
    assert errors.summary == [
        ("#id_row-3-email", "Row 3: Enter their email address."),
        ("#id_row-3-years_experience", "Row 3: Enter a number of years, such as 3 or 2.5."),
    ]
    assert {"id_row-3-email", "id_row-3-years_experience"} <= errors.ids
    assert "send each a link" not in text(preview)
    sent = carried(preview) | {"row-3-email": "zoe@people.example", "act": "check"}
    still = client.post(page_of(course), sent)
    assert read(still).summary == [
        ("#id_row-3-years_experience", "Row 3: Enter a number of years, such as 3 or 2.5.")
    ]
    assert read(still).values["row-3-email"] == ["zoe@people.example"]
    right = client.post(page_of(course), carried(still) | {"row-3-years_experience": "2", "act": "check"})
    assert right.status_code == 200
    assert "Nominate 3 people, and send each a link" in text(right)
    assert client.post(page_of(course), carried(right) | {"act": "nominate"}).status_code == 302
    assert Nomination.objects.filter(email="zoe@people.example", years_experience=2).exists()


def test_nobody_is_nominated_of_whom_the_page_did_not_say_so():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(2)
    listed[1] |= {"name": ""}
    preview = given(client, course, listed)
    asked = client.post(page_of(course), carried(preview) | {"row-3-name": "Zoë", "act": "nominate"})
    assert asked.status_code == 200
    assert "so nothing was sent" in text(asked)
    assert not Nomination.objects.exists()
    assert client.post(page_of(course), carried(asked) | {"act": "nominate"}).status_code == 302
    assert Nomination.objects.count() == 2


def test_same_list_again_changes_nothing_and_is_no_error():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(3)
    preview = given(client, course, listed)
    client.post(page_of(course), carried(preview) | {"act": "nominate"})
    again = given(client, course, [*listed, *people(1)])
    assert again.status_code == 200
    assert "3 are on this course already" in text(again)
    assert "Nominate 1 person, and send them the link" in text(again)
    only = given(client, course, listed)
    assert only.status_code == 200
    assert "Nobody in this list is left to nominate." in text(only)
    assert client.post(page_of(course), carried(only) | {"act": "nominate"}).status_code == 200
    assert Nomination.objects.count() == OutgoingEmail.objects.count() == 3


def test_list_that_others_nominated_meanwhile_is_still_there_and_changes_nothing():
    course = coming()
    first, second = (signed_in(make.commissioner(course.organisation)) for _ in range(2))
    listed = people(3)
    pages = [given(client, course, listed) for client in (first, second)]
    assert first.post(page_of(course), carried(pages[0]) | {"act": "nominate"}).status_code == 302
    sent = carried(pages[1]) | {"act": "nominate"}
    for _press in range(2):
        refused = second.post(page_of(course), sent)
        assert "3 are on this course already" in text(refused)
        assert "Nobody in this list is left to nominate." in text(refused)
    assert Nomination.objects.count() == 3


def test_course_that_is_cancelled_meanwhile_refuses_and_the_list_stays():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    sent = carried(given(client, course, people(3))) | {"act": "nominate"}
    cancel(course=course, because="The venue was flooded.", by=make.admin())
    for _press in range(2):
        refused = client.post(page_of(course), sent)
        assert refused.status_code == 409
        assert (
            text(refused).count("This course was cancelled. Nothing about it can be changed any more.") == 2
        )
        assert carried(refused)["rows"] == sent["rows"]
    assert not Nomination.objects.exists()


def test_course_that_fills_up_says_how_many_and_lets_them_be_left_out():
    course = coming(capacity=5)
    client = signed_in(make.commissioner(course.organisation))
    sent = carried(given(client, course, people(5))) | {"act": "nominate"}
    for _ in range(2):
        make.nomination(course)
    words = "Only 3 places of this course are free, for 5 people. Leave out 2 of them."
    for _press in range(2):
        refused = client.post(page_of(course), sent)
        assert refused.status_code == 422
        assert text(refused).count(words) == 2
        assert "Leave out the last 2" in text(refused)
    fewer = client.post(page_of(course), carried(refused) | {"act": "leave_last"})
    assert fewer.status_code == 200
    assert read(fewer).values["out"] == ["5", "6"]
    other = client.post(page_of(course), carried(fewer) | {"out": ["2", "3"], "act": "nominate"})
    # Others than the page said would be nominated.
    assert "so nothing was sent" in text(other)
    assert client.post(page_of(course), carried(other) | {"act": "nominate"}).status_code == 302
    names = (
        Nomination.objects.filter(name__startswith="Person").order_by("name").values_list("name", flat=True)
    )
    assert list(names) == ["Person 3", "Person 4", "Person 5"]


def test_whoever_is_left_out_gets_nothing_at_one_press():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(3)
    sent = carried(given(client, course, listed)) | {"out": ["3"], "act": "nominate"}
    assert client.post(page_of(course), sent).status_code == 302
    assert not letters_to(listed[1]["email"])
    assert Nomination.objects.count() == 2


def test_rows_to_put_right_can_all_be_left_out():
    course = coming(capacity=200)
    client = signed_in(make.commissioner(course.organisation))
    listed = people(70)
    for one in listed[5:]:
        one["job_role"] = ""
    preview = given(client, course, listed)
    page = read(preview)
    assert len(page.summary) == 50
    assert "15 more rows need putting right; they come after these." in text(preview)
    assert sum(name.startswith("row-") for name in page.values) == 300
    right = client.post(page_of(course), carried(preview) | {"act": "leave_wrong"})
    assert right.status_code == 200
    assert "5 are ready, 65 are left out by you." in text(right)


def test_person_who_is_twice_in_the_list_is_nominated_once():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(3)
    listed[1] = {**listed[0], "email": listed[0]["email"].upper()}
    listed[2]["email"] = listed[0]["email"]
    preview = given(client, course, listed)
    assert "the same as row 2" in text(preview)
    assert read(preview).summary == [
        ("#id_row-4-email", "Row 4: Row 2 has this address too. Change one of them, or leave one out.")
    ]
    out = client.post(page_of(course), carried(preview) | {"out": ["4"], "act": "check"})
    assert client.post(page_of(course), carried(out) | {"act": "nominate"}).status_code == 302
    assert Nomination.objects.get().name == "Person 1"


def test_who_is_certified_already_is_nominated_where_somebody_says_so():
    course = coming()
    earlier = make.course(organisation=course.organisation, programme=course.programme)
    holder = outcomes.certified(earlier).person
    by = make.commissioner(course.organisation)
    client = signed_in(by)
    listed = people(2)
    listed[0]["email"] = holder.email
    preview = given(client, course, listed)
    assert preview.status_code == 200
    assert "Holds a certificate since" in text(preview)
    assert "Nominate 1 person, and send them the link" in text(preview)
    anyway = client.post(page_of(course), carried(preview) | {"anyway": ["2"], "act": "nominate"})
    assert "so nothing was sent" in text(anyway)
    assert "Nominate 2 people, and send each a link" in text(anyway)
    assert read(anyway).values["anyway"] == ["2"]
    assert client.post(page_of(course), carried(anyway) | {"act": "nominate"}).status_code == 302
    assert Nomination.objects.filter(course=course).count() == 2


def test_list_tells_no_more_than_nominating_one_by_one():
    course = coming(hosted=True)
    one, other = make.OrganisationFactory.create(), make.OrganisationFactory.create()
    make.nomination(course, sponsor=one)
    account = make.PersonFactory.create()
    ConfirmedAddress.objects.create(
        person=account, email="then@people.example", confirmed_at=NOON, given_up_at=timezone.now()
    )
    strangers = [
        Nomination.objects.get().email,
        make.enrolment(course, sponsor=one).person.email,
        make.enrolment(course, sponsor=None).person.email,
        outcomes.certified(make.course(organisation=one, programme=course.programme)).person.email,
        make.trainer_of(course).email,
        account.email,
        "nobody@people.example",
    ]
    listed = people(len(strangers))
    for row, email in zip(listed, strangers, strict=True):
        row |= {"email": email, "manager_email": "then@people.example"}
    client = signed_in(make.commissioner(other))
    preview = given(client, course, listed)
    assert preview.status_code == 200
    assert "7 people were read from what you pasted: 7 are ready." in text(preview)
    # As one by one, the trainer is refused; of the account nothing is told until that is put right.
    refused = client.post(page_of(course), carried(preview) | {"act": "nominate"})
    assert read(refused).summary == [
        ("#id_row-6-email", "Row 6: This person trains the course, so they cannot take part in it.")
    ]
    assert not Nomination.objects.filter(sponsor_organisation=other).exists()


def test_admin_chooses_one_sponsor_for_the_whole_list():
    course = coming()
    client = signed_in(make.admin())
    preview = given(client, course, people(2))
    assert "Who sponsors them?" in text(preview)
    assert "checked" not in text(preview).partition("<main")[2]
    sent = carried(preview) | {"act": "nominate"}
    refused = client.post(page_of(course), sent)
    assert refused.status_code == 422
    assert read(refused).summary == [("#id_sponsor_0", "Choose who sponsors them.")]
    chosen = carried(refused) | {"sponsor": str(course.organisation.uuid)}
    again = client.post(page_of(course), chosen | {"act": "check"})
    assert read(again).values["sponsor"] == [str(course.organisation.uuid)]
    assert client.post(page_of(course), carried(again) | {"act": "nominate"}).status_code == 302
    assert set(Nomination.objects.values_list("sponsor_organisation", flat=True)) == {course.organisation.pk}
