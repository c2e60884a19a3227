"""What people do on pages again and again: signing in, filling in a form, reading a document."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pypdfium2
import zxingcpp
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.letters import MailServer, text_of

CODE = "sign-in code"
# In one of these it is day now, whenever the tests run.
ZONES = ("Europe/London", "Pacific/Auckland", "America/Los_Angeles")


def zone_where_it_is_day() -> str:
    """A zone in which sessions can stand later today."""
    return next(zone for zone in ZONES if 5 <= datetime.now(ZoneInfo(zone)).hour <= 18)


def sign_in(page: Page, email: str, mail: MailServer) -> None:
    """Ask for a code, read it in the letter, type it."""
    known = codes_sent(mail, email)
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_in(mail, email, known=known))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("needs you now"))).to_be_visible()


def codes_sent(mail: MailServer, email: str) -> int:
    """How many codes were sent so far; of other letters one may come meanwhile, as about a new device."""
    return sum(CODE in str(letter["Subject"]) for letter in mail.to(email))


def code_in(mail: MailServer, email: str, *, known: int = 0) -> str:
    """The sign-in code in the next letter to `email`, after the `known` ones."""
    code = re.search(r"\b\d{4}[- ]?\d{4}\b", text_of(mail.wait_for(email, subject=CODE, count=known + 1)))
    assert code, "the letter holds no code"
    return code.group()


def press(page: Page, name: str) -> None:
    """Press the button with this name."""
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, name: str | re.Pattern[str]) -> None:
    """The page's one heading says so."""
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def link_in(mail: MailServer, email: str, part: str) -> str:
    """The first address with `part` in the letters to `email`, without its host."""
    letters = mail.wait_for(email) and mail.to(email)
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", "\n".join(text_of(letter) for letter in letters))
    assert found, f"no link with {part}"
    return found.group(1)


def text_of_pdf(pdf: bytes) -> str:
    """All text of a PDF, white space folded."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def qr_code_of(pdf: bytes) -> str:
    """What the QR code on the first page says to a camera."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    found = zxingcpp.read_barcodes(picture)
    assert found, "no QR code can be read"
    return str(found[0].text)
