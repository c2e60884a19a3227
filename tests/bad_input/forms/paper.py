"""Paper: why it was used, what it says, and comparing both."""

from __future__ import annotations

from django.urls import reverse

from assessments.models import Transcription
from tests.bad_input.forms.filled import Filled, carried, form, signed_in, somebody
from tests.bad_input.values import Kind
from tests.paper import typed_in
from tests.permissions.world import World


@form("assessments:transcription")
def _begin(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    path = reverse("assessments:transcription", args=[person.uuid])
    return Filled(
        client, path, {"reason": "No network at the venue."}, {"reason": Kind.LINES}, seen_on=[(client, path)]
    )


@form("assessments:transcription_question")
def _type(world: World) -> Filled:
    client = signed_in(world.people["AIM admin who trained"])
    row = Transcription.objects.underway().get()
    path = reverse("assessments:transcription_question", args=[row.enrolment.uuid, 1])
    return Filled(
        client,
        path,
        carried(client, path, "base_revision") | {"text": "What the paper says.", "then": "list"},
        {"text": Kind.ANSWER, "base_revision": Kind.HIDDEN, "then": Kind.HIDDEN},
        needed=set(),
        seen_on=[(client, path)],
        own_ids={"text": "answer"},
    )


@form("assessments:transcription_check")
def _check(world: World) -> Filled:
    row = typed_in(somebody(world.course), by=world.people["trainer"])
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("assessments:transcription_check", args=[row.enrolment.uuid]),
        {"do": "submit", "same": "on", "signed": "on"},
        {"same": Kind.TICK, "signed": Kind.TICK},
    )


@form("assessments:transcription_check: sent back")
def _return(world: World) -> Filled:
    row = typed_in(somebody(world.course), by=world.people["trainer"])
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("assessments:transcription_check", args=[row.enrolment.uuid]),
        {"do": "return", "differs": "Question 1: a word."},
        {"differs": Kind.LINES},
        seen_on=[
            (
                signed_in(world.people["trainer"]),
                reverse("assessments:transcription", args=[row.enrolment.uuid]),
            )
        ],
    )
