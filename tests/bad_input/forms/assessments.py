"""Answering, marking and recommending."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from assessments.answering import actions as answering_actions
from assessments.answering.addresses import code_of
from assessments.case_studies import actions as case_study_actions
from assessments.case_studies.exchange import file_of
from assessments.marking.piles import answer_code
from assessments.models import Answer, Recommendation, Submission
from assessments.states import Outcome
from courses.models import Enrolment
from tests import factories
from tests.assessments.marking.sheets import JUDGED, cells, filled, hand_in, take
from tests.bad_input.forms.filled import (
    Filled,
    carried,
    form,
    key,
    signed_in,
    somebody,
)
from tests.bad_input.values import Kind
from tests.pages import fields_in
from tests.permissions.world import World


@form("assessments:version_import")
def _version(world: World) -> Filled:
    underway = world.course.programme.case_study.versions.underway().get()
    first = world.course.programme.case_study.versions.in_force().get()
    # Only one is written at a time.
    case_study_actions.withdraw_version(version=underway, by=world.people["AIM admin"])  # type: ignore[arg-type]
    given = file_of(first).decode()
    edited = [line for line in given.split("\n") if '"fingerprint"' not in line and '"checksum"' not in line]
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("assessments:version_import"),
        {"text": "\n".join(edited).replace("The case of Robin", "The case of Wren")},
        {"text": Kind.FILE_TEXT},
        own_ids={"text": "id_"},
    )


@form("assessments:entry_code")
def _give_code(world: World) -> Filled:
    return Filled(
        signed_in(world.people["trainer"]),
        reverse("assessments:entry_code", args=[world.course.uuid, world.enrolment.uuid]),
        {"present": "on"},
        {"present": Kind.TICK},
    )


@form("assessments:room_code")
def _room_code(world: World) -> Filled:
    trainer = world.people["trainer"]
    given = answering_actions.give_entry_code(enrolment=world.enrolment, by=trainer)  # type: ignore[arg-type]
    return Filled(
        signed_in(None),
        reverse("assessments:room_code", args=[code_of(world.course.number)]),
        {"email": world.enrolment.person.email, "code": given.code},
        {"email": Kind.ADDRESS, "code": Kind.CODE},
        # Another's address is no wrong address: it does not go together with the code.
        own_ids={"email": "id_"},
    )


@form("assessments:question")
def _answer(world: World) -> Filled:
    client = signed_in(world.people["participant"])
    path = reverse("assessments:question", args=[world.enrolment.uuid, 1])
    return Filled(
        client,
        path,
        carried(client, path, "base_revision") | {"text": "What I think.", "then": "list"},
        {"text": Kind.ANSWER, "base_revision": Kind.HIDDEN, "then": Kind.HIDDEN, "choice": Kind.HIDDEN},
        needed=set(),
        seen_on=[(client, path), (client, reverse("assessments:check", args=[world.enrolment.uuid]))],
        own_ids={"text": "answer"},
    )


@form("assessments:check")
def _check(world: World) -> Filled:
    return Filled(
        signed_in(world.people["participant"]),
        reverse("assessments:check", args=[world.enrolment.uuid]),
        {"blank_2": "on"},
        {"blank_2": Kind.TICK},
    )


@form("assessments:submit")
def _submit(world: World) -> Filled:
    submission = Submission.objects.get(enrolment=world.enrolment)
    for question in submission.version.questions.filter(number__gt=1):
        Answer.objects.create(
            submission=submission, version=submission.version, question=question, text="Another."
        )
    client = signed_in(world.people["participant"])
    path = reverse("assessments:submit", args=[world.enrolment.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "submission") | {"declared": "on"},
        {"declared": Kind.TICK, "submission": Kind.HIDDEN},
    )


MARKED = {
    "judged_1_1": "partly_met",
    "note_1_1": "A note.",
    "oral_question_1_1": "Why?",
    "oral_answer_1_1": "Because.",
    "settled_1_1": "met",
    "then": "here",
}
MARK_KINDS = {
    "judged_1_1": Kind.CHOICE,
    "note_1_1": Kind.LINES,
    "oral_question_1_1": Kind.LINES,
    "oral_answer_1_1": Kind.LINES,
    "settled_1_1": Kind.CHOICE,
    "base_1_1": Kind.HIDDEN,
    "had_1_1": Kind.HIDDEN,
    "then": Kind.HIDDEN,
}
# What settles a criterion has words; a note, and a question that settles nothing yet, stand alone.
MARK_NEEDS = {"judged_1_1", "oral_question_1_1", "oral_answer_1_1"}


@form("assessments:mark")
def _mark(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    factories.submission(person)
    path = reverse("assessments:mark", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "base_1_1", "had_1_1", "submission") | MARKED,
        MARK_KINDS | {"submission": Kind.HIDDEN},
        needed=MARK_NEEDS,
        seen_on=[(client, path)],
    )


@form("assessments:mark_answer")
def _mark_answer(world: World) -> Filled:
    client, submission = signed_in(world.people["trainer"]), factories.submission(somebody(world.course))
    code = answer_code(submission.version.questions.get(number=1).uuid, submission.uuid)
    path = reverse("assessments:mark_answer", args=[world.course.uuid, 1, code])
    values = carried(client, path, "base_1_1", "had_1_1") | MARKED
    return Filled(client, path, values, MARK_KINDS, needed=MARK_NEEDS, seen_on=[(client, path)])


@form("assessments:marking_sheet")
def _marking_sheet(world: World) -> Filled:
    """What the page of a sheet carries; tests/assessments/marking/test_hostile_sheets.py hands in files."""
    client, submission = signed_in(world.people["trainer"]), factories.submission(somebody(world.course))
    code = answer_code(submission.version.questions.get(number=1).uuid, submission.uuid)
    content = take(client, world.course)
    row = 2 + [one[0] for one in cells(content)].index(code)
    rows = fields_in(hand_in(client, world.course, filled(content, (1, row, JUDGED, "Met"))).text)["rows"]
    path = reverse("assessments:marking_sheet", args=[world.course.uuid])
    return Filled(client, path, {"rows": rows}, {"rows": Kind.HIDDEN})


def _recommended(world: World) -> tuple[Enrolment, Recommendation]:
    person = somebody(world.course)
    marked = factories.marking(factories.submission(person), judged="not_met")
    return person, factories.recommendation(person, outcome=Outcome.NOT_YET, marking=marked, finalised=False)


@form("assessments:recommend")
def _recommend(world: World) -> Filled:
    client, (person, _made) = signed_in(world.people["trainer"]), _recommended(world)
    path = reverse("assessments:recommend", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "revision")
        | {
            "outcome": "not_yet",
            "reasons": ["interest", "experience"],
            "interest_observed": "Looked away.",
            "interest_own_account": "Was tired.",
            "experience_shown": "New to this age group.",
            "experience_needed": "One assessment beside a colleague.",
            "understanding_words": "",
            "not_assessed_because": "",
            "override_reason": "",
        },
        {
            "outcome": Kind.CHOICE,
            "reasons": Kind.CHOICE,
            "interest_observed": Kind.LINES,
            "interest_own_account": Kind.LINES,
            "experience_shown": Kind.LINES,
            "experience_needed": Kind.LINES,
            "not_assessed_because": Kind.CHOICE,
            "revision": Kind.HIDDEN,
        },
        needed={
            "outcome",
            "reasons",
            "interest_observed",
            "interest_own_account",
            "experience_shown",
            "experience_needed",
        },
        seen_on=[(client, path)],
    )


@form("assessments:agree")
def _agree(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    factories.marking(factories.submission(person), judged="not_met")
    path = reverse("assessments:agree", args=[world.course.uuid, person.uuid])
    page = reverse("assessments:recommend", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        {"suggested": "not_yet", "revision": "0"} | carried(client, page, "marking_revision"),
        {"suggested": Kind.HIDDEN, "revision": Kind.HIDDEN, "marking_revision": Kind.HIDDEN},
        seen_on=[(client, page)],
    )


@form("assessments:no_conversation")
def _no_conversation(world: World) -> Filled:
    client, (person, _made) = signed_in(world.people["trainer"]), _recommended(world)
    path = reverse("assessments:no_conversation", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "revision")
        | {
            "because": "other",
            "words": "The building was closed.",
            "holder": str(world.people["trainer"].uuid),  # type: ignore[union-attr]
            "due_on": str(timezone.localdate() + timedelta(days=2)),
        },
        {
            "because": Kind.CHOICE,
            "words": Kind.LINES,
            "holder": Kind.CHOICE,
            "due_on": Kind.DAY,
            "revision": Kind.HIDDEN,
        },
        seen_on=[(client, path)],
    )


@form("assessments:conversation")
def _conversation(world: World) -> Filled:
    client, (person, _made) = signed_in(world.people["trainer"]), _recommended(world)
    path = reverse("assessments:conversation", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "revision")
        | {
            "day": str(timezone.localdate() - timedelta(days=1)),
            "time": "10:30",
            "held_by": str(world.people["trainer"].uuid),  # type: ignore[union-attr]
            "words": "We spoke.",
        },
        {
            "day": Kind.DAY,
            "time": Kind.CLOCK,
            "held_by": Kind.CHOICE,
            "words": Kind.LINES,
            "revision": Kind.HIDDEN,
        },
        seen_on=[(client, path)],
    )


@form("assessments:feedback")
def _feedback(world: World) -> Filled:
    client, (person, _made) = signed_in(world.people["trainer"]), _recommended(world)
    path = reverse("assessments:feedback", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "revision")
        | {"told_participant": "To you.", "told_commissioner": "To them.", "internal_note": "To us."},
        {
            "told_participant": Kind.LINES,
            "told_commissioner": Kind.LINES,
            "internal_note": Kind.LINES,
            "revision": Kind.HIDDEN,
        },
        needed=set(),
        seen_on=[(client, path)],
    )


@form("assessments:disagree")
def _disagree(world: World) -> Filled:
    client, (person, _made) = signed_in(world.people["AIM admin who trained"]), _recommended(world)
    path = reverse("assessments:disagree", args=[world.course.uuid, person.uuid])
    return Filled(
        client, path, {"reason": "I see it otherwise."}, {"reason": Kind.LINES}, seen_on=[(client, path)]
    )


@form("assessments:my_adjustments")
def _ask(world: World) -> Filled:
    client = signed_in(world.people["participant"])
    path = reverse("assessments:my_adjustments", args=[world.enrolment.uuid])
    return Filled(
        client,
        path,
        key() | {"kinds": ["breaks", "other"], "words": "A chair with a high back."},
        {"kinds": Kind.CHOICE, "words": Kind.LINES},
        seen_on=[(client, path)],
    )


_HAPPENED = {
    "what": "The fire alarm went off.",
    "day": str(timezone.localdate()),
    "time": "00:00",
    "minutes": "10",
    "effect": "Nobody could write.",
}


@form("assessments:my_considerations")
def _tell(world: World) -> Filled:
    client = signed_in(world.people["participant"])
    path = reverse("assessments:my_considerations", args=[world.enrolment.uuid])
    return Filled(
        client,
        path,
        key() | _HAPPENED,
        {"what": Kind.LINES, "day": Kind.DAY, "effect": Kind.LINES, "minutes": Kind.NUMBER},
        needed={"what", "day", "time", "effect"},
        seen_on=[(client, path)],
    )


@form("assessments:consideration_record")
def _record(world: World) -> Filled:
    client = signed_in(world.people["trainer"])
    path = reverse("assessments:consideration_record", args=[world.course.uuid])
    # Each to whom it happened reads it.
    theirs = reverse("assessments:my_considerations", args=[world.enrolment.uuid])
    return Filled(
        client,
        path,
        key() | _HAPPENED | {"whom": "some", "people": [str(world.enrolment.uuid)]},
        {
            "whom": Kind.CHOICE,
            "people": Kind.CHOICE,
            "what": Kind.LINES,
            "day": Kind.DAY,
            "effect": Kind.LINES,
            "minutes": Kind.NUMBER,
        },
        needed={"whom", "what", "day", "time", "effect"},
        seen_on=[(signed_in(world.people["participant"]), theirs)],
    )


@form("assessments:consideration")
def _decide(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    row = world.enrolment.considerations.get()
    path = reverse("assessments:consideration", args=[world.course.uuid, world.enrolment.uuid, row.uuid])
    return Filled(
        client,
        path,
        key() | {"follows": "nothing", "reason": "It was ten minutes, and the room had ten more."},
        {"follows": Kind.CHOICE, "reason": Kind.LINES, "minutes": Kind.NUMBER, "from_day": Kind.DAY},
        needed={"follows", "reason"},
        seen_on=[(client, path)],
    )


@form("assessments:adjustments")
def _grant(world: World) -> Filled:
    client = signed_in(world.people["trainer"])
    path = reverse("assessments:adjustments", args=[world.course.uuid, world.enrolment.uuid])
    return Filled(
        client,
        path,
        key() | {"kind": "other", "minutes": "", "details": "A chair with a high back."},
        {"kind": Kind.CHOICE, "details": Kind.LINES},
        seen_on=[(client, path)],
    )


@form("assessments:adjustment_answer")
def _answer_request(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    asked = world.enrolment.adjustment_requests.get()
    args = [world.course.uuid, world.enrolment.uuid, asked.uuid]
    return Filled(
        client,
        reverse("assessments:adjustment_answer", args=args),
        key() | {"kinds": ["large_print"], "answer": "Your booklet comes in larger print."},
        {"kinds": Kind.CHOICE, "answer": Kind.LINES},
        needed={"answer"},
        seen_on=[(client, reverse("assessments:adjustments", args=args[:2]))],
    )
