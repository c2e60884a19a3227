"""What every page of a participant's own answers begins with: whose place it is, and whether it shows."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, must
from assessments.answering.participation import FINISHED_WITHOUT, Place, Stage, Task, place_of
from assessments.permissions import Assessments
from courses.models import Enrolment


class NotNow(Refused):
    """The page has nothing to show yet, or no longer."""


def own_place(request: SignedInRequest, enrolment: UUID, permission: str = Assessments.ANSWER) -> Place:
    """One's own place: 404 for a stranger, 403 for anyone else who may see the enrolment, or who withdrew."""
    place = place_of(request.user, enrolment)
    if place is None:
        must(
            request.user,
            permission,
            get_object_or_404(Enrolment.objects.visible_to(request.user), uuid=enrolment),
        )
        raise Http404
    must(request.user, permission, place.enrolment)
    return place


def task_of(place: Place, number: int) -> Task:
    """The question of this number; 404 where the version has none."""
    for task in place.tasks:
        if task.asked.number == number:
            return task
    raise Http404


def must_show_questions(place: Place) -> None:
    """Questions are shown while they can be answered; after that, to those who began to answer them."""
    if place.stage is Stage.FINISHED and place.submission is None:
        raise NotNow(str(FINISHED_WITHOUT))
    if place.stage in (Stage.WAITING, Stage.READING):
        raise NotNow(_("The questions are not open yet. Your trainer opens them when the room is ready."))
    if place.stage is Stage.CLOSED and place.submission is None:
        raise NotNow(_("Answering is closed. If you could not answer, speak to your trainer."))


def just_saved(request: SignedInRequest, place: Place) -> Task | None:
    """The question that the last page saved, if it is still so."""
    number = request.GET.get("saved", "")
    found = (task for task in place.tasks if str(task.asked.number) == number)
    return next((task for task in found if task.answer and task.answer.text), None)
