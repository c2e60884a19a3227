"""The demo's mailbox: what is sent is kept whole, and its pages show it, safely, to everybody."""

import asyncio
import smtplib
import threading
from contextlib import suppress
from email.message import EmailMessage

import pytest
from django.urls import include, path

from aimcert.demo import letters
from aimcert.demo.__main__ import free_port
from aimcert.demo.mailbox import serve
from aimcert.urls import urlpatterns as site_urls

urlpatterns = [*site_urls, path("mailbox/", include("aimcert.demo.urls"))]


@pytest.fixture
def folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path / "mailbox"


@pytest.fixture
def port(folder):
    """The port of a running mailbox."""
    number, ready, loop = free_port(), threading.Event(), asyncio.new_event_loop()
    tasks: list[asyncio.Task[None]] = []

    async def run():
        started = asyncio.Event()
        task = loop.create_task(serve(folder, number, ready=started))
        tasks.append(task)
        await started.wait()
        ready.set()
        with suppress(asyncio.CancelledError):
            await task

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert ready.wait(10)
    yield number
    loop.call_soon_threadsafe(tasks[0].cancel)
    thread.join(10)
    loop.close()


def send(port, *, subject="Your code", text="The code is 123456.", attached=None):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "aimcert@example.org", "zoe@example.org", subject
    letter.set_content(text)
    if attached:
        letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=attached)
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost", timeout=10) as client:
        client.send_message(letter)


def test_mailbox_keeps_a_letter(port, folder):
    send(port, subject="Grüße von Zoë O’Neill", text="Ein ß.", attached="certificate.pdf")
    [kept] = letters.newest_letters()
    assert (kept.subject, kept.to, kept.text.strip()) == (
        "Grüße von Zoë O’Neill",
        "zoe@example.org",
        "Ein ß.",
    )
    assert kept.attachments == ("certificate.pdf",)
    assert [path.suffix for path in folder.iterdir()] == [".eml"]


def test_mailbox_shows_the_newest_first(port):
    for subject in ("First", "Second"):
        send(port, subject=subject)
    assert [letter.subject for letter in letters.newest_letters()] == ["Second", "First"]


def test_mailbox_links_to_this_site_alone(port, settings):
    site = settings.SITE_URL
    send(port, text=f"Open {site}/in/?a=1&b=2. Not {site}.evil.example/ nor {site}@evil.example <b>x</b>")
    shown = letters.newest_letters()[0].marked_up
    assert f'<a href="{site}/in/?a=1&amp;b=2">' in shown
    assert shown.count("<a ") == 1
    assert "&lt;b&gt;" in shown


@pytest.mark.urls(__name__)
def test_pages_are_open_to_everybody(port, client, db):
    send(port, text="The code is 123456.")
    assert b"Your code" in client.get("/mailbox/").content
    [letter] = letters.newest_letters()
    page = client.get(f"/mailbox/{letter.name}/")
    assert b"The code is 123456." in page.content
    assert "no-store" in page["Cache-Control"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", ["1-ab", "secrets"])
def test_unknown_letter_is_not_found(folder, client, db, name):
    assert client.get(f"/mailbox/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["..", "1-ab/../../secrets", "1-ab", ""])
def test_letter_is_found_by_its_own_name_alone(folder, name):
    assert letters.find_letter(name) is None
