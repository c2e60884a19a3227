"""Taking a real child's details out: what must go, a last look, and what its author is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from certification.actions import redact
from certification.redactions import fingerprint_of_texts, texts_with
from tests import factories
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


def test_redacting(wrong: Wrong) -> None:
    course = factories.course()
    factories.sitting(course)
    place, admin = factories.recommended(course), factories.admin()
    path = reverse("certification:redact", args=[course.uuid, place.uuid])
    key = {"idempotency_key": "6a1f0a52-3f8e-4b7a-9d3c-0f6a5d0e7b11"}
    form = {"passage": "answer to", "reason": "A real child is named.", **key}
    assert not wrong(admin, path)
    assert not wrong(admin, path, sent=form)
    assert not wrong(admin, path, sent={**form, "passage": "Stands nowhere"})
    shown = fingerprint_of_texts(texts_with(place, "answer to"))
    assert not wrong(admin, path, sent={**form, "confirm": "yes", "shown": shown})
    texts = texts_with(place, "answer to")
    keys = {one.key for text in texts for one in text.occurrences}
    redact(
        enrolment=place,
        passage="answer to",
        reason="A real child is named.",
        keys=keys,
        scans=set(),
        shown=shown,
        by=admin,
    )
    assert not wrong(admin, path)
    assert not wrong(place.person, at("certification:my_course", place), at("assessments:receipt", place))
