"""Each kind of question on the pages of who answers it, who marks it and who decides."""

from __future__ import annotations

import html

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments.answering import actions
from assessments.case_studies.kinds import KINDS, PLAIN_FIELD, Kind
from assessments.models import Answer
from courses.models import Enrolment
from tests import factories
from tests.kinds import filled, settings_of
from tests.pages import words_in

pytestmark = pytest.mark.django_db

KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(kind: Kind) -> Enrolment:
    """Somebody on a course whose one question is of this kind; the questions are open."""
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, kinds=[kind.code])
    course = factories.course(programme=programme)
    factories.sitting(course)
    return factories.enrolment(course, attended=True)


def sent(kind: Kind, values: dict[str, str], base: int = 0) -> dict[str, object]:
    """What the page of such a question sends."""
    if kind is KINDS["written"]:
        return {"text": values[PLAIN_FIELD], "base_revision": base, "then": "next"}
    fields = {field.name: field for field in kind.fields(settings_of(kind))}
    named = {
        f"answer-{name}": value if fields[name].is_text else value.split() for name, value in values.items()
    }
    return {"fields": "1", "base_revision": base, "then": "next", **named}


def question_page(enrolment: Enrolment) -> str:
    return reverse("assessments:question", args=[enrolment.uuid, 1])


def said(kind: Kind, values: dict[str, str]) -> list[str]:
    """Everything of an answer that a reader finds on a page."""
    found = []
    for field in kind.fields(settings_of(kind)):
        each = field.said(values[field.name])
        found += [each.text, *each.chosen]
    return [" ".join(words.split()) for words in found if words]


@KIND
def test_a_question_asks_for_each_of_its_fields(kind: Kind) -> None:
    enrolment = asked(kind)
    page = signed_in(enrolment.person).get(question_page(enrolment)).text
    words = words_in(page)
    for group in kind.groups(settings_of(kind)):
        assert group.title in words
        for field in group.fields:
            assert field.label in words
            assert all(option.label in words for option in field.options)


@KIND
def test_what_was_filled_in_is_kept_and_stands_there_again(kind: Kind) -> None:
    enrolment = asked(kind)
    client = signed_in(enrolment.person)
    values = filled(kind)
    assert client.post(question_page(enrolment), sent(kind, values)).status_code == 302
    answer = Answer.objects.get()
    assert kind.values_of(answer.text) == values
    page = client.get(question_page(enrolment)).text
    for field in kind.fields(settings_of(kind)):
        if field.is_text:
            assert html.escape(values[field.name], quote=False) in page.replace("&#x27;", "'")
    assert page.count(" checked") == sum(not field.is_text for field in kind.fields(settings_of(kind)))


@KIND
def test_the_answer_is_read_in_words_until_it_is_decided(kind: Kind) -> None:
    enrolment = asked(kind)
    values, client = filled(kind), signed_in(enrolment.person)
    client.post(question_page(enrolment), sent(kind, values))
    pages = [client.get(reverse("assessments:check", args=[enrolment.uuid])).text]
    actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    pages.append(client.get(reverse("assessments:receipt", args=[enrolment.uuid])).text)
    trainer = signed_in(factories.trainer_of(enrolment.course))
    to_mark = reverse("assessments:mark", args=[enrolment.course.uuid, enrolment.uuid])
    pages.append(trainer.get(to_mark).text)
    admin = signed_in(factories.admin())
    pages.append(admin.get(to_mark).text)
    decide = reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid])
    pages.append(admin.get(decide).text)
    for page in pages:
        words = words_in(page)
        for each in said(kind, values):
            assert each in words
        assert '{"' not in words


@KIND
def test_an_old_page_never_overwrites_and_can_keep_both(kind: Kind) -> None:
    enrolment = asked(kind)
    client = signed_in(enrolment.person)
    first = filled(kind)
    client.post(question_page(enrolment), sent(kind, first))
    text_field = next(field.name for field in kind.fields(settings_of(kind)) if field.is_text)
    mine = {**first, text_field: "Typed elsewhere."}
    refused = client.post(question_page(enrolment), sent(kind, mine))
    assert refused.status_code == 409
    for words in (*said(kind, first), "Typed elsewhere."):
        assert words in words_in(refused.text)
    assert kind.values_of(Answer.objects.get().text) == first
    kept = {"kept": first[PLAIN_FIELD]} if kind is KINDS["written"] else {}
    client.post(question_page(enrolment), {**sent(kind, mine, base=1), "choice": "both", **kept})
    both = kind.values_of(Answer.objects.get().text)
    assert both[text_field].replace("\r\n", "\n") == f"{first[text_field]}\n\nTyped elsewhere."
    assert {name: both[name] for name in both if name != text_field} == {
        name: first[name] for name in first if name != text_field
    }


@KIND
def test_a_value_that_cannot_be_kept_is_refused_beside_its_field(kind: Kind) -> None:
    enrolment = asked(kind)
    client = signed_in(enrolment.person)
    text_field = [field.name for field in kind.fields(settings_of(kind)) if field.is_text][-1]
    values = {**filled(kind), text_field: "x" * 20_001}
    page = client.post(question_page(enrolment), sent(kind, values))
    assert page.status_code == 422
    target = "answer" if kind is KINDS["written"] else f"answer-{text_field}"
    assert f'href="#{target}"' in page.text
    assert f'id="{target}"' in page.text
    assert "x" * 20_001 in page.text
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"answer-other": "x"},
        {"answer-choice": "zebra"},
        {"text": "A text where choices are asked for."},
        {"answer-choice": '{"a":1}'},
    ],
)
def test_a_form_that_the_question_does_not_have_changes_nothing(typed: dict[str, str]) -> None:
    enrolment = asked(KINDS["choice"])
    page = signed_in(enrolment.person).post(
        question_page(enrolment), {"base_revision": "0", "then": "next", **typed}
    )
    assert page.status_code == 422
    assert "does not fit the question" in page.text
    assert not Answer.objects.exists()


def test_an_answer_can_be_cleared_and_then_left_blank() -> None:
    kind = KINDS["domain-profile"]
    enrolment = asked(kind)
    client = signed_in(enrolment.person)
    client.post(question_page(enrolment), sent(kind, filled(kind)))
    assert "Clear this answer" in client.get(question_page(enrolment)).text
    client.post(question_page(enrolment), {**sent(kind, filled(kind), base=1), "then": "clear"})
    assert Answer.objects.get().text == ""
    client.post(reverse("assessments:check", args=[enrolment.uuid]), {"blank_1": "on"})
    assert Answer.objects.get().blank_confirmed_at is not None


def test_what_a_begun_answer_leaves_out_is_said_and_asked_about() -> None:
    kind = KINDS["domain-profile"]
    enrolment = asked(kind)
    client = signed_in(enrolment.person)
    client.post(question_page(enrolment), sent(kind, {"developmental.concerns": "Loss."}))
    check = client.get(reverse("assessments:check", args=[enrolment.uuid])).text
    assert "Developmental: Strengths" in check
    with pytest.raises(actions.Unanswered):
        actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


def test_a_criterion_names_the_part_that_it_is_about() -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme, kinds=["domain-profile"], frozen=False)
    version.questions.get().criteria.filter(number=2).update(part="self-regulation")
    factories.freeze(version)
    course = factories.course(programme=programme)
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment)
    page = signed_in(factories.trainer_of(course)).get(
        reverse("assessments:mark", args=[course.uuid, enrolment.uuid])
    )
    assert "Self-regulation: CRITERION-1-2" in words_in(page.text)
