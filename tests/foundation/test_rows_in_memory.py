"""Rows in memory are found, narrowed and sorted as those of a queryset are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import CharField, Value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from aimcert.foundation.lists import Listing
from aimcert.foundation.name_order import name_finder, name_matches
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch, listed_rows
from assessments.states import Outcome
from certification.actions import approve
from tests import factories
from tests.certification import outcomes
from tests.foundation.test_name_order import FOUND


@dataclass(frozen=True)
class Row:
    name: str
    number: int | None


ROWS = [Row("Zoë", 2), Row("Ann", None), Row("Bo", 1), Row("Cy", 2)]
COLUMNS = (
    RowColumn("name", "Name", lambda row: row.name),
    RowColumn("number", "Number", lambda row: row.number, is_number=True),
    RowColumn("acts", "What you can do", is_acts=True),
)


class Narrowing(RowNarrowing):
    q = TypedSearch("Name")
    number = OneOf("Number", [("1", "One"), ("2", "Two")])

    def by_number(self, number: str) -> Any:
        return lambda row: row.number == int(number)


def listing(rf: Any, **asked: str) -> Listing:
    request = rf.get("/", asked)
    return listed_rows(request, ROWS, columns=COLUMNS, narrowing=Narrowing(request.GET))


def names(found: Listing) -> list[str]:
    return [row.name for row in found.rows]


def test_rows_stand_as_they_were_given_where_nothing_is_asked(rf: Any) -> None:
    found = listing(rf)
    assert names(found) == ["Zoë", "Ann", "Bo", "Cy"]
    assert (found.total, found.is_narrowed, found.asked, found.kept, found.here) == (4, False, [], "", "")


@pytest.mark.parametrize(
    ("rows", "beside", "asked", "has_fields"),
    [
        (10, 0, {}, False),
        (11, 0, {}, True),
        (9, 2, {}, True),
        (1, 0, {"q": "o"}, True),
        (0, 0, {"sort": "name"}, True),
    ],
)
def test_few_rows_that_are_all_in_sight_have_nothing_above_them_to_fill_in(
    rf: Any, rows: int, beside: int, asked: dict[str, str], has_fields: bool
) -> None:
    request = rf.get("/", asked)
    some = [Row(f"Zoë {number}", number) for number in range(rows)]
    found = listed_rows(request, some, columns=COLUMNS, narrowing=Narrowing(request.GET), beside=beside)
    assert found.has_fields == has_fields


def test_row_without_a_value_comes_last_both_ways_and_equal_ones_keep_their_order(rf: Any) -> None:
    assert names(listing(rf, sort="number")) == ["Bo", "Zoë", "Cy", "Ann"]
    assert names(listing(rf, sort="-number")) == ["Zoë", "Cy", "Bo", "Ann"]


def test_search_and_kind_narrow_together_and_are_said(rf: Any) -> None:
    found = listing(rf, q=" zoe ", number="2", sort="-name")
    assert names(found) == ["Zoë"]
    assert found.asked == ["Name: zoe", "Number: Two", "Sorted by: Name, the other way round"]
    assert found.is_narrowed
    assert names(listing(rf, number="2")) == ["Zoë", "Cy"]


def test_heading_sorts_and_turns_round_and_keeps_what_was_asked(rf: Any) -> None:
    name, number, acts = listing(rf, q="o", sort="name").headings
    assert (name.href, name.order) == ("?q=o&sort=-name", "ascending")
    assert (number.href, number.order, number.look) == ("?q=o&sort=number", "", "num")
    # What can be done is no column to sort by, and is not printed.
    assert (acts.href, acts.look) == ("", "screen-only")


@pytest.mark.parametrize(
    "odd", [{"number": "3"}, {"number": "\0"}, {"q": "\0"}, {"sort": "acts"}, {"q": "  "}]
)
def test_what_is_not_understood_narrows_nothing(rf: Any, odd: dict[str, str]) -> None:
    found = listing(rf, **odd)
    assert names(found) == names(listing(rf))
    assert not found.is_narrowed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", sorted({typed for _name, typed in FOUND} | {"Zoe Smith", "--", "x' | 'z", "%"})
)
def test_python_finds_whom_postgresql_finds(typed: str) -> None:
    means = name_finder(typed)
    factories.PersonFactory.create()
    for name, _typed in FOUND:
        asked = Person.objects.annotate(said=Value(name, CharField())).filter(name_matches("said", typed))
        assert means(name) == asked.exists(), name


# --- What narrows each list ---------------------------------------------------------------------------------


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def called(name: str, **fields: Any) -> dict[str, Any]:
    return {"person": factories.PersonFactory.create(name=name), **fields}


def seen(person: Person, path: str, among: list[str], **asked: str) -> list[str]:
    text = signed_in(person).get(path, asked).text.split("</header>")[1]
    return sorted((name for name in among if name in text), key=text.index)


@pytest.mark.django_db
def test_marking_list_is_narrowed_by_what_its_columns_know() -> None:
    course = factories.course()
    trainer, other = factories.trainer_of(course), factories.associate(course.programme)
    unmarked = factories.enrolment(course, attended=True, **called("Una Marked"))
    factories.submission(unmarked)
    for name, by in (("Mine Own", trainer), ("Other Marker", other)):
        made = factories.enrolment(course, attended=True, **called(name))
        factories.marking(factories.submission(made), marker=by)
    factories.enrolment(course, **called("Nil Sent"))
    everyone = ["Una Marked", "Mine Own", "Other Marker", "Nil Sent"]
    path = reverse("assessments:marking", args=[course.uuid])
    first = seen(trainer, path, everyone)
    assert first[0] == "Una Marked"
    assert seen(trainer, path, everyone, show="unmarked") == ["Una Marked"]
    assert seen(trainer, path, everyone, show="mine") == ["Mine Own"]
    assert seen(trainer, path, everyone, show="not-attended") == ["Nil Sent"]
    assert seen(trainer, path, everyone, next="mark") == ["Una Marked"]
    assert "Nil Sent" not in seen(trainer, path, everyone, next="outcome")
    assert seen(trainer, path, everyone, sort="answers")[-1] == "Nil Sent"
    # What is said of the whole course stays so.
    assert "2 of 3 submitted scripts are marked." in signed_in(trainer).get(path, {"show": "mine"}).text


@pytest.mark.django_db
def test_queue_of_a_course_says_what_is_approved_where_it_is_narrowed() -> None:
    course, admin = factories.course(), factories.admin()
    for name in ("Elsa Gible", "Elmo Gible"):
        factories.recommended(course, **called(name))
    lacking = factories.recommended(course, **called("Lack Ing"))
    lacking.register_entries.all().delete()
    factories.recommended(course, outcome=Outcome.NOT_YET, **called("Nott Yett"))
    everyone = ["Elsa Gible", "Elmo Gible", "Lack Ing", "Nott Yett"]
    path = reverse("certification:course_queue", args=[course.uuid])
    assert seen(admin, path, everyone, state="together") == ["Elmo Gible", "Elsa Gible"]
    assert seen(admin, path, everyone, state="not-eligible") == ["Lack Ing"]
    assert seen(admin, path, everyone, state="not_yet") == ["Nott Yett"]
    whole = "This approves all 2 eligible people of the whole course, whoever is shown below."
    assert whole not in signed_in(admin).get(path).text
    page = signed_in(admin).get(path, {"q": "elsa"}).text
    assert seen(admin, path, everyone, q="elsa") == ["Elsa Gible"]
    assert whole in page
    assert "Approve 2 eligible people" in page
    assert "1 of 3 people who wait shown" in page
    assert "3 people wait for a decision" in page
    # And its own page names everyone, narrowed or not.
    all_of_them = reverse("certification:approve_all", args=[course.uuid])
    assert set(everyone[:2]) <= set(seen(admin, all_of_them, everyone, q="elsa"))


@pytest.mark.django_db
def test_queue_over_courses_is_narrowed_to_where_somebody_can_be_approved() -> None:
    admin = factories.admin()
    factories.recommended(factories.course(title="Eligible there"))
    lacking = factories.recommended(factories.course(title="Lacking there"))
    lacking.register_entries.all().delete()
    both, path = ["Eligible there", "Lacking there"], reverse("certification:queue")
    assert seen(admin, path, both) == both
    assert seen(admin, path, both, show="together") == ["Eligible there"]
    assert seen(admin, path, both, show="not-eligible") == ["Lacking there"]
    assert seen(admin, path, both, q=lacking.course.reference) == ["Lacking there"]
    assert seen(admin, path, both, sort="-course") == ["Lacking there", "Eligible there"]


@pytest.mark.django_db
def test_follow_ups_are_searched_in_open_and_closed_ones() -> None:
    course = factories.course(title="Rugby course")
    commissioner = factories.commissioner(course.organisation)
    for name in ("Opie Still", "Clo Sed"):
        made = outcomes.released(course, **called(name))
        if name == "Clo Sed":
            made.closed_at, made.closed_by = timezone.now(), commissioner
            made.save()
    outcomes.released(factories.course(organisation=course.organisation), **called("Else Where"))
    everyone, path = ["Opie Still", "Clo Sed", "Else Where"], reverse("certification:follow_ups")
    assert set(seen(commissioner, path, everyone)) == {"Opie Still", "Else Where"}
    assert seen(commissioner, path, everyone, q="rugby") == ["Opie Still"]
    assert seen(commissioner, path, everyone, show="closed") == ["Clo Sed"]
    assert seen(commissioner, path, everyone, outcome="not_assessed") == []
    text = signed_in(commissioner).get(path, {"q": "sed"}).text
    assert 'href="?q=sed&amp;show=closed"' in text
    assert "Look in the closed ones" in text
    assert seen(commissioner, path, everyone, q="sed", show="closed") == ["Clo Sed"]


@pytest.mark.django_db
def test_follow_ups_of_others_are_not_found_by_searching() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    outcomes.released(course, sponsor=theirs, **called("Theirs Alone"))
    assert (
        seen(factories.commissioner(ours), reverse("certification:follow_ups"), ["Theirs Alone"], q="theirs")
        == []
    )


@pytest.mark.django_db
def test_nominations_are_narrowed_and_an_act_leads_back_to_them_so() -> None:
    course = factories.course(starts=timezone.now() + timedelta(days=9), title="AIM3")
    by = factories.commissioner(course.organisation)
    waits = factories.nomination(course, name="Wai Ting")
    factories.enrolment(course, factories.PersonFactory.create(name="Acce Pted"))
    both, path = ["Wai Ting", "Acce Pted"], reverse("courses:nominations", args=[course.uuid])
    assert seen(by, path, both, stage="invited") == ["Wai Ting"]
    assert seen(by, path, both, stage="accepted", q="pted") == ["Acce Pted"]
    assert seen(by, path, both, q=waits.email) == ["Wai Ting"]
    resend = reverse("courses:nomination_resend", args=[course.uuid, waits.uuid])
    assert f'action="{resend}?q=wai"' in signed_in(by).get(path, {"q": "wai"}).text
    assert signed_in(by).post(f"{resend}?q=wai").url == f"{path}?q=wai"


@pytest.mark.django_db
def test_letter_is_tried_again_from_the_list_as_it_was_narrowed() -> None:
    admin = factories.admin()
    for address in ("one@people.example", "two@people.example"):
        OutgoingEmail.objects.create(
            to_address=address, subject="x", text="x", attempts=16, last_error="KeyError"
        )
    both, path = ["one@people.example", "two@people.example"], reverse("unsent_emails")
    assert seen(admin, path, both, q="two@") == ["two@people.example"]
    retry = reverse("retry_email", args=[OutgoingEmail.objects.get(to_address=both[1]).uuid])
    assert f'action="{retry}?q=two%40"' in signed_in(admin).get(path, {"q": "two@"}).text
    assert signed_in(admin).post(f"{retry}?q=two%40").url == f"{path}?q=two%40"
    assert "No email matches." in signed_in(admin).get(path, {"q": "two@"}).text


@pytest.mark.django_db
def test_results_are_narrowed_and_the_picture_above_stays_of_everybody() -> None:
    course = factories.course()
    approve(enrolment=factories.recommended(course, **called("Certa Fied")), by=factories.admin())
    outcomes.released(course, **called("Folly Upp"))
    commissioner = factories.commissioner(course.organisation)
    path, both = reverse("certification:results", args=[course.uuid]), ["Folly Upp", "Certa Fied"]
    assert seen(commissioner, path, both) == both
    assert seen(commissioner, path, both, sort="name") == both[::-1]
    assert seen(commissioner, path, both, show="competent") == ["Certa Fied"]
    text = signed_in(commissioner).get(path, {"show": "competent"}).text
    # The picture above is of everybody.
    assert "2 people of yours" in text
    assert "Show only: Competent (1)" in text
