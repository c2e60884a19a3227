"""Reading the sample's files: what their authors write is made whole with the programme's framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from accounts.models import Person
from assessments.case_studies.kinds import PLAIN, PLAIN_FIELD, kind_of
from assessments.case_studies.references import reference_of
from assessments.models import FrameworkEdition

HERE = Path(__file__).parent


@dataclass(frozen=True)
class SampleContext:
    """What whoever takes part has to know: when it is, who there is by first name, and the sample answers."""

    now: datetime
    people: dict[str, Person]
    answers: dict[str, Any]


def read(name: str) -> Any:
    """The sample file `name`."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def case_study(name: str) -> dict[str, Any]:
    """The case study in the file `name`, as `import_version` takes it.

    The file has the settings of its questions as an author types them; what a question copies of the
    framework comes from the edition in use.
    """
    content: dict[str, Any] = read(name)
    editions = FrameworkEdition.objects.current().filter(programme__code=content["programme"])
    reference = reference_of(editions.first())
    for question in content["questions"]:
        kind = kind_of(question.get("kind", PLAIN))
        question["settings"] = kind.settings_from(question.get("settings", {}), reference)
    return content


def values_of(answer: str | Mapping[str, str]) -> dict[str, str]:
    """A sample answer, one text or words by field, as `save_answer` takes its values."""
    fields = {PLAIN_FIELD: answer} if isinstance(answer, str) else answer
    return {name: words.strip() for name, words in fields.items()}
