"""Organisations and who acts for them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.letters import write_to
from accounts.actions.people import find_or_create_person
from accounts.models import Membership, Organisation, Person
from aimcert.foundation.fields import one_line
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile, seen_of


class OrganisationExists(Refused):
    """There is an organisation of this name in this country."""


class OwnMembership(Refused):
    """Nobody lets themself act for an organisation, nor ends that they do."""


@transaction.atomic
def create_organisation(*, name: str, country: str, time_zone: str, by: Person) -> Organisation:
    """Make an organisation that can commission courses and sponsor people.

    Args:
        name: as it calls itself.
        country: two capital letters, ISO 3166-1.
        time_zone: a name of the IANA database.
        by: the AIM admin who makes it.

    Returns:
        The organisation.

    Raises:
        OrganisationExists: another has this name, in any spelling of capitals, in this country.
    """
    made = Organisation(name=one_line(name), country=country, time_zone=time_zone, created_by=by)
    _keep_unique(made)
    return made


@transaction.atomic
def edit_organisation(
    *, organisation: Organisation, name: str, country: str, time_zone: str, by: Person, seen: str = ""
) -> Organisation:
    """Change what an organisation is called, or where it is; its courses and its people stay its own.

    Args:
        organisation: which; the others as in `create_organisation`.
        seen: `organisation_seen` of what the page showed; empty: whatever it was.

    Returns:
        The organisation as it is now; where it says the same already, untouched.

    Raises:
        ChangedMeanwhile: something else stands by now than was `seen`.
        OrganisationExists: another has this name, in any spelling of capitals, in this country.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    given = (one_line(name), country, time_zone)
    if given == _details_of(organisation):
        return organisation
    if seen and seen != organisation_seen(organisation):
        raise ChangedMeanwhile
    organisation.name, organisation.country, organisation.time_zone = given
    organisation.note_change(by)
    _keep_unique(organisation)
    return organisation


def organisation_seen(organisation: Organisation) -> str:
    """What a page carries to say what it showed of `organisation`."""
    return seen_of(*_details_of(organisation))


def _details_of(organisation: Organisation) -> tuple[str, str, str]:
    return organisation.name, organisation.country, organisation.time_zone


def _keep_unique(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        if "organisation_name_unique" not in str(error):
            raise
        raise OrganisationExists(
            _("There is already an organisation of this name in this country.")
        ) from None


@transaction.atomic
def invite_commissioner(*, organisation: Organisation, name: str, email: str, by: Person) -> Membership:
    """Let a person act for an organisation, and write to them.

    Args:
        organisation: for whom.
        name: the person's, used if they have no account yet.
        email: their address.
        by: the AIM admin who invites.

    Returns:
        Their current membership; the existing one, with no second letter, if they have one.

    Raises:
        AccountClosed: the account with this address was closed.
        OwnMembership: `by` would invite themself.

    Side effects:
        Queues a letter that says how to sign in.
    """
    person = find_or_create_person(name=name, email=email)
    if person.pk == by.pk:
        raise OwnMembership(_("You cannot invite yourself. Ask another AIM admin to do it."))
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    membership, made = Membership.objects.get_or_create(
        person=person, organisation=organisation, ended_at=None, defaults={"started_by": by}
    )
    if made:
        write_to(
            person=person,
            subject=gettext_lazy("You can now act for your organisation on AIMcert"),
            template="commissioner_invited",
            context={"organisation": organisation.name, "email": person.email},
        )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Person) -> Membership:
    """End a commissioner's standing from this moment; what they did stays theirs.

    Args:
        membership: which.
        by: the AIM admin who ends it.

    Returns:
        The membership, ended; one that had ended before keeps its date.

    Raises:
        OwnMembership: `by` would end their own.

    Side effects:
        Writes to them.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.person_id == by.pk:
        raise OwnMembership(
            _("You cannot end that you act for an organisation. Ask another AIM admin to do it.")
        )
    if membership.ended_at is None:
        membership.ended_at, membership.ended_by = timezone.now(), by
        membership.save(update_fields=["ended_at", "ended_by"])
        write_to(
            person=membership.person,
            subject=gettext_lazy("You no longer act for an organisation on AIMcert"),
            template="commissioner_ended",
            context={"organisation": membership.organisation.name},
        )
    return membership
