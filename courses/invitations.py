"""Who is let in by an invitation's link alone, before anyone has signed in."""

from __future__ import annotations

from django.db.models import Q

from courses.models import Enrolment, Nomination


def invited_by(token: str) -> Nomination | None:
    """The nomination whose link carries `token`, with its course and its enrolment, if there is one."""
    return (
        Nomination.objects.with_token(token)
        .select_related("course__programme", "course__organisation", "sponsor_organisation", "enrolment")
        .first()
    )


def whose_address_is(email: str) -> Q:
    """The condition, on an enrolment, that `email` is its person's, or of an account merged into theirs."""
    return Q(person__email=email) | Q(person__merged__email=email)


def has_a_place(nomination: Nomination) -> bool:
    """Whether the invited person is on the course already, otherwise: that is theirs alone to know."""
    return Enrolment.objects.filter(
        whose_address_is(nomination.email), course=nomination.course_id, withdrawn_at__isnull=True
    ).exists()
