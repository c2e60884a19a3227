"""Versions that nobody would write: every kind, figure, script and optional part; ways to damage a file."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from operator import itemgetter
from string import ascii_lowercase
from typing import Any

from hypothesis import strategies as st

from aimcert.foundation.fields import is_readable
from assessments.case_studies.kinds import KINDS
from assessments.case_studies.spelling import one_way

# --- Texts ----------------------------------------------------------------------------------------

WORDS = [
    "Robin",
    "Zoë O’Neill & <Sons>",
    "Zoe\u0308",
    "محمد عبد الله ١٢",
    "שלום עולם",
    "👩‍👩‍👧 ✊🏽",
    "漢字かな交じり文",
    "ﬁﬀ ½ Ａ",
    "\u1100\u1161\u11a8",
    "e\u200e\u0301",
    "\u202egnp.exe",
    '"quoted" \\ back/slash',
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "# One\n\n- two\n\t- three  \n",
    "one\r\ntwo\rthree\u2003",
    "{{ x }} %(where)s %s {0}",
    "</script><!--",
    "\U0010ffff\ufffe",
    "NaN",
    "null",
]
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffd")
# As somebody might send it; never empty once it is written in one way.
RAW = st.one_of(
    st.sampled_from(WORDS),
    st.builds("{} {}".format, st.sampled_from(WORDS), st.text(SIGNS, max_size=20)),
)
TEXT = RAW.map(one_way)
OPTIONAL = st.one_of(st.just(""), TEXT)
LINE = TEXT.map(lambda text: one_way(" ".join(text.split()))[:100].strip() or "x")
KEY = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
UNIQUE_LINES = st.lists(LINE, min_size=2, max_size=4, unique=True)


# --- Settings and figures -------------------------------------------------------------------------


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    texts = draw(UNIQUE_LINES)
    options = [{"key": key, "text": text} for key, text in zip(ascii_lowercase, texts, strict=False)]
    return {"options": options, "several": draw(st.booleans())}


def keyed(most: int, least: int = 1) -> st.SearchStrategy[list[dict[str, str]]]:
    rows = st.fixed_dictionaries({"key": KEY, "name": LINE})
    return st.lists(rows, min_size=least, max_size=most, unique_by=lambda row: row["key"])


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    numbers = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
    strands = draw(st.lists(LINE, min_size=1, max_size=2, unique=True))
    areas = [
        {
            "stage": draw(st.sampled_from(numbers)),
            "strand": strand,
            "part": draw(st.sampled_from(["", "part 1"])),
        }
        | {"title": f"{draw(LINE)} {number}"}
        for strand in strands
        for number in range(draw(st.integers(1, 2)))
    ]
    people = [row | {"strand": draw(st.sampled_from(strands))} for row in draw(keyed(3))]
    stages = [{"number": number, "title": draw(LINE)} for number in numbers]
    return {"people": people, "stages": stages, "areas": areas}


SETTINGS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "written": st.just({}),
    "choice": choices(),
    "domain-profile": st.fixed_dictionaries({"domains": keyed(4), "levels": keyed(4, least=2)}),
    "intervention-plan": plans(),
}
TIMELINES = st.fixed_dictionaries(
    {"events": st.lists(st.fixed_dictionaries({"when": LINE, "what": LINE}), min_size=1, max_size=3)}
)


@st.composite
def genograms(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(LINE, min_size=2, max_size=5, unique=True))
    people = [
        {
            "name": name,
            "sex": draw(st.sampled_from(["female", "male", "unsaid"])),
            "note": draw(st.sampled_from(["", "14", "Zoë’s cousin"])),
            "died": draw(st.booleans()),
        }
        for name in names
    ]
    split = draw(st.integers(1, 2))
    couple = {
        "partners": names[:split],
        "bond": draw(st.sampled_from(["together", "apart"])),
        "children": names[split:],
    }
    return {"people": people, "couples": [couple] if draw(st.booleans()) else []}


FIGURES = st.one_of(
    st.none(),
    st.fixed_dictionaries({"kind": st.just("timeline"), "data": TIMELINES}),
    st.fixed_dictionaries({"kind": st.just("genogram"), "data": genograms()}),
)


# --- Whole versions -------------------------------------------------------------------------------

CONSTRUCT = st.builds(
    lambda code, name, illustrative: {"code": code, "name": name, "illustrative": illustrative},
    st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True),
    LINE,
    st.booleans(),
)


@st.composite
def versions(
    draw: st.DrawFn, areas: list[str], constructs: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The content of a version and the constructs that it brings along.

    Args:
        areas: of the programme's framework.
        constructs: that the programme has.
    """
    taken = {row["code"] for row in constructs}
    own = draw(
        st.lists(
            CONSTRUCT.filter(lambda row: row["code"] not in taken), max_size=2, unique_by=itemgetter("code")
        )
    )
    codes = sorted({row["code"] for row in [*constructs, *own]})
    kinds = draw(st.lists(st.sampled_from([*KINDS]), min_size=1, max_size=2))
    content = {
        "programme": "aim3",
        "title": draw(LINE),
        "content_note": draw(TEXT),
        "fictional_statement": draw(TEXT),
        "sections": [
            {"title": draw(LINE), "body": draw(TEXT), "figure": draw(FIGURES)}
            for _number in range(draw(st.integers(1, 2)))
        ],
        "questions": [draw(questions(kind, codes, areas, number == 0)) for number, kind in enumerate(kinds)],
    }
    criteria = [row for question in content["questions"] for row in question["criteria"]]
    used = {code for row in criteria for code in row["constructs"]}
    rows = [row for row in [*constructs, *own] if row["code"] in used]
    return content, sorted(rows, key=itemgetter("code"))


