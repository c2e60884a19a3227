"""What a filled-in form is, and what those who fill them in share."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from accounts.models import Person
from courses.models import Course, Enrolment
from tests import factories
from tests.bad_input.pages import read
from tests.bad_input.values import Kind, encoded
from tests.permissions.world import World


@dataclass
class Filled:
    """One form that would be accepted as it stands.

    Args:
        client: a browser of the person who sends it.
        path: where it is sent.
        values: what it is sent with.
        kinds: what its fields take.
        needed: the fields that cannot be left empty; None: all of them.
        seen_on: pages that show what was typed, with the browser that opens them.
        own_ids: where a field's error leads, if that does not hold the field's name.
        unseen: what those pages do not show.
    """

    client: Client
    path: str
    values: dict[str, Any]
    kinds: dict[str, Kind]
    needed: set[str] | None = None
    seen_on: list[tuple[Client, str]] = field(default_factory=list)
    own_ids: dict[str, str] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)

    def needs(self, name: str) -> bool:
        return self.needed is None or name in self.needed


FORMS: dict[str, Callable[[World], Filled]] = {}

# Routes that take nothing but a press: what there is to be wrong is in test_sending.py.
BUTTONS = {
    # A script's: tests/assessments/answering/test_saving.py sends it what is no save.
    "assessments:save",
    "assessments:journal",
    # A script's too: tests/courses/test_register_rows.py.
    "courses:register_choose",
    # And these: tests/assessments/marking/test_marking_pages.py and test_by_question.py.
    "assessments:judge",
    "assessments:judge_answer",
    "assessments:second_judge",
    "assessments:sample",
    "assessments:mark_stay",
    "assessments:mark_next",
    "assessments:mark_take_over",
    # A browser makes what it takes: tests/accounts/test_second_step.py sends what no browser made.
    "account_add_passkey",
    "account_recovery_codes",
    "account_remove_factor",
    "account_end_session",
    "account_end_other_sessions",
    "account_logout",
    "account_sign_out_everywhere",
    "end_membership",
    "end_staff_appointment",
    "retry_email",
    "certification:try_again",
    "certification:appeal",
    "certification:my_appeal_withdraw",
    "courses:licence_withdraw",
    "courses:associate_remove",
    "courses:nomination_withdraw",
    "courses:nomination_resend",
    "courses:confirm_sponsor",
    "courses:refuse_sponsor",
    "courses:confirm_acceptance",
    "courses:enrolment_withdraw",
    "courses:identity",
    "courses:walk_in_again",
    "assessments:release",
    "assessments:close",
    "assessments:close_soon",
    "assessments:more_time",
    "assessments:helped",
    "assessments:help",
    "assessments:adjustment_end",
    "assessments:paper_codes",
    # Files alone: tests/assessments/answering/test_paper_pages.py and test_unsent.py send what is none.
    "assessments:transcription_scans",
    "assessments:unsent",
    "assessments:transcription_scan_remove",
    "assessments:transcription_done",
    "assessments:transcription_give_up",
    "assessments:publish",
    "assessments:withdraw_disagreement",
    "assessments:move_pin",
    "assessments:framework_draft",
    "assessments:framework_stage_new",
    "assessments:framework_stage_remove",
    "assessments:framework_publish",
    "assessments:version_author_end",
    "assessments:version_propose",
    "assessments:version_withdraw",
    "assessments:version_section_move",
    "assessments:version_section_remove",
    "assessments:version_question_move",
    "assessments:version_question_remove",
    "assessments:version_remind",
    "assessments:version_freeze",
    "assessments:version_unavailable_end",
    "assessments:version_objection_withdraw",
    "safeguarding:stand_aside",
    "safeguarding:end_lead",
}


def form(name: str) -> Callable[[Callable[[World], Filled]], Callable[[World], Filled]]:
    """The form of a route; one of several is named "route: which"."""

    def add(filled: Callable[[World], Filled]) -> Callable[[World], Filled]:
        FORMS[name] = filled
        return filled

    return add


def signed_in(person: Person | None) -> Client:
    """A browser in which `person` is signed in, or nobody."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def send(filled: Filled, changed: dict[str, Any]) -> HttpResponse:
    """Send a form with some of its fields changed; None: without them.

    Cookies that come with the answer are forgotten, as the rows are.
    """
    values = {"csrfmiddlewaretoken": "-"} | filled.values | changed
    cookies = copy.deepcopy(filled.client.cookies)
    response = filled.client.post(
        filled.path,
        encoded({name: value for name, value in values.items() if value is not None}),
        content_type="application/x-www-form-urlencoded",
    )
    filled.client.cookies = cookies
    return response  # type: ignore[return-value]


def carried(client: Client, path: str, *names: str) -> dict[str, Any]:
    """What the page at `path` carries along under `names`."""
    values = read(client.get(path)).values
    return {name: values[name][0] for name in names}


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid4())}


def somebody(course: Course) -> Enrolment:
    """Somebody who was there all the time."""
    return factories.enrolment(course, attended=True)


PERSON = {"name": "Zoë O’Neill", "email": "zoe@people.example"}
PERSON_KINDS = {"name": Kind.LINE, "email": Kind.ADDRESS}
