"""What is read of a page's accessibility tree finds what it is there to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.spoken import reads_well

GOOD = """<!doctype html><title>Page</title>
<a href="#main">Skip to the main content</a><header>AIMcert</header>
<main id="main"><h1>Page</h1>{}</main><footer>Foot</footer>"""
WRONG = {
    "<h2>Part</h2><h1>Another title</h1>": "its headings of the first level",
    "<button></button>": "nothing says what this button is",
    "<label><input type=radio>Met</label>": "no question stands around the choice",
    "<label>Name <input aria-invalid=true></label>": "nothing says what is wrong with",
    "<a href=/one/>Open</a> <a href=/two/>Open</a>": "leads to several places",
    "<div style='display:flex;flex-direction:column-reverse'><a href=/1/>One</a><a href=/2/>Two</a></div>": (
        "is drawn above what is said before it"
    ),
}


def test_page_that_reads_well_has_nothing_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        GOOD.format("<fieldset><legend>Met?</legend><label><input type=radio>Yes</label></fieldset>")
    )
    reads_well(page)
    page.close()


@pytest.mark.parametrize("part", WRONG)
def test_each_thing_that_does_not_read_well_is_found(browser: Browser, part: str) -> None:
    page = browser.new_page()
    page.set_content(GOOD.format(part))
    with pytest.raises(AssertionError, match=WRONG[part]):
        reads_well(page)
    page.close()


@pytest.mark.parametrize(
    ("page_before", "words"),
    [
        ("<h2>Early</h2>", "a heading stands before the title"),
        ("<a href=/>Home</a>", "the first thing to press"),
    ],
)
def test_what_comes_too_early_is_found(browser: Browser, page_before: str, words: str) -> None:
    page = browser.new_page()
    page.set_content(GOOD.format("").replace('<a href="#main"', f'{page_before}<a href="#main"'))
    with pytest.raises(AssertionError, match=words):
        reads_well(page)
    page.close()
