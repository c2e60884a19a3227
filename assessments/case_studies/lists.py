"""The list of Associates who are asked to agree: what sorts and narrows it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from aimcert.foundation.name_order import name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch
from assessments.case_studies.agreement import AssociateLine, Shown

# What somebody does about it comes first.
_SAYS = (
    (Shown.OBJECTS.value, _("Objects")),
    (Shown.NOTHING.value, _("Not answered")),
    (Shown.LAPSED.value, _("Agreed to an earlier text")),
    (Shown.UNAVAILABLE.value, _("Unavailable")),
    (Shown.AGREED.value, _("Agreed")),
)
_ORDER = {says: number for number, (says, _words) in enumerate(_SAYS)}

ASSOCIATE_COLUMNS = (
    RowColumn("associate", _("Associate"), lambda row: name_key(row.stance.associate.name)),
    RowColumn("country", _("Country"), lambda row: name_key(row.countries)),
    RowColumn("says", _("Says"), lambda row: _ORDER[row.shown]),
    RowColumn("reminded", _("Reminded"), lambda row: row.reminded_at),
)


class AssociateNarrowing(RowNarrowing):
    """Whom or which country somebody typed, and what they say."""

    q = TypedSearch(_("Name or country"))
    says = OneOf(_("Says"), _SAYS)

    def names_of(self, row: AssociateLine) -> tuple[str, ...]:
        return (row.stance.associate.name, row.countries)

    def by_says(self, says: str) -> Callable[[AssociateLine], bool]:
        return lambda row: row.shown == says
