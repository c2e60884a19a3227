"""Reviews, asked, empty, answered, and with mistakes: their pages are accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from certification.models import Appeal
from tests import factories
from tests.certification import outcomes
from tests.certification.appeals import steps
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


def test_asking_and_deciding(wrong: Wrong) -> None:
    about, admin = outcomes.opened(factories.course()).enrolment, factories.admin()
    mine = at("certification:my_appeal", about)
    assert not wrong(about.person, mine)
    assert not wrong(about.person, mine, sent={"words": ""})
    appeal: Appeal = steps.asked(about)
    inside, outside = steps.panel(appeal)
    one, decision = at("certification:appeal", appeal), at("certification:appeal_decision", appeal)
    assert not wrong(inside, decision)
    steps.actions.draft_decision(appeal=appeal, proposed=steps.proposed(), by=inside)
    assert not wrong(outside, one, at("certification:appeal_view", appeal))
    assert not wrong(admin, at("certification:appeals"), one, at("certification:appeal_panel", appeal))
    assert not wrong(admin, at("certification:appeal_record", appeal), at("certification:panel_rule"))
    steps.actions.view_draft(appeal=appeal, confirms=True, seen=1, by=outside)
    assert not wrong(about.person, mine)
