"""Who is let in by an invitation's link alone, before anyone has signed in."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.models import ConfirmedAddress, Person, belongs_to
from courses.models import Enrolment, Nomination


def invited_by(token: str) -> Nomination | None:
    """The nomination whose link carries `token`, with its course and its enrolment, if there is one."""
    return (
        Nomination.objects.with_token(token)
        .select_related(
            "course__programme", "course__organisation", "sponsor_organisation", "enrolment__person"
        )
        .first()
    )


def whose_address_is(email: str) -> Q:
    """The condition, on an enrolment, that `email` reaches its person: see `belongs_to`."""
    return belongs_to(email, to="person__")


def is_own(nomination: Nomination, person: Person | AnonymousUser) -> bool:
    """Whether it was sent to `person`, who is signed in: to their address, or one that they gave up."""
    return (
        isinstance(person, Person)
        and Person.objects.filter(belongs_to(nomination.email), pk=person.pk).exists()
    )


def account_of(nomination: Nomination) -> Person | None:
    """Whose account has the address that it was sent to, if anybody's has."""
    return Person.objects.with_address(nomination.email).first()


def needs_sign_in(nomination: Nomination) -> bool:
    """Whether somebody gave up the address that it was sent to, and nobody has it now.

    Whoever reads the mail there need not be that person, and is taken for nobody else either.
    """
    nobodys = not Person.objects.with_address(nomination.email).exists()
    return nobodys and ConfirmedAddress.objects.filter(email=nomination.email).exists()


def has_a_place(nomination: Nomination, person: Person | AnonymousUser) -> bool:
    """Whether the invited person is on the course already, otherwise: that is theirs alone to know.

    Args:
        nomination: the invitation.
        person: who opens it: of one to an address that was given up only its person learns this.
    """
    theirs = Q(person__email=nomination.email) | Q(person__merged__email=nomination.email)
    if is_own(nomination, person):
        theirs |= Q(person=person)
    return Enrolment.objects.filter(theirs, course=nomination.course_id, withdrawn_at__isnull=True).exists()
