"""A version as a file: who exports and imports, what a broken file is told, where each fault stands."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.actions.contents import KEYS, LONGEST, MOST, TITLE, VERSION_KEYS
from assessments.case_studies.canonical import fingerprint_of
from assessments.case_studies.exchange import LARGEST, file_of
from assessments.case_studies.exchange.files import HEAD
from assessments.case_studies.figures import FIGURES, figure_problems
from assessments.case_studies.kinds import KINDS
from assessments.models import Criterion, Version
from courses.models import Programme
from tests import factories
from tests.permissions.asking import state_of_everything

pytestmark = pytest.mark.django_db

IMPORT = "/case-studies/import/"


@pytest.fixture
def programme() -> Programme:
    programme = factories.ProgrammeFactory.create(code="aim3", name="AIM3")
    call_command("load_framework", verbosity=0)
    return programme


@pytest.fixture
def version(programme: Programme) -> Version:
    version = factories.version(programme, kinds=[*KINDS], frozen=False)
    Criterion.objects.filter(is_essential=True).update(essential_because="The Associates decided so.")
    return factories.freeze(version)


@pytest.fixture
def admin() -> Person:
    return factories.admin()


@pytest.fixture
def client(admin: Person) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def without_sums(file: bytes) -> dict[str, Any]:
    """What stands in a file that somebody may change."""
    return {key: value for key, value in json.loads(file).items() if key not in ("fingerprint", "checksum")}


def edited(version: Version, **changed: Any) -> bytes:
    return json.dumps(without_sums(file_of(version)) | changed, indent=2).encode()


def problems_of(file: bytes, admin: Person) -> list[str]:
    before = state_of_everything()
    with pytest.raises(actions.ContentNotUsable) as refused:
        actions.import_file(data=file, by=admin)
    assert state_of_everything() == before
    return refused.value.problems


# --- The file ---------------------------------------------------------------------------------------


def test_a_file_names_its_version_and_proves_itself(version: Version) -> None:
    file = json.loads(file_of(version))
    assert (file["format"], file["form"], file["number"]) == ("aimcert-version", 2, 1)
    assert file["fingerprint"] == fingerprint_of(version)
    assert file["constructs"] == [{"code": "developmental", "name": "Developmental", "illustrative": False}]
    sum_ = file.pop("checksum")
    text = json.dumps(file, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert sum_ == hashlib.sha256(text.encode()).hexdigest()
    assert file_of(version) == file_of(Version.objects.get(pk=version.pk))


def test_the_newest_version_is_not_made_again(version: Version, admin: Person) -> None:
    imported = actions.import_file(data=file_of(version), by=admin)
    assert (imported.version, imported.is_new) == (version, False)


def test_schema_and_check_name_the_same_parts_and_limits() -> None:
    with open("docs/version.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    parts = schema["$defs"]
    assert schema["properties"].keys() == {*HEAD, *VERSION_KEYS}
    for many, one in (
        ("constructs", "construct"),
        ("sections", "section"),
        ("questions", "question"),
        ("criteria", "criterion"),
    ):
        assert parts[one]["properties"].keys() == KEYS[many]
    limits = schema["properties"] | {"criteria": parts["question"]["properties"]["criteria"]}
    assert {many: limits[many]["maxItems"] for many in MOST} == MOST
    assert parts["section"]["properties"]["title"]["maxLength"] == TITLE
    assert parts["section"]["properties"]["body"]["maxLength"] == LONGEST
    assert set(parts["question"]["properties"]["kind"]["enum"]) == KINDS.keys() <= parts.keys()
    assert FIGURES.keys() <= parts.keys()


# --- What is wrong, and where -----------------------------------------------------------------------


def test_each_fault_is_said_with_its_line_and_its_place(version: Version, admin: Person) -> None:
    file = without_sums(file_of(version))
    del file["questions"][2]["criteria"][1]["met"]
    file["questions"][1]["settings"]["options"][1]["text"] = "Refer\non"
    file["sections"][0]["title"] = 7
    file["extra"] = 1
    text = json.dumps(file, indent=2)
    lines = text.split("\n")
    criterion = next(at for at, line in enumerate(lines, start=1) if "CRITERION-3-2" in line) - 1
    option = next(at for at, line in enumerate(lines, start=1) if "Refer\\non" in line)
    title = next(at for at, line in enumerate(lines, start=1) if '"title": 7' in line)
    assert problems_of(text.encode(), admin) == [
        f"Line {title}: Section 1: title is missing.",
        f"Line {option}: Question 2: settings.options[1].text holds a line end, a hidden character or spaces"
        " at its ends.",
        f"Line {criterion}: Question 3, criterion 2: met is missing.",
        f"Line {len(lines) - 1}: Version: “extra” is not known.",
    ]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "Line 1: the file is empty."),
        (b" \n ", "Line 1: the file is empty."),
        (b"\xef\xbb\xbf{}",
         "Line 1: the file begins with a byte order mark. Save it as “UTF-8” without one."),
        ("{}".encode("utf-16"), "Line 1: the file is not written in UTF-8. Save it as “UTF-8”."),
        (b'{\n"title": "Zo\xeb"}', "Line 2: the file is damaged here, or not written in UTF-8."),
        (b"PK\x03\x04...",
         "Line 1: this is a document of another kind. Choose the JSON file that exporting gives."),
        (b" " * (LARGEST + 1) + b"{", "Line 1: the file has 2049 KB. It can have at most 2048."),
        (b'{\n "a" 1}', "Line 2, column 6: a colon is expected here, after the name."),
        (b'{"a": 1,}', "Line 1, column 9: a name in double quotes is expected here."),
        (b'{"a": NaN}', "Line 1, column 7: “NaN” is no value that JSON knows: text needs double quotes."),
        (b'{"a": [1 2]}', "Line 1, column 10: a comma or ] is expected here."),
        (b'{"a": "x', "Line 1, column 7: this text has no closing double quote."),
        (b'{"a": "\x00"}',
         "Line 1, column 8: a text goes on over a line end, or holds a control character: write \\n for a"
         " line end."),
        (b"[" * 50, "Line 1, column 22: there are too many brackets inside one another."),
        (b"{} x", "Line 1, column 4: nothing can follow the last }."),
    ],
)  # fmt: skip
def test_what_is_no_json_file_is_told_where_and_why(
    programme: Programme, admin: Person, file: bytes, words: str
) -> None:
    assert problems_of(file, admin) == [words]


def test_a_name_that_stands_twice_is_found(version: Version, admin: Person) -> None:
    text = edited(version).decode().replace('"form": 2,', '"form": 2,\n  "form": 2,')
    assert problems_of(text.encode(), admin) == ["Line 4: Version: “form” is there twice, first on line 3."]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "half \ud800"}, "Version: title holds a control character."),
        ({"title": "a\x00b"}, "Version: title holds a control character."),
        ({"title": "two\nlines"}, "Version: title has more than one line."),
        ({"programme": "\ud800"}, "Version: programme holds a control character."),
        ({"form": 1}, "Version: form is not 2, the one that is known here."),
        ({"format": "x"}, "Version: format is not “aimcert-version”, so this is another kind of file."),
        ({"number": 0}, "Version: number is not a whole number from 1 on."),
        ({"number": 10**20}, "Version: a number has more than 15 digits."),
        ({"checksum": "x"}, "Version: checksum is not a SHA-256 of 64 digits."),
        ({"x" * 5000: 1}, f"Version: “{'x' * 200}…” is not known."),
        ({"sections": [{"title": "x", "body": "x"}] * 101}, "Version: there are more than 100 sections."),
        ({"constructs": [{"code": "a b", "name": "x"}]},
         "Construct 1: code can have letters, digits and hyphens alone."),
    ],
)  # fmt: skip
def test_what_no_file_can_hold_is_refused_in_words(
    version: Version, admin: Person, changed: dict[str, Any], words: str
) -> None:
    assert words in [problem.partition(": ")[2] for problem in problems_of(edited(version, **changed), admin)]


def test_more_than_can_be_exported_again_is_refused(version: Version, admin: Person) -> None:
    sections = [{"title": "x", "body": "x" * 40_000}] * 14
    assert problems_of(edited(version, sections=sections), admin) == [
        "Line 1: Version: it is too long; altogether it can have 512 KB."
    ]


def test_a_changed_file_is_refused_until_its_sums_are_taken_out(version: Version, admin: Person) -> None:
    changed = file_of(version).replace(b"Robin was", b"Wren was")
    [words] = problems_of(changed, admin)
    assert words.startswith("Line 6: Version: checksum does not fit what the file says")
    assert actions.import_file(data=edited(version, title="Wren"), by=admin).version.title == "Wren"


@pytest.mark.parametrize("note", ["a\x00b", "two\nlines", "x" * 301, " x"])
def test_a_note_in_a_genogram_is_one_readable_line(note: str) -> None:
    person = {"name": "Robin", "sex": "unsaid", "note": note, "died": False}
    figure = {"kind": "genogram", "data": {"people": [person], "couples": []}}
    assert [problem.path for problem in figure_problems(figure)] == ["data.people[0].note"]


def test_a_family_of_many_generations_is_judged_at_once() -> None:
    names = [f"{side}{generation}" for generation in range(20) for side in "ab"]
    pairs = [names[at : at + 2] for at in range(0, 40, 2)]
    data = {
        "people": [{"name": name, "sex": "unsaid", "note": "", "died": False} for name in names],
        "couples": [
            {"partners": older, "bond": "together", "children": younger} for older, younger in pairwise(pairs)
        ],
    }
    figure = {"kind": "genogram", "data": data}
    assert figure_problems(figure) == []
    data["couples"].append({"partners": pairs[-1], "bond": "apart", "children": pairs[0]})  # type: ignore[attr-defined]
    assert [problem.words for problem in figure_problems(figure)] == ["make somebody their own ancestor."]


# --- The pages --------------------------------------------------------------------------------------


def test_who_writes_a_version_exports_it(version: Version, client: Client, programme: Programme) -> None:
    path = reverse("assessments:version_export", args=[version.uuid])
    response = client.get(path)
    assert response.content == file_of(version)
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="aim3-version-1.json"'
    assert response["X-Content-Type-Options"] == "nosniff"
    associate = factories.associate(programme)
    client.force_login(associate)
    assert client.get(path).status_code == 403
    version.authors.create(person=associate, invited_by=version.drafted_by)
    assert client.get(path).status_code == 200


def uploaded(client: Client, file: bytes, **more: str) -> HttpResponse:
    sent = {"file": SimpleUploadedFile("version.json", file, "application/json"), **more}
    return client.post(IMPORT, sent, follow=True)  # type: ignore[return-value]


def test_an_uploaded_file_becomes_a_draft(version: Version, client: Client) -> None:
    page = uploaded(client, edited(version, title="Wren")).content.decode()
    assert "“Wren” is a draft now: version 2." in page
    draft = Version.objects.get(number=2)
    assert (draft.title, draft.proposed_at, draft.questions.count()) == ("Wren", None, len(KINDS))


def test_neither_way_to_hand_over_a_file_is_called_optional(client: Client) -> None:
    assert "optional" not in client.get(IMPORT).content.decode()


def test_pasted_text_becomes_a_draft(version: Version, client: Client) -> None:
    text = edited(version, title="Wren").decode().replace("\n", "\r\n")
    assert "is a draft now" in client.post(IMPORT, {"text": text}, follow=True).content.decode()


def test_what_is_there_already_is_not_made_again(version: Version, client: Client) -> None:
    page = uploaded(client, file_of(version)).content.decode()
    assert "Nothing was made: the newest version, version 1, says the same already." in page
    assert Version.objects.count() == 1


def test_another_version_underway_stands_in_the_way(version: Version, client: Client) -> None:
    uploaded(client, edited(version, title="Wren"))
    page = uploaded(client, edited(version, title="Finch")).content.decode()
    assert "Another version of this case study is being written." in page
    assert Version.objects.count() == 2


def test_everything_wrong_is_listed_on_the_page(version: Version, client: Client) -> None:
    page = uploaded(client, edited(version, title="", content_note=7)).content.decode()
    assert "<title>Error:" in page
    assert "2 things must be put right first." in page
    assert "Line 6: Version: title is missing." in page
    assert "Line 7: Version: content_note is missing." in page
    assert "then choose it again." in page
    pasted = client.post(IMPORT, {"text": edited(version, title="").decode()}).content.decode()
    assert "Put this right in the text below" in pasted


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        (None, "", "Choose a file, or paste what stands in it."),
        (b"{}", "{}", "Choose a file or paste its text, not both."),
        (b"x" * (LARGEST + 1), "", "This file is larger than 2 MB."),
        (b"", "", "Line 1: the file is empty."),
    ],
)
def test_what_cannot_be_read_at_all_is_said(
    client: Client, file: bytes | None, text: str, words: str
) -> None:
    response = client.post(IMPORT, {"text": text}) if file is None else uploaded(client, file, text=text)
    assert words in response.content.decode()
    assert not Version.objects.exists()
