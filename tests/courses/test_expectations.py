"""What was accepted stays what it was: each version's words are frozen."""

from __future__ import annotations

from hashlib import sha256

from django.utils import translation

from courses import expectations

# Never change one of these: add a version instead.
FROZEN = {"1": "7ae4419cd5b30b9693244f25ce0a839c649bbf5ea72957360c5364b24fa550b8"}


def fingerprint(version: str) -> str:
    with translation.override("en-gb"):
        words = "\n".join(f"{part.title}\n{part.words}" for part in expectations.VERSIONS[version].parts)
    return sha256(words.encode()).hexdigest()


def test_words_of_every_version_are_as_they_were_accepted():
    assert {version: fingerprint(version) for version in expectations.VERSIONS} == FROZEN


def test_current_version_is_one_of_them_and_names_itself():
    assert expectations.current() is expectations.VERSIONS[expectations.CURRENT]
    assert all(version == one.version for version, one in expectations.VERSIONS.items())


def test_expectations_name_what_the_requirement_names():
    words = " ".join(str(part.words) for part in expectations.current().parts)
    for needed in (
        "every session",
        "one case study on your own",
        "marked on the day",
        "sponsor",
        "experience",
    ):
        assert needed in words
