"""A keyboard and nothing else: what has the focus is seen at every stop, and no stop is a trap."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

MOST_TABS = 150
# What has the focus, what it is called, and whether a person sees that it has it. Where a control is drawn by
# its label, its label shows it. null: the page is through, and the browser's own bar would be next.
STOP = """async () => {
    const focused = document.activeElement;
    if (!focused || focused === document.body || focused === document.documentElement) return null;
    window.stops ??= new Map();
    if (!window.stops.has(focused)) window.stops.set(focused, window.stops.size);
    const isDrawn = (each) => {
        const { clip, opacity } = getComputedStyle(each);
        return clip === "auto" && opacity !== "0";
    };
    const drawn = [focused, ...(focused.labels ?? [])].filter(isDrawn);
    const isOutlined = (each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    };
    const isInSight = (each) => {
        const box = each.getClientRects()[0];
        if (!box) return false;
        const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 12)];
        const there = document.elementFromPoint(x, y);
        return there !== null && (each.contains(there) || there.contains(each));
    };
    // What moves into sight, such as the link that skips the menu, is there within a few frames.
    for (let frames = 30; frames > 0 && !drawn.some(isInSight); frames -= 1) {
        await new Promise(requestAnimationFrame);
    }
    const [label] = focused.labels ?? [];
    const said = label ? label.innerText : focused.ariaLabel ?? focused.innerText;
    return {
        number: window.stops.get(focused),
        name: (said || focused.value || "").replace(/\\s+/g, " ").trim(),
        html: focused.outerHTML.replace(/\\s+/g, " ").slice(0, 160),
        isOutlined: drawn.some(isOutlined),
        isInSight: drawn.some(isInSight),
    };
}"""


class Keyboard:
    """Somebody's hands on the keyboard of `page`; there is no mouse.

    Opened with `reduced_motion="reduce"`: elsewhere the page follows the focus after a moment.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str | re.Pattern[str]) -> None:
        """Press Tab until what is called `name` has the focus.

        Raises:
            AssertionError: the keyboard does not get there, is held by something before it, or a stop on the
                way is not seen to have the focus.
        """
        passed: list[str] = []
        last: Any = None
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop is None:
                last = None
                continue
            assert last is None or stop["number"] != last, f"the keyboard is held by {stop['html']}"
            assert stop["isOutlined"], f"nothing shows that this has the focus: {stop['html']}"
            assert stop["isInSight"], f"this has the focus out of sight: {stop['html']}"
            if re.fullmatch(name, stop["name"]) if isinstance(name, re.Pattern) else stop["name"] == name:
                return
            last = stop["number"]
            passed.append(stop["name"])
        raise AssertionError(f"the keyboard does not reach {name!r}, only {passed}")

    def press(self, name: str | re.Pattern[str], key: str = "Enter") -> None:
        """Go to what is called `name`, and press `key` on it."""
        self.to(name)
        self.page.keyboard.press(key)

    def type(self, name: str, text: str) -> None:
        """Go to the field called `name`, and type."""
        self.to(name)
        self.page.keyboard.type(text)
