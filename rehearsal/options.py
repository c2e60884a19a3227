"""What a rehearsal is asked for, from make's variables: bounded, and away from others' servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

YES, NO = {"on", "yes", "1", "true"}, {"off", "no", "0", "false", ""}
LOOPBACK = {"127.0.0.1", "localhost"}
MOST_PEOPLE = 600


class NotRehearsed(Exception):
    """What was asked for is refused; the message says why and what to give in its place."""


@dataclass(frozen=True)
class Options:
    """One rehearsal.

    Attributes:
        rooms: how many courses answer at once.
        people: in each of them.
        faults: whether servers fail and connections break.
        seconds: from opening the rooms to closing the last of them.
        least: faults of each kind that are made.
        seed: what everybody does by chance follows from it; when they do it, the machine decides too.
        speed: whether the load without faults is measured against the floor afterwards.
        attack: whether the first room is attacked while it comes in; only on servers of its own.
        url: a server that runs already, to which no server's fault is done; "" for servers of its own.
    """

    rooms: int
    people: int
    faults: bool
    seconds: int
    least: int
    seed: int
    speed: bool
    attack: bool = False
    url: str = ""

    @property
    def is_long(self) -> bool:
        """Whether there is time for what takes half a minute and more: being too late, and letters."""
        return self.seconds >= 60

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or "127.0.0.1"


def options_from(given: Mapping[str, str]) -> Options:
    """Read `given`, the environment that make passes on.

    Raises:
        NotRehearsed: a value is out of bounds, or URL leads to a server that may be somebody else's.
    """
    faults = _flag(given, "FAULTS", default=True)
    found = Options(
        rooms=_number(given, "ROOMS", 10, 1, 40),
        people=_number(given, "PEOPLE", 30, 1, 60),
        faults=faults,
        seconds=_number(given, "SECONDS", 300, 5, 3600),
        least=_number(given, "LEAST", 200, 0, 2000) if faults else 0,
        seed=_number(given, "SEED", 1, 0, 2**31),
        speed=_flag(given, "SPEED", default=True),
        attack=_flag(given, "ATTACK", default=False),
        url=given.get("URL", "").rstrip("/"),
    )
    if found.rooms * found.people > MOST_PEOPLE:
        raise NotRehearsed(f"At most {MOST_PEOPLE} people altogether: fewer ROOMS or PEOPLE.")
    if found.url and found.attack:
        raise NotRehearsed("ATTACK=on is for the rehearsal's own servers: leave URL away.")
    if found.url:
        _must_be_own(found, given)
    return found


def _must_be_own(options: Options, given: Mapping[str, str]) -> None:
    """A rehearsal makes courses and people in that server's database, and writes hard to it."""
    if urlsplit(options.url).scheme != "http":
        raise NotRehearsed(
            "URL begins with http://: rehearse from the machine itself, not through its proxy."
        )
    owned = given.get("I_OWN_THIS", "")
    if options.host not in LOOPBACK and owned != options.host:
        raise NotRehearsed(
            f"{options.host} is another machine. Only if it is yours and nobody works on it now, "
            f"give I_OWN_THIS={options.host} too."
        )
    is_sample = any(given.get(name, "").lower() in YES for name in ("AIMCERT_DEMO", "AIMCERT_TEST"))
    if not is_sample and owned != options.host:
        raise NotRehearsed(
            "The rehearsal makes courses and people that stay in the server's database. Set AIMCERT_DEMO or "
            "AIMCERT_TEST as that server has it, or, where the server is there for rehearsing, "
            f"I_OWN_THIS={options.host}."
        )
    if not given.get("DATABASE_URL") or not given.get("SECRET_KEY"):
        raise NotRehearsed("Give DATABASE_URL and SECRET_KEY as the server at URL has them.")


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise NotRehearsed(f"{name}={text}: give a number from {least} to {most}.")
    return int(text)


def _flag(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = (given.get(name) or ("on" if default else "off")).lower()
    if text not in YES | NO:
        raise NotRehearsed(f"{name}={text}: give on or off.")
    return text in YES
