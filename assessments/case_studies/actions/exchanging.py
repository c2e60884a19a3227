"""Taking a version in from a file that was exported, here or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from assessments.case_studies.actions.contents import CheckedContent
from assessments.case_studies.actions.drafting import draft_of
from assessments.case_studies.actions.versions import ContentNotUsable, require_admin
from assessments.case_studies.exchange import read_file
from assessments.case_studies.models import Version


@dataclass(frozen=True)
class Imported:
    """What came of a file: a draft, or the newest version, which says the same already."""

    version: Version
    is_new: bool


def import_file(*, data: bytes, by: Person) -> Imported:
    """Make a draft of what a file says.

    Args:
        data: the bytes of the file; its form is in docs/version-file.md.
        by: an AIM admin.

    Raises:
        NotForYou: `by` is not an AIM admin.
        ContentNotUsable: with everything that is wrong, each with the line on which it stands.
        VersionUnderway: another version is being written or agreed to.

    Side effects:
        As `import_version`; none where anything is wrong.
    """
    require_admin(by)
    file = read_file(data)
    if file.broken:
        raise ContentNotUsable([file.broken])
    checked = CheckedContent(file.content)
    if faults := [*file.faults, *checked.faults] or file.harm:
        raise ContentNotUsable(file.lined(faults))
    version, is_new = draft_of(checked, by=by)
    return Imported(version, is_new)
