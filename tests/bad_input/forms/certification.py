"""Deciding, certificates, feedback, reports and follow-ups."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAppointment
from assessments.models import Answer
from assessments.states import Outcome
from certification.actions import open_follow_up, read_feedback, take_appeal
from certification.models import Appeal, FollowUp
from certification.redactions import fingerprint_of_texts, texts_with
from certification.report_kinds import KINDS
from tests import factories
from tests.bad_input.forms.filled import (
    Filled,
    carried,
    form,
    key,
    signed_in,
    somebody,
)
from tests.bad_input.values import Kind
from tests.certification import outcomes
from tests.permissions.world import World


@form("certification:branding")
def _branding(world: World) -> Filled:
    client, path = signed_in(world.people["AIM admin"]), reverse("certification:branding")
    return Filled(
        client,
        path,
        carried(client, path, "seen") | {"signatory": "Carol Whitfield", "role": "Director of Training"},
        {"signatory": Kind.PRINTED, "role": Kind.PRINTED, "seen": Kind.HIDDEN},
        needed=set(),
        seen_on=[(client, path)],
    )


@form("certification:finalise")
def _finalise(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    marked = factories.marking(factories.submission(person))
    factories.recommendation(person, marking=marked, finalised=False)
    path = reverse("certification:finalise", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key", "recommendation", "revision", "marking_revision"),
        {
            "recommendation": Kind.HIDDEN,
            "revision": Kind.HIDDEN,
            "marking_revision": Kind.HIDDEN,
            "idempotency_key": Kind.HIDDEN,
        },
    )


@form("certification:tell_later")
def _tell_later(world: World) -> Filled:
    trainer = world.people["trainer"]
    assert trainer is not None
    client, person = signed_in(trainer), outcomes.unspoken(world.course)
    path = reverse("certification:tell_later", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key")
        | {
            "told_on": str(timezone.localdate()),
            "told_by": str(trainer.uuid),
            "words": "We spoke.",
        },
        {
            "told_on": Kind.DAY,
            "told_by": Kind.CHOICE,
            "words": Kind.LINES,
            "idempotency_key": Kind.HIDDEN,
        },
        seen_on=[(client, path)],
    )


@form("certification:my_appeal")
def _ask_for_review(world: World) -> Filled:
    about = world.things["not yet"]
    client, path = signed_in(about.person), reverse("certification:my_appeal", args=[about.uuid])
    return Filled(
        client,
        path,
        key() | {"kinds": ["marks"], "words": "Question 1 was answered."},
        {"kinds": Kind.CHOICE, "words": Kind.LINES, "idempotency_key": Kind.HIDDEN},
        seen_on=[(client, path)],
    )


@form("certification:panel_rule")
def _panel_rule(world: World) -> Filled:
    client, path = signed_in(world.people["AIM admin"]), reverse("certification:panel_rule")
    return Filled(
        client,
        path,
        key() | {"needs": "no", "reason": "Nobody was found in time."},
        {"needs": Kind.CHOICE, "reason": Kind.LINES, "idempotency_key": Kind.HIDDEN},
        seen_on=[(client, path)],
    )


@form("certification:appeal_panel")
def _appeal_panel(world: World) -> Filled:
    admin = world.people["AIM admin"]
    assert admin is not None
    client, path = signed_in(admin), reverse("certification:appeal_panel", args=[world.names["appeal"]])
    take_appeal(appeal=Appeal.objects.get(uuid=world.names["appeal"]), by=admin)
    return Filled(
        client,
        path,
        key() | {"side": "unconnected", "email": "outside@people.example", "name": "Una Outside"},
        {
            "side": Kind.CHOICE,
            "email": Kind.ADDRESS,
            "name": Kind.LINE,
            "idempotency_key": Kind.HIDDEN,
        },
        needed={"side", "email", "idempotency_key"},
    )


@form("certification:appeal_decision")
def _appeal_decision(world: World) -> Filled:
    client = signed_in(world.people["Associate"])
    path = reverse("certification:appeal_decision", args=[world.names["appeal"]])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key", "seen")
        | {"result": "not_upheld", "follows": "nothing", "found": "As elsewhere.", "answer": "We asked."},
        {
            "result": Kind.CHOICE,
            "follows": Kind.CHOICE,
            "found": Kind.LINES,
            "answer": Kind.LINES,
            "seen": Kind.HIDDEN,
            "idempotency_key": Kind.HIDDEN,
        },
        seen_on=[(client, reverse("certification:appeal", args=[world.names["appeal"]]))],
    )


@form("certification:appeal_view")
def _appeal_view(world: World) -> Filled:
    client = signed_in(world.people["Associate"])
    path = reverse("certification:appeal_view", args=[world.names["appeal"]])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key", "seen") | {"confirms": "no", "words": "It was louder."},
        {
            "confirms": Kind.CHOICE,
            "words": Kind.LINES,
            "seen": Kind.HIDDEN,
            "idempotency_key": Kind.HIDDEN,
        },
        seen_on=[(client, reverse("certification:appeal", args=[world.names["appeal"]]))],
    )


@form("certification:approve_all")
def _approve_all(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    path = reverse("certification:approve_all", args=[world.course.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key", "shown"),
        {"shown": Kind.HIDDEN, "idempotency_key": Kind.HIDDEN},
    )


@form("certification:decide")
def _decide(world: World) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), world.things["eligible"]
    path = reverse("certification:decide", args=[world.course.uuid, person.uuid])
    trainers = reverse("assessments:mark", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key", "recommendation")
        | {"decision": "return", "words": "Which notes?"},
        {"decision": Kind.CHOICE, "words": Kind.LINES, "recommendation": Kind.HIDDEN},
        seen_on=[(client, path), (signed_in(world.people["trainer"]), trainers)],
    )


@form("certification:appoint")
def _appoint(world: World) -> Filled:
    conflicted = world.people["AIM admin who trained"]
    # Nobody else is free, whoever in this world was appointed for another thing.
    others = StaffAppointment.objects.exclude(person=conflicted)
    others.update(ended_at=timezone.now(), ended_by=conflicted)
    client, person = signed_in(conflicted), world.things["eligible"]
    return Filled(
        client,
        reverse("certification:appoint", args=[world.course.uuid, person.uuid]),
        key() | {"associate": str(world.people["Associate"].uuid), "reason": "Nobody is free."},  # type: ignore[union-attr]
        {"associate": Kind.CHOICE, "reason": Kind.LINES},
        unseen={"reason"},
    )


@form("certification:revoke")
def _revoke(world: World) -> Filled:
    client, uuid = signed_in(world.people["AIM admin"]), world.names["certificate"]
    return Filled(
        client,
        reverse("certification:revoke", args=[uuid]),
        key() | {"reason": "It was obtained with another’s answers."},
        {"reason": Kind.LINES},
        seen_on=[(client, reverse("certification:certificate", args=[uuid]))],
    )


@form("certification:my_feedback: comment")
def _comment(world: World) -> Filled:
    person = world.things["not yet"]
    client = signed_in(person.person)
    path = reverse("certification:my_feedback", args=[person.uuid])
    follow_up = reverse("certification:follow_up", args=[world.names["follow_up"]])
    return Filled(
        client,
        path,
        {"do": "comment", "comment": "I was ill."},
        {"comment": Kind.LINES, "do": Kind.HIDDEN},
        seen_on=[(client, path), (signed_in(world.people["commissioner"]), follow_up)],
    )


@form("certification:my_feedback: read")
def _read(world: World) -> Filled:
    person = _unread(world).enrolment
    client = signed_in(person.person)
    path = reverse("certification:my_feedback", args=[person.uuid])
    return Filled(
        client, path, carried(client, path, "idempotency_key", "do"), {"do": Kind.HIDDEN}, needed=set()
    )


@form("certification:my_feedback: send")
def _send(world: World) -> Filled:
    follow_up = _unread(world)
    person = follow_up.enrolment
    read_feedback(follow_up=follow_up, by=person.person)
    client = signed_in(person.person)
    path = reverse("certification:my_feedback", args=[person.uuid])
    sent_to = reverse("certification:follow_up", args=[follow_up.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "idempotency_key", "do") | {"comment": "I was ill."},
        {"comment": Kind.LINES, "do": Kind.HIDDEN},
        needed=set(),
        seen_on=[(client, path), (signed_in(world.people["commissioner"]), sent_to)],
    )


def _unread(world: World) -> FollowUp:
    recommendation = factories.recommended(world.course, outcome=Outcome.NOT_YET).recommendations.get()
    return open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)


@form("certification:report_request")
def _report(world: World) -> Filled:
    _somebody_else = factories.enrolment(world.course, sponsor=factories.OrganisationFactory.create())
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("certification:report_request", args=[world.course.uuid]),
        key() | {"kind": next(iter(KINDS)), "organisation": str(world.organisation.uuid), "format": "pdf"},
        {"kind": Kind.HIDDEN, "organisation": Kind.CHOICE, "format": Kind.CHOICE},
    )


@form("certification:follow_up")
def _step(world: World) -> Filled:
    client = signed_in(world.people["commissioner"])
    path = reverse("certification:follow_up", args=[world.names["follow_up"]])
    return Filled(
        client,
        path,
        key() | {"done": "We spoke.", "done_on": str(timezone.localdate()), "closes": "no"},
        {"done": Kind.LINES, "done_on": Kind.DAY, "closes": Kind.CHOICE},
        seen_on=[(client, path)],
    )


@form("certification:redact")
def _redaction(world: World) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), world.things["eligible"]
    answer = Answer.objects.filter(submission__enrolment=person, text__contains=" ").order_by("pk").first()
    assert answer is not None
    passage = answer.text.split()[0]
    path = reverse("certification:redact", args=[world.course.uuid, person.uuid])
    texts = texts_with(person, passage)
    return Filled(
        client,
        path,
        {
            "confirm": "yes",
            "passage": passage,
            "reason": "A real child is named.",
            "keys": [one.key for text in texts for one in text.occurrences],
            "shown": fingerprint_of_texts(texts),
            **key(),
        },
        {"reason": Kind.LINES, "passage": Kind.HIDDEN, "shown": Kind.HIDDEN},
        seen_on=[(client, path)],
    )
