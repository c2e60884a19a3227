"""An encrypted file of unsent answers, uploaded by their author or by a trainer who reads none of them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from assessments.answering import actions
from assessments.answering.forms.paper import UnsentForm
from assessments.permissions import Assessments
from courses.forms import telling
from courses.models import Enrolment


# Not `sent_once`: each text of the file names its page and its save, and the same file changes nothing.
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Take a file in, and say how many answers arrived and what became of each; never what they say."""
    visible = Enrolment.objects.visible_to(request.user).select_related("course", "person")
    about = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Assessments.UPLOAD_UNSENT, about)
    form = UnsentForm(request.POST, request.FILES) if request.method == "POST" else UnsentForm()
    became: list[tuple[str, int]] | None = None
    if form.is_valid():
        with telling(form):
            taken = actions.take_unsent(enrolment=about, content=form.cleaned_data["file"], by=request.user)
            became = [(str(each.value), count) for each, count in taken.items()]
    context = {
        "enrolment": about,
        "course": about.course,
        "form": form if became is None else UnsentForm(),
        "became": became,
        "total": sum(count for _words, count in became or ()),
        "is_own": about.person_id == request.user.pk,
    }
    return render(request, "assessments/answering/paper/unsent.html", context)
