"""Results and follow-ups, for those who act for a sponsor: their own people's, and never their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Person
from certification.actions import build_report, release
from certification.models import FollowUp, Report
from certification.waiting import waiting_for
from courses.models import Course
from tests import factories
from tests.certification import outcomes
from tests.stale import filled_in

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: Any, **query: str) -> Any:
    return signed_in(person).get(reverse(f"certification:{name}", args=args), query)


def post(person: Person, name: str, *args: Any, **said: str) -> Any:
    said.setdefault("idempotency_key", str(uuid.uuid4()))
    return signed_in(person).post(reverse(f"certification:{name}", args=args), said)


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("elsewhere", ["course", "sponsor"])
def test_day_of_a_step_begins_as_today_where_the_sponsor_is_and_is_not_refused(elsewhere: str) -> None:
    zone = factories.zone_of_another_day()
    zones = {"course": "Europe/London", "sponsor": "Europe/London", elsewhere: zone}
    sponsor = factories.OrganisationFactory.create(time_zone=zones["sponsor"])
    course = factories.course(organisation=sponsor, time_zone=zones["course"])
    made = outcomes.released(course)
    days = [timezone.localdate(timezone=ZoneInfo(one.time_zone)) for one in (sponsor, course)]
    client = signed_in(factories.commissioner(sponsor))
    url = reverse("certification:follow_up", args=[made.uuid])
    shown = client.get(url)
    assert [f'value="{day:%Y-%m-%d}"' in shown.text for day in days] == [True, False]
    sent = filled_in(shown) | {"done": "Shadowing is agreed.", "closes": "yes"}
    assert "There is a problem" not in client.post(url, sent, follow=True).text
    assert made.steps.get().done_on == days[0]


def test_list_says_each_day_in_the_calendar_of_its_course() -> None:
    made = outcomes.released(factories.course(time_zone=factories.zone_of_another_day()))
    days = [
        date_format(timezone.localdate(made.released_at, zone)) for zone in (made.enrolment.course.zone, None)
    ]
    page = get(factories.admin(), "follow_ups").text.split("</header>")[1]
    assert [day in page for day in days] == [True, False]


STEP = {"done": "Supervised practice agreed.", "closes": "no"}


def step(**said: str) -> dict[str, str]:
    return {**STEP, "done_on": timezone.localdate().isoformat(), **said}


# --- Results --------------------------------------------------------------------------------------


def test_results_are_of_ones_own_people_on_a_course_of_two_sponsors() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    for sponsor, name in ((ours, "Ours Alone"), (theirs, "Theirs Alone"), (None, "Nobodys Alone")):
        outcomes.released(course, sponsor=sponsor, person=factories.PersonFactory.create(name=name))
    seen = {
        who: [name for name in ("Ours", "Theirs", "Nobodys") if f"{name} Alone" in text]
        for who, text in {
            "ours": get(factories.commissioner(ours), "results", course.uuid).content.decode(),
            "theirs": get(factories.commissioner(theirs), "results", course.uuid).content.decode(),
            "aim": get(factories.admin(), "results", course.uuid).content.decode(),
        }.items()
    }
    assert seen == {"ours": ["Ours"], "theirs": ["Theirs"], "aim": ["Ours", "Theirs", "Nobodys"]}


def test_results_hold_no_answer_no_note_and_no_unreleased_outcome() -> None:
    course = factories.course()
    outcomes.released(course)
    outcomes.follow_up(course)
    factories.recommended(course)
    text = get(factories.commissioner(course.organisation), "results", course.uuid).content.decode()
    assert text.count("Not yet competent") == 1
    assert text.count("With The AIM Project") == 2
    for secret in (*outcomes.SECRETS, "TOLD-COMMISSIONER"):
        assert secret not in text


def test_results_count_whom_the_person_reads_first_as_open_for_the_aim_project_alone() -> None:
    course = factories.course()
    outcomes.released(course)
    outcomes.follow_up(course)
    aim = get(factories.admin(), "results", course.uuid, show="follow-up").content.decode()
    assert "2 people shown" in aim
    assert "No result yet" not in aim
    # Above two people nothing stands to choose from, unless something was asked.
    commissioner = factories.commissioner(course.organisation)
    sponsor = get(commissioner, "results", course.uuid, sort="name").content.decode()
    assert "To follow up (1)" in sponsor
    assert "No result yet (1)" in sponsor


def test_results_leave_out_oneself() -> None:
    course = factories.course()
    commissioner = factories.commissioner(course.organisation, name="Cora Missioner")
    follow_up = outcomes.released(course, person=commissioner)
    factories.enrolment(course, factories.PersonFactory.create(name="En Rolled"))
    text = get(commissioner, "results", course.uuid).content.decode()
    assert "En Rolled" in text
    assert "1 person of yours" in text
    assert str(follow_up.uuid) not in text
    assert get(commissioner, "follow_up", follow_up.uuid).status_code == 403
    assert post(commissioner, "follow_up", follow_up.uuid, **step()).status_code == 403
    assert "Cora" not in get(commissioner, "follow_ups").content.decode().split("</header>")[1]
    assert not follow_up.steps.exists()


@pytest.mark.whole_run
def test_each_role_gets_its_status() -> None:
    course = factories.course()
    follow_up = outcomes.released(course)
    commissioner = factories.commissioner(course.organisation)
    report = factories.asked_report(course, commissioner)
    build_report(report_id=report.pk)
    people = {
        "participant": follow_up.enrolment.person,
        "trainer": factories.trainer_of(course),
        "commissioner": commissioner,
        "other commissioner": factories.commissioner(factories.OrganisationFactory.create()),
        "admin": factories.admin(),
        "stranger": factories.PersonFactory.create(),
    }
    found = {
        role: [
            get(person, "results", course.uuid).status_code,
            get(person, "follow_ups").status_code,
            get(person, "follow_up", follow_up.uuid).status_code,
            get(person, "report", report.uuid).status_code,
            get(person, "report_download", report.uuid).status_code,
        ]
        for role, person in people.items()
    }
    assert found == {
        "participant": [403, 403, 403, 404, 404],
        "trainer": [403, 403, 403, 404, 404],
        "commissioner": [200, 200, 200, 200, 200],
        "other commissioner": [404, 200, 404, 404, 404],
        "admin": [200, 200, 200, 200, 200],
        "stranger": [404, 403, 404, 404, 404],
    }


def test_filter_shows_only_whom_to_follow_up() -> None:
    course = factories.course()
    outcomes.released(course, person=factories.PersonFactory.create(name="Folly Upp"))
    outcomes.certified(course, person=factories.PersonFactory.create(name="Certa Fied"))
    commissioner = factories.commissioner(course.organisation)
    everyone = get(commissioner, "results", course.uuid).content.decode()
    assert everyone.index("Folly Upp") < everyone.index("Certa Fied")
    some = get(commissioner, "results", course.uuid, show="follow-up").content.decode()
    assert "Folly Upp" in some
    assert "Certa Fied" not in some
    assert "Certa Fied" in get(commissioner, "results", course.uuid, show="<script>").content.decode()


def test_results_of_nobody_say_what_will_appear() -> None:
    course = factories.course()
    text = get(factories.commissioner(course.organisation), "results", course.uuid).content.decode()
    assert "The results of your people appear here" in text
    assert '<form method="post" action="/courses' not in text


def _fill(course: Course, people: int) -> None:
    while course.enrolments.count() < people:
        number = course.enrolments.count()
        makers = (outcomes.released, outcomes.certified, factories.recommended)
        (makers[number % 3] if number < 12 else factories.enrolment)(course)


@pytest.mark.whole_run
def test_results_ask_the_same_of_the_database_for_one_three_and_three_hundred() -> None:
    course = factories.course(capacity=300)
    commissioner, admin = signed_in(factories.commissioner(course.organisation)), signed_in(factories.admin())
    url = reverse("certification:results", args=[course.uuid])
    found = []
    for people in (1, 3, 300):
        _fill(course, people)
        found.append((statements(commissioner, url), statements(admin, url)))
    assert found == [found[0]] * 3
    assert max(found[0]) <= 12, found[0]


# --- Follow-ups -----------------------------------------------------------------------------------


def test_follow_up_says_what_is_told_and_records_until_closed() -> None:
    course = factories.course()
    commissioner = factories.commissioner(course.organisation)
    follow_up = outcomes.released(course)
    text = get(commissioner, "follow_up", follow_up.uuid).content.decode()
    assert "TOLD-COMMISSIONER" in text
    for secret in outcomes.SECRETS:
        assert secret not in text
    assert post(commissioner, "follow_up", follow_up.uuid, **step()).status_code == 302
    assert (
        post(commissioner, "follow_up", follow_up.uuid, **step(done="Booked.", closes="yes")).status_code
        == 302
    )
    text = get(commissioner, "follow_up", follow_up.uuid).content.decode()
    assert "You closed it on" in text
    assert "Record it" not in text
    assert post(commissioner, "follow_up", follow_up.uuid, **step(done="More.")).status_code == 409
    assert follow_up.steps.count() == 2


def test_one_form_sent_twice_is_one_step() -> None:
    course = factories.course()
    commissioner, follow_up = factories.commissioner(course.organisation), outcomes.released(course)
    key = str(uuid.uuid4())
    for _time in range(2):
        assert post(commissioner, "follow_up", follow_up.uuid, **step(idempotency_key=key)).status_code == 302
    assert follow_up.steps.count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"done": ""}, "Say what was done."),
        ({"done": "x" * 2001}, "Shorten what was done"),
        ({"done_on": ""}, "Give the day it was done."),
        ({"done_on": "yesterday"}, "Give the day it was done, such as"),
        ({"done_on": "2999-01-01"}, "Enter today’s date or an earlier one."),
        ({"done_on": "1999-01-01"}, "Enter that day or a later one."),
        ({"closes": ""}, "Say whether anything more is to be done."),
        ({"closes": "maybe"}, "Say whether anything more is to be done."),
    ],
)
def test_bad_step_is_answered_beside_its_field(said: dict[str, str], words: str) -> None:
    course = factories.course()
    follow_up = outcomes.released(course)
    response = post(factories.commissioner(course.organisation), "follow_up", follow_up.uuid, **step(**said))
    assert response.status_code == 422
    assert response.content.decode().count(words) >= 2  # in the summary and at the field
    assert not follow_up.steps.exists()


@pytest.mark.parametrize("made", [outcomes.follow_up, outcomes.opened])
def test_follow_up_is_not_there_for_the_sponsor_before_the_person_sent_it_on(
    made: Callable[[Course], FollowUp],
) -> None:
    course = factories.course()
    commissioner, admin = factories.commissioner(course.organisation), factories.admin()
    follow_up = made(course)
    assert get(commissioner, "follow_up", follow_up.uuid).status_code == 404
    assert get(admin, "follow_up", follow_up.uuid).status_code == 200
    assert post(admin, "follow_up", follow_up.uuid, **step()).status_code == 409
    release(follow_up=outcomes.past(follow_up))
    assert get(commissioner, "follow_up", follow_up.uuid).status_code == 200


def test_another_commissioner_handles_who_is_a_commissioner_too() -> None:
    course = factories.course()
    participant, other = (factories.commissioner(course.organisation) for _ in range(2))
    follow_up = outcomes.released(course, person=participant)
    assert get(other, "follow_up", follow_up.uuid).status_code == 200
    assert post(other, "follow_up", follow_up.uuid, **step()).status_code == 302


def test_admin_sees_a_self_funded_persons_follow_up_but_does_not_act_on_it() -> None:
    follow_up = outcomes.released(factories.course(), sponsor=None)
    admin = factories.admin()
    assert get(admin, "follow_up", follow_up.uuid).status_code == 200
    assert post(admin, "follow_up", follow_up.uuid, **step()).status_code == 403


def test_self_funded_admin_opens_their_own_only_once_they_have_read_it() -> None:
    admin = factories.admin()
    follow_up = outcomes.opened(factories.course(), person=admin, sponsor=None)
    refused = get(admin, "follow_up", follow_up.uuid)
    assert refused.status_code == 409
    assert "Your follow-up opens once you say" in refused.content.decode()


def test_admin_who_is_the_participant_sees_it_only_as_that() -> None:
    course = factories.course()
    admin = factories.admin()
    follow_up = outcomes.released(course, person=admin)
    assert get(admin, "follow_up", follow_up.uuid).status_code == 403
    assert str(follow_up.uuid) not in get(admin, "results", course.uuid).content.decode()


def test_follow_ups_list_is_of_ones_own_organisation_and_says_who_must_act() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    for sponsor, name in ((ours, "Ours Alone"), (theirs, "Theirs Alone")):
        outcomes.released(course, sponsor=sponsor, person=factories.PersonFactory.create(name=name))
    text = get(factories.commissioner(ours), "follow_ups").content.decode()
    assert "Ours Alone" in text
    assert "Theirs Alone" not in text
    text = get(factories.admin(), "follow_ups").content.decode()
    assert text.count("Nobody there can act: yours to do") == 1


@pytest.mark.whole_run
def test_follow_ups_list_asks_the_same_for_one_and_many() -> None:
    course = factories.course()
    commissioner = signed_in(factories.commissioner(course.organisation))
    url, found = reverse("certification:follow_ups"), []
    for people in (1, 3, 60):
        while FollowUp.objects.count() < people:
            outcomes.released(course)
        found.append(statements(commissioner, url))
    assert found == [found[0]] * 3
    assert found[0] <= 12


# --- Reports --------------------------------------------------------------------------------------


def test_report_is_asked_for_and_its_page_leads_to_the_file() -> None:
    course = factories.course()
    outcomes.released(course)
    commissioner = factories.commissioner(course.organisation)
    asked = {"organisation": str(course.organisation.uuid), "format": "xlsx"}
    response = post(commissioner, "report_request", course.uuid, **asked)
    report = Report.objects.get()
    assert response.url == reverse("certification:report", args=[report.uuid])
    waiting = get(commissioner, "report", report.uuid).content.decode()
    assert 'hx-trigger="every' in waiting
    assert get(commissioner, "report_download", report.uuid).status_code == 409
    build_report(report_id=report.pk)
    ready = get(commissioner, "report", report.uuid).content.decode()
    assert "hx-trigger" not in ready
    assert reverse("certification:report_download", args=[report.uuid]) in ready
    file = get(commissioner, "report_download", report.uuid)
    assert file["Content-Disposition"].startswith('attachment; filename="follow-up-')
    assert b"".join(file.streaming_content)[:2] == b"PK"
    assert "no-store" in file["Cache-Control"]


def test_download_after_the_membership_ended_is_not_there() -> None:
    course = factories.course()
    outcomes.released(course)
    commissioner = factories.commissioner(course.organisation)
    report = factories.asked_report(course, commissioner)
    build_report(report_id=report.pk)
    assert get(commissioner, "report_download", report.uuid).status_code == 200
    commissioner.memberships.update(ended_at=timezone.now(), ended_by=commissioner)
    assert get(commissioner, "report_download", report.uuid).status_code == 404
    assert get(commissioner, "report", report.uuid).status_code == 404


def test_another_commissioners_report_that_is_about_oneself_is_refused() -> None:
    course = factories.course()
    requester, colleague, participant = (factories.commissioner(course.organisation) for _ in range(3))
    outcomes.released(course, person=participant)
    report = factories.asked_report(course, requester)
    build_report(report_id=report.pk)
    assert get(colleague, "report_download", report.uuid).status_code == 200
    assert get(participant, "report_download", report.uuid).status_code == 403


def test_report_of_another_organisation_cannot_be_asked_for() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    for sponsor in (ours, theirs):
        factories.enrolment(course, sponsor=sponsor)
    commissioner = factories.commissioner(ours)
    response = post(commissioner, "report_request", course.uuid, organisation=str(theirs.uuid), format="pdf")
    assert response.status_code == 422
    assert "Choose whose people the report is about." in response.content.decode()
    assert theirs.name not in response.content.decode()
    assert not Report.objects.exists()


def test_admin_chooses_whose_people() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    for sponsor in (ours, theirs):
        factories.enrolment(course, sponsor=sponsor)
    admin = factories.admin()
    assert theirs.name in get(admin, "results", course.uuid).content.decode()
    assert post(admin, "report_request", course.uuid, organisation="", format="pdf").status_code == 422
    assert (
        post(admin, "report_request", course.uuid, organisation=str(theirs.uuid), format="pdf").status_code
        == 302
    )
    assert Report.objects.get().organisation == theirs


def test_expired_and_failed_reports_say_so() -> None:
    course = factories.course()
    factories.enrolment(course)
    commissioner = factories.commissioner(course.organisation)
    report = factories.asked_report(course, commissioner)
    build_report(report_id=report.pk)
    Report.objects.filter(pk=report.pk).update(expires_at=timezone.now())
    assert "This report has been deleted" in get(commissioner, "report", report.uuid).content.decode()
    assert get(commissioner, "report_download", report.uuid).status_code == 409


# --- Home -----------------------------------------------------------------------------------------


def test_home_tells_each_what_waits_for_them() -> None:
    course = factories.course(title="AIM3, Leeds")
    commissioner, admin = factories.commissioner(course.organisation), factories.admin()
    unread, opened, read = (made(course) for made in (outcomes.follow_up, outcomes.opened, outcomes.released))
    own = outcomes.opened(factories.course(title="AIM3, Selby"), sponsor=None)
    orphan = outcomes.released(factories.course(title="AIM3, York"))
    alone = outcomes.released(factories.course(title="AIM3, Ripon"), sponsor=None)

    def words(person: Person) -> list[str]:
        return [one.words for one in waiting_for(Person.objects.get(pk=person.pk))]

    assert words(unread.enrolment.person) == ["Read your feedback: AIM3, Leeds"]
    assert words(opened.enrolment.person) == ["Read your feedback and send it on: AIM3, Leeds"]
    assert words(own.enrolment.person) == ["Read your feedback and open your follow-up: AIM3, Selby"]
    assert words(read.enrolment.person) == ["Your feedback: AIM3, Leeds"]
    assert words(commissioner) == ["Follow up 1 person: AIM3, Leeds"]
    assert words(admin) == ["Follow up 1 person: AIM3, York"]
    assert words(alone.enrolment.person) == ["Go on with your own follow-up: AIM3, Ripon"]
    assert words(factories.trainer_of(orphan.enrolment.course)) == []


def test_home_offers_a_report_that_is_ready() -> None:
    course = factories.course(title="AIM3, Leeds")
    factories.enrolment(course)
    commissioner = factories.commissioner(course.organisation)
    report = factories.asked_report(course, commissioner)
    assert "Your follow-up report (PDF) is being made: AIM3, Leeds" in [
        one.words for one in waiting_for(commissioner)
    ]
    build_report(report_id=report.pk)
    assert "Download your follow-up report (PDF): AIM3, Leeds" in [
        one.words for one in waiting_for(commissioner)
    ]
