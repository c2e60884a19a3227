"""A page as a screen reader says it: what Chromium's accessibility tree holds, in its order."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

OPERATED = {"link", "button", "textbox", "searchbox", "checkbox", "radio", "combobox", "DisclosureTriangle"}
LANDMARKS = ("banner", "main", "contentinfo")
STATES = ("checked", "required", "invalid", "expanded", "disabled", "level")
# Nothing that is said: how the tree is held together.
SILENT = {"none", "generic", "InlineTextBox", "RootWebArea", "LineBreak", "ListMarker"}
# What is drawn above something that stands before it in the source, and not beside it; a bar that stays in
# sight while its page moves stands where the window ends.
OUT_OF_ORDER = """() => {
    const isSticky = (each) => getComputedStyle(each).position === "sticky";
    const stays = (each) => each && (isSticky(each) || stays(each.parentElement));
    const isDrawn = (each) => each.checkVisibility() && !stays(each);
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const drawn = [...document.querySelectorAll(`main :is(${all})`)].filter(isDrawn);
    const found = [];
    for (let next = 1; next < drawn.length; next += 1) {
        const [before, after] = [drawn[next - 1], drawn[next]].map((each) => each.getBoundingClientRect());
        const isAbove = after.bottom <= before.top && after.left < before.right;
        if (isAbove) found.push(drawn[next].outerHTML.slice(0, 160));
    }
    return found;
}"""
# Links that are called alike and lead to several places.
SAME_WORDS = """() => {
    const places = {};
    // A heading sorts its column, and is said to be one.
    for (const link of document.querySelectorAll("main a[href]:not(thead a)")) {
        const words = (link.ariaLabel ?? link.innerText).replace(/\\s+/g, " ").trim();
        (places[words] ??= new Set()).add(link.href.split("#")[0]);
    }
    return Object.keys(places).filter((words) => places[words].size > 1);
}"""


@dataclass
class Said:
    """One thing that is said.

    Attributes:
        role, name: as the tree has them.
        about: its description, such as a field's hint and error.
        states: what else is said of it, such as that it is checked.
        within: the roles and names around it, from the outermost.
    """

    role: str
    name: str
    about: str = ""
    states: dict[str, Any] = field(default_factory=dict)
    within: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        states = " ".join(f"[{key}={value}]" for key, value in self.states.items())
        return " ".join(
            filter(None, ["  " * len(self.within) + self.role, repr(self.name), states, self.about])
        )


def said_on(page: Page) -> list[Said]:
    """What `page` says from its top to its end."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    said: list[Said] = []

    def walk(node: dict[str, Any], within: tuple[tuple[str, str], ...]) -> None:
        role, name = _value(node, "role"), _value(node, "name")
        inside = within
        if not (node.get("ignored") or role in SILENT):
            states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            told = {key: states[key] for key in STATES if states.get(key) not in (None, False, "false")}
            said.append(Said(role, name, _value(node, "description"), told, within))
            inside = (*within, (role, name))
        for child in node.get("childIds", ()):
            if child in by_id:
                walk(by_id[child], inside)

    walk(nodes[0], ())
    return said


def reads_well(page: Page) -> None:
    """What is said of `page` stands in an order that makes sense, and each thing to press says what it is.

    Raises:
        AssertionError: with what does not.
    """
    said = said_on(page)
    _keep(page, said)
    wrong = [*_frame(said), *_names(said), *_fields(said)]
    wrong += [f"is drawn above what is said before it: {html}" for html in page.evaluate(OUT_OF_ORDER)]
    wrong += [f"leads to several places: {words!r}" for words in page.evaluate(SAME_WORDS)]
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)


def _value(node: dict[str, Any], name: str) -> str:
    return re.sub(r"\s+", " ", str(node.get(name, {}).get("value", ""))).strip()


def _frame(said: list[Said]) -> list[str]:
    """The page's parts in order, and its one heading before everything else in its main part."""
    wrong = []
    landmarks = [one.role for one in said if one.role in LANDMARKS]
    if landmarks != list(LANDMARKS):
        wrong.append(f"its parts are {landmarks}")
    first = next(one for one in said if one.role in OPERATED)
    if "main" not in first.name:
        wrong.append(f"the first thing to press is {first.name!r}, not the way to the main part")
    headings = [one for one in said if one.role == "heading"]
    titles = [one for one in headings if one.states.get("level") == 1]
    if len(titles) != 1:
        wrong.append(f"its headings of the first level are {[one.name for one in titles]}")
    # What was done or is wrong is said before the title; nothing else is.
    before = said[: said.index(titles[0])] if titles else []
    early = [one for one in before if one.role == "heading" and not _is_told(one)]
    wrong += [f"a heading stands before the title: {one.name!r}" for one in early]
    return wrong


def _is_told(one: Said) -> bool:
    return any(role in ("alert", "status") for role, _name in one.within)


def _names(said: list[Said]) -> list[str]:
    return [f"nothing says what this {one.role} is" for one in said if one.role in OPERATED and not one.name]


def _fields(said: list[Said]) -> list[str]:
    """Each choice belongs to a question; each field that is refused says why."""
    wrong = []
    for one in said:
        questions = [name for role, name in one.within if role in ("group", "radiogroup")]
        if one.role == "radio" and not any(questions):
            wrong.append(f"no question stands around the choice {one.name!r}")
        if one.states.get("invalid") and not one.about:
            wrong.append(f"nothing says what is wrong with {one.name!r}")
    return wrong


def _keep(page: Page, said: list[Said]) -> None:
    """Where SPOKEN_TO names a folder, write down what was said, to be read."""
    if to := os.environ.get("SPOKEN_TO"):
        name = re.sub(r"[0-9a-f-]{36}", "id", page.url.split("/", 3)[3].split("?")[0].split("#")[0]).strip(
            "/"
        )
        path = Path(to, f"{name.replace('/', '_') or 'home'}.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(map(str, said)) + "\n")
