"""Where one goes without being called: the areas of the site, each for whom it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.requests import SignedInRequest
from assessments.case_studies.rules import FRAMEWORK, READS_FRAMEWORK
from assessments.marking.rules import MARKS_AGAIN
from courses.rules import LICENSED
from safeguarding.rules import LEADS


def _is_anybody(person: Person) -> bool:
    return True


def _is_admin(person: Person) -> bool:
    return person.is_aim_admin


def _reads_case_studies(person: Person) -> bool:
    return person.is_aim_admin or LICENSED in person.roles


def _sponsors(person: Person) -> bool:
    return person.is_aim_admin or bool(person.organisation_ids)


def _reads_framework(person: Person) -> bool:
    # Those that `FrameworkEdition.objects.visible_to` shows them, of what is published.
    return (FRAMEWORK if _sponsors(person) else READS_FRAMEWORK) in person.roles


def _marks_again(person: Person) -> bool:
    return MARKS_AGAIN in person.roles


def _leads(person: Person) -> bool:
    return LEADS in person.roles


def _searches(person: Person) -> bool:
    # Whoever has more to look through than their own few courses.
    return _sponsors(person) or LICENSED in person.roles


@dataclass(frozen=True)
class Place:
    """Where one goes without being called.

    Args:
        name: of the address.
        words: what it is called.
        hint: what is there.
        is_for: whether it is for somebody.
        in_bar: whether it stands in the bar where there is room; the others are below *More* there.
    """

    name: str
    words: Promise
    hint: Promise
    is_for: Callable[[Person], bool]
    in_bar: bool = False


SEARCH = "search"
# As many stand side by side, with what is searched by beside them; of more, those that are `in_bar`.
MOST_IN_BAR = 6
PLACES = (
    Place(SEARCH, _("Search"), _("People, courses, certificates, organisations"), _searches),
    Place("certification:queue", _("Approvals"), _("Who waits for a decision, and why"), _is_admin, True),
    Place(
        "courses:list",
        _("Courses"),
        _("Those you attend, train, commission or look after"),
        _is_anybody,
        in_bar=True,
    ),
    Place(
        "assessments:case_studies",
        _("Case studies"),
        _("What every Associate has agreed, and what is written next"),
        _reads_case_studies,
        in_bar=True,
    ),
    Place(
        "certification:follow_ups",
        _("Follow-ups"),
        _("People not yet competent, and what is done for them"),
        _sponsors,
        in_bar=True,
    ),
    Place(
        "certification:certificates",
        _("Certificates"),
        _("Every one that was issued"),
        _is_admin,
        in_bar=True,
    ),
    Place(
        "organisations",
        _("Organisations"),
        _("Who commissions and sponsors, and who acts for them"),
        _sponsors,
        in_bar=True,
    ),
    Place(
        "courses:licences",
        _("Licences"),
        _("Which Associates may train what, where and until when"),
        _is_admin,
    ),
    Place(
        "assessments:second_scripts",
        _("Second marking"),
        _("What you were asked to mark a second time"),
        _marks_again,
    ),
    Place(
        "assessments:considerations",
        _("Special consideration"),
        _("What happened to people on a course, and what follows"),
        _is_admin,
    ),
    Place(
        "certification:appeals",
        _("Reviews"),
        _("What people asked to be looked at again, and by when it is answered"),
        _is_admin,
    ),
    Place(
        "assessments:framework",
        _("The intervention framework"),
        _("Its stages, strands and areas, to look up or print"),
        _reads_framework,
    ),
    Place(
        "assessments:programme_strengths",
        _("Strengths and weaknesses"),
        _("Domains and areas, over all courses of a programme"),
        _is_admin,
    ),
    Place(
        "certification:over_time",
        _("Over time"),
        _("Courses, people, outcomes and follow-ups, by quarter or year"),
        _sponsors,
    ),
    Place("staff", _("Staff"), _("Who is an AIM admin"), _is_admin),
    Place("audit_log", _("Audit log"), _("Who did what and when"), _is_admin),
    Place(
        "certification:branding",
        _("Logo and signatory"),
        _("What certificates carry, and who signs them"),
        _is_admin,
    ),
    Place(
        "legal_pages",
        _("Legal pages"),
        _("Accessibility, privacy, complaints: what visitors read"),
        _is_admin,
    ),
    Place("safeguarding:records", _("Safeguarding records"), _("What the leads alone read"), _leads),
    Place("safeguarding:leads", _("Safeguarding leads"), _("Who reads safeguarding records"), _is_admin),
    Place(
        "certification:backlog",
        _("Emails and files in progress"),
        _("Letters, certificates, reports and scans that wait, since when and why"),
        _is_admin,
    ),
    Place("help", _("Help"), _("What you do here, and where"), _is_anybody),
)


def places_of(person: Person) -> list[Place]:
    """Where `person` may go, in the order of `PLACES`."""
    return [place for place in PLACES if place.is_for(person)]


class Areas(NamedTuple):
    """Where somebody may go, as every page shows it.

    Args:
        bar: below the header, where there is room.
        menu: in the menu of one's account, where there is none.
    """

    bar: SafeString
    menu: SafeString


def areas(request: SignedInRequest) -> dict[str, object]:
    """For templates: `areas` of whoever is signed in, looked up only where a page shows them."""
    return {"areas": SimpleLazyObject(lambda: _areas(request))}


def _areas(request: SignedInRequest) -> Areas:
    names = tuple(place.name for place in places_of(request.user))
    return _written(names, _current(request.path), get_language() or "")


def _current(path: str) -> tuple[str, bool]:
    """The name of the place that `path` lies in, "" in none, and whether it is the place itself."""
    inside = [(url, name) for url, name in _addresses() if path.startswith(url)]
    url, name = max(inside, key=lambda one: len(one[0]), default=("", ""))
    return name, path == url


@cache
def _addresses() -> list[tuple[str, str]]:
    return [(reverse(place.name), place.name) for place in PLACES]


# Of the same places in the same area it is the same for everybody: see `frame` in foundation.
@lru_cache(maxsize=1024)
def _written(names: tuple[str, ...], current: tuple[str, bool], language: str) -> Areas:
    inside, is_itself = current
    places = [
        {
            "name": place.name,
            "url": reverse(place.name),
            "words": place.words,
            "in_bar": place.in_bar,
            "current": ("page" if is_itself else "true") if place.name == inside else "",
        }
        for place in PLACES
        if place.name in names
    ]
    # Where there is room, one searches from the bar itself.
    others = [one for one in places if one["name"] != SEARCH]
    all_fit = len(others) <= MOST_IN_BAR
    context = {
        "places": places,
        "bar": [one for one in others if all_fit or one["in_bar"]],
        "more": [one for one in others if not (all_fit or one["in_bar"])],
        "searches": SEARCH in names,
    }
    return Areas(
        render_to_string("frame/areas.html", context), render_to_string("frame/menu_areas.html", context)
    )
