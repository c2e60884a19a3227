"""Tables of accounts, of the foundation and of libraries that are left out, and why."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _
from pghistory.models import Context, Events, MiddlewareEvents

from accounts.models import LegalText, LimitCount, Organisation, VouchedNetwork
from accounts.personal_data import leave_out
from aimcert.foundation.models import Counter, Heartbeat, SentForm

leave_out(
    Organisation,
    LegalText,
    because=_(
        "What is about organisations, and the texts of our own pages. When you changed one of these stands"
        " among what you did."
    ),
)
leave_out(
    SentForm,
    Session,
    because=_(
        "For a few days it is known which forms you sent, so that sending one twice does it once; and what a"
        " page that is half done has to remember. Both go by themselves."
    ),
    keeps_acts=True,
)
leave_out(
    LimitCount,
    VouchedNetwork,
    Heartbeat,
    Counter,
    because=_(
        "Counts of how often something was asked for, from which network, and of what runs. They are kept as"
        " fingerprints, from which nobody can tell whose they are."
    ),
)
leave_out(
    EmailAddress,
    EmailConfirmation,
    Group,
    Permission,
    ContentType,
    because=_("Tables of the software that AIMcert is built on, which stay empty or are about no person."),
)
leave_out(
    Context,
    Events,
    MiddlewareEvents,
    because=_(
        "The number of each request that changed something, with the number of the account that asked."
        " What was changed, and when, stands among the history of your records."
    ),
)
