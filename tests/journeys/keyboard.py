"""A keyboard and nothing else: what has the focus is seen at every stop, and no stop is a trap."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

MOST_TABS = 150
DATE_STOPS = 3
# What has the focus, what it is called, and whether a person sees that it has it. Where a control is drawn by
# its label, its label shows it. null: the page is through, and the browser's own bar would be next.
STOP = """() => {
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
        within = 0
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            stop = self._stop()
            if stop is None:
                last = None
                continue
            # Day, month, year and the calendar of a field for a date are stops of its own.
            within = within + 1 if stop["number"] == last else 0
            is_held = within > (DATE_STOPS if 'type="date"' in stop["html"] else 0)
            assert not is_held, f"the keyboard is held by {stop['html']}"
            # What stands within such a field shows by itself that it has the focus.
            assert stop["isOutlined"] or within, f"nothing shows that this has the focus: {stop['html']}"
            assert stop["isInSight"], f"this has the focus out of sight: {stop['html']}"
            if re.fullmatch(name, stop["name"]) if isinstance(name, re.Pattern) else stop["name"] == name:
                return
            last = stop["number"]
            passed.append(stop["name"])
        raise AssertionError(f"the keyboard does not reach {name!r}, only {passed}")

    def _stop(self) -> Any:
        """What has the focus; what moves into sight, as the link that skips the menu does, soon is."""
        for _look in range(30):
            # No promise of the page's: none is kept where JavaScript is off.
            stop = self.page.evaluate(STOP)
            if stop is None or stop["isInSight"]:
                break
            self.page.wait_for_timeout(20)
        return stop

    def press(self, name: str | re.Pattern[str], key: str = "Enter") -> None:
        """Go to what is called `name`, and press `key` on it."""
        self.to(name)
        self.page.keyboard.press(key)

    def type(self, name: str, text: str) -> None:
        """Go to the field called `name`, and type."""
        self.to(name)
        self.page.keyboard.type(text)
