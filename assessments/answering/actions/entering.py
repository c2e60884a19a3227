"""Getting in without one's email: a trainer gives a code to somebody they have before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import write_to
from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_moment
from assessments.answering.models import EntryCode
from assessments.answering.models.entry import MOST_COUNTED
from assessments.states import CodeEnd
from courses.models import Course, Enrolment

# So many that no number of wrong tries has to end a code, which anybody could then do to anybody's: what a
# server takes in ten minutes is one try of some hundred thousand (docs/adr/0016-getting-in.md).
DIGITS = 10


class NoCodeNow(Refused):
    """No code can be given: it is no day of the course, or they do not take part."""


class EntryCodeRefused(Refused):
    """Address and code do not go together, or the code works no more; which of them, nobody is told."""

    status = 403


@dataclass(frozen=True)
class GivenCode:
    """A code, and the only place where it is written out."""

    row: EntryCode
    code: str


@transaction.atomic
def give_entry_code(*, enrolment: Enrolment, by: Person) -> GivenCode:
    """Give a participant a code that signs them in once, within `AIM["ROOM_CODE_MINUTES"]`.

    Args:
        enrolment: theirs.
        by: a trainer of the course, who said that they have the person before them.

    Returns:
        The code. It is kept as its HMAC alone, so nobody can be shown it again: another call makes
        another, and ends this one.

    Raises:
        NoCodeNow: the course does not meet today or was cancelled, they do not take part any more, or
            their account is closed.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course", "person")
        .get(pk=enrolment.pk)
    )
    if enrolment.withdrawn_at or not enrolment.person.is_active:
        raise NoCodeNow(_("They do not take part in this course any more."))
    course, now = enrolment.course, timezone.now()
    if course.cancelled_at or not course.published_at or not _meets_on_day_of(course, now):
        raise NoCodeNow(
            _(
                "Codes are for the room: one can be given on a day of the course only."
                " On other days they sign in with a code from their email."
            )
        )
    EntryCode.objects.filter(enrolment=enrolment, used_at__isnull=True, ended_at__isnull=True).update(
        ended_at=now, ended_because=CodeEnd.REPLACED
    )
    code = str(generate_user_code(numeric=True, length=DIGITS))
    minutes = settings.AIM["ROOM_CODE_MINUTES"]
    row = EntryCode(enrolment=enrolment, made_at=now, made_by=by, expires_at=now + timedelta(minutes=minutes))
    row.code_hmac = hmac_of(row.uuid, code)
    row.save()
    return GivenCode(row, code)


def use_entry_code(*, course_number: int, email: str, code: str) -> EntryCode:
    """Take the code that a trainer gave; whoever typed it may be signed in to this one place.

    Args:
        course_number: what the room's address stands for.
        email: the address that was typed, in our one spelling.
        code: what was typed.

    Returns:
        The code's row with its enrolment, course and person: it is used up now.

    Raises:
        EntryCodeRefused: they do not go together, or the code ran out, was used or was replaced. A wrong
            try is counted, for its trainer to see, and ends nothing.

    Side effects:
        Writes to the person that they were signed in so.
    """
    with transaction.atomic():
        row = _use(course_number, email, code)
    # Raised here, since the transaction that counted the try must not be undone.
    if row is None:
        raise EntryCodeRefused(
            _(
                "This address and this code do not go together, or the code does not work any more."
                " Check both, or ask your trainer for a new code."
            )
        )
    return row


def _use(course_number: int, email: str, code: str) -> EntryCode | None:
    now = timezone.now()
    row = (
        EntryCode.objects.select_for_update(of=("self",))
        .select_related("enrolment__person", "enrolment__course", "made_by")
        .filter(
            enrolment__course__number=course_number,
            enrolment__course__cancelled_at__isnull=True,
            enrolment__withdrawn_at__isnull=True,
            enrolment__person__email=email,
            enrolment__person__is_active=True,
            used_at__isnull=True,
            ended_at__isnull=True,
            expires_at__gt=now,
        )
        .first()
    )
    # Compared where there is none, too, so that the time it takes tells nothing.
    typed = hmac_of(row.uuid if row else uuid4(), code)
    is_right = constant_time_compare(typed, row.code_hmac if row else "0" * 64)
    if row is None:
        return None
    if not is_right:
        row.wrong_tries = min(row.wrong_tries + 1, MOST_COUNTED)
        row.save(update_fields=["wrong_tries"])
        return None
    row.used_at = now
    row.save(update_fields=["used_at"])
    _tell(row, now)
    return row


def _tell(row: EntryCode, now: datetime) -> None:
    course = row.enrolment.course
    write_to(
        person=row.enrolment.person,
        subject=gettext_lazy("You were signed in with a code from your trainer"),
        template="signed_in_by_trainers_code",
        context={
            "course": course.title,
            "when": said_moment(now, course.zone),
            "trainer": row.made_by.name,
        },
    )


def hmac_of(row: UUID, code: str) -> str:
    """What is kept of a code: it needs the server's key to be tried, and says nothing about another row's."""
    salted = salted_hmac(f"assessments.entry_code.{row}", normalize_user_code(code), algorithm="sha256")
    return salted.hexdigest()


def _meets_on_day_of(course: Course, now: datetime) -> bool:
    today = now.astimezone(course.zone).date()
    times = course.sessions.values_list("starts_at", "ends_at")
    return any(
        starts.astimezone(course.zone).date() <= today <= ends.astimezone(course.zone).date()
        for starts, ends in times
    )
