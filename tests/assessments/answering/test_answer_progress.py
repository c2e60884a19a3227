"""What the marking list, the marking page and the person's page say of answers that were not submitted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Sitting, TimeGrant
from assessments.states import Granted
from courses.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


def _closed(enrolment: Enrolment) -> None:
    Sitting.objects.update(
        opened_at=timezone.now() - timedelta(hours=2),
        closed_at=timezone.now() - timedelta(hours=1),
        closed_by=factories.trainer_of(enrolment.course),
    )


def _reopened(enrolment: Enrolment) -> None:
    TimeGrant.objects.create(
        enrolment=enrolment,
        what=Granted.REOPENED,
        until=timezone.now() + timedelta(minutes=30),
        reason="The fire alarm.",
        granted_by=factories.trainer_of(enrolment.course),
    )


def _left(enrolment: Enrolment) -> None:
    Enrolment.objects.update(withdrawn_at=timezone.now(), withdrawn_by=enrolment.person)


@pytest.mark.parametrize(
    ("has_begun", "happens", "said"),
    [
        (False, (), "Not started"),
        (True, (), "Started; answering is open"),
        (False, (_closed,), "Answering is over; nothing was started"),
        (True, (_closed,), "Answering is over; started and not submitted"),
        (True, (_closed, _reopened), "Open again for them; not submitted"),
        (True, (_left,), "Left the course without submitting"),
    ],
)
def test_every_page_says_the_same_of_answers_that_were_not_submitted(has_begun, happens, said) -> None:
    course = factories.course()
    factories.sitting(course)
    enrolment = factories.enrolment(course, attended=True)
    if has_begun:
        factories.submission(enrolment, submitted=False)
    for happen in happens:
        happen(enrolment)
    client = Client()
    client.force_login(factories.trainer_of(course))
    pages = {"marking": [course.uuid], "mark": [course.uuid, enrolment.uuid]}
    if _left not in happens:
        pages["person"] = [course.uuid, enrolment.uuid]
    for name, of in pages.items():
        page = client.get(reverse(f"assessments:{name}", args=of)).content.decode()
        assert said in page, name
        assert "still writing" not in page
