"""What was chosen on a session's register, beside what stands there by now."""

from __future__ import annotations

from typing import Any

from accounts.requests import SignedInRequest
from aimcert.foundation.name_order import InOrder
from courses.actions import needs_making_up, seen_of
from courses.models import Course, Enrolment, Session
from courses.states import Presence


def active(course: Course) -> Any:
    """Who is in the register of `course`, by name."""
    return course.enrolments.filter(withdrawn_at__isnull=True).order_by(InOrder("certificate_name"), "pk")


def rows_of(request: SignedInRequest, course: Course, session: Session) -> list[dict[str, Any]]:
    """Everyone at one session, with what stands of each now."""
    standing = session.register_entries.select_related("recorded_by", "made_up_by")
    entries = {one.enrolment_id: one for one in standing}
    rows = []
    for enrolment in active(course):
        entry = entries.get(enrolment.pk)
        final = is_final(request, enrolment)
        seen = entry.presence if entry else ""
        rows.append(
            {
                "enrolment": enrolment,
                "entry": entry,
                "key": f"p-{enrolment.uuid}",
                "seen": seen,
                "was": seen_of(entry),
                "choice": seen,
                "clash": "",
                "to_judge": entry is not None and not entry.is_complete,
                "needs_make_up": entry is not None and needs_making_up(entry) and entry.made_up_at is None,
                "may": enrolment.frozen_at is None and not final,
                "is_final": final,
            }
        )
    return rows


def is_final(request: SignedInRequest, enrolment: Enrolment) -> bool:
    """Whether the reader, a trainer, no longer writes of somebody, whose outcome is finalised."""
    return enrolment.outcome_finalised_at is not None and not request.user.is_aim_admin


def read_choices(request: SignedInRequest, rows: list[dict[str, Any]]) -> bool:
    """Note in `rows` what was chosen; whether something else stands now of somebody who was chosen for.

    Only what differs from what the page showed is a choice: what it showed and nobody touched takes
    nothing back that somebody else recorded meanwhile. A choice that was made in view of another entry
    is a clash, for which nothing is chosen until somebody does, having seen both.
    """
    for one in rows:
        if not one["may"]:
            continue
        sent = _presence(request, one["key"])
        asked = _presence(request, f"clash-{one['key']}")
        is_stale = request.POST.get(f"was-{one['key']}", "") != one["was"]
        mine = sent if asked or sent != _presence(request, f"had-{one['key']}") else ""
        if mine and (not is_stale or mine == one["seen"]):
            one["choice"] = mine
        elif mine or asked:
            one["clash"], one["choice"] = mine or asked, ""
            one["clash_label"] = Presence(one["clash"]).label
    return any(one["clash"] for one in rows)


def mark_the_rest(rows: list[dict[str, Any]]) -> None:
    """Choose *present* for everyone of whom nothing stands and nothing was chosen."""
    for one in rows:
        if one["may"] and not one["seen"] and not one["choice"] and not one["clash"]:
            one["choice"] = Presence.PRESENT


def _presence(request: SignedInRequest, name: str) -> str:
    sent = request.POST.get(name, "")
    return sent if sent in Presence.values else ""
