"""A trainer follows two people on the live board: their answers, their help, the end of the room."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from assessments.models import Sitting
from courses.models import Course
from tests import factories
from tests.journeys.people import press, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]
# Pages ask every five seconds, or every fifteen; in milliseconds.
LIVE = 25_000


def given_a_room() -> Course:
    course = factories.course()
    for name in ("Ines Moreau", "Joel Baptiste"):
        factories.enrolment(course, factories.PersonFactory.create(name=name))
    return course


def seat(board: Page, name: str) -> Locator:
    return board.get_by_role("listitem").filter(has=board.get_by_role("heading", name=name))


def when_the_trainer_opens_for(page: Page, course: Course, minutes: int) -> None:
    page.goto(f"/courses/{course.uuid}/case-study/")
    press(page, "Release the case study")
    page.get_by_label("How many minutes").fill(str(minutes))
    press(page, "Open the questions")
    expect(page.get_by_text(f"in {minutes} minutes").first).to_be_visible()


def when_they_answer(page: Page, enrolment: str, number: int, text: str) -> None:
    page.goto(f"/my/{enrolment}/questions/{number}/")
    page.get_by_label("Your answer").fill(text)
    press(page, "Save and continue")


def test_trainer_follows_the_room_live(new_page: OpenPage, mail_server: MailServer) -> None:
    course = given_a_room()
    own = {one.person.name: one for one in course.enrolments.select_related("person")}
    trainer = new_page(viewport={"width": 1280, "height": 800})
    sign_in(trainer, factories.trainer_of(course).email, mail_server)
    when_the_trainer_opens_for(trainer, course, 30)
    trainer.get_by_role("link", name="Open the live board").click()
    ines_seat, joel_seat = seat(trainer, "Ines Moreau"), seat(trainer, "Joel Baptiste")
    expect(ines_seat).to_contain_text("Not started", timeout=LIVE)

    # Nobody loads the board again from here on: it follows by itself.
    ines, joel = new_page(), new_page(viewport={"width": 390, "height": 800})
    sign_in(ines, own["Ines Moreau"].person.email, mail_server)
    sign_in(joel, own["Joel Baptiste"].person.email, mail_server)
    when_they_answer(ines, str(own["Ines Moreau"].uuid), 1, "SECRET words of Ines.")
    expect(ines_seat).to_contain_text("1 of 2 completed", timeout=LIVE)
    expect(ines_seat).to_contain_text("Connected", timeout=LIVE)
    expect(joel_seat).to_contain_text("Not started", timeout=LIVE)
    expect(trainer.get_by_text("SECRET")).to_have_count(0)

    joel.goto(f"/my/{own['Joel Baptiste'].uuid}/questions/")
    expect(joel.get_by_text("Answering closes for you at")).to_be_visible()
    press(joel, "I need help")
    expect(joel.get_by_text("You asked for help at")).to_be_visible()
    expect(trainer.get_by_role("button", name=re.compile("I know that Joel Baptiste"))).to_be_visible(
        timeout=LIVE
    )
    expect(joel_seat).to_contain_text("Wants help", timeout=LIVE)
    trainer.get_by_role("button", name=re.compile("I know that Joel Baptiste")).click()
    expect(trainer.get_by_text("Nobody has asked for help.")).to_be_visible(timeout=LIVE)
    expect(joel.get_by_text("Your trainer knows that you need help")).to_be_visible(timeout=LIVE)

    # More time for one of them; the board says so, the other is told nothing of it.
    trainer.get_by_role("link", name="Joel Baptiste").click()
    trainer.get_by_label("How many minutes more").fill("10")
    trainer.locator("#id_extra_reason").fill("Reads slowly.")
    press(trainer, "Give extra time")
    expect(trainer.get_by_text("Reads slowly.")).to_be_visible(timeout=LIVE)
    trainer.goto(f"/courses/{course.uuid}/case-study/")
    trainer.get_by_role("button", name="in 1 minute", exact=True).click()
    expect(trainer.get_by_text("in 1 minute").first).to_be_visible()
    trainer.goto(f"/courses/{course.uuid}/case-study/board/")
    expect(joel_seat).to_contain_text("Until", timeout=LIVE)
    expect(ines_seat).not_to_contain_text("Until", timeout=LIVE)
    ines.goto(f"/my/{own['Ines Moreau'].uuid}/questions/")
    expect(ines.get_by_text("That is in 1 minute.")).to_be_visible()
    expect(ines.get_by_text("Reads slowly.")).to_have_count(0)

    # The end moves into the past instead of the clock; the board follows.
    sitting = Sitting.objects.get(course=course)
    Sitting.objects.filter(pk=sitting.pk).update(closes_at=sitting.opened_at)
    expect(trainer.get_by_text("Answering closed at")).to_be_visible(timeout=LIVE)
    expect(ines_seat).to_contain_text("Not submitted", timeout=LIVE)
    ines.reload()
    expect(ines.get_by_role("heading", name="Answering is closed")).to_be_visible()
    when_they_answer(joel, str(own["Joel Baptiste"].uuid), 1, "With my own time.")
    expect(joel_seat).to_contain_text("1 of 2 completed", timeout=LIVE)

    # A wall sees no names, and a board that lost its server says so.
    trainer.get_by_role("link", name="Hide the names").click()
    expect(trainer.get_by_role("heading", name="Person 1")).to_be_visible(timeout=LIVE)
    expect(trainer.get_by_text("Ines Moreau")).to_have_count(0)
    trainer.context.set_offline(True)
    expect(trainer.get_by_text("No connection. This is how it was at")).to_be_visible(timeout=LIVE)
    trainer.context.set_offline(False)
    expect(trainer.get_by_text("Live: as it is now.")).to_be_visible(timeout=LIVE)
    # What the browser says of requests without a network, which is what was asked of it.
    told = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    watch = trainer.watch  # type: ignore[attr-defined]
    watch.wrong = [each for each in watch.wrong if not any(words in each for words in told)]
