"""The page on which the name on a certificate is corrected, by the person or by an AIM admin."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.stale_forms import ChangedMeanwhile
from courses.actions import EnrolmentFrozen, correct_certificate_name
from courses.certificate_names import warning
from courses.forms import CertificateNameForm, telling
from courses.models import Course, Enrolment
from courses.permissions import Courses
from courses.views.finding import sent


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_name(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Correct the name that will stand on one certificate; after approval it says that it is too late."""
    row = get_object_or_404(Course.objects.visible_to(request.user), uuid=course)
    people = Enrolment.objects.visible_to(request.user).filter(course=row)
    one = get_object_or_404(people, uuid=enrolment)
    must(request.user, Courses.CORRECT_CERTIFICATE_NAME, one)
    if one.frozen_at:
        raise EnrolmentFrozen(
            _("The certificate is approved, so its name stays as it was. Ask The AIM Project if it is wrong.")
        )
    is_own = one.person_id == request.user.pk
    back = (
        redirect("certification:my_course", one.uuid)
        if is_own
        else redirect("certification:decide", row.uuid, one.uuid)
    )
    form = CertificateNameForm(sent(request), is_own=is_own, initial=CertificateNameForm.initial_of(one))
    stale = None
    if form.is_valid():
        with telling(form):
            try:
                one = correct_certificate_name(enrolment=one, by=request.user, **form.cleaned_data)
            except ChangedMeanwhile:
                one.refresh_from_db()
                stale = form.beside(CertificateNameForm.initial_of(one), *_last_correction(one, request.user))
            else:
                messages.success(
                    request, _("The certificate will say: %(name)s.") % {"name": one.certificate_name}
                )
                return back
    context = {
        "course": row,
        "enrolment": one,
        "is_own": is_own,
        "form": form,
        "stale": stale,
        "back": back.url,
        "warning": warning(one.certificate_name),
    }
    return render(request, "courses/certificate_name.html", context)


def _last_correction(enrolment: Enrolment, reader: Person) -> tuple[Any, datetime | None]:
    """Who corrected the name last, and when; to a participant, an admin is The AIM Project."""
    last = enrolment.name_corrections.select_related("corrected_by").order_by("-pk").first()
    if last is None:
        return None, None
    is_named = reader.is_aim_admin or last.corrected_by_id == reader.pk
    return last.corrected_by if is_named else SimpleNamespace(name=_("The AIM Project")), last.corrected_at
