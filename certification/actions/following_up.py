"""Following up: the person reads first and sends it on to their sponsor, who records what was done."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.working_days import working_days_after
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.emails import tell_feedback_waits, tell_follow_up_waits
from certification.models import FollowUp, FollowUpStep, ToldLater
from courses.models import Enrolment, Session


class NothingToFollowUp(Refused):
    """Only a finalised *not yet competent* or *not assessed* is followed up."""


class NotToldYet(Refused):
    """Nobody has spoken to them yet, so there is nothing that they could read."""


class NotReadYet(Refused):
    """The person has not opened their feedback, which comes before anything else."""


class NotDueYet(Refused):
    """The person has not sent it on, and still has time to."""


class NotWithSponsorYet(Refused):
    """The sponsor has not been told, so there is nothing that they could have done."""


class FollowUpClosed(Refused):
    """A closed follow-up takes nothing more."""


class NothingSaid(Refused):
    """A comment or a step without words."""


class DayImpossible(Refused):
    """What was done cannot have been done on that day."""


@transaction.atomic
def open_follow_up(*, recommendation: Recommendation, by: Person) -> FollowUp:
    """Let the person read their feedback, and start the clock by which it goes to their sponsor.

    Args:
        recommendation: a finalised one, *not yet competent* or *not assessed*.
        by: who finalised it, or recorded that they were told.

    Returns:
        The follow-up; the one that there is, if it was opened before.

    Raises:
        NothingToFollowUp: the recommendation is not finalised, or is *competent*.
        NotToldYet: it is *not yet competent*, and nobody has told them.

    Side effects:
        A letter to the person, which says only that something waits. Who sponsors them stays from now on.
    """
    if recommendation.finalised_at is None or recommendation.outcome == Outcome.COMPETENT:
        raise NothingToFollowUp(_("Only a finalised outcome other than competent is followed up."))
    is_silent = recommendation.outcome == Outcome.NOT_YET and recommendation.conversation_on is None
    if is_silent and not ToldLater.objects.filter(recommendation=recommendation).exists():
        raise NotToldYet(_("Somebody has to speak to them first. Then they can read their feedback."))
    enrolment = recommendation.enrolment
    now = timezone.now()
    days = settings.AIM["FOLLOW_UP_WORKING_DAYS"]
    follow_up, is_new = FollowUp.objects.get_or_create(
        recommendation=recommendation,
        defaults={
            "enrolment": enrolment,
            "sponsor_organisation_id": enrolment.sponsor_organisation_id,
            "readable_at": now,
            "due_at": working_days_after(now, days, enrolment.course.zone),
        },
    )
    if is_new:
        # From now on there is something that goes to the sponsor, and to no other.
        settled = Enrolment.objects.filter(pk=enrolment.pk, sponsor_settled_at__isnull=True)
        settled.update(sponsor_settled_at=now)
        tell_feedback_waits(follow_up)
    return follow_up


@transaction.atomic
def read_feedback(*, follow_up: FollowUp, by: Person) -> FollowUp:
    """The person opens their feedback, and what their sponsor will be told. Nothing goes to anyone yet.

    Args:
        follow_up: about `by`.
        by: the person themself.

    Returns:
        The follow-up, with the first time that it was opened.
    """
    follow_up = _locked_follow_up(follow_up)
    if follow_up.read_at is None:
        follow_up.read_at = timezone.now()
        follow_up.save(update_fields=["read_at"])
    return follow_up


@transaction.atomic
def send_on(*, follow_up: FollowUp, by: Person, comment: str = "") -> FollowUp:
    """The person has read it and lets their sponsor have it, with a comment if they add one.

    Args:
        follow_up: about `by`, and opened by them.
        by: the person themself.
        comment: as `comment_on` takes it; one without words changes nothing.

    Returns:
        The follow-up. Where it has gone before, it stays as it went, but for another comment.

    Raises:
        NotReadYet: they have not opened their feedback.
        FollowUpClosed: it went without them and was closed, and they add a comment.

    Side effects:
        Releases it; for who is written to, see `release`.
    """
    follow_up = _locked_follow_up(follow_up)
    if follow_up.read_at is None:
        raise NotReadYet(_("Read your feedback first; then you can send it on."))
    if comment.strip():
        follow_up = comment_on(follow_up=follow_up, comment=comment, by=by)
    return _with_sponsor(follow_up)


@transaction.atomic
def release(*, follow_up: FollowUp) -> FollowUp:
    """Let the sponsor have what the person did not send on in their time, opened or not.

    Returns:
        The follow-up; one that has gone before is left as it is, and nobody is written to again.

    Raises:
        NotDueYet: it has not gone, and is not due.

    Side effects:
        A letter to each commissioner of the sponsor but the person; where there is none, or where a
        walk-in's sponsor has not confirmed them, to the AIM admins. Nobody is written to about
        someone self-funded, whose follow-up is their own.
    """
    follow_up = _locked_follow_up(follow_up)
    if follow_up.released_at is None and timezone.now() < follow_up.due_at:
        raise NotDueYet(_("It goes to the sponsor once the person sends it on, or has had their time to."))
    return _with_sponsor(follow_up)


def _with_sponsor(follow_up: FollowUp) -> FollowUp:
    """The locked `follow_up`, released now if it was not before."""
    if follow_up.released_at is None:
        follow_up.released_at = timezone.now()
        follow_up.save(update_fields=["released_at"])
        if follow_up.sponsor_organisation_id is not None:
            tell_follow_up_waits(follow_up)
    return follow_up


def release_due(*, now: datetime, limit: int = 200) -> int:
    """Release every follow-up whose time with the person is over, each in a transaction of its own.

    Args:
        now: the moment.
        limit: how many at most; what is left is the next call's.

    Returns:
        How many were released by this call; those that another worker holds are left to it.
    """
    released = 0
    while released < limit:
        with transaction.atomic():
            due = FollowUp.objects.select_for_update(of=("self",), skip_locked=True)
            follow_up = due.filter(released_at__isnull=True, due_at__lte=now).order_by("due_at").first()
            if follow_up is None:
                break
            release(follow_up=follow_up)
        released += 1
    return released


@transaction.atomic
def comment_on(*, follow_up: FollowUp, comment: str, by: Person) -> FollowUp:
    """The person says something about their outcome; their sponsor reads it beside what we told them.

    Before it goes they add it with `send_on`. It can be changed and taken back until the follow-up is closed,
    and the sponsor sees the latest, with its day.

    Args:
        follow_up: about `by`, and read by them.
        comment: at most 4,000 characters; none: it is taken back.
        by: the person themself.

    Raises:
        NotReadYet: they have not opened their feedback.
        FollowUpClosed: nobody would act on it any more.
        NothingSaid: it holds no words, and none was there.
    """
    follow_up = _locked_follow_up(follow_up)
    comment = comment.strip()
    if follow_up.read_at is None:
        raise NotReadYet(_("Read your feedback first; then you can add a comment."))
    if follow_up.comment == comment and comment:
        return follow_up
    if follow_up.closed_at is not None:
        raise FollowUpClosed(_("This follow-up is closed, so a comment can no longer be added."))
    if not comment and not follow_up.comment:
        raise NothingSaid(_("Write your comment, or leave the page: you need not add one."))
    follow_up.comment = comment
    follow_up.commented_at = timezone.now() if comment else None
    follow_up.save(update_fields=["comment", "commented_at"])
    return follow_up


@transaction.atomic
def record_step(*, follow_up: FollowUp, done: str, done_on: date, closes: bool, by: Person) -> FollowUpStep:
    """Write down what was done for someone, and close the follow-up where nothing more is to do.

    A step is never changed or removed afterwards.

    Args:
        follow_up: one that has gone to its sponsor.
        done: what was done; at most 2,000 characters.
        done_on: the day it was done.
        closes: whether this is all.
        by: who handles it for the sponsor; for someone self-funded, the person themself.

    Returns:
        The step; the one that there is, if the same was recorded before.

    Raises:
        NotWithSponsorYet: it has not gone to the sponsor.
        FollowUpClosed: it was closed before.
        NothingSaid: `done` holds no words.
        DayImpossible: `done_on` is in the future, or before the course began.
    """
    follow_up = _locked_follow_up(follow_up)
    done = done.strip()
    if follow_up.released_at is None:
        raise NotWithSponsorYet(
            _("The person reads this first. You can record what was done once it has gone to the sponsor.")
        )
    same = follow_up.steps.filter(done=done, done_on=done_on, closes=closes, recorded_by=by).first()
    if same is not None:
        return same
    if follow_up.closed_at is not None:
        raise FollowUpClosed(_("This follow-up is closed. What was done is kept as it was recorded."))
    if not done:
        raise NothingSaid(_("Say what was done."))
    _check_day(follow_up, done_on)
    step = follow_up.steps.create(done=done, done_on=done_on, closes=closes, recorded_by=by)
    if closes:
        follow_up.closed_at = step.recorded_at
        follow_up.closed_by = by
        follow_up.save(update_fields=["closed_at", "closed_by"])
    return step


def zone_of_steps(follow_up: FollowUp) -> ZoneInfo:
    """By whose calendar what is done has its day: of who did it, perhaps a day away from the course's."""
    sponsor = follow_up.sponsor_organisation
    return ZoneInfo(sponsor.time_zone) if sponsor else follow_up.enrolment.course.zone


def _check_day(follow_up: FollowUp, done_on: date) -> None:
    course, zone = follow_up.enrolment.course, zone_of_steps(follow_up)
    if done_on > timezone.now().astimezone(zone).date():
        raise DayImpossible(_("The day it was done has not come yet. Enter today’s date or an earlier one."))
    first = (
        Session.objects.filter(course=course)
        .order_by("starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )
    if first is not None and done_on < first.astimezone(zone).date():
        began = date_format(first.astimezone(zone).date(), "DATE_FORMAT")
        raise DayImpossible(_("The course began on %(day)s. Enter that day or a later one.") % {"day": began})


def _locked_follow_up(follow_up: FollowUp) -> FollowUp:
    related = FollowUp.objects.select_related(
        "enrolment__course", "enrolment__person", "sponsor_organisation"
    )
    return related.select_for_update(of=("self",)).get(pk=follow_up.pk)
