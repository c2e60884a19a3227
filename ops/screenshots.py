"""The documentation's pictures, taken of a running `make demo`: python ops/screenshots.py, or PORT=."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ops.machine import chromium  # noqa: E402

IMAGES = ROOT / "docs" / "images"
ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"
SIZE: ViewportSize = {"width": 1280, "height": 800}
TRAINER = "ruth.calder@associates.example"
CERTIFIED = "bethan.pryce@people.example"


def signed_in(browser: Browser, email: str) -> Page:
    """A page of `email`'s, signed in with the code from the demo's mailbox."""
    page = browser.new_context(base_url=ADDRESS, viewport=SIZE, locale="en-GB").new_page()
    page.goto("/account/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    mailbox = page.context.new_page()
    for _ in range(60):
        mailbox.goto("/mailbox/")
        letter = mailbox.get_by_role("link", name=re.compile("sign-in code")).first
        if letter.count() and email in mailbox.content():
            letter.click()
            code = re.search(r"\b\d{4}[- ]?\d{4}\b", mailbox.inner_text("main"))
            if code:
                page.get_by_label("Code").fill(code.group())
                page.get_by_role("button", name="Sign in").click()
                page.wait_for_url(f"{ADDRESS}/")
                mailbox.close()
                return page
        time.sleep(1)
    raise SystemExit(f"No code came for {email}: does the demo run at {ADDRESS}?")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--headless", "--no-sandbox"])
        trainer = signed_in(browser, TRAINER)
        trainer.screenshot(path=IMAGES / "home.png")
        holder = signed_in(browser, CERTIFIED)
        holder.get_by_role("link", name=re.compile("certificate: ", re.IGNORECASE)).first.click()
        address = holder.locator('a[href*="/verify/"]').first.get_attribute("href")
        stranger = browser.new_context(base_url=ADDRESS, viewport=SIZE, locale="en-GB").new_page()
        stranger.goto(str(address))
        stranger.screenshot(path=IMAGES / "verified.png")
        browser.close()
    print(f"Written to {IMAGES.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
