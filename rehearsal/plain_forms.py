"""Answering without a script: *Save and continue*, and sending the same form again where no page came."""

from __future__ import annotations

from rehearsal.browser import Form
from rehearsal.device import Person
from rehearsal.ledger import Acknowledged, Conflict, Late, Sent
from rehearsal.texts import Asked, merged, piece, sha256_of
from rehearsal.wire import Trouble


async def answer_by_form(person: Person, asked: Asked, trouble: Trouble | None) -> None:
    """Open a question, write a little more, and send the form until its page answers."""
    browser, ledger, mine = person.browser, person.ledger, ""
    path = person.path(f"questions/{asked.number}/")
    field_name = "text" if asked.is_plain else f"answer-{asked.field}"
    for _ in range(20):
        form = Form((await browser.until(lambda: browser.get(path), {200, 302})).text).values
        if "base_revision" not in form:
            person.is_over = True
            return
        if not mine:
            person.pieces += 1
            mine = piece(person.number, 0, person.pieces, browser.chance)
        text = merged(form.get(field_name, ""), mine)
        kept = asked.kept(text)
        sent = Sent(asked.number, kept, sha256_of(kept), None, 0)
        ledger.sent.append(sent)
        typed = {
            field_name: text.replace("\n", "\r\n"),
            "base_revision": form["base_revision"],
            "then": "here",
        }
        if not asked.is_plain:
            typed["fields"] = "1"
        ask = browser.post(path, typed)
        reply = await browser.until(lambda ask=ask: ask, {302, 409}, trouble)  # type: ignore[misc]
        trouble = None
        browser.watched.saves_ms.append(reply.took_ms)
        if reply.status == 302:
            ledger.acknowledged.append(Acknowledged(sent, None, None))
            return
        if "base_revision" not in Form(reply.text).values:
            ledger.late.append(Late(asked.number, kept, "closed"))
            person.is_over = True
            return
        ledger.conflicts.append(Conflict(asked.number, "", kept))
    browser.watched.errors.append(f"person {person.number}: twenty conflicts in a row")
