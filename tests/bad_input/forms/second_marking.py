"""The forms of second marking."""

from __future__ import annotations

from django.urls import reverse

from assessments.marking import actions
from assessments.models import SecondMarker
from courses.models import Enrolment
from tests import factories
from tests.assessments.marking import second
from tests.bad_input.forms.assessments import MARK_KINDS, MARKED
from tests.bad_input.forms.filled import Filled, carried, form, signed_in, somebody
from tests.bad_input.values import Kind
from tests.permissions.world import World


def _script(world: World, *, differs: bool = False) -> tuple[Enrolment, SecondMarker]:
    """Somebody's answers that the world's Associate marks a second time; `differs`, and finished so."""
    person = somebody(world.course)
    factories.marking(factories.submission(person))
    script = second.asked(person, world.people["Associate"])
    if differs:
        actions.mark_again(script=script.uuid, marks=second.marks(c1_2="not_met"), by=script.marker)
        actions.finish_second_marking(script=script, by=script.marker)
    return person, script


@form("assessments:second_mark")
def _second_mark(world: World) -> Filled:
    client, (_person, script) = signed_in(world.people["Associate"]), _script(world)
    path = reverse("assessments:second_mark", args=[script.uuid])
    values = carried(client, path, "base_1_1", "had_1_1") | MARKED
    own = {name: value for name, value in values.items() if "oral" not in name and "settled" not in name}
    kinds = {name: kind for name, kind in MARK_KINDS.items() if name in own}
    return Filled(client, path, own, kinds, needed=set(), seen_on=[(client, path)])


@form("assessments:second_hand_back")
def _hand_back(world: World) -> Filled:
    client, (_person, script) = signed_in(world.people["Associate"]), _script(world)
    return Filled(
        client,
        reverse("assessments:second_hand_back", args=[script.uuid]),
        {"because": "I know the writing."},
        {"because": Kind.LINES},
        unseen={"because"},
    )


@form("assessments:settle: say")
def _say(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), _script(world, differs=True)[0]
    path = reverse("assessments:settle", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        {"text": "Read it again.", "then": "say"},
        {"text": Kind.LINES},
        seen_on=[(client, path)],
    )


@form("assessments:settle: propose")
def _propose(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), _script(world, differs=True)[0]
    path = reverse("assessments:settle", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        {"judged_1_2": "met", "seen": "", "then": "propose"},
        {"judged_1_2": Kind.CHOICE, "seen": Kind.HIDDEN},
        needed={"judged_1_2"},
    )


@form("assessments:settle: settle")
def _settle(world: World) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), _script(world, differs=True)[0]
    path = reverse("assessments:settle", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        {"judged_1_2": "met", "reason": "The passage is used.", "seen": "", "then": "settle"},
        {"judged_1_2": Kind.CHOICE, "reason": Kind.LINES, "seen": Kind.HIDDEN},
        needed={"judged_1_2", "reason"},
        seen_on=[(client, path)],
    )


@form("assessments:second_settle")
def _second_settle(world: World) -> Filled:
    client, (_person, script) = signed_in(world.people["Associate"]), _script(world, differs=True)
    path = reverse("assessments:second_settle", args=[script.uuid])
    return Filled(
        client, path, {"text": "I did.", "then": "say"}, {"text": Kind.LINES}, seen_on=[(client, path)]
    )


@form("assessments:second_numbers")
def _numbers(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    path = reverse("assessments:second_numbers", args=[world.course.programme.code])
    values = {"sample_at_least": "5", "sample_percent": "20", "first_courses": "1", "because": "New people."}
    kinds = {name: Kind.NUMBER for name in values if name != "because"} | {"because": Kind.LINES}
    return Filled(client, path, values, kinds, seen_on=[(client, path)])


@form("certification:second_markers")
def _ask(world: World) -> Filled:
    person = somebody(world.course)
    marked = factories.marking(factories.submission(person), judged="not_met")
    factories.recommendation(person, marking=marked, finalised=False, override_reason="Seen in the room.")
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("certification:second_markers", args=[world.course.uuid]),
        {"people": [str(person.uuid)], "associate": str(world.people["Associate"].uuid)},  # type: ignore[union-attr]
        {"people": Kind.CHOICE, "associate": Kind.CHOICE},
    )


@form("certification:take_back")
def _take_back(world: World) -> Filled:
    _person, script = _script(world)
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("certification:take_back", args=[world.course.uuid, script.uuid]),
        {"because": "She is ill."},
        {"because": Kind.LINES},
        unseen={"because"},
    )