@st.composite
def questions(
    draw: st.DrawFn, kind: str, codes: list[str], areas: list[str], is_essential: bool
) -> dict[str, Any]:
    settings = draw(SETTINGS[kind])
    parts = ["", *(key for key, _title in KINDS[kind].parts(settings))]
    criteria = []
    for number in range(draw(st.integers(1, 2))):
        essential = is_essential if number == 0 else draw(st.booleans())
        asked = essential and KINDS[kind].essential_by_decision
        criteria.append(
            {
                "text": draw(TEXT),
                "essential": essential,
                "essential_because": draw(TEXT if asked else OPTIONAL) if essential else "",
                "part": draw(st.sampled_from(parts)),
                "met": draw(TEXT),
                "partly_met": draw(TEXT),
                "not_met": draw(TEXT),
                "constructs": sorted(draw(st.sets(st.sampled_from(codes), min_size=1, max_size=2))),
                "areas": sorted(draw(st.sets(st.sampled_from(areas), max_size=2))),
            }
        )
    return {
        "title": draw(LINE),
        "text": draw(TEXT),
        "guidance": draw(OPTIONAL),
        "guide_words": draw(st.one_of(st.none(), st.integers(1, 5000))),
        "kind": kind,
        "settings": settings,
        "model_answer": draw(TEXT),
        "criteria": criteria,
    }


# --- Damage ---------------------------------------------------------------------------------------

Place = tuple[str | int, ...]
BAD_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**18,
    "",
    " \t ",
    "x" * 50_000,
    "half \ud800 a pair",
    "a\x00b",
    "bell \x07",
    [],
    {},
    [None],
    ["x", 1],
    {"kind": "x"},
    [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]],
]
UNKNOWN = {"kind": "essay", "part": "nobody", "programme": "aim9", "sex": "other", "bond": "tied", "form": 3}


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """The way to everything in a file, itself included."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*at, key))


@st.composite
def damaged(draw: st.DrawFn, file: bytes) -> bytes:
    """`file`, harmed in one way or another; it can come out as it was, or differ in spaces alone."""
    return draw(st.one_of(harmed_bytes(file), harmed_values(file)))


@st.composite
def harmed_bytes(draw: st.DrawFn, file: bytes) -> bytes:
    at = draw(st.integers(0, len(file) - 1))
    match draw(st.sampled_from(["truncate", "flip", "insert", "remove", "double", "line"])):
        case "truncate":
            return file[:at]
        case "flip":
            return file[:at] + bytes([file[at] ^ (1 << draw(st.integers(0, 7)))]) + file[at + 1 :]
        case "insert":
            signs = [
                b"\0",
                b"\x07",
                b"\x1b",
                b"\x7f",
                b"\xff",
                b"\xed\xa0\x80",
                b"\xef\xbb\xbf",
                b'"',
                b",",
                b"{",
                b"\n",
            ]
            return file[:at] + draw(st.sampled_from(signs)) + file[at:]
        case "remove":
            return file[:at] + file[at + draw(st.integers(1, 20)) :]
        case "double":
            return file[:at] + file[at : at + draw(st.integers(1, 200))] + file[at:]
        case _:
            rows = file.split(b"\n")
            number = draw(st.integers(0, len(rows) - 1))
            rows.insert(draw(st.integers(0, len(rows) - 1)), rows.pop(number))
            return b"\n".join(rows)


@st.composite
def harmed_values(draw: st.DrawFn, file: bytes) -> bytes:
    value = json.loads(file)
    place = draw(st.sampled_from([*places(value)][1:]))
    holder: Any = value
    for step in place[:-1]:
        holder = holder[step]
    key, there = place[-1], holder[place[-1]]
    match draw(st.sampled_from(["drop", "rename", "type", "unknown", "long", "swap", "twice", "add"])):
        case "drop":
            del holder[key]
        case "rename" if isinstance(holder, dict):
            holder[f"{key}s"] = holder.pop(key)
        case "type":
            holder[key] = draw(st.sampled_from(BAD_VALUES))
        case "unknown" if key in UNKNOWN:
            holder[key] = UNKNOWN[key]
        case "unknown" | "long" if isinstance(there, str):
            holder[key] = there * 20_000 if is_readable(there) and draw(st.booleans()) else there + "?"
        case "swap" if isinstance(there, list):
            there.reverse()
        case "swap" if isinstance(holder, dict):
            other = draw(st.sampled_from([*holder]))
            holder[key], holder[other] = holder[other], there
        case "twice" if isinstance(there, list) and there:
            there.append(copy.deepcopy(there[0]))
        case "add" if isinstance(there, dict):
            there[draw(st.sampled_from(["colour", "", "\ud800", "x" * 1000]))] = 1
        case _:
            holder[key] = draw(st.sampled_from(BAD_VALUES))
    return json.dumps(
        value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 2]))
    ).encode(errors="surrogatepass")
