"""Asking for everything that is held about somebody, and for its file."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.letters import reader_of, write_to
from accounts.limits import Limit, spend
from accounts.models import DataExport, Person, SecurityStep
from accounts.states import SecurityAct
from aimcert.foundation.refusals import Refused
from aimcert.foundation.task_queue import enqueue

# What is held changes little within a day, and each may be large.
EXPORTS = Limit("exports of everything held about somebody", 3, timedelta(hours=8))


class AskedTooOften(Refused):
    """Several were asked for within a day."""

    status = 429


class NobodyToGiveItTo(Refused):
    """The account is closed, so that nobody can download it."""


class ExportNotReady(Refused):
    """It is still being made, or could not be."""


class ExportGone(Refused):
    """Its file has been deleted, as it was said it would be."""


@transaction.atomic
def request_export(*, person: Person, by: Person) -> DataExport:
    """Have everything that is held about somebody written to a file.

    Args:
        person: who asks for what is held about themself.
        by: the same person.

    Returns:
        The export; one that is not made yet, where there is one.

    Raises:
        AskedTooOften: a fourth within a day.

    Side effects:
        Wakes `accounts.make_export` after the commit.
    """
    standing = _underway(person)
    if standing is not None:
        return standing
    if spend(EXPORTS, person.pk):
        raise AskedTooOften(
            _("You asked for this three times within a day, so nothing was done. Ask again tomorrow.")
        )
    return _asked(person, by)


@transaction.atomic
def request_export_for(*, person: Person, reason: str, by: Person) -> DataExport:
    """Have the same written for somebody who wrote to The AIM Project; they alone can download it.

    Args:
        person: whom it is about; of an account that was joined to another, whose that is.
        reason: how they asked, and how it is known that it was they; kept, and not in the letter.
        by: the AIM admin.

    Returns:
        The export; one that is not made yet, where there is one.

    Raises:
        NobodyToGiveItTo: nobody can sign in to the account.

    Side effects:
        Tells the person by email, and keeps a trace. Wakes `accounts.make_export` after the commit.
    """
    reader = reader_of(person)
    if reader is None:
        raise NobodyToGiveItTo(
            _("This account is closed, so nobody could download the file. Nothing was done.")
        )
    standing = _underway(reader)
    if standing is not None:
        return standing
    SecurityStep.objects.create(person=reader, act=SecurityAct.EXPORTED, reason=reason, done_by=by)
    subject = gettext_lazy("The AIM Project has asked for something for you on AIMcert")
    write_to(
        person=reader, subject=subject, template="export_asked_for", context={"path": reverse("account_data")}
    )
    return _asked(reader, by)


def check_export_downloadable(*, export: DataExport, now: datetime) -> None:
    """Let go on only where the file can be had now.

    Raises:
        ExportNotReady: it is not made.
        ExportGone: its time is over.
    """
    if export.made_at is None:
        raise ExportNotReady(_("This file is not ready. Its page shows how far it has come."))
    if not export.can_be_had(now):
        raise ExportGone(
            _("This file has been deleted after its time. Ask for a new one: it says what is held now.")
        )


def _underway(person: Person) -> DataExport | None:
    # Two who press at one moment wait for one another here.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    return DataExport.objects.underway().filter(person=person).first()


def _asked(person: Person, by: Person) -> DataExport:
    export = DataExport.objects.create(person=person, asked_by=by, language=person.language)
    enqueue("accounts.make_export", export.pk)
    return export
