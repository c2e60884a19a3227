"""Signing in by an emailed code as a person does: ask, find the letter that the page names, type its code."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import count

from rehearsal.browser import Browser, GivenUp
from rehearsal.wire import Broken

SIGN_IN, CODE = "/account/sign-in/?another", "/account/sign-in/code/"
# A worker may still be starting, and the mail server is as busy as we are.
LETTER_SECONDS = 60.0
_WORK = re.compile(r'name="signing-work" value="([^"]+)"')
_LABEL = re.compile(r'class="code-label">(\w+)<')


async def sign_in(browser: Browser, email: str, code_from: Callable[[str, str], str | None]) -> None:
    """Sign somebody in; how long it took is written down.

    Args:
        browser: theirs.
        email: where their code goes.
        code_from: the code in the letter to this address whose subject ends with these letters, once it came.

    Raises:
        GivenUp: five codes did not let them in.
    """
    began = time.monotonic()
    for _ in range(5):
        await browser.until(lambda: browser.get("/account/sign-in/"), {200, 302})
        reply = await browser.until(lambda: browser.post(SIGN_IN, {"email": email}), {302, 429})
        if reply.status == 429:
            browser.watched.works += 1
            handed_in = {"email": email} | await work_on(reply.text)
            await browser.until(lambda given=handed_in: browser.post(SIGN_IN, given), {302})  # type: ignore[misc]
        page = await browser.until(lambda: browser.get(CODE), {200, 302})
        label = _LABEL.search(page.text)
        code = await _letter(lambda label=label: code_from(email, label[1]) if label else None)  # type: ignore[misc]
        if code is None:
            continue
        for _ in range(4):
            try:
                reply = await browser.once(browser.post(CODE, {"code": code}))
            except Broken:
                continue
            if reply.status < 500:
                break
        if (await browser.until(lambda: browser.get("/"), {200, 302})).status == 200:
            browser.watched.sign_ins.append(time.monotonic() - began)
            return
    browser.watched.errors.append(f"person {browser.person}: could not sign in by code")
    raise GivenUp("signing in")


async def sign_in_by_trainers_code(
    browser: Browser, trainer: Browser, email: str, give: str, room: str
) -> None:
    """Have the trainer give somebody a code, and sign them in with it.

    Args:
        give: the page where the trainer gives it.
        room: the page where it is typed.
    """
    began = time.monotonic()
    await trainer.until(lambda: trainer.post(give, {"present": "on"}), {302})
    shown = re.search(
        r'class="entry-code">([\d-]+)<', (await trainer.until(lambda: trainer.get(give), {200})).text
    )
    if shown is None:
        browser.watched.errors.append(f"person {browser.person}: their trainer was shown no code")
        raise GivenUp("a trainer's code")
    await browser.until(lambda: browser.get(room), {200})
    typed = {"email": email, "code": shown[1]}
    await browser.until(lambda: browser.post(room, typed), {302})
    browser.watched.sign_ins.append(time.monotonic() - began)


async def work_on(page: str) -> dict[str, str]:
    """What a device hands in that did the work on `page`, with what it has to wait."""
    token = _WORK.search(page)
    if token is None:
        return {}
    puzzles, bits, wait = (int(_number(page, name)) for name in ("puzzles", "bits", "wait"))
    began, found = time.monotonic(), []
    for puzzle in range(puzzles):
        found.append(_search(f"{token[1]}:{puzzle}:", bits))
        await asyncio.sleep(0)
    await asyncio.sleep(max(0.0, wait - (time.monotonic() - began)))
    return {"signing-work": token[1], "signing-answers": ",".join(map(str, found))}


def _search(before: str, bits: int) -> int:
    begun = sha256(before.encode())
    for number in count():
        tried = begun.copy()
        tried.update(str(number).encode())
        if int.from_bytes(tried.digest()[:4], "big") >> (32 - bits) == 0:
            return number
    raise AssertionError


def _number(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="(\d+)"', page)
    return found[1] if found else "0"


async def _letter(look: Callable[[], str | None]) -> str | None:
    until = time.monotonic() + LETTER_SECONDS
    while time.monotonic() < until:
        if (code := look()) is not None:
            return code
        await asyncio.sleep(0.3)
    return None
