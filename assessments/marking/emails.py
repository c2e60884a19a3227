"""Letters about an outcome between trainers: that something waits, and where."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.answering.emails import something_waits
from assessments.marking.models import Recommendation


def tell_disagreed(recommendation: Recommendation) -> None:
    """To who recommended it: a co-trainer sees an outcome otherwise; whose and how, their page says."""
    enrolment = recommendation.enrolment
    something_waits(
        recommendation.recommended_by,
        enrolment.course,
        reverse("assessments:disagree", args=[enrolment.course.uuid, enrolment.uuid]),
        subject=_("A co-trainer has said something about an outcome"),
        template="trainer_disagrees",
    )
