"""Certificate codes: random, typed forgivingly, found by their hash."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.codes import ALPHABET, BITS, LENGTH, encode, fingerprint, in_groups, new_code, read_code


def test_a_code_is_128_random_bits_in_26_characters() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert encode(0) == "0" * 26
    assert encode(2**BITS - 1) == "7" + "Z" * 25


@given(st.integers(min_value=0, max_value=2**BITS - 1))
def test_encoding_loses_nothing(number: int) -> None:
    decoded = 0
    for char in encode(number):
        decoded = decoded * 32 + ALPHABET.index(char)
    assert decoded == number


@given(st.integers(min_value=0, max_value=2**BITS - 1))
def test_a_code_is_read_however_it_is_typed(number: int) -> None:
    code = encode(number)
    for typed in (
        code.lower(),
        " ".join(in_groups(code)),
        "-".join(in_groups(code)).lower(),
        f"  {'–'.join(in_groups(code))}\n",
        code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"),
    ):
        assert read_code(typed) == code


@given(st.text(max_size=400))
def test_anything_typed_is_read_without_an_error(typed: str) -> None:
    assert len(fingerprint(read_code(typed))) == 64


@pytest.mark.parametrize("typed", ["", "\x00", "\ud800", "U" * 26, "é" * 10_000])
def test_what_is_no_code_has_a_fingerprint_too(typed: str) -> None:
    assert len(fingerprint(read_code(typed))) == 64


def test_the_fingerprint_is_the_sha256_of_the_code() -> None:
    assert fingerprint("0" * 26) == hashlib.sha256(b"0" * 26).hexdigest()
