"""The sample of a course for second marking, and how much of each programme The AIM Project asks for."""

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
from assessments.marking import actions
from assessments.marking.forms.second_marking import NumbersForm
from assessments.marking.samples import draws_of, earlier_numbers, seeds_kept, what_it_finds
from assessments.marking.views.marking import course_to_mark
from assessments.permissions import Assessments
from courses.models import Programme
from courses.rules import course_nav


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Who was drawn and how, so that anyone can repeat it; before all answers are marked, draw now."""
    found = course_to_mark(request, course)
    if request.method == "POST":
        actions.draw_sample(course=found, by=request.user)
        messages.success(request, _("The sample is drawn."))
        return redirect("assessments:sample", course)
    numbers = actions.numbers_of(found.programme_id)
    context = {
        "course": found,
        "nav": course_nav(request.user, found),
        "draws": draws_of(found),
        "kept": seeds_kept(found),
        "to_draw": actions.to_draw_from(found),
        "numbers": numbers,
        "finds": what_it_finds(numbers.sample_at_least),
    }
    return render(request, "assessments/marking/sample.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: SignedInRequest, programme: str) -> HttpResponse:
    """How much of a programme is marked a second time, and what a sample of that size can find."""
    must(request.user, Assessments.SET_SECOND_MARKING)
    found = get_object_or_404(Programme, code=programme)
    now = actions.numbers_of(found.pk)
    form = NumbersForm(request.POST if request.method == "POST" else None, initial=vars(now))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        because = said.pop("because")
        try:
            actions.set_numbers(
                programme=found, numbers=actions.Numbers(**said), because=because, by=request.user
            )
        except actions.NumbersRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("Saved. Draws that were made keep their numbers."))
            return redirect("assessments:second_numbers", programme)
    context = {
        "programme": found,
        "form": form,
        "numbers": now,
        "finds": [(size, what_it_finds(size)) for size in sorted({now.sample_at_least, 3, 10, 29} - {0})],
        "history": earlier_numbers(found),
    }
    return render(request, "assessments/marking/second_numbers.html", context)
