"""The person reads first and sends it on to their sponsor, once; what was done is recorded until closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.models import OutgoingEmail
from assessments.states import Outcome
from certification.actions import (
    DayImpossible,
    FollowUpClosed,
    NotDueYet,
    NothingSaid,
    NothingToFollowUp,
    NotReadYet,
    NotWithSponsorYet,
    approve,
    comment_on,
    open_follow_up,
    read_feedback,
    record_step,
    release,
    release_due,
    revoke,
    send_on,
)
from certification.models import FollowUp, FollowUpStep
from courses.models import Course, Enrolment
from tests import factories
from tests.certification import outcomes
from tests.sessions import at_once, begun_while_held

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def letters() -> list[str]:
    return list(OutgoingEmail.objects.order_by("pk").values_list("to_address", flat=True))


def test_opening_tells_only_that_an_outcome_waits_and_once() -> None:
    enrolment = factories.recommended(factories.course(), outcome=Outcome.NOT_YET)
    recommendation = enrolment.recommendations.get()
    follow_up = open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
    again = open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
    assert again == follow_up
    letter = OutgoingEmail.objects.get()
    assert letter.to_address == enrolment.person.email
    assert f"/my/{enrolment.uuid}/" in letter.text
    for word in ("competent", "feedback", "TOLD", "not yet", enrolment.certificate_name.split()[0] + " is"):
        assert word not in letter.text + letter.subject


def test_good_news_and_bad_come_in_one_and_the_same_letter() -> None:
    course, admin = factories.course(), factories.admin()
    not_yet, competent = factories.recommended(course, outcome=Outcome.NOT_YET), factories.recommended(course)

    def letter_to(enrolment: Enrolment) -> tuple[str, str]:
        person = enrolment.person
        letter = OutgoingEmail.objects.filter(to_address=person.email).latest("pk")
        return letter.subject, letter.text.replace(str(enrolment.uuid), "…").replace(person.name, "…")

    recommendation = not_yet.recommendations.get()
    open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
    certificate = approve(enrolment=competent, by=admin)
    approved = letter_to(competent)
    OutgoingEmail.objects.filter(to_address=competent.person.email).delete()
    revoke(certificate=certificate, reason="Given to the wrong person.", by=admin)
    assert letter_to(not_yet) == approved == letter_to(competent)


@pytest.mark.parametrize("outcome", [Outcome.COMPETENT, Outcome.NOT_YET])
def test_opening_is_refused_for_competent_and_for_what_is_not_finalised(outcome: str) -> None:
    enrolment = factories.enrolment(factories.course())
    finalised = outcome == Outcome.COMPETENT
    fields = {"marking": factories.marking(factories.submission(enrolment))} if finalised else {}
    recommendation = factories.recommendation(enrolment, outcome=outcome, finalised=finalised, **fields)
    with pytest.raises(NothingToFollowUp):
        open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
    assert not FollowUp.objects.exists()


def test_opening_it_keeps_the_first_time_and_sends_nothing() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    follow_up = outcomes.follow_up(course)
    OutgoingEmail.objects.all().delete()
    first = read_feedback(follow_up=follow_up, by=follow_up.enrolment.person)
    again = read_feedback(follow_up=follow_up, by=follow_up.enrolment.person)
    assert first.read_at is not None
    assert (again.read_at, again.released_at) == (first.read_at, None)
    assert letters() == []


def test_sending_on_releases_it_and_writes_to_every_other_commissioner_once() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    commissioners = [factories.commissioner(ours), factories.commissioner(ours)]
    factories.commissioner(theirs)
    former = factories.commissioner(ours)
    former.memberships.update(ended_at=timezone.now(), ended_by=former)
    participant = factories.commissioner(ours)
    follow_up = outcomes.opened(course, person=participant)
    OutgoingEmail.objects.all().delete()
    first = send_on(follow_up=follow_up, comment="  I was ill.\n", by=participant)
    again = send_on(follow_up=follow_up, comment="I was ill.", by=participant)
    bare = send_on(follow_up=follow_up, by=participant)
    assert first.released_at is not None
    assert first.comment == "I was ill."
    sent = (first.read_at, first.released_at, first.comment, first.commented_at)
    for later in (again, bare):
        assert (later.read_at, later.released_at, later.comment, later.commented_at) == sent
    assert letters() == [person.email for person in commissioners]


@pytest.mark.parametrize("comment", ["", " \n "])
def test_sending_on_takes_no_comment_where_there_is_none(comment: str) -> None:
    follow_up = outcomes.opened(factories.course())
    sent = send_on(follow_up=follow_up, comment=comment, by=follow_up.enrolment.person)
    assert sent.released_at
    assert (sent.comment, sent.commented_at) == ("", None)


def test_sending_on_what_was_not_opened_is_refused() -> None:
    follow_up = outcomes.follow_up(factories.course())
    with pytest.raises(NotReadYet):
        send_on(follow_up=follow_up, comment="What is this?", by=follow_up.enrolment.person)
    follow_up.refresh_from_db()
    assert (follow_up.released_at, follow_up.comment) == (None, "")


def test_sending_on_keeps_no_comment_where_the_letter_could_not_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    follow_up = outcomes.opened(factories.course())

    def fails(_follow_up: FollowUp) -> None:
        raise OSError

    monkeypatch.setattr("certification.actions.following_up.tell_follow_up_waits", fails)
    with pytest.raises(OSError):  # noqa: PT011
        send_on(follow_up=follow_up, comment="I was ill.", by=follow_up.enrolment.person)
    follow_up.refresh_from_db()
    assert (follow_up.released_at, follow_up.comment) == (None, "")


def test_letter_to_the_commissioner_names_nobody() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    follow_up = outcomes.opened(course, person=factories.PersonFactory.create(name="Zebedee Quint"))
    OutgoingEmail.objects.all().delete()
    send_on(follow_up=follow_up, by=follow_up.enrolment.person)
    letter = OutgoingEmail.objects.get()
    for word in ("Zebedee", "Quint", "competent", "follow", "TOLD", "understanding"):
        assert word.lower() not in (letter.text + letter.subject).lower()
    assert f"/courses/{course.uuid}/results/" in letter.text


def test_aim_admins_are_written_to_where_the_person_is_the_only_commissioner() -> None:
    course = factories.course()
    admin = factories.admin()
    follow_up = outcomes.opened(course, person=factories.commissioner(course.organisation))
    OutgoingEmail.objects.all().delete()
    send_on(follow_up=follow_up, by=follow_up.enrolment.person)
    assert letters() == [admin.email]


def test_aim_admins_are_written_to_where_a_walk_ins_sponsor_never_confirmed() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    admin = factories.admin()
    follow_up = outcomes.opened(course, confirmed=False)
    nomination = follow_up.enrolment.nomination
    nomination.is_walk_in = True
    nomination.save()
    OutgoingEmail.objects.all().delete()
    send_on(follow_up=follow_up, by=follow_up.enrolment.person)
    assert letters() == [admin.email]


def test_self_funded_goes_to_nobody() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    factories.admin()
    follow_up = outcomes.opened(course, sponsor=None)
    OutgoingEmail.objects.all().delete()
    assert send_on(follow_up=follow_up, by=follow_up.enrolment.person).released_at
    assert letters() == []


@pytest.mark.parametrize("made", [outcomes.follow_up, outcomes.opened])
def test_release_before_it_is_due_is_refused_opened_or_not(made: Callable[[Course], FollowUp]) -> None:
    follow_up = made(factories.course())
    with pytest.raises(NotDueYet):
        release(follow_up=follow_up)
    follow_up.refresh_from_db()
    assert follow_up.released_at is None


def test_the_database_refuses_a_release_before_it_is_read_or_due() -> None:
    follow_up = outcomes.follow_up(factories.course())
    with pytest.raises(DatabaseError), transaction.atomic():
        FollowUp.objects.filter(pk=follow_up.pk).update(released_at=timezone.now())


def test_due_ones_go_by_themselves_and_once() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=LONDON), tick=False):  # a Friday
        due, opened = outcomes.follow_up(course), outcomes.opened(course)
    waits = outcomes.follow_up(course)
    OutgoingEmail.objects.all().delete()
    assert release_due(now=due.due_at - timedelta(seconds=1)) == 0
    with time_machine.travel(due.due_at, tick=False):
        assert due.due_at == datetime(2026, 11, 24, 15, tzinfo=LONDON)
        assert release_due(now=timezone.now()) == 2
        assert release_due(now=timezone.now()) == 0
    for one in (due, opened, waits):
        one.refresh_from_db()
    assert (due.released_at, due.read_at, waits.released_at) == (due.due_at, None, None)
    assert opened.released_at == opened.due_at
    assert len(letters()) == 2


def test_reading_and_sending_on_after_it_went_by_itself_writes_to_nobody_again() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    follow_up = release(follow_up=outcomes.past(outcomes.follow_up(course)))
    OutgoingEmail.objects.all().delete()
    read = read_feedback(follow_up=follow_up, by=follow_up.enrolment.person)
    assert read.read_at
    sent = send_on(follow_up=follow_up, comment="I was away.", by=follow_up.enrolment.person)
    assert sent.comment == "I was away."
    assert sent.released_at == read.released_at == follow_up.released_at
    assert letters() == []


def test_comment_with_which_it_is_sent_on_is_refused_once_it_is_closed() -> None:
    follow_up = outcomes.opened(factories.course())
    person = follow_up.enrolment.person
    follow_up = release(follow_up=outcomes.past(follow_up))
    record_step(follow_up=follow_up, done="Met.", done_on=timezone.localdate(), closes=True, by=person)
    with pytest.raises(FollowUpClosed):
        send_on(follow_up=follow_up, comment="Too late?", by=person)
    assert send_on(follow_up=follow_up, by=person).released_at == follow_up.released_at


def test_comment_is_kept_and_can_be_changed_until_closed() -> None:
    follow_up = outcomes.released(factories.course())
    person = follow_up.enrolment.person
    first = comment_on(follow_up=follow_up, comment="  I was ill.\n", by=person)
    assert first.comment == "I was ill."
    same = comment_on(follow_up=follow_up, comment="I was ill.", by=person)
    assert same.commented_at == first.commented_at
    assert comment_on(follow_up=follow_up, comment="I was on call.", by=person).comment == "I was on call."
    record_step(follow_up=follow_up, done="Met.", done_on=timezone.localdate(), closes=True, by=person)
    with pytest.raises(FollowUpClosed):
        comment_on(follow_up=follow_up, comment="And another thing.", by=person)


def test_comment_before_reading_or_without_words_is_refused() -> None:
    follow_up = outcomes.follow_up(factories.course())
    with pytest.raises(NotReadYet):
        comment_on(follow_up=follow_up, comment="What is this?", by=follow_up.enrolment.person)
    read_feedback(follow_up=follow_up, by=follow_up.enrolment.person)
    with pytest.raises(NothingSaid):
        comment_on(follow_up=follow_up, comment=" \n ", by=follow_up.enrolment.person)


def test_steps_are_recorded_until_one_closes_it() -> None:
    course = factories.course()
    by = factories.commissioner(course.organisation)
    follow_up = outcomes.released(course)
    today = timezone.localdate()
    step = record_step(
        follow_up=follow_up, done="Supervised practice agreed.", done_on=today, closes=False, by=by
    )
    again = record_step(
        follow_up=follow_up, done="Supervised practice agreed.", done_on=today, closes=False, by=by
    )
    assert again == step
    last = record_step(
        follow_up=follow_up, done="Booked on the next course.", done_on=today, closes=True, by=by
    )
    assert record_step(follow_up=follow_up, done=last.done, done_on=today, closes=True, by=by) == last
    follow_up.refresh_from_db()
    assert (follow_up.closed_at, follow_up.closed_by) == (last.recorded_at, by)
    with pytest.raises(FollowUpClosed):
        record_step(follow_up=follow_up, done="More.", done_on=today, closes=False, by=by)
    assert follow_up.steps.count() == 2


def test_step_before_the_sponsor_was_told_is_refused() -> None:
    follow_up = outcomes.follow_up(factories.course())
    by = factories.admin()
    with pytest.raises(NotWithSponsorYet):
        record_step(follow_up=follow_up, done="Spoke.", done_on=timezone.localdate(), closes=True, by=by)


@pytest.mark.parametrize("days", [1, -30])
def test_step_on_an_impossible_day_is_refused(days: int) -> None:
    follow_up = outcomes.released(factories.course())
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(DayImpossible):
        record_step(follow_up=follow_up, done="Spoke.", done_on=day, closes=False, by=factories.admin())


def test_step_on_the_courses_first_day_is_taken_where_the_sponsors_calendar_is_a_day_behind() -> None:
    organisation = factories.OrganisationFactory.create(time_zone="America/Los_Angeles")
    with time_machine.travel(datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("UTC")), tick=False):
        course = factories.course(organisation=organisation, time_zone="Pacific/Auckland")
        follow_up = outcomes.released(course)
        today = timezone.localdate(timezone=ZoneInfo(organisation.time_zone))
        by = factories.commissioner(organisation)
        assert record_step(follow_up=follow_up, done="Spoke.", done_on=today, closes=False, by=by)


def test_step_today_by_the_sponsors_calendar_is_taken_where_it_is_a_day_ahead() -> None:
    course = factories.course(organisation=factories.OrganisationFactory.create(time_zone="Pacific/Auckland"))
    follow_up = outcomes.released(course)
    with time_machine.travel(datetime.now(tz=ZoneInfo("UTC")).replace(hour=20, minute=0), tick=False):
        tomorrow_here = timezone.now().astimezone(ZoneInfo("Pacific/Auckland")).date()
        assert (
            record_step(
                follow_up=follow_up, done="Spoke.", done_on=tomorrow_here, closes=False, by=factories.admin()
            ).done_on
            == tomorrow_here
        )


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_step_is_never_changed_or_removed(change: str) -> None:
    follow_up = outcomes.released(factories.course())
    step = record_step(
        follow_up=follow_up, done="Spoke.", done_on=timezone.localdate(), closes=False, by=factories.admin()
    )
    rows = FollowUpStep.objects.filter(pk=step.pk)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows.update(done="Nothing.") if change == "update" else rows.delete()


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_release_each_once() -> None:
    with transaction.atomic():
        course = factories.course()
        factories.commissioner(course.organisation)
        for _number in range(4):
            outcomes.past(outcomes.follow_up(course))
    OutgoingEmail.objects.all().delete()
    assert sum(at_once(*[lambda: release_due(now=timezone.now())] * 2)) == 4
    assert len(letters()) == 4
    assert FollowUp.objects.released().count() == 4


@pytest.mark.django_db(transaction=True)
def test_person_and_sweep_at_the_same_moment_release_it_once_with_the_comment() -> None:
    with transaction.atomic():
        course = factories.course()
        factories.commissioner(course.organisation)
        follow_up = outcomes.past(outcomes.opened(course))
    OutgoingEmail.objects.all().delete()
    sent = at_once(
        lambda: release_due(now=timezone.now()),
        lambda: send_on(follow_up=follow_up, comment="I was ill.", by=follow_up.enrolment.person),
    )
    assert not any(isinstance(one, Exception) for one in sent)
    follow_up.refresh_from_db()
    assert follow_up.released_at is not None
    assert follow_up.comment == "I was ill."
    assert len(letters()) == 1


@pytest.mark.django_db(transaction=True)
def test_sweep_leaves_what_another_holds() -> None:
    with transaction.atomic():
        course = factories.course()
        held, free = (outcomes.past(outcomes.follow_up(course)) for _ in range(2))

    with transaction.atomic():
        FollowUp.objects.select_for_update().get(pk=held.pk)
        [sweep] = begun_while_held(lambda: release_due(now=timezone.now()))
        assert sweep.done(), "it waits for what another holds"
    assert sweep.result() == 1
    held.refresh_from_db()
    free.refresh_from_db()
    assert held.released_at is None
    assert free.released_at is not None
    assert connection.is_usable()
