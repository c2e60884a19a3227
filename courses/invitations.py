"""Who is let in by an invitation's link alone, before anyone has signed in."""

from __future__ import annotations

from courses.models import Nomination


def invited_by(token: str) -> Nomination | None:
    """The nomination whose link carries `token`, with its course and its enrolment, if there is one."""
    return (
        Nomination.objects.with_token(token)
        .select_related("course__programme", "course__organisation", "sponsor_organisation", "enrolment")
        .first()
    )
