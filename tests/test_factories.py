"""The factories make what they say, as the application's role."""

import pytest

from courses.models import Enrolment
from tests import factories


@pytest.mark.django_db
def test_recommended_has_attended_and_is_finalised() -> None:
    made = factories.recommended(factories.course())
    found = Enrolment.objects.with_attendance().get(pk=made.pk)
    assert (found.sessions_total, found.sessions_entered, found.sessions_met) == (2, 2, 2)
    assert made.recommendations.get().finalised_at
