"""What a search finds in courses: courses, and the people on them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.name_order import InOrder, name_matches
from aimcert.foundation.search import Found, Group, group
from aimcert.foundation.times import said_days
from courses.models import Course, Enrolment


def search(user: Person, q: str) -> list[Group]:
    """Courses by title, organisation, programme or number; people on them by name."""
    now = timezone.now()
    courses = Course.objects.visible_to(user).matching(q).with_dates().select_related("programme")
    url = f"{reverse('courses:list')}?{urlencode({'q': q})}"
    groups = [group(_("Courses"), courses.in_order(now), _course, url=url)]
    if not user.is_aim_admin:
        # An AIM admin finds everybody by their account.
        others = Enrolment.objects.visible_to(user).exclude(person=user).select_related("person", "course")
        places = others.filter(name_matches("person__name", q))
        in_order = places.order_by(InOrder("person__name"), "-course__number")
        groups.insert(0, group(_("People on your courses"), in_order, _place))
    return groups


def _course(course: Any) -> Found:
    days = said_days(course.first_start, course.last_end, course.zone) if course.first_start else ""
    hint = ", ".join(filter(None, [course.reference, course.programme.name, days]))
    return Found(course.title, reverse("courses:detail", args=[course.uuid]), hint)


def _place(place: Enrolment) -> Found:
    hint = f"{place.course.title}, {place.course.reference}"
    return Found(place.person.name, reverse("courses:detail", args=[place.course.uuid]), hint)
