"""Countries and time zones, out of the time zone database that Python uses."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Where its editors are brief.
_NAMES = {"GB": "United Kingdom"}


@cache
def country_names() -> dict[str, str]:
    """English name by ISO 3166-1 code of two letters."""
    return {code: _NAMES.get(code, name) for code, name in _rows("iso3166.tab")}


def countries() -> list[tuple[str, str]]:
    """Choices of a form, by name."""
    return sorted(country_names().items(), key=lambda country: country[1])


@cache
def time_zones() -> list[tuple[str, str]]:
    """Choices of a form: one zone for each place that keeps its own time, and UTC."""
    names = sorted(row[2] for row in _rows("zone.tab"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def _rows(table: str) -> list[list[str]]:
    # IANA's files, in the tzdata package: tab-separated, comments with a hash.
    lines = files("tzdata.zoneinfo").joinpath(table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
