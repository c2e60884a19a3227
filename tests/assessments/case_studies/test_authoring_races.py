"""Two authors at once, on two connections: one saves, the other's text is kept beside it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Section, Version
from tests import factories
from tests.assessments.case_studies import writing

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_saves_of_one_section_at_once_keep_both_texts() -> None:
    admin = factories.admin()
    version = writing.draft(writing.aim3(), admin)
    section = version.sections.get(number=1)
    people = {"Ada": writing.author(version, admin), "Ben": writing.author(version, admin)}
    together = threading.Barrier(2)

    def save(name: str) -> str:
        try:
            together.wait(10)
            actions.save_section(
                section=Section.objects.get(pk=section.pk),
                title="Referral",
                body=f"{name}’s text.",
                figure=None,
                base_revision=1,
                by=Person.objects.get(pk=people[name].pk),
            )
        except actions.StalePassage as stale:
            return stale.standing["body"]
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        ended = dict(zip(people, pool.map(save, people), strict=True))
    winner = next(name for name in ended if ended[name] == "saved")
    loser = next(name for name in ended if name != winner)
    assert ended[loser] == f"{winner}’s text."
    section.refresh_from_db()
    assert (section.body, section.revision) == (f"{winner}’s text.", 2)
    aside = version.wordings.get(set_aside=True)
    assert (aside.content["body"], aside.saved_by) == (f"{loser}’s text.", people[loser])


def test_freezing_and_saving_at_once_never_change_what_was_agreed() -> None:
    admin = factories.admin()
    version = writing.draft(writing.aim3(), admin)
    actions.agree(
        version=actions.propose_version(version=version, by=admin), by=writing.author(version, admin)
    )
    section = version.sections.get(number=1)
    together = threading.Barrier(2)

    def freeze() -> None:
        try:
            together.wait(10)
            actions.freeze_version(version=Version.objects.get(pk=version.pk), by=admin)
        except actions.NotAgreedByAll:
            pass
        finally:
            connection.close()

    def save() -> None:
        try:
            together.wait(10)
            actions.save_section(
                section=section, title="Referral", body="Late.", figure=None, base_revision=1, by=admin
            )
        except actions.VersionFrozen:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(freeze), pool.submit(save)]:
            done.result(30)
    version.refresh_from_db()
    section.refresh_from_db()
    assert (section.body == "Late.") == (version.frozen_at is None)
    agreed = version.agreements.get().fingerprint
    assert (version.frozen_at is None) or version.fingerprint == agreed
