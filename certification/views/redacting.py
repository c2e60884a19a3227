"""Taking a real child's details out of what is kept: what must go, where it stands, and a last look."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from certification import actions
from certification.forms import RedactionForm
from certification.permissions import Certification
from certification.redactions import fingerprint_of_texts, has_draft, scans_of, texts_with
from certification.rules import enrolments_open_to
from courses.models import Enrolment


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def redact(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Name what must go; see each place where it stands; take it out."""
    visible = enrolments_open_to(request.user).filter(course__uuid=course)
    person = get_object_or_404(visible.select_related("course", "person"), uuid=enrolment)
    must(request.user, Certification.REDACT, person)
    has_scans = any(True for _each in scans_of(person))
    form = RedactionForm(request.POST if request.method == "POST" else None, has_scans=has_scans)
    if not form.is_valid():
        earlier = person.redactions.select_related("redacted_by")
        context = {"course": person.course, "enrolment": person, "form": form, "earlier": earlier}
        return render(request, "certification/redact.html", context)
    if request.POST.get("confirm") == "yes":
        try:
            actions.redact(
                enrolment=person,
                **form.cleaned_data,
                keys=set(request.POST.getlist("keys")),
                scans=set(request.POST.getlist("scans")),
                shown=request.POST.get("shown", ""),
                by=request.user,
            )
        except actions.NothingChosen as nothing:
            return _look(request, person, form, refused=nothing)
        messages.success(
            request, _("It is taken out. %(name)s sees that, and why.") % {"name": person.person}
        )
        return redirect("certification:redact", person.course.uuid, person.uuid)
    return _look(request, person, form)


def _look(
    request: SignedInRequest,
    person: Enrolment,
    form: RedactionForm,
    refused: actions.NothingChosen | None = None,
) -> HttpResponse:
    passage, reason = form.cleaned_data["passage"], form.cleaned_data["reason"]
    texts = texts_with(person, passage)
    scans = list(scans_of(person))
    choices = [one.key for text in texts if not text.is_authors for one in text.occurrences]
    choices += [f"scan_{scan.uuid}" for scan in scans]
    context = {
        "course": person.course,
        "enrolment": person,
        # Where the error leads.
        "first": next(iter(choices), ""),
        "passage": passage,
        "reason": reason,
        "texts": [text for text in texts if not text.is_authors],
        "unseen": sum(len(text.numbers) for text in texts if text.is_authors),
        "scans": scans,
        "has_draft": has_draft(person),
        "shown": fingerprint_of_texts(texts),
        "refused": refused,
        "has_errors": refused is not None,
        # What was unticked stays so: whoever chose nothing is not shown everything chosen.
        "ticked": refused is None,
    }
    return render(request, "certification/redact_look.html", context)
