"""The legal pages: what anybody reads on them, and how AIM admins publish another version."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import Error, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actions import LegalTextUnfinished, publish_legal_text
from accounts.legal import gaps_in, model_text
from accounts.models import LegalText, Person
from accounts.states import LegalPage
from aimcert.foundation.stale_forms import ChangedMeanwhile
from tests import factories
from tests.pages import words_in
from tests.sessions import at_once
from tests.stale import REFUSED, both, filled_in, over
from tests.statements import statements

PRIVACY = LegalPage.PRIVACY
each_page = pytest.mark.parametrize("page", LegalPage)


@pytest.fixture
def admin(db: None) -> Person:
    return factories.admin(name="Grace Adeyemi")


def said(answer: HttpResponse) -> str:
    return words_in(answer.content.decode())


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(page: LegalPage, number: int | None = None) -> str:
    return reverse("legal_version", args=[page, number]) if number else reverse("legal_page", args=[page])


def edits(page: LegalPage = PRIVACY) -> str:
    return reverse("edit_legal_page", args=[page])


@each_page
def test_a_page_not_yet_published_says_so_and_whom_to_ask(page: LegalPage, db: None, client: Client) -> None:
    answer = client.get(at(page))
    assert answer.status_code == 200
    assert "has not published this page yet" in said(answer)
    assert client.get(at(page, 1)).status_code == 404


def test_every_page_leads_to_each_of_them(db: None, client: Client) -> None:
    for address in (reverse("welcome"), reverse("account_login"), reverse("certification:verify")):
        page = client.get(address).content.decode()
        assert [f'href="{at(legal)}"' in page for legal in LegalPage] == [True] * len(LegalPage)


def test_another_word_is_no_page(admin: Person) -> None:
    assert Client().get("/about/us/").status_code == 404
    assert browser(admin).get("/staff/legal-pages/us/").status_code == 404


def test_the_newest_version_holds_and_earlier_ones_stay(admin: Person, client: Client) -> None:
    publish_legal_text(page=PRIVACY, text="# Who we are\n\nThe first text.", by=admin)
    publish_legal_text(page=PRIVACY, text="The second text.", by=admin)
    now = said(client.get(at(PRIVACY)))
    assert "The second text." in now
    assert "Version 2, published on" in now
    earlier = client.get(at(PRIVACY, 1))
    assert "<h2>Who we are</h2>" in earlier.content.decode()
    assert "It holds no more." in said(earlier)
    assert "noindex" in earlier.content.decode()
    assert "It holds no more." not in said(client.get(at(PRIVACY, 2)))
    assert client.get(at(PRIVACY, 3)).status_code == 404


@pytest.mark.parametrize("versions", [1, 3, 300])
def test_a_page_takes_one_statement_for_any_versions(versions: int, admin: Person, client: Client) -> None:
    LegalText.objects.bulk_create(
        LegalText(page=PRIVACY, number=number, text=f"Text {number}", published_by=admin)
        for number in range(1, versions + 1)
    )
    for number in (None, 1):
        assert len(statements(lambda number=number: client.get(at(PRIVACY, number)))) == 1


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("[The ICO](https://ico.org.uk/)", True),
        ("[us](mailto:us@aim.example)", True),
        ("[our page](/about/privacy/)", True),
        ("<https://ico.org.uk/>", True),
        ("[x](javascript:alert(1))", False),
        ("[x](http://plain.example)", False),
        ("[x](//elsewhere.example)", False),
        ("[x](data:text/html,x)", False),
    ],
)
def test_a_text_leads_where_it_may(typed: str, leads: bool, admin: Person, client: Client) -> None:
    publish_legal_text(page=PRIVACY, text=f"Go: {typed}", by=admin)
    html = client.get(at(PRIVACY)).content.decode().split('class="prose"')[1].split("</div>")[0]
    assert ("<a " in html) is leads


def test_a_text_is_no_markup_of_its_own(admin: Person, client: Client) -> None:
    publish_legal_text(page=PRIVACY, text="<script>alert(1)</script> ![x](https://a.example/b)", by=admin)
    html = client.get(at(PRIVACY)).content.decode().split('class="prose"')[1].split("</div>")[0]
    assert "&lt;script&gt;" in html
    assert "<img" not in html


@each_page
def test_each_has_a_model_with_gaps_that_keep_it_from_being_published(page: LegalPage, admin: Person) -> None:
    text = model_text(page)
    assert gaps_in(text)
    assert "support@aimcert.example" in text
    assert "{" not in text
    answer = browser(admin).get(edits(page))
    assert filled_in(answer)["text"] == text
    with pytest.raises(LegalTextUnfinished):
        publish_legal_text(page=page, text=text, by=admin)
    filled = text
    for gap in gaps_in(text):
        filled = filled.replace(f"[{gap}]", "filled in")
    assert publish_legal_text(page=page, text=filled, by=admin).number == 1


# What the law has a statement say, word by word (SI 2018/952, reg. 8; GOV.UK's sample says which words these
# are), and what the ICO's list for a privacy notice asks for, each by words of ours.
ASKED_FOR = {
    LegalPage.ACCESSIBILITY: (
        "This accessibility statement applies to",
        "# Feedback and contact information",
        "# Reporting accessibility problems with this website",
        "# Enforcement procedure",
        "The Equality and Human Rights Commission (EHRC) is responsible for enforcing the Public",
        "If you’re not happy with how we respond to your complaint, [contact the Equality Advisory",
        "# Technical information about this website’s accessibility",
        "The AIM Project is committed to making its website accessible, in accordance with the Public",
        "## Compliance status",
        "AA standard, due to the non-compliances listed below.",
        "The content listed below is non-accessible for the following reasons.",
        "### Non-compliance with the accessibility regulations",
        "### Disproportionate burden",
        "### Content that’s not within the scope of the accessibility regulations",
        "This statement was prepared on",
        "It was last reviewed on",
        "This website was last tested on",
    ),
    LegalPage.PRIVACY: (
        "is the controller",
        "data protection officer",
        "where it comes from",
        "Why, and on what lawful basis",
        "our legitimate interest",
        "Who reads it",
        "leaves the United Kingdom",
        "For how long",
        "What you can ask of us",
        "you can take that back",
        "Information Commissioner",
        "You need not give us any of it, but",
        "No decision is made by a machine",
    ),
    LegalPage.COMPLAINTS: (
        "within one month",
        "within 30 days",
        "Schedule 2, paragraph 25",
        "five months",
        "40 days",
        "Information Commissioner",
        "safeguarding leads",
    ),
}


@each_page
def test_each_model_says_what_is_asked_for(page: LegalPage) -> None:
    text = model_text(page)
    assert [words for words in ASKED_FOR[page] if words not in text] == []


def test_gaps_are_named_on_the_page_and_what_was_typed_stays(admin: Person) -> None:
    client = browser(admin)
    sent = filled_in(client.get(edits())) | {"text": "Run by [name], at [place], under [number], [more]."}
    answer = client.post(edits(), sent)
    assert answer.status_code == 422
    assert "Fill in what stands in square brackets: [name] [place] [number] …" in said(answer)
    assert filled_in(answer)["text"] == sent["text"]
    assert not LegalText.objects.exists()


def test_looking_publishes_nothing(admin: Person) -> None:
    client = browser(admin)
    sent = filled_in(client.get(edits())) | {"text": "# Who we are\n\n[name]", "look": "1"}
    answer = client.post(edits(), sent)
    assert answer.status_code == 200
    assert "<h2>Who we are</h2>" in answer.content.decode()
    assert filled_in(answer)["text"] == sent["text"]
    assert not LegalText.objects.exists()


def test_publishing_twice_is_one_version(admin: Person, client: Client) -> None:
    by = browser(admin)
    sent = filled_in(by.get(edits())) | {"text": "What we hold."}
    first, second = by.post(edits(), sent, follow=True), by.post(edits(), sent, follow=True)
    assert "The page was published." in said(first)
    assert "Nothing was changed." in said(second)
    assert LegalText.objects.get().number == 1
    assert "Version 1, published" in said(first)
    assert "by Grace Adeyemi" in said(first)
    assert "What we hold." in said(client.get(at(PRIVACY)))


def test_who_was_late_reads_both_and_chooses(admin: Person) -> None:
    mine, theirs = browser(admin), browser(factories.admin(name="Martin Hale"))
    opened = mine.get(edits())
    theirs.post(edits(), filled_in(theirs.get(edits())) | {"text": "Theirs."})
    for _ in range(2):
        refused = mine.post(edits(), filled_in(opened) | {"text": "Mine."})
        assert refused.status_code == 409
        assert REFUSED in said(refused)
        assert "Martin Hale" in said(refused)
        assert both(refused) == [("Theirs.", "Mine.")]
        assert LegalText.objects.get().text == "Theirs."
    again = mine.post(edits(), filled_in(refused) | over(refused))
    assert again.status_code == 302
    assert [text.text for text in LegalText.objects.published(PRIVACY)] == ["Mine.", "Theirs."]


@pytest.mark.django_db(transaction=True)
def test_two_at_one_moment_publish_one_after_the_other_or_are_told() -> None:
    admin = factories.admin()
    seen = filled_in(browser(admin).get(edits()))["seen"]
    acts = [
        partial(publish_legal_text, page=PRIVACY, text=f"Text {number}", by=admin, seen=seen)
        for number in range(4)
    ]
    came = at_once(*acts)
    assert sum(isinstance(one, LegalText) for one in came) == 1
    assert sum(isinstance(one, ChangedMeanwhile) for one in came) == 3
    assert LegalText.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_one_press_that_came_twice_at_one_moment_is_one_version() -> None:
    admin = factories.admin()
    seen = filled_in(browser(admin).get(edits()))["seen"]
    came = at_once(*[partial(publish_legal_text, page=PRIVACY, text="Once.", by=admin, seen=seen)] * 4)
    assert {one.pk for one in came} == {LegalText.objects.get().pk}


@pytest.mark.parametrize("act", ["UPDATE accounts_legaltext SET text = ''", "DELETE FROM accounts_legaltext"])
def test_what_was_published_stays(act: str, admin: Person) -> None:
    publish_legal_text(page=PRIVACY, text="What we hold.", by=admin)
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_staff_see_what_is_published_and_what_is_not(admin: Person) -> None:
    publish_legal_text(page=PRIVACY, text="What we hold.", by=admin)
    page = said(browser(admin).get(reverse("legal_pages")))
    assert page.count("Visitors read that it is not published yet") == 2
    assert "by Grace Adeyemi" in page
