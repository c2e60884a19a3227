"""What one moment of a room says of each of its people, in words that change once a minute at most."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aimcert.foundation.times import said_clock
from assessments.answering.answer_progress import ON_PAPER
from assessments.answering.boards.seats import STEPS, Seat, Step
from assessments.answering.hours import minutes_until
from assessments.answering.models import Sitting

# A page asks about every ten seconds; three times unheard, and it is no longer there.
HERE = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)


class Telling:
    """What one moment of a room says of each of its people."""

    def __init__(self, sitting: Sitting | None, questions: Iterable[tuple[int, int]], now: datetime) -> None:
        self.sitting, self.questions, self.now = sitting, list(questions), now
        self.ends_at = sitting.ends_at if sitting is not None else None

    def seat(self, name: str, row: tuple[Any, ...], *, shows_hours: bool = True) -> Seat:
        (
            _pk,
            uuid,
            _name,
            seen_at,
            wanted_at,
            answered_at,
            extra,
            until,
            reopened_at,
            submitted_at,
            saved_at,
            found,
            is_on_paper,
        ) = row
        own_end = self.sitting.closes_at_for(extra_minutes=extra, until=until) if self.sitting else None
        is_over = own_end is not None and own_end <= self.now
        is_again = bool(submitted_at and reopened_at and reopened_at > submitted_at and not is_over)
        is_submitted = submitted_at is not None and not is_again
        steps = tuple(self._steps({} if is_again else _read(found), is_submitted))
        if is_on_paper and not is_submitted:
            state, tone = str(ON_PAPER[0]), ON_PAPER[1]
        else:
            state, tone = self._state(steps, is_submitted, is_again, is_over)
        known = [at for at in (seen_at, saved_at) if at is not None]
        connection, is_here = self._connection(max(known, default=None))
        is_longer = own_end is not None and self.ends_at is not None and own_end > self.ends_at
        wants = wanted_at is not None and answered_at is None and not is_submitted
        return Seat(
            uuid=uuid,
            name=name,
            steps=steps,
            is_submitted=is_submitted,
            has_begun=found is not None or submitted_at is not None,
            state=state,
            tone=tone,
            saved=self._saved(saved_at) if not is_submitted and not is_again else "",
            connection=connection,
            is_here=is_here,
            waits=int((self.now - wanted_at) / MINUTE) if wants else None,
            knows=wanted_at is not None and answered_at is not None and not is_submitted,
            own_end=own_end if is_longer and shows_hours else None,
        )

    def closes(self) -> str:
        """When the room closes, to be read from across it."""
        if self.sitting is None or self.sitting.opened_at is None:
            return _("The questions are not open yet")
        if self.ends_at is None:
            return _("Open, without a planned end")
        clock = {"time": said_clock(self.ends_at)}
        if self.ends_at <= self.now:
            return _("Answering closed at %(time)s") % clock
        left = minutes_until(self.ends_at, self.now)
        return ngettext(
            "Closes at %(time)s, in %(n)d minute", "Closes at %(time)s, in %(n)d minutes", left
        ) % {**clock, "n": left}

    def _steps(self, found: dict[str, str], is_submitted: bool) -> Iterable[Step]:
        for pk, number in self.questions:
            code = found.get(str(pk), "none")
            # What was submitted is not in progress any more.
            yield Step(number, *STEPS["done" if is_submitted and code == "progress" else code])

    def _state(
        self, steps: tuple[Step, ...], is_submitted: bool, is_again: bool, is_over: bool
    ) -> tuple[str, str]:
        if is_submitted:
            return _("Submitted"), "good"
        if is_again:
            return _("Open again for them"), "waiting"
        done = sum(step.code in ("done", "blank") for step in steps)
        if all(step.code == "none" for step in steps):
            return (_("Not submitted"), "attention") if is_over else (_("Not started"), "neutral")
        words = _("%(done)d of %(total)d completed") % {"done": done, "total": len(steps)}
        if is_over:
            return _("Not submitted: %(words)s") % {"words": words}, "attention"
        return words, "good" if done == len(steps) else "waiting"

    def _saved(self, at: datetime | None) -> str:
        if at is None:
            return ""
        minutes = int((self.now - at) / MINUTE)
        if minutes < 1:
            return _("Saved just now")
        if minutes >= 60:
            return _("Saved at %(time)s") % {"time": said_clock(at, place=False)}
        return ngettext("Saved %(n)d minute ago", "Saved %(n)d minutes ago", minutes) % {"n": minutes}

    def _connection(self, at: datetime | None) -> tuple[str, bool]:
        if at is None:
            return _("Not seen yet"), False
        if self.now - at <= HERE:
            return _("Connected"), True
        minutes = int((self.now - at) / MINUTE)
        if minutes < 1:
            return _("Not seen for under a minute"), False
        if minutes >= 60:
            return _("Not seen since %(time)s") % {"time": said_clock(at, place=False)}, False
        return ngettext("Not seen for %(n)d minute", "Not seen for %(n)d minutes", minutes) % {
            "n": minutes
        }, False


def _read(found: str | None) -> dict[str, str]:
    return json.loads(found) if found else {}
