"""What a genogram is made of: its people and couples, what can be wrong with them, and their table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.case_studies.kinds.interface import Problem, key_problems, rows_problems, text_problems

MOST = 40
SEXES = {
    "female": gettext_lazy("Female"),
    "male": gettext_lazy("Male"),
    "unsaid": gettext_lazy("Not said"),
}
BONDS = ("together", "apart")
COLUMNS = (
    gettext_lazy("Name"),
    gettext_lazy("About them"),
    gettext_lazy("Partner"),
    gettext_lazy("Child of"),
)


def problems_of(data: Any) -> list[Problem]:
    """What is wrong with the people and couples of a family.

    `{"people": [{"name": …, "sex": "female" | "male" | "unsaid", "note": …, "died": false}],
    "couples": [{"partners": [name, name], "bond": "together" | "apart", "children": [name, …]}]}`; the
    first of the people is the young person. Names are unique in a family; a couple may have one partner.
    """
    found = key_problems(data, ("people", "couples"))
    if found:
        return found
    found = rows_problems(
        data, "people", ("name", "sex"), least=1, most=MOST, others=("note", "died"), unique=True
    )
    if found:
        return found
    for index, person in enumerate(data["people"]):
        if person["sex"] not in SEXES:
            found.append(
                Problem(f"people[{index}].sex", _("is none of %(known)s.") % {"known": ", ".join(SEXES)})
            )
        if not isinstance(person["note"], str):
            found.append(Problem(f"people[{index}].note", _("must be text.")))
        elif person["note"]:
            found += text_problems(person["note"], f"people[{index}].note")
        if not isinstance(person["died"], bool):
            found.append(Problem(f"people[{index}].died", _("must be true or false.")))
    names = {person["name"] for person in data["people"]}
    couples = data["couples"]
    if not isinstance(couples, list) or len(couples) > MOST:
        return [*found, Problem("couples", _("must be a list of at most %(most)d rows.") % {"most": MOST})]
    born: set[str] = set()
    for index, couple in enumerate(couples):
        path = f"couples[{index}]"
        if wrong := key_problems(couple, ("partners", "bond", "children")):
            found += [Problem(f"{path}.{one.path}" if one.path else path, one.words) for one in wrong]
            continue
        if couple["bond"] not in BONDS:
            found.append(Problem(f"{path}.bond", _("is none of %(known)s.") % {"known": ", ".join(BONDS)}))
        found += _names_problems(couple["partners"], f"{path}.partners", names, least=1, most=2)
        found += _names_problems(couple["children"], f"{path}.children", names, least=0, most=MOST)
        if not found:
            if born & set(couple["children"]):
                found.append(Problem(f"{path}.children", _("names a child of another couple.")))
            born |= set(couple["children"])
    if not found and _has_circle(couples):
        found.append(Problem("couples", _("make somebody their own ancestor.")))
    return found


def _names_problems(value: Any, path: str, names: set[str], *, least: int, most: int) -> list[Problem]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return [Problem(path, _("must be a list of names."))]
    if not least <= len(value) <= most or len(set(value)) < len(value):
        told = {"least": least, "most": most}
        return [Problem(path, _("must have from %(least)d to %(most)d names, none of them twice.") % told)]
    return [
        Problem(path, _("names “%(name)s”, who is none of the people.") % {"name": name})
        for name in value
        if name not in names
    ]


def _has_circle(couples: list[dict[str, Any]]) -> bool:
    parents = {child: {*couple["partners"]} for couple in couples for child in couple["children"]}
    # Whoever has no parents that are still to be placed is placed, generation by generation.
    while placed := [child for child in parents if not parents[child] & parents.keys()]:
        for child in placed:
            del parents[child]
    return bool(parents)


def rows(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """Everyone with who they are, their partners and their parents; the headings are `COLUMNS`."""
    partners: dict[str, list[str]] = {}
    parents: dict[str, list[str]] = {}
    for couple in data["couples"]:
        for child in couple["children"]:
            parents[child] = couple["partners"]
        if len(couple["partners"]) == 2:
            for name, other in (couple["partners"], reversed(couple["partners"])):
                words = _("%(name)s (apart)") % {"name": other} if couple["bond"] == "apart" else other
                partners.setdefault(name, []).append(words)
    return [
        (
            person["name"],
            _about(person),
            ", ".join(partners.get(person["name"], [])),
            ", ".join(parents.get(person["name"], [])),
        )
        for person in data["people"]
    ]


def _about(person: dict[str, Any]) -> str:
    said = [str(SEXES[person["sex"]]), person["note"], _("has died") if person["died"] else ""]
    return "; ".join(filter(None, said))
