"""Words are looked up where there are any: what a catalogue without messages falls back on is still asked."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from aimcert.foundation.languages import leave_out_empty_catalogues


class Catalogue(gettext.NullTranslations):
    """A catalogue that counts how often it is asked."""

    def __init__(self, **messages: str) -> None:
        super().__init__()
        self._catalog = {"": "Language: en", **messages}
        self.asked = 0

    def gettext(self, message: str) -> str:
        self.asked += 1
        return self._catalog.get(message) or super().gettext(message)


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The language of the site, over an empty catalogue, one with a word, and another that is empty."""
    found: list[Any] = [
        trans_real.DjangoTranslation("en-gb"),
        Catalogue(),
        Catalogue(colour="shade"),
        Catalogue(),
    ]
    for above, below in pairwise(found):
        above._fallback = below
    monkeypatch.setitem(trans_real._translations, "en-gb", found[0])
    with translation.override("en-gb"):
        yield found


def test_empty_catalogues_are_not_asked_and_words_stay_the_same(chain: list[Any]) -> None:
    before = translation.gettext("colour"), translation.gettext("Nothing knows this.")
    leave_out_empty_catalogues("en-gb")
    for one in chain[1:]:
        one.asked = 0
    assert (translation.gettext("colour"), translation.gettext("Nothing knows this.")) == before
    assert before == ("shade", "Nothing knows this.")
    assert [one.asked for one in chain[1:]] == [0, 2, 0]


def test_the_site_asks_no_empty_catalogue() -> None:
    for language, _name in settings.LANGUAGES:
        assert trans_real.translation(language)._fallback is None
