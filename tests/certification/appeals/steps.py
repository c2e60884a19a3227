"""Steps of tests about appeals: asked, in hand, a whole panel, a draft."""

from __future__ import annotations

from typing import Any

from accounts.models import Person
from certification import actions
from certification.models import Appeal, PanelMember
from certification.states import AppealFollows, AppealKind, AppealResult
from courses.models import Enrolment
from tests import factories

WORDS = "REVIEW-WORDS: question 1 was answered."


def asked(enrolment: Enrolment, **fields: Any) -> Appeal:
    """A review that the person of `enrolment` asked for."""
    said: dict[str, Any] = {"kinds": [AppealKind.MARKS], "words": WORDS, "by": enrolment.person}
    return actions.ask_for_review(enrolment=enrolment, **said | fields)


def in_hand(appeal: Appeal, admin: Person) -> Appeal:
    """The appeal, taken in hand by `admin`."""
    return actions.take_appeal(appeal=appeal, by=admin)


def member(appeal: Appeal, person: Person, *, by: Person, unconnected: bool = False) -> PanelMember:
    """`person` among those who decide, who declared to have no part in it."""
    made = actions.appoint_member(appeal=appeal, email=person.email, is_unconnected=unconnected, by=by)
    return actions.declare_no_part(member=made, by=person)


def panel(appeal: Appeal) -> tuple[Person, Person]:
    """An Associate and somebody unconnected, who decide it."""
    admin = factories.admin()
    in_hand(appeal, admin)
    inside = factories.associate(factories.course().programme)
    outside = factories.PersonFactory.create(name="Una Outside")
    member(appeal, inside, by=admin)
    member(appeal, outside, by=admin, unconnected=True)
    return inside, outside


def proposed(**fields: Any) -> actions.Proposed:
    """A decision that changes nothing, unless said otherwise."""
    said: dict[str, Any] = {
        "result": AppealResult.NOT_UPHELD,
        "follows": AppealFollows.NOTHING,
        "found": "FOUND: the marks are right.",
        "answer": "We read every answer again.",
    }
    return actions.Proposed(**said | fields)


def answered(appeal: Appeal, **fields: Any) -> Appeal:
    """The appeal, answered by a whole panel."""
    inside, outside = panel(appeal)
    actions.draft_decision(appeal=appeal, proposed=proposed(**fields), by=inside)
    actions.view_draft(appeal=appeal, confirms=True, seen=1, by=outside)
    appeal.refresh_from_db()
    return appeal
