"""What waits for a person in certification."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.waiting import Urgency, Waiting
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.models import Appointment, Certificate, CertificateDocument, FollowUp, Report
from certification.showing import follow_ups_of, with_commissioner
from certification.states import ReportState
from courses.models import Enrolment

RECENT = 5
# After these an admin is told: something is wrong that another attempt does not mend.
ATTEMPTS = 5


def waiting_for(user: Person) -> list[Waiting]:
    """Decisions and documents, for The AIM Project; decisions that one was appointed to; own certificates.

    Own feedback to read; whom to follow up, and reports, for those who act for a sponsor.
    """
    found = [*_appointed(user), *_own_certificates(user), *_follow_ups(user)]
    if user.organisation_ids or user.is_aim_admin:
        found += _reports(user)
    if user.is_aim_admin:
        found += [*_decisions(user), *_stuck_documents(user)]
    return found


def _decisions(user: Person) -> list[Waiting]:
    courses = (
        Recommendation.objects.visible_to(user)
        .filter(outcome=Outcome.COMPETENT, finalised_at__isnull=False, decision__isnull=True)
        .exclude(enrolment__person=user)
        .values_list("enrolment__course__uuid", "enrolment__course__title")
        .annotate(n=Count("pk"), since=Min("finalised_at"))
        .order_by("since")
    )
    return [
        Waiting(
            ngettext("Decide on %(n)d person: %(title)s", "Decide on %(n)d people: %(title)s", n)
            % {"n": n, "title": title},
            reverse("certification:course_queue", args=[uuid]),
            since,
            Urgency.NOW,
        )
        for uuid, title, n, since in courses
    ]


def _appointed(user: Person) -> list[Waiting]:
    waiting = Recommendation.objects.filter(
        outcome=Outcome.COMPETENT, finalised_at__isnull=False, decision__isnull=True
    )
    appointments = Appointment.objects.filter(
        associate=user, enrolment__recommendations__in=waiting
    ).select_related("enrolment__course")
    return [
        Waiting(
            _("Decide on %(name)s, for The AIM Project: %(title)s")
            % {"name": one.enrolment.certificate_name, "title": one.enrolment.course.title},
            reverse("certification:decide", args=[one.enrolment.course.uuid, one.enrolment.uuid]),
            one.appointed_at,
            Urgency.NOW,
        )
        for one in appointments.order_by("appointed_at")
    ]


def _stuck_documents(user: Person) -> list[Waiting]:
    stuck = CertificateDocument.objects.filter(
        certificate__in=Certificate.objects.visible_to(user), built_at__isnull=True, attempts__gte=ATTEMPTS
    ).select_related("certificate")
    return [
        Waiting(
            _("The PDF of certificate %(number)s could not be made") % {"number": one.certificate.reference},
            reverse("certification:certificate", args=[one.certificate.uuid]),
            one.certificate.issued_at,
            Urgency.SOON,
        )
        for one in stuck.order_by("pk")[:RECENT]
    ]


def _own_certificates(user: Person) -> list[Waiting]:
    own = Certificate.objects.visible_to(user).filter(enrolment__in=Enrolment.objects.filter(person=user))
    return [
        Waiting(
            _("Your certificate: %(programme)s") % {"programme": one.programme_name},
            reverse("certification:certificate", args=[one.uuid]),
            one.issued_at,
            Urgency.LATER,
            done=True,
        )
        for one in own.order_by("-issued_at")[:RECENT]
    ]


def _follow_ups(user: Person) -> list[Waiting]:
    """Own feedback to read and own follow-up; by course, whom to follow up for a sponsor."""
    rows = _waiting_follow_ups(user).values_list(
        "enrolment__person", "enrolment__uuid", "enrolment__course__uuid", "enrolment__course__title",
        "uuid", "read_at", "readable_at", "released_at",
    )  # fmt: skip
    found: list[Waiting] = []
    to_act_on: dict[tuple[UUID, str], list[datetime | None]] = {}
    for person, enrolment, course, title, uuid, read_at, readable_at, released_at in rows:
        if person != user.pk:
            to_act_on.setdefault((course, title), []).append(released_at)
        elif read_at is None:
            words = _("Read your feedback: %(title)s") % {"title": title}
            url = reverse("certification:my_feedback", args=[enrolment])
            found.append(Waiting(words, url, readable_at, Urgency.NOW))
        else:
            words = _("Your own follow-up: %(title)s") % {"title": title}
            found.append(
                Waiting(words, reverse("certification:follow_up", args=[uuid]), readable_at, Urgency.LATER)
            )
    for (course, title), since in to_act_on.items():
        words = ngettext("Follow up %(n)d person: %(title)s", "Follow up %(n)d people: %(title)s", len(since))
        url = reverse("certification:results", args=[course]) + "?show=follow-up"
        found.append(Waiting(words % {"n": len(since), "title": title}, url, min(filter(None, since))))
    return found


def _waiting_follow_ups(user: Person) -> QuerySet[FollowUp]:
    """One's own and those of one's organisations; for an AIM admin, also where nobody else can act."""
    self_funded = Q(sponsor_organisation__isnull=True, closed_at__isnull=True)
    waits = Q(enrolment__person=user) & (Q(read_at__isnull=True) | self_funded)
    if user.organisation_ids or user.is_aim_admin:
        mine = Q(sponsor_organisation_id__in=user.organisation_ids)
        if user.is_aim_admin:
            mine |= Q(has_commissioner=False, sponsor_organisation__isnull=False)
        is_open = Q(released_at__isnull=False, closed_at__isnull=True)
        waits |= Q(pk__in=with_commissioner(follow_ups_of(user)).filter(mine, is_open).values("pk"))
    return FollowUp.objects.visible_to(user).filter(waits).order_by("readable_at", "pk")


def _reports(user: Person) -> list[Waiting]:
    kept = Q(state=ReportState.BUILT, expires_at__gt=timezone.now())
    underway = Q(state__in=[ReportState.WAITING, ReportState.BUILDING])
    asked_for = Report.objects.visible_to(user).filter(kept | underway, requested_by=user)
    return [
        Waiting(
            (
                _("Download your follow-up report (%(kind)s): %(title)s")
                if one.state == ReportState.BUILT
                else _("Your follow-up report (%(kind)s) is being made: %(title)s")
            )
            % {"kind": one.format.upper(), "title": one.course.title},
            reverse("certification:report", args=[one.uuid]),
            one.requested_at,
            Urgency.LATER,
        )
        for one in asked_for.select_related("course").order_by("-requested_at")[:RECENT]
    ]
