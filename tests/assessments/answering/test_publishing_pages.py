"""Publishing a course: what becomes public is shown, then done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.assessments.marking.scripts import signed_in

pytestmark = pytest.mark.django_db


def test_publishing_shows_what_becomes_public_and_then_does_it() -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme)
    course = factories.course(programme=programme, published=False, starts=timezone.now() + timedelta(days=7))
    url = reverse("assessments:publish", args=[course.uuid])
    admin = factories.admin()
    client = signed_in(admin)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(url).content.decode()
    assert len(queries) <= 12
    for words in (course.title, course.venue, version.fingerprint, "Full attendance"):
        assert words in html
    key = re.search(r'name="idempotency_key" value="([^"]+)"', html).group(1)
    response = client.post(url, {"idempotency_key": key})
    assert response.url == reverse("courses:detail", args=[course.uuid])
    assert client.post(url, {"idempotency_key": key}).url == response.url
    course.refresh_from_db()
    assert course.published_by == admin
    assert course.pin.version == version
    assert "Published on" in client.get(url).content.decode()


def test_publishing_too_early_says_what_is_missing() -> None:
    course = factories.course(published=False, sessions=0)
    client = signed_in(factories.admin())
    url = reverse("assessments:publish", args=[course.uuid])
    html = client.get(url).content.decode()
    assert "It has no sessions" in html
    assert '<button class="btn btn-primary">Publish' not in html
    key = "5f2b1c52-8d0c-4c2e-9b57-1b5b4dc4a0aa"
    assert client.post(url, {"idempotency_key": key}).status_code == 409


def test_only_admins_publish() -> None:
    course = factories.course(starts=timezone.now() + timedelta(days=7))
    url = reverse("assessments:publish", args=[course.uuid])
    for person, status in (
        (factories.trainer_of(course), 403),
        (factories.commissioner(course.organisation), 403),
        (factories.PersonFactory.create(), 404),
    ):
        assert signed_in(person).get(url).status_code == status
