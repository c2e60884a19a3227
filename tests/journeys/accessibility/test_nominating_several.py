"""Several people who are nominated at once, in every state of their list: its pages are accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from courses.actions import cancel
from tests import factories
from tests.bad_input.pages import read
from tests.certification import outcomes
from tests.courses.factories import coming, nominated, person_fields
from tests.courses.lists_of_people import people, rows_of, text_of
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


@pytest.mark.parametrize(
    "state", ["right", "wrong", "everything", "sponsors", "left out", "too many", "nobody", "long"]
)
def test_list_of_people_before_they_are_nominated(wrong: Wrong, state: str) -> None:
    course = coming(capacity=300 if state == "long" else 12)
    by = factories.admin() if state == "sponsors" else factories.commissioner(course.organisation)
    listed = people({"too many": 15, "long": 300}.get(state, 12))
    if state == "nobody":
        listed = [person_fields(name="Ned", email=nominated(course).email)]
    if state in ("wrong", "everything"):
        listed[2] |= {"email": "zoe at people.example", "years_experience": "2 May 2026"}
        listed[4] |= {"manager_email": listed[4]["email"]}
        listed[5] |= {"email": listed[3]["email"]}
        listed[8] |= {"name": "Zoë 希"}
    rows = rows_of(listed)
    if state == "everything":
        earlier = factories.course(organisation=course.organisation, programme=course.programme)
        listed[0] |= {"name": "Hal Holder", "email": outcomes.certified(earlier).person.email}
        listed[1] |= {"email": nominated(course).email}
        listed[6] = listed[7]
        rows = [["Staff of the north team"], *([*row, "North"] for row in rows_of(listed))]
        rows[1][-1] = "Team"
    page, sent = at("courses:nominate_several", course), {"text": text_of(rows)}
    client = Client()
    client.force_login(by)
    carried = read(client.post(page, sent)).values
    if state == "left out":
        assert not wrong(client, page, sent=carried | {"out": ["3", "4"], "act": "check"})
        return
    assert not wrong(client, page, sent=sent)
    if state == "sponsors":
        assert not wrong(client, page, sent=carried | {"act": "nominate"})


def test_list_that_is_no_list_or_of_a_course_that_was_cancelled(wrong: Wrong) -> None:
    course = coming()
    client = Client()
    client.force_login(factories.commissioner(course.organisation))
    page = at("courses:nominate_several", course)
    carried = read(client.post(page, {"text": text_of(rows_of(people(3)))})).values
    assert not wrong(client, page)
    assert not wrong(client, page, sent={"text": "Name\tEmail\nZoë\tzoe@people.example"})
    cancel(course=course, because="The venue was flooded.", by=factories.admin())
    assert not wrong(client, page, sent=carried | {"act": "nominate"})
