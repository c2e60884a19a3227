"""What a rehearsal came to: a table for people, JSON for the rest, and whether its targets are met."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from rehearsal.browser import Watched
from rehearsal.judge import Verdict
from rehearsal.options import Options
from rehearsal.speed import LEAST_THROUGHPUT, MOST_P95, Speed

SHOWN = 10


# Everybody of a room that is attacked is in by then, from asking for a code.
MOST_SECONDS = 60.0


@dataclass(frozen=True)
class Attacked:
    """What an attack on the first room came to.

    Attributes:
        people: of the room.
        took: how long each of them who got in took, in seconds, the shortest first.
        works: how many of them had to work first.
        done: what the attackers tried, and how often.
        got_in: addresses as which an attacker got in.
        most_letters: with codes, to one of the room's people.
        to_strangers: letters to addresses without an account.
    """

    people: int
    took: list[float]
    works: int
    done: Counter[str]
    got_in: list[str]
    most_letters: int
    to_strangers: int

    @property
    def missed(self) -> list[str]:
        found = [f"an attacker got in as {email}" for email in self.got_in]
        if len(self.took) < self.people:
            found.append(f"{self.people - len(self.took)} of {self.people} people were kept out")
        if self.took and self.took[-1] > MOST_SECONDS:
            found.append(f"somebody took {self.took[-1]:.0f} s to get in")
        if self.works:
            found.append(f"{self.works} people of the room had to work")
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "got_in_seconds": [round(each, 1) for each in self.took],
            "works": self.works,
            "tried": dict(sorted(self.done.items())),
            "attackers_in": len(self.got_in),
            "most_letters": self.most_letters,
            "letters_to_strangers": self.to_strangers,
        }

    def rows(self) -> list[tuple[str, Any, str]]:
        """Of the report's table."""
        took = self.took or [0.0]
        return [
            ("attacked: people who got in", f"{len(self.took)} of {self.people}", "all"),
            ("half of them within", f"{statistics.median(took):.1f} s", ""),
            ("the last within", f"{took[-1]:.1f} s", f"{MOST_SECONDS:.0f} s"),
            ("of them had to work first", self.works, "0"),
            ("attackers who got in", len(self.got_in), "0"),
            *((f"attackers: {name}", count, "") for name, count in sorted(self.done.items())),
            ("most letters with codes to one of them", self.most_letters, ""),
            ("letters to addresses without an account", self.to_strangers, ""),
        ]


@dataclass(frozen=True)
class Report:
    """Everything that one rehearsal found.

    Attributes:
        faults: how many of each kind truly happened.
        letters_unsent: receipts' letters that had not gone four minutes after the end.
        speed: None where it was not measured.
        attacked: None where nobody attacked.
    """

    options: Options
    lasted: float
    verdict: Verdict
    watched: Watched
    faults: Counter[str]
    letters_unsent: int
    speed: Speed | None
    attacked: Attacked | None = None

    @property
    def missed(self) -> list[str]:
        """Targets that were missed, in words."""
        verdict = self.verdict
        found = [
            f"{len(what)} {name}"
            for name, what in (
                ("lost", verdict.lost),
                ("misattributed", verdict.misattributed),
                ("duplicated", verdict.duplicated),
            )
            if what
        ]
        if not verdict.acknowledged:
            found.append("nothing was acknowledged, so nothing was rehearsed")
        found += [
            f"{kind}: {count} faults of {self.options.least}"
            for kind, count in sorted(self.faults.items())
            if count < self.options.least
        ]
        if self.letters_unsent:
            found.append(f"{self.letters_unsent} letters not sent")
        if self.speed is not None and not self.speed.is_met:
            found.append("speed")
        return found + (self.attacked.missed if self.attacked else [])

    def save_ms(self) -> dict[str, float]:
        took = self.watched.saves_ms
        if len(took) < 2:
            return {}
        cuts = statistics.quantiles(took, n=100)
        return {name: round(cuts[place], 1) for name, place in (("p50", 49), ("p95", 94), ("p99", 98))}

    def as_json(self) -> dict[str, Any]:
        verdict = self.verdict
        return {
            "options": asdict(self.options),
            "lasted_seconds": round(self.lasted),
            "acknowledged": verdict.acknowledged,
            "lost": len(verdict.lost),
            "misattributed": len(verdict.misattributed),
            "duplicated": len(verdict.duplicated),
            "conflicts": verdict.conflicts,
            "late": verdict.late,
            "submitted": verdict.submitted,
            "pieces": verdict.pieces,
            "save_ms": self.save_ms(),
            "requests": self.watched.requests,
            "healed": self.watched.healed,
            "errors_seen": len(self.watched.errors),
            "errors": self.watched.errors,
            "faults": dict(sorted(self.faults.items())),
            "letters_unsent": self.letters_unsent,
            "speed": self.speed.as_json() if self.speed else None,
            "attacked": self.attacked.as_json() if self.attacked else None,
            "found": {
                "lost": verdict.lost,
                "misattributed": verdict.misattributed,
                "duplicated": verdict.duplicated,
            },
            "missed": self.missed,
        }

    def table(self) -> str:
        """The figures that a person compares."""
        told, verdict = self.as_json(), self.verdict
        rows: list[tuple[str, Any, str]] = [
            ("people", f"{self.options.rooms} rooms of {self.options.people}", ""),
            ("lasted", f"{told['lasted_seconds']} s", ""),
            ("acknowledged", told["acknowledged"], ""),
            ("lost", told["lost"], "0"),
            ("misattributed", told["misattributed"], "0"),
            ("duplicated", told["duplicated"], "0"),
            ("conflicts, both sides kept", told["conflicts"], ""),
            ("too late, kept for its author", told["late"], ""),
            ("submitted", told["submitted"], ""),
            *((f"save {name}", f"{took} ms", "") for name, took in told["save_ms"].items()),
            ("tries that a later one healed", told["healed"], ""),
            ("errors a person would have seen", told["errors_seen"], ""),
            ("letters not sent", told["letters_unsent"], "0"),
            *((kind, count, f"at least {self.options.least}") for kind, count in told["faults"].items()),
        ]
        if self.attacked is not None:
            rows += self.attacked.rows()
        if self.speed is not None:
            speed = self.speed
            rows += [
                (f"{speed.people} people every 5 s: p95", f"{speed.p95_ms} ms", ""),
                ("the floor's median of these", f"{speed.floor_p50_ms} ms", ""),
                ("the floor's p95 of these", f"{speed.floor_p95_ms} ms", ""),
                ("p95 to the floor's median", speed.p95_ratio, f"under {MOST_P95:g}"),
                *(
                    (
                        f"saves a second at {at} connections",
                        f"{speed.saves_per_second[at]:g}, ratio {ratio}",
                        f"at least {LEAST_THROUGHPUT}",
                    )
                    for at, ratio in speed.throughput.items()
                ),
            ]
        wide = max(len(name) for name, _, _ in rows)
        lines = [f"{name:<{wide}}  {found!s:>18}  {target}".rstrip() for name, found, target in rows]
        for name, each in (
            ("lost", verdict.lost),
            ("misattributed", verdict.misattributed),
            ("duplicated", verdict.duplicated),
            ("seen", self.watched.errors),
        ):
            lines += [f"{name}: {what}" for what in each[:SHOWN]]
            if len(each) > SHOWN:
                lines.append(f"{name}: and {len(each) - SHOWN} more, in the JSON")
        lines.append(f"Missed: {'; '.join(self.missed)}." if self.missed else "Every target is met.")
        return "\n".join(lines)
