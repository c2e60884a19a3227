"""A timeline: what happened when, in order."""

from __future__ import annotations

from typing import Any

from assessments.kinds.interface import Problem, key_problems, rows_problems

MOST = 40


def problems_of(data: Any) -> list[Problem]:
    """What is wrong with `{"events": [{"when": …, "what": …}]}`; `when` is a year, an age or other words."""
    found = key_problems(data, ("events",))
    return found or rows_problems(data, "events", ("when", "what"), least=1, most=MOST, unique=False)
