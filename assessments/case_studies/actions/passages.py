"""What saving, adding, moving and removing a passage share: who may, what is kept, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.actions.contents import TITLE, CheckedContent, one_way
from assessments.case_studies.actions.versions import (
    ContentNotUsable,
    NotAnAuthor,
    keep_wording,
    lock_version,
    must_be_underway,
    renew_fingerprint,
)
from assessments.case_studies.canonical import area_key, content_of
from assessments.case_studies.figures import figure_problems
from assessments.case_studies.kinds import KINDS
from assessments.case_studies.models import Version, Wording
from assessments.case_studies.references import reference_of

Content = dict[str, Any]


class StalePassage(Refused):
    """Somebody saved the passage meanwhile: nothing was overwritten, and both texts are kept.

    Attributes:
        standing: the content that stands; empty where the passage was removed.
        typed: the content that was refused, and is kept beside it.
        revision: of what stands; the next save builds on it.
        saved_at, saved_by: when it was saved, and by whom.
    """

    def __init__(
        self, *, standing: Content, typed: Content, revision: int, saved_at: datetime, saved_by: Person
    ) -> None:
        super().__init__(
            _(
                "%(name)s saved this passage while you were writing. Nothing was overwritten:"
                " both texts are kept."
            )
            % {"name": saved_by}
            if standing
            else _("%(name)s removed this passage while you were writing. Your text is kept in its history.")
            % {"name": saved_by}
        )
        self.standing, self.typed, self.revision = standing, typed, revision
        self.saved_at, self.saved_by = saved_at, saved_by


class PassageRefused(Refused):
    """Content that a version cannot hold; the words say what to change."""

    status = 422


def lock_to_write(version: Version, by: Person) -> Version:
    """The version, locked, where `by` may change it now.

    Raises:
        NotAnAuthor, VersionFrozen, VersionWithdrawn.
    """
    version = lock_version(version)
    if not by.is_aim_admin and not version.authors.filter(person=by, ended_at__isnull=True).exists():
        raise NotAnAuthor(_("Only The AIM Project’s staff and invited authors write this version."))
    must_be_underway(version)
    return version


def changed(version: Version) -> None:
    """After any change of a locked version: what is proposed stays whole, and has a new fingerprint.

    Raises:
        ContentNotUsable: it is proposed, and would now lack something that a version needs.
    """
    if version.proposed_at is None:
        return
    if problems := CheckedContent(content_of(version)).problems:
        raise ContentNotUsable(problems)
    renew_fingerprint(version)


def save_passage(
    version: Version,
    passage: str,
    content: Content,
    base_revision: int,
    by: Person,
    standing: Content,
    revision: int,
    *,
    write: Callable[[Version, int], None],
) -> StalePassage | None:
    """Save `content` over what stands, or keep it beside that: then what to raise after the commit."""
    if content == standing:
        return None
    if not standing or revision != base_revision:
        return _set_aside(version, passage, content, base_revision, by, standing, revision)
    write(version, revision + 1)
    keep_wording(version, passage, revision + 1, content, by=by)
    changed(version)
    return None


def _set_aside(
    version: Version,
    passage: str,
    content: Content,
    base_revision: int,
    by: Person,
    standing: Content,
    revision: int,
) -> StalePassage:
    wordings = version.wordings.filter(passage=passage)
    # The same form sent twice is one text.
    if not wordings.filter(set_aside=True, saved_by=by, revision=base_revision, content=content).exists():
        keep_wording(version, passage, base_revision, content, by=by, set_aside=True)
    last: Wording = wordings.filter(set_aside=False).select_related("saved_by").latest("revision")
    return StalePassage(
        standing=standing,
        typed=content,
        revision=revision,
        saved_at=last.saved_at,
        saved_by=last.saved_by,
    )


# --- Content as it is kept -------------------------------------------------------------------------


def content_kept(content: Content) -> Content:
    """`content` with each text written one way, so that a round trip through a file changes nothing."""
    content = {key: one_way(value) if isinstance(value, str) else value for key, value in content.items()}
    if not content["title"]:
        raise PassageRefused(_("Enter a title."))
    if len(content["title"]) > TITLE:
        raise PassageRefused(_("Shorten the title to 150 characters."))
    return content


def section_kept(title: str, body: str, figure: dict[str, Any] | None) -> Content:
    if figure is not None and (problems := figure_problems(figure)):
        raise PassageRefused("\n".join(f"{one.path} {one.words}" for one in problems))
    return content_kept({"title": title, "body": body, "figure": figure})


def question_kept(version: Version, content: Content) -> Content:
    """`content` as it is kept; only what is written once may be missing, until it is proposed."""
    kind = KINDS.get(content["kind"])
    if kind is None or not kind.fits(reference_of(version.edition)):
        raise PassageRefused(_("This programme does not have that kind of question."))
    if problems := kind.problems_of(content["settings"]):
        raise PassageRefused("\n".join(f"{one.path} {one.words}" for one in problems))
    content = content_kept(content)
    parts = {"", *(key for key, _title in kind.parts(content["settings"]))}
    constructs = set(version.case_study.programme.constructs.values_list("code", flat=True))
    areas = {area_key(area) for area in version.edition.areas.all()} if version.edition else set()
    criteria = []
    for number, row in enumerate(content["criteria"], start=1):
        row = {key: one_way(value) if isinstance(value, str) else value for key, value in row.items()}
        row |= {key: sorted(set(row[key])) for key in ("constructs", "areas")}
        if not (row["essential"] and kind.essential_by_decision):
            row["essential_because"] = ""
        if row["part"] not in parts or set(row["constructs"]) - constructs or set(row["areas"]) - areas:
            raise PassageRefused(
                _("Criterion %(number)d names a part, a construct or an area that is not there.")
                % {"number": number}
            )
        criteria.append(row)
    return {**content, "criteria": criteria}
