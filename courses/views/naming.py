"""The page on which the name on a certificate is corrected, by the person or by an AIM admin."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from courses.actions import EnrolmentFrozen, NameChangedMeanwhile, correct_certificate_name
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
    seen = one.name_corrections.count()
    form = CertificateNameForm(
        sent(request), is_own=is_own, initial={"name": one.certificate_name, "seen": seen}
    )
    if form.is_valid():
        with telling(form):
            try:
                one = correct_certificate_name(enrolment=one, by=request.user, **form.cleaned_data)
            except NameChangedMeanwhile:
                # Sent again, it is about the name that the page shows now.
                one.refresh_from_db()
                form.data = data = request.POST.copy()
                data["seen"] = str(one.name_corrections.count())
                raise
            messages.success(
                request, _("The certificate will say: %(name)s.") % {"name": one.certificate_name}
            )
            return back
    context = {
        "course": row,
        "enrolment": one,
        "is_own": is_own,
        "form": form,
        "back": back.url,
        "warning": warning(one.certificate_name),
    }
    return render(request, "courses/certificate_name.html", context)
