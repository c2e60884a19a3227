"""A second marker's page sends its first judgements at once: they begin one marking, and none is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Person
from assessments.marking import actions
from assessments.models import CriterionMark, Marking
from assessments.states import Judged, MarkingRole
from courses.models import Course
from tests.assessments.marking import second
from tests.assessments.marking.scripts import NAMES

pytestmark = pytest.mark.django_db(transaction=True)


def test_first_judgements_at_once_begin_one_marking(course: Course) -> None:
    script = second.asked(second.first_marked(course))
    together = threading.Barrier(len(NAMES))

    def judge(name: str) -> bool:
        try:
            marker = Person.objects.get(pk=script.marker_id)
            together.wait(10)
            sent = [actions.Mark(name, Judged.NOT_MET)]
            return actions.mark_again(script=script.uuid, marks=sent, by=marker)[0].is_saved
        finally:
            connection.close()

    with ThreadPoolExecutor(len(NAMES)) as pool:
        assert all(pool.map(judge, NAMES))
    marking = Marking.objects.get(role=MarkingRole.SECOND)
    assert CriterionMark.objects.filter(marking=marking).count() == len(NAMES)
