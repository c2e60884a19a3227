"""Whose a walk-in is: an organisation named by its name, what it says, and another that is named instead."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, Person, ever_at
from aimcert.foundation.name_order import InOrder, name_key
from aimcert.foundation.stale_forms import ChangedMeanwhile
from courses.actions.enrolling import OutcomeFinalised
from courses.actions.inviting import AlreadyNominated, NominationRefused, refuse_own
from courses.actions.refusals import CourseRefused, locked
from courses.emails import tell_sponsor_named, tell_sponsor_to_be_named, tell_sponsor_to_confirm
from courses.models import Course, Enrolment, Nomination, SponsorRefusal


class NotAccepted(CourseRefused):
    """There is no enrolment yet."""


class SponsorUnknown(NominationRefused):
    """No organisation has that name, or none that somebody could answer for."""


class SponsorToBeNamed(CourseRefused):
    """There is nobody to confirm: The AIM Project names the sponsor first."""


class SponsorConfirmed(CourseRefused):
    """The sponsor said yes already."""


class SponsorChanged(CourseRefused):
    """Meanwhile another is the sponsor, or none."""


def organisation_named(name: str, *, course: Course, email: str) -> Organisation:
    """The one organisation of this name for which somebody could confirm a walk-in.

    Names are compared as people do, and only whole: who else there is, nobody is told. Of two with one
    name, that in the course's country is meant.

    Args:
        name: as it was typed.
        course: which they walk into.
        email: the walk-in's address; they confirm nothing themself.

    Raises:
        SponsorUnknown: there is none, or more than one. The words are the same.
    """
    key = name_key(name)
    called = Organisation.objects.alias(key=InOrder("name")).filter(key=key).order_by("pk")
    organisations = list(called.filter(Exists(_answering(ever_at(email))))) if key else []
    if len(organisations) > 1:
        organisations = [one for one in organisations if one.country == course.country]
    if len(organisations) != 1:
        raise SponsorUnknown(
            _(
                "No organisation of this name could be asked. Check the spelling, with the person if you can:"
                " it is the organisation’s whole name. Or choose that The AIM Project names the sponsor: the"
                " person takes part all the same."
            ),
            field="sponsor_name",
        )
    return organisations[0]


def _answering(but: QuerySet[Person]) -> QuerySet[Membership]:
    """Standings of those who could answer for an organisation now, without the people `but`."""
    standings = Membership.objects.filter(
        organisation=OuterRef("pk"), ended_at__isnull=True, person__is_active=True
    )
    return standings.exclude(person__in=but)


def _both_locked(nomination: Nomination, by: Person) -> Enrolment:
    """The place that the walk-in holds, locked with its course."""
    locked(nomination.course)
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("nomination", "course", "person", "sponsor_organisation", "sponsor_confirmed_by")
        .filter(nomination=nomination)
        .first()
    )
    refuse_own(nomination, by)
    if enrolment is None or enrolment.withdrawn_at:
        raise NotAccepted(_("%(name)s holds no place on this course.") % {"name": nomination.name})
    return enrolment


@transaction.atomic
def confirm_sponsor(*, nomination: Nomination, by: Person) -> Enrolment:
    """Confirm, for the sponsor, that a walk-in is theirs; without it their outcome is not approved.

    Args:
        nomination: the walk-in's.
        by: somebody who acts for the sponsor, or an AIM admin; never the person themself.

    Returns:
        The enrolment; one that was confirmed already keeps its date.

    Raises:
        OwnNomination: it is their own.
        NotAccepted: they have not accepted, or gave up their place.
        SponsorToBeNamed: The AIM Project has to name one first.
        SponsorChanged: `by` acts for another organisation than is asked by now.
    """
    enrolment = _both_locked(nomination, by)
    if not by.is_aim_admin and enrolment.sponsor_organisation_id not in by.organisation_ids:
        raise SponsorChanged(_no_longer_asked(enrolment, by))
    if enrolment.sponsor_to_be_named:
        raise SponsorToBeNamed(_("Name who sponsors %(name)s first.") % {"name": nomination.name})
    if enrolment.sponsor_confirmed_at is None:
        enrolment.sponsor_confirmed_at, enrolment.sponsor_confirmed_by = timezone.now(), by
        enrolment.save(update_fields=["sponsor_confirmed_at", "sponsor_confirmed_by"])
    return enrolment


@transaction.atomic
def refuse_sponsor(*, nomination: Nomination, by: Person) -> Enrolment:
    """Say, for the organisation that was named, that a walk-in is not theirs: they see no more of them.

    The person keeps their place; The AIM Project names another sponsor (`name_sponsor`).

    Args:
        nomination: the walk-in's.
        by: somebody who acts for the sponsor; never the person themself.

    Returns:
        The enrolment; where their organisation has said so already, it stays as it is.

    Raises:
        OwnNomination, NotAccepted: as in `confirm_sponsor`.
        SponsorConfirmed: their organisation said yes already.
        OutcomeFinalised: what comes of a finalised outcome is the sponsor's.
        SponsorChanged: another organisation is asked.

    Side effects:
        Keeps who said so and when. Writes to The AIM Project's staff.
    """
    enrolment = _both_locked(nomination, by)
    organisation = enrolment.sponsor_organisation
    if organisation is None or organisation.pk not in by.organisation_ids:
        if _has_refused(enrolment, by):
            return enrolment
        raise SponsorChanged(_no_longer_asked(enrolment, by))
    refuse_answering_no(enrolment, by)
    SponsorRefusal.objects.create(enrolment=enrolment, organisation=organisation, refused_by=by)
    _set(enrolment, None, to_be_named=True)
    tell_sponsor_to_be_named(enrolment)
    return enrolment


def refuse_answering_no(enrolment: Enrolment, by: Person) -> None:
    """Raise where it is too late for the sponsor to say *not ours*, or it was never asked.

    Raises:
        SponsorConfirmed, OutcomeFinalised: as in `refuse_sponsor`.
    """
    _refuse_confirmed(enrolment)
    _refuse_settled(enrolment, by)


@transaction.atomic
def name_sponsor(*, nomination: Nomination, sponsor: Organisation | None, seen: str, by: Person) -> Enrolment:
    """Name who sponsors a walk-in, for The AIM Project; whoever is named is asked in turn.

    Args:
        nomination: the walk-in's.
        sponsor: an organisation for which somebody else acts, or None: they pay for themself, which they
            confirm signed in (`confirm_acceptance`).
        seen: who was asked when `by` opened the page, as `whose` says it.
        by: an AIM admin; never the person themself.

    Returns:
        The enrolment; where `sponsor` is asked already, it stays as it is.

    Raises:
        OwnNomination, NotAccepted: as in `confirm_sponsor`.
        SponsorConfirmed: the sponsor said yes, or the person that they pay.
        OutcomeFinalised: what comes of a finalised outcome is the sponsor's.
        ChangedMeanwhile: another is asked than `seen`.
        NominationRefused: nobody but the person acts for the organisation.
        AlreadyNominated: the organisation has invited them itself.

    Side effects:
        Writes to those who act for the sponsor, and to the person.
    """
    enrolment = _both_locked(nomination, by)
    if not enrolment.sponsor_to_be_named and enrolment.sponsor_organisation == sponsor:
        return enrolment
    refuse_naming(enrolment, by)
    if whose(enrolment) != seen:
        raise ChangedMeanwhile
    if sponsor is not None:
        others = ever_at(enrolment.nomination.email) | Person.objects.filter(pk=enrolment.person_id)
        if not Organisation.objects.filter(Exists(_answering(others)), pk=sponsor.pk).exists():
            raise NominationRefused(
                _("Nobody acts for %(sponsor)s who could confirm. Invite a commissioner first.")
                % {"sponsor": sponsor.name},
                field="sponsor",
            )
    again = Nomination.objects.standing().exclude(pk=nomination.pk)
    theirs = {"sponsor_organisation": sponsor, "sponsor_to_be_named": False}
    if again.filter(course=enrolment.course, email=enrolment.nomination.email, **theirs).exists():
        raise AlreadyNominated(
            _("They have another invitation to this course with this sponsor. Withdraw that one first."),
            field="sponsor",
        )
    _set(enrolment, sponsor, to_be_named=False)
    if sponsor is not None:
        tell_sponsor_to_confirm(enrolment)
    tell_sponsor_named(enrolment)
    return enrolment


def whose(enrolment: Enrolment) -> str:
    """Who is asked whether they sponsor somebody, to tell later whether it is still the same."""
    if enrolment.sponsor_organisation is not None:
        return str(enrolment.sponsor_organisation.uuid)
    return "nobody" if enrolment.sponsor_to_be_named else "themself"


def refuse_naming(enrolment: Enrolment, by: Person) -> None:
    """Raise where a sponsor cannot be named any more.

    Raises:
        SponsorConfirmed, OutcomeFinalised: as in `name_sponsor`.
    """
    if not enrolment.sponsor_to_be_named:
        _refuse_confirmed(enrolment)
    _refuse_settled(enrolment, by)


def _set(enrolment: Enrolment, sponsor: Organisation | None, *, to_be_named: bool) -> None:
    """Of the place and of the nomination that it came from, from which its sponsor's pages find it."""
    for row in (enrolment, enrolment.nomination):
        row.sponsor_organisation, row.sponsor_to_be_named = sponsor, to_be_named
        row.save(update_fields=["sponsor_organisation", "sponsor_to_be_named"])


