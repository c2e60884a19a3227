"""What the audit log tells of case studies: writing, agreement, versions in force, the framework."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.audit_log import NOBODY, About, Act, Kind, done, keep_silent, tell
from assessments.case_studies.models import (
    Agreement,
    AgreementReminder,
    FrameworkEdition,
    Objection,
    ObjectionReply,
    Question,
    Section,
    Unavailability,
    Version,
    VersionAuthor,
    Wording,
)


def _version(way: str = "version__") -> dict[str, Any]:
    """What is told of a version, which `way` leads to, and the page where it is read."""
    return {
        "facts": {
            "version": f"{way}uuid",
            "number": f"{way}number",
            "programme": f"{way}case_study__programme__name",
        },
        "page": ("assessments:version", "version"),
    }


OF_ITSELF = _version("")
OF_VERSION = _version()
OF_OBJECTION = _version("objection__version__")
OF_EDITION: dict[str, Any] = {
    "facts": {"edition": "uuid", "number": "number", "programme": "programme__name"},
    "page": ("assessments:framework_edition", "edition"),
}
OF_PROGRAMME: dict[str, Any] = {"facts": {"programme": "programme__name"}}

tell(
    Version,
    Kind.CASE_STUDIES,
    NOBODY,
    done("drafted", _("Began the case study of %(programme)s, version %(number)s"), **OF_ITSELF),
    done("proposed", _("Proposed the case study of %(programme)s, version %(number)s"), **OF_ITSELF),
    done("frozen", _("Put the case study of %(programme)s, version %(number)s, into force"), **OF_ITSELF),
    done("retired", _("Retired the case study of %(programme)s, version %(number)s"), **OF_ITSELF),
    done("withdrawn", _("Withdrew the case study of %(programme)s, version %(number)s"), **OF_ITSELF),
)
tell(
    VersionAuthor,
    Kind.CASE_STUDIES,
    About(person="person"),
    done(
        "invited",
        _("Invited them to write the case study of %(programme)s, version %(number)s"),
        **OF_VERSION,
    ),
    done(
        "ended",
        _("Ended that they write the case study of %(programme)s, version %(number)s"),
        **OF_VERSION,
    ),
)
tell(
    Wording,
    Kind.CASE_STUDIES,
    NOBODY,
    done("saved", _("Wrote in the case study of %(programme)s, version %(number)s"), **OF_VERSION),
)
tell(
    Agreement,
    Kind.CASE_STUDIES,
    NOBODY,
    Act(
        _("Agreed to the case study of %(programme)s, version %(number)s"),
        who="associate",
        at="agreed_at",
        **OF_VERSION,
    ),
)
tell(
    AgreementReminder,
    Kind.CASE_STUDIES,
    About(person="associate"),
    done("sent", _("Reminded them of the case study of %(programme)s, version %(number)s"), **OF_VERSION),
)
tell(
    Objection,
    Kind.CASE_STUDIES,
    NOBODY,
    done("raised", _("Objected to the case study of %(programme)s, version %(number)s"), **OF_VERSION),
    done(
        "withdrawn",
        _("Withdrew an objection to the case study of %(programme)s, version %(number)s"),
        **OF_VERSION,
    ),
    done(
        "closed",
        _("Closed an objection to the case study of %(programme)s, version %(number)s"),
        **OF_VERSION,
    ),
)
tell(
    ObjectionReply,
    Kind.CASE_STUDIES,
    NOBODY,
    done(
        "replied",
        _("Replied to an objection to the case study of %(programme)s, version %(number)s"),
        **OF_OBJECTION,
    ),
)
tell(
    Unavailability,
    Kind.CASE_STUDIES,
    About(person="associate"),
    done("recorded", _("Recorded that they cannot be asked to agree: %(programme)s"), **OF_PROGRAMME),
    done("ended", _("Recorded that they can be asked to agree again: %(programme)s"), **OF_PROGRAMME),
)
tell(
    FrameworkEdition,
    Kind.CASE_STUDIES,
    NOBODY,
    done("drafted", _("Began the framework of %(programme)s, edition %(number)s"), **OF_EDITION),
    done("changed", _("Last changed the framework of %(programme)s, edition %(number)s"), **OF_EDITION),
    done("published", _("Published the framework of %(programme)s, edition %(number)s"), **OF_EDITION),
)
for _passage in (Section, Question):
    keep_silent(_passage, "saved_by", because="each text that was saved is a wording, which is told")
