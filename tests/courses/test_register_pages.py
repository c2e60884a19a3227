"""The register on its pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from courses.actions import Entry, take_register
from courses.models import Course, Enrolment, RegisterEntry
from courses.states import Delivery, Judgement, Presence
from tests import factories as make
from tests.courses.factories import NOON, coming, running
from tests.courses.pages import SCRIPT, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def register_url(course: Course) -> str:
    return reverse("courses:register_session", args=[course.uuid, 1])


def test_trainer_takes_the_register_and_judges_those_who_came_late():
    course = running()
    here, gone, late = (
        make.enrolment(course, certificate_name=name) for name in ("A Here", "B Gone", "C Late")
    )
    client = signed_in(make.trainer_of(course))
    url = register_url(course)
    page = text(client.get(url))
    assert "checked" not in page
    response = client.post(
        url, {f"p-{here.uuid}": "present", f"p-{gone.uuid}": "absent", f"p-{late.uuid}": "late"}
    )
    entry = reverse("courses:register_entry", args=[course.uuid, 1, late.uuid])
    assert response.url == entry
    waits = RegisterEntry.objects.get(enrolment=late)
    assert (waits.presence, waits.minutes_missed, waits.judgement) == ("late", None, "")
    assert "2 of 3 in the register" in text(client.get(url))
    assert "Say what they missed" in text(client.get(url))
    assert re.search(r'value="late"[^>]* checked', text(client.get(entry)))
    assert "Enter how many minutes" in text(client.post(entry, {"judge": "1", "presence": "late"}))
    was = re.search(r'name="was" value="(\w+)"', text(client.get(entry))).group(1)
    sent = {"judge": "1", "was": was, "presence": "late", "minutes_missed": "15", "judgement": "covered"}
    assert "Say how and when it was covered." in text(client.post(entry, sent))
    assert client.post(entry, {**sent, "covered_how": "At lunch"}).url == url
    row = RegisterEntry.objects.get(enrolment=late)
    assert (row.presence, row.minutes_missed, row.judgement) == ("late", 15, "covered")
    assert "Say what they missed" not in text(client.get(url))


def test_judgement_that_waits_is_there_on_another_device_and_for_a_co_trainer():
    course = running()
    first, second = (make.enrolment(course, certificate_name=name) for name in ("A Late", "B Early"))
    trainer, url = make.trainer_of(course), register_url(course)
    entries = [reverse("courses:register_entry", args=[course.uuid, 1, one.uuid]) for one in (first, second)]
    sent = {f"p-{first.uuid}": "late", f"p-{second.uuid}": "left_early"}
    assert signed_in(trainer).post(url, sent).url == entries[0]
    for colleague in (signed_in(trainer), signed_in(make.trainer_of(course)), signed_in(make.admin())):
        page = text(colleague.get(url))
        assert "0 of 2 in the register" in page
        assert page.count("What was missed is not judged yet") == 2
        assert "What was missed is not judged yet" in text(colleague.get(entries[1]))
        assert re.search(r'value="left_early"[^>]* checked', text(colleague.get(entries[1])))
    co_trainer = signed_in(make.trainer_of(course))
    was = re.search(r'name="was" value="(\w+)"', text(co_trainer.get(entries[0]))).group(1)
    judged = {"judge": "1", "minutes_missed": "5", "judgement": "nothing_missed"}
    assert co_trainer.post(entries[0], {**judged, "presence": "late", "was": was}).url == entries[1]
    was = re.search(r'name="was" value="(\w+)"', text(co_trainer.get(entries[1]))).group(1)
    assert co_trainer.post(entries[1], {**judged, "presence": "left_early", "was": was}).url == url
    assert "2 of 2 in the register" in text(signed_in(trainer).get(url))


def test_saving_again_asks_again_for_the_judgement_that_waits():
    course = running()
    late = make.enrolment(course)
    client, url = signed_in(make.trainer_of(course)), register_url(course)
    entry = reverse("courses:register_entry", args=[course.uuid, 1, late.uuid])
    for _each in range(2):
        assert client.post(url, {f"p-{late.uuid}": "late"}).url == entry
    was = re.search(r'name="was-[^"]*" value="(\w+)"', text(client.get(url))).group(1)
    back = {f"p-{late.uuid}": "present", f"was-p-{late.uuid}": was}
    assert client.post(url, back).url == url
    assert RegisterEntry.objects.get().presence == Presence.PRESENT


def test_mark_the_rest_present_saves_nothing_yet():
    course = running()
    one, other = make.enrolment(course), make.enrolment(course)
    client = signed_in(make.trainer_of(course))
    page = text(client.post(register_url(course), {f"p-{one.uuid}": "absent", "rest": "1"}))
    assert "Nothing is saved yet" in page
    assert page.count("checked") == 2
    assert not RegisterEntry.objects.exists()
    assert other


def test_admin_is_asked_why_and_a_trainer_is_not():
    course = running()
    enrolment = make.enrolment(course)
    sent = {f"p-{enrolment.uuid}": "present"}
    admin = signed_in(make.admin())
    page = text(admin.post(register_url(course), sent))
    assert "Say why you correct this register." in page
    assert re.search(r'value="present"\s+checked', page)
    assert not RegisterEntry.objects.exists()
    assert admin.post(register_url(course), {**sent, "reason": "By telephone"}).status_code == 302
    assert RegisterEntry.objects.get().reason == "By telephone"
    assert "Why do you correct" not in text(signed_in(make.trainer_of(course)).get(register_url(course)))


def test_trainer_is_asked_why_only_where_they_correct_what_was_recorded():
    course = running()
    enrolment = make.enrolment(course)
    client, url = signed_in(make.trainer_of(course)), register_url(course)
    assert client.post(url, {f"p-{enrolment.uuid}": "present"}).status_code == 302
    course.sessions.filter(number=1).update(ends_at=timezone.now())
    RegisterEntry.objects.update(recorded_at=timezone.now() - timedelta(hours=1))
    assert "Why do you correct" not in text(client.get(url))
    was = re.search(r'name="was-[^"]+" value="(\w+)"', text(client.get(url))).group(1)
    sent = {f"p-{enrolment.uuid}": "absent", f"was-p-{enrolment.uuid}": was}
    for reason in ({}, {"reason": " "}):
        page = text(client.post(url, {**sent, **reason}))
        assert "Say why you correct this register." in page
        assert re.search(r'value="absent"\s+checked', page)
    assert RegisterEntry.objects.get().presence == Presence.PRESENT
    assert client.post(url, {**sent, "reason": f"Left {SCRIPT}"}).status_code == 302
    page = text(client.get(url))
    assert "Reason given: Left &lt;script&gt;" in page
    entry = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    RegisterEntry.objects.update(recorded_at=timezone.now() - timedelta(hours=1))
    page = text(client.get(entry))
    assert "Left &lt;script&gt;" in page
    assert "Why do you correct" in page


def test_entry_says_its_times_in_the_course_s_zone(time_machine):
    course = running(time_zone="Europe/Paris")
    enrolment = make.enrolment(course)
    time_machine.move_to(NOON, tick=False)
    for presence in ("absent", "present"):
        take_register(
            session=course.sessions.get(number=1),
            entries=[Entry(enrolment=enrolment, presence=presence)],
            by=make.trainer_of(course),
        )
        time_machine.shift(timedelta(hours=1))
    entry = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    _, _, before = text(signed_in(make.admin()).get(entry)).partition("Before that")
    assert "22 November 2026, 13:00 (Paris\N{NO-BREAK SPACE}time)" in before


def test_earlier_reasons_stand_beside_what_was_written_with_them():
    course = running()
    enrolment = make.enrolment(course)
    for presence, reason in (("absent", "First word"), ("present", "Second word")):
        take_register(
            session=course.sessions.get(number=1),
            entries=[Entry(enrolment=enrolment, presence=presence)],
            by=make.admin(),
            reason=reason,
        )
    entry = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    now, _, before = text(signed_in(make.trainer_of(course)).get(entry)).partition("Before that")
    assert "Second word" in now
    assert "First word" in before


def test_trainer_reads_whom_to_tell_after_a_finalised_outcome_and_an_admin_corrects():
    course = running()
    enrolment, other = make.enrolment(course, attended=True), make.enrolment(course)
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=timezone.now())
    client, url = signed_in(make.trainer_of(course)), register_url(course)
    assert "tell The AIM Project" in text(client.get(url))
    sent = {f"p-{enrolment.uuid}": "absent", f"p-{other.uuid}": "present"}
    rest = text(client.post(url, {"rest": "1"}))
    assert re.search(rf'name="p-{enrolment.uuid}" value="present"\s+checked', rest)
    refused = client.post(url, sent)
    assert refused.status_code == 409
    assert "was finalised, so trainers no longer correct their register" in text(refused)
    assert client.post(url, {f"p-{other.uuid}": "present"}).status_code == 302
    assert RegisterEntry.objects.get(enrolment=enrolment, session__number=1).presence == Presence.PRESENT
    assert RegisterEntry.objects.get(enrolment=other).presence == Presence.PRESENT
    entry = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    page = text(client.get(entry))
    assert "trainers no longer correct this entry" in page
    assert "Save what was missed" not in page
    judged = {
        "judge": "1",
        "presence": "late",
        "minutes_missed": "5",
        "judgement": "make_up",
        "reason": "I was wrong",
    }
    assert "trainers no longer correct their register" in text(client.post(entry, judged))
    was = re.search(rf'name="was-p-{enrolment.uuid}" value="(\w+)"', text(client.get(url))).group(1)
    admin = signed_in(make.admin())
    assert "Save what was missed" in text(admin.get(entry))
    told = {f"p-{enrolment.uuid}": "absent", f"was-p-{enrolment.uuid}": was, "reason": "The trainer told us"}
    assert admin.post(url, told).status_code == 302
    assert RegisterEntry.objects.get(enrolment=enrolment, session__number=1).presence == Presence.ABSENT


def test_register_changed_by_a_co_trainer_is_told_and_nothing_is_lost():
    course = running()
    enrolment = make.enrolment(course)
    client = signed_in(make.trainer_of(course))
    client.post(register_url(course), {f"p-{enrolment.uuid}": "absent", f"was-p-{enrolment.uuid}": ""})
    stale = {f"p-{enrolment.uuid}": "present", f"was-p-{enrolment.uuid}": ""}
    page = text(client.post(register_url(course), stale))
    assert "This register was changed while you had it open" in page
    assert RegisterEntry.objects.get().presence == Presence.ABSENT


def test_judgement_changed_by_a_co_trainer_is_told_and_not_overwritten():
    course = running()
    enrolment = make.enrolment(course)
    client = signed_in(make.trainer_of(course))
    url = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    sent = {"judge": "1", "presence": "late", "minutes_missed": "5", "judgement": "nothing_missed"}
    assert client.post(url, sent).status_code == 302
    opened = re.search(r'name="was" value="(\w+)"', text(client.get(url))).group(1)
    assert client.post(url, {**sent, "judgement": "make_up", "was": opened}).status_code == 302
    for stale in (opened, "", SCRIPT):
        page = text(client.post(url, {**sent, "minutes_missed": "7", "was": stale}))
        assert "This entry was changed while you had it open" in page
    row = RegisterEntry.objects.get()
    assert (row.minutes_missed, row.judgement) == (5, Judgement.MAKE_UP)


def test_register_ignores_nonsense_and_strangers():
    course = running()
    enrolment, stranger = make.enrolment(course), make.enrolment(running())
    client = signed_in(make.trainer_of(course))
    sent = {f"p-{enrolment.uuid}": SCRIPT, f"p-{stranger.uuid}": "present", "p-x": "present"}
    assert client.post(register_url(course), sent).status_code == 302
    assert not RegisterEntry.objects.exists()
    for number in (3, 99, 10**12):
        assert client.get(f"/courses/{course.uuid}/register/{number}/").status_code == 404
    entry = reverse("courses:register_entry", args=[course.uuid, 1, stranger.uuid])
    assert client.get(entry).status_code == 404


def test_made_up_is_confirmed_on_the_person_s_page():
    course = running()
    enrolment = make.enrolment(course)
    trainer = make.trainer_of(course)
    client = signed_in(trainer)
    client.post(register_url(course), {f"p-{enrolment.uuid}": "absent"})
    url = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    assert "Confirm that it was made up" in text(client.get(url))
    assert "Enter the day" in text(client.post(url, {"make_up": "1", "made_up_how": "York"}))
    sent = {"make_up": "1", "made_up_on": "2026-11-30", "made_up_how": "The same session, in York"}
    assert "not in the future" in text(client.post(url, sent))
    assert client.post(url, {**sent, "made_up_on": "2026-11-22"}).status_code == 302
    assert RegisterEntry.objects.get().made_up_by == trainer
    assert "Confirmed by" in text(client.get(url))
    admin = signed_in(make.admin())
    assert "Confirm that it was made up" not in text(admin.get(url))
    assert admin.post(url, sent).status_code == 403


def test_register_of_a_frozen_enrolment_is_shown_and_refused():
    course = running()
    enrolment = make.enrolment(course, attended=True)
    Enrolment.objects.update(frozen_at=timezone.now())
    client = signed_in(make.trainer_of(course))
    assert "stays as it is" in text(client.get(register_url(course)))
    url = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    assert "does not change any more" in text(client.get(url))
    sent = {
        "judge": "1",
        "presence": "late",
        "minutes_missed": "5",
        "judgement": Judgement.NOTHING_MISSED.value,
    }
    assert "was approved" in text(client.post(url, sent))
    assert RegisterEntry.objects.filter(presence=Presence.PRESENT).count() == 2


def test_attendance_is_full_only_once_the_last_session_ended():
    course = running(sessions=1)
    make.enrolment(course, attended=True)
    client, url = signed_in(make.trainer_of(course)), reverse("courses:register", args=[course.uuid])
    course.sessions.update(ends_at=timezone.now() + timedelta(minutes=5))
    assert "1 of 1 attended so far" in text(client.get(url))
    assert 'tag-good">Full' not in text(client.get(url))
    course.sessions.update(ends_at=timezone.now())
    assert 'tag-good">Full attendance' in text(client.get(url))


def test_register_before_its_day_is_closed():
    course = coming(1)
    enrolment = make.enrolment(course)
    client = signed_in(make.trainer_of(course))
    assert "This register opens on" in text(client.get(register_url(course)))
    page = client.post(register_url(course), {f"p-{enrolment.uuid}": "present"})
    assert page.status_code == 409
    assert not RegisterEntry.objects.exists()


def test_register_says_from_when_somebody_can_be_marked_present(settings):
    settings.AIM = {**settings.AIM, "REGISTER_OPENS_MINUTES_BEFORE": 25}
    course = make.course(starts=timezone.now() + timedelta(minutes=20))
    make.enrolment(course)
    client = signed_in(make.trainer_of(course))
    words = "A register opens 25 minutes before its session starts"
    for url in (register_url(course), reverse("courses:register", args=[course.uuid])):
        assert words in text(client.get(url))
    course.sessions.filter(number=1).update(starts_at=timezone.now())
    assert words not in text(client.get(register_url(course)))


def test_identity_is_noted_on_the_register_of_an_online_course():
    course = running(delivery=Delivery.ONLINE)
    enrolment = make.enrolment(course)
    client = signed_in(make.trainer_of(course))
    url = reverse("courses:register", args=[course.uuid])
    assert "I checked it on camera" in text(client.get(url))
    identity = reverse("courses:identity", args=[course.uuid, enrolment.uuid])
    assert client.post(identity).status_code == 302
    assert "Checked on camera" in text(client.get(url))
    assert client.post(identity, {"undo": "1"}).status_code == 302
    assert "I checked it on camera" in text(client.get(url))
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=timezone.now())
    assert client.post(identity).status_code == 409
    assert "I checked it on camera" not in text(client.get(url))
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=None)
    assert "on camera" not in text(
        signed_in(make.trainer_of(present := running())).get(reverse("courses:register", args=[present.uuid]))
    )


def test_an_entry_shows_who_wrote_what_before_its_last_writer(time_machine):
    course = running()
    enrolment = make.enrolment(course)
    trainer = make.trainer_of(course)
    session = course.sessions.get(number=1)
    boss = make.admin(name="Grace Admin")

    def says(presence: str, by: Person, reason: str = "") -> None:
        take_register(session=session, entries=[Entry(enrolment, presence)], by=by, reason=reason)

    says(Presence.ABSENT, trainer)
    time_machine.move_to(NOON + timedelta(hours=1))
    says(Presence.PRESENT, boss, "They were next door.")
    url = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    page = text(signed_in(trainer).get(url))
    now, before = page[page.index("In the register") :].split("Before that")
    assert "Present" in now
    assert boss.name in now
    assert "Absent" in before
    assert trainer.name in before
    written = RegisterEntry.writings().filter(enrolment=enrolment).order_by("pgh_id")
    assert list(written.values_list("presence", "recorded_by")) == [
        (Presence.ABSENT, trainer.pk),
        (Presence.PRESENT, boss.pk),
    ]