def _refuse_confirmed(enrolment: Enrolment) -> None:
    name = enrolment.certificate_name
    if not enrolment.nomination.is_walk_in:
        raise SponsorConfirmed(
            _("%(name)s was nominated, so who sponsors them stays as it is.") % {"name": name}
        )
    if enrolment.sponsor_confirmed_at is not None:
        day = date_format(timezone.localtime(enrolment.sponsor_confirmed_at, enrolment.course.zone).date())
        raise SponsorConfirmed(
            _(
                "%(by)s confirmed on %(day)s who sponsors %(name)s. If that is wrong, write to The AIM"
                " Project at %(address)s."
            )
            % {
                "by": enrolment.sponsor_confirmed_by,
                "day": day,
                "name": name,
                "address": settings.AIM["SUPPORT_EMAIL"],
            }
        )


def _refuse_settled(enrolment: Enrolment, by: Person) -> None:
    if enrolment.frozen_at or enrolment.outcome_finalised_at or enrolment.sponsor_settled_at:
        words = (
            _(
                "An outcome of %(name)s was finalised, so who sponsors them stays as it is. Where it waits"
                " for approval, it can be returned to the trainer first."
            )
            if by.is_aim_admin
            else _(
                "An outcome of %(name)s was finalised, so it is too late to answer no. If you do"
                " not know them, write to The AIM Project at %(address)s."
            )
        )
        raise OutcomeFinalised(
            words % {"name": enrolment.certificate_name, "address": settings.AIM["SUPPORT_EMAIL"]}
        )


def _has_refused(enrolment: Enrolment, by: Person) -> bool:
    return enrolment.sponsor_refusals.filter(organisation__in=by.organisation_ids).exists()


def _no_longer_asked(enrolment: Enrolment, by: Person) -> str:
    if _has_refused(enrolment, by):
        return _("Your organisation has said meanwhile that it does not sponsor them.")
    return _("Your organisation is not asked about them any more.")
