"""What an Associate is asked: whether somebody attended a session that they held."""

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
from courses.actions import answer_make_up
from courses.forms import MakeUpAnswerForm, telling
from courses.models import MakeUpRequest
from courses.permissions import Courses
from courses.views.finding import sent


@require_http_methods(["GET", "HEAD", "POST"])
def made_up(request: SignedInRequest, make_up: UUID) -> HttpResponse:
    """Who is said to have been there, and when: the Associate says whether it is so, and sees no more."""
    visible = MakeUpRequest.objects.visible_to(request.user).select_related(
        "enrolment__course__programme", "session", "asked_by", "associate"
    )
    asked: MakeUpRequest = get_object_or_404(visible, uuid=make_up)
    must(request.user, Courses.ANSWER_MAKE_UP, asked)
    form = MakeUpAnswerForm(sent(request))
    if form.is_valid():
        with telling(form):
            answer_make_up(request=asked, by=request.user, **form.cleaned_data)
            messages.success(request, _("Thank you. Whoever asked is told by email that you have answered."))
            return redirect("courses:made_up", asked.uuid)
    course = asked.enrolment.course
    return render(
        request,
        "courses/made_up.html",
        {
            "asked": asked,
            "course": course,
            "form": form,
            "waits": visible.waiting().filter(pk=asked.pk).exists(),
        },
    )
