"""What a rehearsal may be asked for: bounded, and never against somebody else's server by mistake."""

from __future__ import annotations

import pytest

from rehearsal.options import NotRehearsed, options_from

THEIRS = {"DATABASE_URL": "postgres://x@%2fnone/none", "SECRET_KEY": "x"}


def test_without_a_word_it_is_the_day_that_the_targets_are_for() -> None:
    found = options_from({})
    assert (found.rooms, found.people, found.faults, found.least, found.url) == (10, 30, True, 200, "")


def test_without_faults_none_is_asked_for() -> None:
    assert options_from({"FAULTS": "off", "LEAST": "50"}).least == 0


@pytest.mark.parametrize(
    "given",
    [
        {"ROOMS": "0"},
        {"ROOMS": "many"},
        {"PEOPLE": "-1"},
        {"PEOPLE": "61"},
        {"ROOMS": "40", "PEOPLE": "60"},
        {"SECONDS": "3601"},
        {"LEAST": "2001"},
        {"FAULTS": "some"},
        {"SEED": "٣"},
    ],
    ids=str,
)
def test_what_is_out_of_bounds_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(NotRehearsed):
        options_from(given)


@pytest.mark.parametrize(
    "given",
    [
        {"URL": "http://aimcert.example", "AIMCERT_DEMO": "1"},
        {"URL": "http://aimcert.example", "AIMCERT_DEMO": "1", "I_OWN_THIS": "yes"},
        {"URL": "http://aimcert.example", "I_OWN_THIS": "other.example"},
        {"URL": "https://aimcert.example", "I_OWN_THIS": "aimcert.example"},
        {"URL": "http://127.0.0.1:8000"},
        {"URL": "http://127.0.0.1.aimcert.example:8000", "AIMCERT_TEST": "1"},
        {"URL": "http://localhost@aimcert.example/", "AIMCERT_TEST": "1"},
    ],
    ids=str,
)
def test_a_server_that_may_be_somebody_elses_is_left_alone(given: dict[str, str]) -> None:
    with pytest.raises(NotRehearsed):
        options_from(THEIRS | given)


@pytest.mark.parametrize(
    "given",
    [
        {"URL": "http://127.0.0.1:8000", "AIMCERT_DEMO": "1"},
        {"URL": "http://localhost:8000/", "I_OWN_THIS": "localhost"},
        {"URL": "http://rehearsal.example", "I_OWN_THIS": "rehearsal.example"},
    ],
    ids=str,
)
def test_ones_own_server_is_rehearsed_where_its_database_is_given(given: dict[str, str]) -> None:
    assert options_from(THEIRS | given).url == given["URL"].rstrip("/")
    with pytest.raises(NotRehearsed):
        options_from(given)
