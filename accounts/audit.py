"""What the audit log tells of accounts: organisations, who acts for them, staff, the security of accounts."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import NOBODY, About, Facts, Kind, done, keep_silent, tell
from accounts.models import (
    DataExport,
    LegalText,
    Membership,
    Organisation,
    SecurityStep,
    StaffAppointment,
)
from accounts.states import LegalPage, SecurityAct
from aimcert.foundation.models import SentForm

PERSON = About(person="person")


def _security(facts: Facts) -> str:
    return str(SecurityAct(facts["act"]).label)


def _legal(facts: Facts) -> str:
    said = {"number": facts["number"], "page": LegalPage(facts["page"]).label}
    return _now("Published version %(number)s of: %(page)s") % said


tell(
    Organisation,
    Kind.ACCOUNTS,
    About(organisation="pk"),
    done("created", _("Added the organisation")),
    done("changed", _("Last changed the organisation’s details")),
)
tell(
    Membership,
    Kind.ACCOUNTS,
    About(person="person", organisation="organisation"),
    done("started", _("Made them a commissioner")),
    done("ended", _("Ended that they act as a commissioner")),
)
tell(
    StaffAppointment,
    Kind.ACCOUNTS,
    PERSON,
    done("started", _("Made them an AIM admin"), page=("staff",)),
    done("ended", _("Ended that they are an AIM admin"), page=("staff",)),
)
tell(
    SecurityStep,
    Kind.ACCOUNTS,
    PERSON,
    # That everything held was asked for, `DataExport` says.
    done(
        "done",
        _("Security of the account"),
        when=~Q(act=SecurityAct.EXPORTED),
        facts={"act": "act"},
        says=_security,
    ),
)
tell(DataExport, Kind.ACCOUNTS, PERSON, done("asked", _("Asked for everything that is held about them")))
tell(
    LegalText,
    Kind.ACCOUNTS,
    NOBODY,
    done(
        "published",
        _("Published a legal page"),
        facts={"page": "page", "number": "number"},
        says=_legal,
        page=("legal_version", "page", "number"),
    ),
)
keep_silent(
    SentForm, because="that the same form is sent once alone: of a few days, and about no act by itself"
)
