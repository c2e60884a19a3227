"""The AIM Project's licences for Associates."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import find_or_create_person
from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile, seen_of
from courses.actions.refusals import CourseRefused
from courses.emails import tell_licence_changed, tell_licence_withdrawn, tell_licensed
from courses.models import Licence, Programme


class LicenceRefused(CourseRefused):
    """A licence cannot be granted or changed so."""


@transaction.atomic
def grant_licence(
    *,
    name: str,
    email: str,
    programme: Programme,
    country: str,
    valid_from: date,
    valid_until: date | None = None,
    by: Person,
) -> Licence:
    """License somebody to train a programme in a country; they train once cleared.

    Args:
        name: the Associate's, used if they have no account yet.
        email: their address.
        programme: what they may train.
        country: where; two capital letters, ISO 3166-1.
        valid_from: the first day, as a local date of each course.
        valid_until: the last day; None: until withdrawn.
        by: the AIM admin.

    Returns:
        The licence; an existing one with the same dates, with no second letter.

    Raises:
        LicenceRefused: it would end before it begins or has ended already, it is their own, or they
            hold one for this programme and country with other dates.
        AccountClosed: the account with this address was closed.

    Side effects:
        Writes to the Associate.
    """
    _refuse_impossible(valid_from, valid_until)
    associate = find_or_create_person(name=name, email=email)
    if associate.pk == by.pk:
        raise LicenceRefused(
            _("Nobody licenses themself. Ask another member of The AIM Project’s staff."), field="email"
        )
    # Two grants at once wait for one another here.
    Person.objects.select_for_update(of=("self",)).get(pk=associate.pk)
    held = Licence.objects.filter(
        associate=associate, programme=programme, country=country, withdrawn_at__isnull=True
    ).first()
    if held is not None:
        if (held.valid_from, held.valid_until) == (valid_from, valid_until):
            return held
        raise LicenceRefused(
            _(
                "%(name)s already holds a licence for this programme and country. Change its end date, or"
                " withdraw it first."
            )
            % {"name": associate},
            field="email",
        )
    licence = Licence.objects.create(
        associate=associate,
        programme=programme,
        country=country,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=by,
    )
    tell_licensed(licence)
    return licence


@transaction.atomic
def renew_licence(*, licence: Licence, valid_until: date | None, by: Person, seen: str = "") -> Licence:
    """Change the last day of a licence.

    Args:
        licence: one that was not withdrawn.
        valid_until: the new last day, today or later; None: until withdrawn.
        by: the AIM admin.
        seen: `last_day_seen` of what the page showed; empty: whatever it was.

    Returns:
        The licence as it is now.

    Raises:
        ChangedMeanwhile: another last day stands by now than was `seen`.
        LicenceRefused: it was withdrawn, it is their own, or the day is past or before its first.

    Side effects:
        Writes to the Associate, where the day is another.
    """
    licence = Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    if licence.withdrawn_at:
        raise LicenceRefused(_("This licence was withdrawn. Grant a new one."))
    if licence.associate_id == by.pk:
        raise LicenceRefused(_("Nobody licenses themself. Ask another member of The AIM Project’s staff."))
    if licence.valid_until != valid_until:
        if seen and seen != last_day_seen(licence):
            raise ChangedMeanwhile
        _refuse_impossible(licence.valid_from, valid_until)
        licence.valid_until = valid_until
        licence.save(update_fields=["valid_until", *licence.note_change(by)])
        tell_licence_changed(licence)
    return licence


def last_day_seen(licence: Licence) -> str:
    """What a page carries to say which last day it showed."""
    return seen_of(licence.valid_until)


@transaction.atomic
def withdraw_licence(*, licence: Licence, by: Person) -> Licence:
    """Take a licence back from this moment: its Associate trains and marks under it no more.

    Args:
        licence: which.
        by: the AIM admin.

    Returns:
        The licence; one that was withdrawn already keeps its date.

    Side effects:
        Writes to the Associate.
    """
    licence = Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    if licence.withdrawn_at is None:
        licence.withdrawn_at, licence.withdrawn_by = timezone.now(), by
        licence.save(update_fields=["withdrawn_at", "withdrawn_by"])
        tell_licence_withdrawn(licence)
    return licence


def _refuse_impossible(valid_from: date, valid_until: date | None) -> None:
    if valid_until is None:
        return
    if valid_until < valid_from:
        raise LicenceRefused(_("The last day is before the first. Check both."), field="valid_until")
    if valid_until < timezone.localdate():
        raise LicenceRefused(
            _("The last day is in the past. To end a licence now, withdraw it."), field="valid_until"
        )
