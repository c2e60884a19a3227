"""*Not yet competent* finalised before anybody spoke to the person: nobody learns it before they do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.locks import NotTheTrainer, OwnWork
from assessments.marking.readiness import marking_revision_of
from assessments.states import Judged, Outcome
from certification import actions
from certification.disclosure import Following, Shown, Viewer, told, with_results
from certification.models import ConversationReminder, FollowUp, ToldLater
from certification.periodic import sweep_conversations
from certification.states import HowTold
from certification.waiting import waiting_for
from courses.models import Course, Enrolment
from tests import factories
from tests.certification import outcomes
from tests.pages import flat
from tests.sessions import at_once

pytestmark = pytest.mark.django_db
WHY = "WHY-NOBODY-SPOKE"


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    return factories.course(
        programme=programme, trainers=[factories.associate(programme), factories.associate(programme)]
    )


@pytest.fixture
def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


def tell(enrolment: Enrolment, by: Person, **fields: Any) -> ToldLater:
    today = timezone.localdate(timezone=enrolment.course.zone)
    said: dict[str, Any] = {"words": "SAID-LATER", "told_on": today}
    return actions.tell_later(enrolment=enrolment, by=by, **{**said, **fields})


def late(course: Course) -> Enrolment:
    """The last day to speak to them was yesterday."""
    return outcomes.unspoken(course, days=-1)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name: str, enrolment: Enrolment) -> str:
    return reverse(f"certification:{name}", args=[enrolment.course.uuid, enrolment.uuid])


def stage(enrolment: Enrolment, viewer: Viewer) -> tuple[Shown, Following | None]:
    shown = told(with_results(Enrolment.objects.filter(pk=enrolment.pk)).get(), viewer)
    return shown.stage, shown.following


# --- Before they are told -----------------------------------------------------------------------------


def test_finalising_without_a_conversation_tells_nobody(course: Course, trainer: Person) -> None:
    made = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(made), judged=Judged.NOT_MET)
    open_one = factories.recommendation(
        made, outcome=Outcome.NOT_YET, marking=marking, finalised=False, **factories.put_off(course)
    )
    done = actions.finalise(recommendation=open_one, by=trainer)
    assert done.finalised_at is not None
    assert not FollowUp.objects.exists()
    assert not OutgoingEmail.objects.exists()
    made.refresh_from_db()
    assert made.sponsor_settled_at is None
    assert actions.finalise(recommendation=open_one, by=trainer).finalised_at == done.finalised_at


def test_it_reads_like_what_is_not_decided_to_them_and_their_sponsor(course: Course) -> None:
    silent, competent = outcomes.unspoken(course), factories.recommended(course)
    for viewer in (Viewer.PARTICIPANT, Viewer.SPONSOR):
        assert stage(silent, viewer) == stage(competent, viewer) == (Shown.WITH_AIM, None)
    assert stage(silent, Viewer.AIM) == (Shown.NOT_YET, Following.NOT_TOLD)


def test_no_page_file_or_letter_says_it_before(course: Course) -> None:
    silent = outcomes.unspoken(course)
    commissioner = factories.commissioner(course.organisation)
    own = [reverse(f"certification:{name}", args=[silent.uuid]) for name in ("my_course", "my_feedback")]
    of_course = [reverse(f"certification:{name}", args=[course.uuid]) for name in ("results",)]
    pages = {
        silent.person: [*own, reverse("home")],
        commissioner: [*of_course, reverse("home"), reverse("certification:follow_ups")],
    }
    for person, urls in pages.items():
        client = signed_in(person)
        for url in urls:
            html = client.get(url).content.decode()
            for words in ("Not yet competent</strong>", "TOLD-", WHY, "Nobody has spoken"):
                assert words not in html.split("<main")[1], (url, words)
    assert signed_in(silent.person).get(own[1]).status_code == 409
    for person in (silent.person, commissioner):
        assert signed_in(person).get(address("tell_later", silent)).status_code in (403, 404)
    assert not OutgoingEmail.objects.exists()


def test_why_nobody_spoke_is_read_by_trainers_and_the_aim_project(course: Course, trainer: Person) -> None:
    made = outcomes.unspoken(course)
    for person in (trainer, course.associates.order_by("pk").last().associate, factories.admin()):  # type: ignore[union-attr]
        html = flat(signed_in(person).get(address("tell_later", made)).content.decode())
        assert WHY in html
        assert f"{trainer.name} is to, by the end of" in html
    assert WHY in signed_in(trainer).get(address("finalise", made)).content.decode()


def test_they_never_read_why_nobody_spoke(course: Course) -> None:
    follow_up = actions.read_feedback(
        follow_up=outcomes.told_later(course), by=Person.objects.get(enrolments__follow_ups__isnull=False)
    )
    made = follow_up.enrolment
    actions.send_on(follow_up=follow_up, by=made.person)
    mine = reverse("certification:my_feedback", args=[made.uuid])
    theirs = reverse("certification:follow_up", args=[follow_up.uuid])
    for person, url in ((made.person, mine), (factories.commissioner(course.organisation), theirs)):
        html = signed_in(person).get(url).content.decode()
        assert "TOLD-COMMISSIONER" in html
        assert not [words for words in (WHY, "SAID-LATER", "INTERNAL-NOTE") if words in html]


@pytest.mark.parametrize("statement", ["follow-up", "told"])
def test_the_database_refuses_what_comes_too_early(course: Course, statement: str) -> None:
    silent, spoken = outcomes.unspoken(course), factories.recommended(course, outcome=Outcome.NOT_YET)
    by = factories.trainer_of(course)
    about = {"enrolment": silent, "recommendation": silent.recommendations.get()}
    row: FollowUp | ToldLater = FollowUp(
        **about, sponsor_organisation=course.organisation, due_at=timezone.now()
    )
    if statement == "told":
        about = {"enrolment": spoken, "recommendation": spoken.recommendations.get()}
        when = {"told_on": timezone.localdate(), "told_by": by, "recorded_by": by}
        row = ToldLater(**about, how=HowTold.SPOKEN, words="x", **when)
    with pytest.raises(DatabaseError, match=r"before they were told|spoken to before"), transaction.atomic():
        row.save()
    with pytest.raises(actions.NotToldYet):
        actions.open_follow_up(recommendation=silent.recommendations.get(), by=by)


@pytest.mark.parametrize(
    "statement", ["UPDATE certification_toldlater SET words = 'x'", "DELETE FROM certification_toldlater"]
)
def test_what_was_recorded_does_not_change(course: Course, statement: str) -> None:
    outcomes.told_later(course)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- Telling them -------------------------------------------------------------------------------------


def test_telling_opens_the_follow_up_and_starts_the_clock(course: Course, trainer: Person) -> None:
    made = outcomes.unspoken(course)
    before = timezone.now()
    row = tell(made, trainer)
    follow_up = made.follow_ups.get()
    assert follow_up.readable_at >= before
    assert follow_up.due_at > before + timedelta(days=1)
    assert (row.told_by, row.recorded_by, row.how) == (trainer, trainer, HowTold.SPOKEN)
    assert [one.to_address for one in OutgoingEmail.objects.all()] == [made.person.email]
    assert stage(made, Viewer.PARTICIPANT) == (Shown.FEEDBACK_WAITS, Following.WITH_PERSON)
    assert stage(made, Viewer.SPONSOR) == (Shown.WITH_AIM, None)
    assert tell(made, trainer).pk == row.pk
    with pytest.raises(actions.NothingToTell, match="already"):
        tell(made, trainer, words="Otherwise.")
    assert OutgoingEmail.objects.count() == 1


def test_they_are_told_where_the_holder_or_the_aim_project_did(course: Course, trainer: Person) -> None:
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    admin = factories.admin()
    assert tell(outcomes.unspoken(course), trainer, told_by=other).told_by == other
    assert tell(outcomes.unspoken(course), admin).told_by == admin
    assert tell(outcomes.unspoken(course), trainer, told_by=admin).told_by == admin


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": " "}, "words"),
        ({"days": 1}, "told_on"),
        ({"days": -1}, "told_on"),
        ({"how": "telepathy"}, "how"),
        ({"how": HowTold.IN_WRITING}, "how"),
        ({"told_by": "stranger"}, "told_by"),
    ],
)
def test_what_cannot_have_been_is_refused(
    course: Course, trainer: Person, wrong: dict[str, Any], field: str
) -> None:
    made = outcomes.unspoken(course)
    if "days" in wrong:
        today = timezone.localdate(timezone=course.zone)
        wrong = {"told_on": today + timedelta(days=wrong["days"])}
    if "told_by" in wrong:
        wrong = {"told_by": factories.associate(course.programme)}
    with pytest.raises(actions.TellingNotPossible) as refused:
        tell(made, trainer, **wrong)
    assert refused.value.field == field
    assert not FollowUp.objects.exists()


def test_in_writing_is_the_aim_projects_once_the_day_has_passed(course: Course, trainer: Person) -> None:
    admin, in_time = factories.admin(), outcomes.unspoken(course, days=0)
    with pytest.raises(actions.TellingNotPossible):
        tell(in_time, admin, how=HowTold.IN_WRITING)
    made = late(course)
    with pytest.raises(actions.TellingNotPossible):
        tell(made, trainer, how=HowTold.IN_WRITING)
    assert tell(made, admin, how=HowTold.IN_WRITING).how == HowTold.IN_WRITING
    assert made.follow_ups.exists()


def test_nobody_tells_their_own_or_without_a_part_in_it(course: Course) -> None:
    made = outcomes.unspoken(course)
    enrolled = factories.admin()
    factories.enrolment(course, enrolled)
    for person, refused in (
        (made.person, OwnWork),
        (enrolled, OwnWork),
        (factories.associate(course.programme), NotTheTrainer),
        (factories.commissioner(course.organisation), NotTheTrainer),
    ):
        with pytest.raises(refused):
            tell(made, person)


@pytest.mark.parametrize("outcome", Outcome.values)
def test_where_there_is_nothing_to_tell_nothing_is_told(
    course: Course, trainer: Person, outcome: str
) -> None:
    made = factories.recommended(course, outcome=outcome)
    with pytest.raises(actions.NothingToTell, match="no outcome here"):
        tell(made, trainer)
    assert signed_in(trainer).get(address("tell_later", made)).status_code == 409


def test_another_outcome_takes_its_place(course: Course, trainer: Person) -> None:
    """They submitted again before anybody had spoken to them, and that is what counts."""
    made = outcomes.unspoken(course)
    marking = factories.marking(factories.submission(made), finalised=True)
    factories.recommendation(made, marking=marking)
    assert not waiting_for(trainer)
    with pytest.raises(actions.NothingToTell):
        tell(made, trainer)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_them_once(course: Course, trainer: Person) -> None:
    made = outcomes.unspoken(course)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    answers = at_once(*(partial(tell, made, by) for by in (trainer, other)))
    assert sorted(type(one).__name__ for one in answers) == ["NothingToTell", "ToldLater"]
    assert FollowUp.objects.count() == ToldLater.objects.count() == OutgoingEmail.objects.count() == 1


# --- On the page --------------------------------------------------------------------------------------


def sent(trainer: Person, **fields: str) -> dict[str, str]:
    return {
        "idempotency_key": str(uuid.uuid4()),
        "told_on": str(timezone.localdate()),
        "told_by": str(trainer.uuid),
        "words": "SAID-LATER",
        **fields,
    }


def test_telling_on_its_page(course: Course, trainer: Person) -> None:
    made, client = outcomes.unspoken(course), signed_in(trainer)
    url = address("tell_later", made)
    html = flat(client.get(url).content.decode())
    assert "<h2>Listen</h2>" in html
    assert 'name="how"' not in html
    refused = client.post(url, sent(trainer, told_on=str(timezone.localdate() - timedelta(days=1))))
    assert refused.status_code == 422
    assert "It was finalised on" in refused.content.decode()
    assert "SAID-LATER" in refused.content.decode()
    typed = sent(trainer)
    for _press in range(2):
        assert client.post(url, typed)["Location"] == url
    assert client.post(url, sent(trainer, words="Otherwise.")).status_code == 409
    assert "SAID-LATER" in client.get(url).content.decode()
    assert ToldLater.objects.count() == 1


def test_the_aim_project_tells_in_writing_on_the_page(course: Course) -> None:
    made, admin = late(course), factories.admin()
    client, url = signed_in(admin), address("tell_later", made)
    assert "The AIM Project decides now how they hear." in flat(client.get(url).content.decode())
    assert client.post(url, sent(admin)).status_code == 422
    assert client.post(url, sent(admin, how="in_writing")).status_code == 302
    assert ToldLater.objects.get().how == HowTold.IN_WRITING


def test_the_finalising_page_says_who_speaks_to_them(course: Course, trainer: Person) -> None:
    made = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(made), judged=Judged.NOT_MET)
    factories.recommendation(
        made, outcome=Outcome.NOT_YET, marking=marking, finalised=False, **factories.put_off(course)
    )
    client, url = signed_in(trainer), address("finalise", made)
    before = flat(client.get(url).content.decode())
    assert "The participant reads nothing of it, and nobody writes to them" in before
    carried = {
        "idempotency_key": str(uuid.uuid4()),
        "recommendation": str(made.recommendations.get().uuid),
        "revision": "1",
        "marking_revision": str(marking_revision_of(made.recommendations.get().marking_id)),
    }
    assert client.post(url, carried).status_code == 302
    after = client.get(url).content.decode()
    assert address("tell_later", made) in after
    assert "can read their feedback now" not in after
    tell(made, trainer)
    assert "can read their feedback now" in client.get(url).content.decode()


# --- It is chased -------------------------------------------------------------------------------------


def lines(person: Person) -> list[tuple[str, int, str]]:
    return [(one.words, one.urgency, one.said_day.split(" ")[0]) for one in waiting_for(person)]


@pytest.mark.parametrize(
    ("days", "urgency", "word"), [(5, 1, "by"), (1, 0, "by"), (0, 0, "by"), (-1, 0, "was")]
)
def test_it_waits_on_the_home_page_of_who_holds_it(
    course: Course, trainer: Person, days: int, urgency: int, word: str
) -> None:
    made = outcomes.unspoken(course, days=days)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    words = f"Speak to {made.person.name} about their outcome: {course.title}"
    assert lines(trainer) == [(words, urgency, word)]
    assert lines(other) == []
    theirs = [one[0] for one in lines(factories.admin())]
    assert theirs == ([words.replace("Speak to", "Decide how").replace("about", "hears")] if days < 0 else [])
    tell(made, trainer)
    assert lines(trainer) == []


@pytest.mark.parametrize("lost", ["nobody", "unlicensed"])
def test_it_waits_for_the_aim_project_where_no_trainer_holds_it(course: Course, lost: str) -> None:
    made = outcomes.unspoken(course, **({"holder": None} if lost == "nobody" else {}))
    trainer, admin = factories.trainer_of(course), factories.admin()
    if lost == "unlicensed":
        trainer.licences.update(withdrawn_at=timezone.now(), withdrawn_by=admin)
    assert lines(trainer) == []
    assert [one[0] for one in lines(admin)] == [
        f"Speak to {made.person.name} about their outcome: {course.title}"
    ]


def test_an_admin_on_the_course_is_not_asked(course: Course) -> None:
    outcomes.unspoken(course, days=-1)
    admin = factories.admin()
    factories.enrolment(course, admin)
    assert [one for one in lines(admin) if "outcome" in one[0]] == []


def test_home_takes_as_many_statements_for_one_as_for_many(
    course: Course, trainer: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    counts = []
    for more in (1, 2, 6):
        for _n in range(more):
            outcomes.unspoken(course)
        person = Person.objects.get(pk=trainer.pk)
        with connection.execute_wrapper(_Counting(counts)):
            counts.append(0)
            waiting_for(person)
    assert counts[0] == counts[1] == counts[2]


class _Counting:
    def __init__(self, counts: list[int]) -> None:
        self.counts = counts

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.counts[-1] += 1
        return execute(*args)


def test_it_is_asked_for_on_the_day_before_and_once_it_is_late(course: Course, trainer: Person) -> None:
    admin = factories.admin()
    made = outcomes.unspoken(course, days=3)
    now = timezone.now()
    said = []
    for days in (0, 1, 2, 2, 3, 4, 4, 9):
        reminded = actions.remind_of_conversations(now=now + timedelta(days=days))
        said.append(reminded)
    assert said == [0, 0, 1, 0, 0, 1, 0, 0]
    assert sorted(OutgoingEmail.objects.values_list("to_address", flat=True)) == sorted(
        [trainer.email, admin.email] * 2
    )
    assert list(ConversationReminder.objects.order_by("pk").values_list("what", flat=True)) == [
        "due",
        "overdue",
    ]
    letter = OutgoingEmail.objects.first()
    assert letter is not None
    assert not [words for words in (made.person.name, WHY, "yet competent") if words in letter.text]
    assert address("tell_later", made) in letter.text


def test_one_that_was_held_is_asked_for_no_more(course: Course, trainer: Person) -> None:
    made = outcomes.unspoken(course, days=1)
    tell(made, trainer)
    OutgoingEmail.objects.all().delete()
    assert sweep_conversations() == 0
    assert not OutgoingEmail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_once(course: Course) -> None:
    outcomes.unspoken(course, days=1)
    reminded = at_once(*[partial(actions.remind_of_conversations, now=timezone.now())] * 2)
    assert sum(reminded) == 1
    assert OutgoingEmail.objects.count() == 1
