"""Publishing a course: what it needs, and the version that it keeps from then on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import courses.actions
from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.models import CoursePin
from assessments.case_studies.actions.versions import lock_version, require_admin
from assessments.case_studies.models import Version
from courses.models import Course


class NotReadyToPublish(Refused):
    """The course lacks something that must be there before it is public; `problems` says what."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def version_in_force(course: Course) -> Version | None:
    """The version that `course` would pin now: the newest of its programme that is in force."""
    versions = Version.objects.in_force().filter(case_study__programme=course.programme_id)
    return versions.select_related("case_study__programme").first()


def missing_to_publish(course: Course, version: Version | None) -> list[str]:
    """What `course` lacks before it can be published, each in words that say what to do.

    Args:
        course: the draft.
        version: what it would pin: `version_in_force(course)`.
    """
    problems = []
    starts = min((session.starts_at for session in course.sessions.all()), default=None)
    if course.cancelled_at is not None:
        problems.append(_("It was cancelled."))
    if starts is None:
        problems.append(_("It has no sessions: add when it meets."))
    elif course.published_at is None and starts <= timezone.now():
        problems.append(_("Its first session is in the past: change its sessions."))
    if not course.associates.exists():
        problems.append(_("It has no Associate: assign who trains it."))
    problems += [
        _(
            "%(name)s cannot train it as it stands: their licence has to be for this programme, in this"
            " country, on each of its dates, and they have to have agreed to the case study in force."
        )
        % {"name": person}
        for person in courses.actions.unlicensed_associates(course)
    ]
    if version is None:
        problems.append(
            _(
                "No version of this programme’s case study is in force: every Associate agrees to one,"
                " then it is frozen."
            )
        )
    return problems


@transaction.atomic
def publish_course(*, course: Course, by: Person) -> CoursePin:
    """Make a course public, with the version in force pinned to it for good.

    Args:
        course: with its sessions and Associates.
        by: an AIM admin.

    Returns:
        the pin; asked twice, the first one.

    Raises:
        NotForYou: `by` is not an AIM admin.
        NotReadyToPublish: with everything that is missing.

    Side effects:
        Publishes the course (`courses.actions.publish`), with what that tells to whom.
    """
    require_admin(by)
    course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    pin = CoursePin.objects.filter(course=course).first()
    if pin is not None and course.published_at is not None:
        return pin
    version = version_in_force(course)
    problems = missing_to_publish(course, version)
    if problems or version is None:
        raise NotReadyToPublish(problems)
    # It may not be retired between being read and being pinned.
    version = lock_version(version)
    if version.retired_at is not None:
        raise NotReadyToPublish([_("A newer version came into force just now. Open the page again.")])
    courses.actions.publish(course=course, by=by)
    return CoursePin.objects.create(course=course, version=version, pinned_by=by)
