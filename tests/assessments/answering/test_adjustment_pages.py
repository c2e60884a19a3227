"""The pages of adjustments: asking, answering, granting; and who never comes to know of one."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import load_workbook

from accounts.models import OutgoingEmail, Person
from assessments.models import Adjustment, AdjustmentRequest
from assessments.states import Adjusted
from certification.actions import approve
from certification.actions.reporting import build_report
from certification.models import Report
from courses.models import Enrolment
from tests import factories
from tests.journeys.people import text_of_pdf
from tests.pages import flat
from tests.permissions.asking import path_of, routes
from tests.permissions.world import World, build
from tests.statements import statements

pytestmark = pytest.mark.django_db
# None of them stands anywhere else in a test's world.
SECRET = ("ZQ-OWN-WORDS", "ZQ-ROOM-SEVEN", "ZQ-ANSWERED")


def browser(person: Person | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def post(client: Client, url: str, **data: object) -> str:
    response = client.post(url, {"idempotency_key": str(uuid4()), **data}, follow=True)
    return response.content.decode()


def agreed(enrolment: Enrolment, admin: Person) -> None:
    """Asked for, answered and granted, with words that can be looked for."""
    own = reverse("assessments:my_adjustments", args=[enrolment.uuid])
    post(browser(enrolment.person), own, kinds=["dictation", "other"], words=SECRET[0])
    asked = enrolment.adjustment_requests.filter(words=SECRET[0]).get()
    page = reverse("assessments:adjustment_answer", args=[enrolment.course.uuid, enrolment.uuid, asked.uuid])
    post(browser(admin), page, kinds=["dictation"], answer=SECRET[2])
    person = reverse("assessments:adjustments", args=[enrolment.course.uuid, enrolment.uuid])
    post(browser(factories.trainer_of(enrolment.course)), person, kind="room", details=SECRET[1])


def test_list_says_each_day_in_the_calendar_of_its_course() -> None:
    course = factories.course(time_zone=factories.zone_of_another_day())
    enrolment, admin = factories.enrolment(course), factories.admin()
    own = reverse("assessments:my_adjustments", args=[enrolment.uuid])
    post(browser(enrolment.person), own, kinds=["time"], words="It helps me to think.")
    asked_at = AdjustmentRequest.objects.get().asked_at
    days = [date_format(timezone.localdate(asked_at, zone)) for zone in (course.zone, None)]
    page = browser(admin).get(reverse("assessments:adjustments_to_answer")).text
    assert [f"asked on {day}" in page for day in days] == [True, False]


def test_asking_answering_and_granting() -> None:
    course = factories.course()
    enrolment, admin = factories.enrolment(course), factories.admin()
    assert "Answer requests" not in browser(admin).get(reverse("home")).text
    own = reverse("assessments:my_adjustments", args=[enrolment.uuid])
    text = post(browser(enrolment.person), own, kinds=["time", "room"], words="It helps me to think.")
    assert "We have your request" in text
    assert "With The AIM Project" in text
    assert "Answer requests for adjustments" in browser(admin).get(reverse("home")).text
    listed = browser(admin).get(reverse("assessments:adjustments_to_answer")).text
    asked = AdjustmentRequest.objects.get()
    page = reverse("assessments:adjustment_answer", args=[course.uuid, enrolment.uuid, asked.uuid])
    assert page in listed
    assert "Enter how many minutes more" in post(browser(admin), page, kinds=["time"], answer="Yes.")
    text = post(browser(admin), page, kinds=["time"], minutes="15", answer="More time. No other room.")
    assert "Answered." in text
    assert "Answer requests" not in browser(admin).get(reverse("home")).text
    text = flat(browser(enrolment.person).get(own).text)
    assert "More time</strong>: 15 minutes" in text
    assert "More time. No other room." in text
    trainer = browser(factories.trainer_of(course))
    everyone = reverse("assessments:course_adjustments", args=[course.uuid])
    assert "More time (15 minutes)" in flat(trainer.get(everyone).text)
    person = reverse("assessments:adjustments", args=[course.uuid, enrolment.uuid])
    assert "Granted." in post(trainer, person, kind="scribe", details="Sam writes.")
    assert "Say what is done differently." in post(trainer, person, kind="other")
    assert "Enter how many minutes more" in post(trainer, person, kind="time")
    stop = reverse(
        "assessments:adjustment_end",
        args=[course.uuid, enrolment.uuid, Adjustment.objects.get(kind="scribe").uuid],
    )
    assert "That it stood is kept" in post(trainer, stop)


def test_marker_knows_that_the_words_are_in_another_hand() -> None:
    course = factories.course()
    spoken, plain = factories.enrolment(course), factories.enrolment(course)
    by = factories.trainer_of(course)
    for kind in (Adjusted.ORAL, Adjusted.BREAKS):
        Adjustment.objects.create(enrolment=spoken, kind=kind, granted_by=by)
    for one in (spoken, plain):
        factories.submission(one)
    trainer = browser(by)
    text = trainer.get(reverse("assessments:mark", args=[course.uuid, spoken.uuid])).text
    assert "written with an adjustment: Oral answers: somebody writes them down, and they are checked" in text
    assert "Breaks" not in text
    assert (
        "with an adjustment"
        not in trainer.get(reverse("assessments:mark", args=[course.uuid, plain.uuid])).text
    )


def test_the_room_never_shows_them() -> None:
    """It hangs on the wall."""
    course = factories.course()
    factories.sitting(course)
    agreed(factories.enrolment(course), factories.admin())
    text = browser(factories.trainer_of(course)).get(reverse("assessments:room", args=[course.uuid])).text
    for words in (*SECRET, "Dictation", "A separate room"):
        assert words not in text


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_course_page_takes_the_same_statements_for_any_number(rows: int) -> None:
    course = factories.course()
    by = factories.trainer_of(course)
    for _ in range(rows):
        one = factories.enrolment(course)
        Adjustment.objects.create(enrolment=one, kind=Adjusted.ROOM, granted_by=by)
        AdjustmentRequest.objects.create(enrolment=one, kinds=[Adjusted.BREAKS], asked_by=one.person)
    client, url = browser(by), reverse("assessments:course_adjustments", args=[course.uuid])
    assert len(statements(lambda: client.get(url))) == 8


def everything_that(world: World, client: Client) -> dict[str, str]:
    """Every page that this browser gets, of whatever in the world it is asked about, with its content."""
    paths = set()
    for route in routes():
        for about in ("", *world.things):
            with suppress(KeyError, NoReverseMatch):
                paths.add(path_of(route, world, about))
    seen = {}
    for path in sorted(paths):
        response = client.get(path)
        if response.status_code == 200:
            seen[path] = b"".join(response).decode("utf-8", "replace")
    return seen


@pytest.mark.whole_run
def test_no_employer_and_no_other_participant_ever_reads_of_one() -> None:
    world = build()
    admin = world.people["AIM admin"]
    assert admin is not None
    other = factories.enrolment(world.course).person
    about = [world.enrolment, *(one for one in world.things.values() if isinstance(one, Enrolment))]
    for one in about:
        if one.withdrawn_at is None:
            agreed(one, admin)
    approve(enrolment=world.things["eligible"], by=admin)
    commissioner = world.people["commissioner"]
    assert commissioner is not None
    reports = []
    for format_ in ("pdf", "xlsx"):
        report = factories.asked_report(
            world.course, commissioner, organisation=world.organisation, format=format_
        )
        build_report(report_id=report.pk)
        report.refresh_from_db()
        reports.append(report)
    assert all(report.built_at for report in reports)
    for person in (commissioner, other, world.people["Associate"], world.people["AIM admin who takes part"]):
        client = browser(person)
        pages = everything_that(world, client)
        assert len(pages) > 5
        for report in reports:
            response = client.get(reverse("certification:report_download", args=[report.uuid]))
            if response.status_code == 200:
                content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
                pages[f"report {report.format}"] = read_file(content, report)
        for path, said in pages.items():
            for words in SECRET:
                assert words not in said, path
    for letter in OutgoingEmail.objects.all():
        for words in (*SECRET, "/adjustments", "Dictation", "dictation"):
            assert words not in letter.text + letter.html + letter.subject


def read_file(content: bytes, report: Report) -> str:
    """What a report says, whatever its format."""
    if report.format == "pdf":
        return text_of_pdf(content)
    return " ".join(
        str(cell.value) for sheet in load_workbook(BytesIO(content)) for row in sheet for cell in row
    )
