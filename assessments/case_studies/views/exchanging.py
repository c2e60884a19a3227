"""A version as a file: handed out to who writes it, taken in by an AIM admin."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import refusal_of, render
from aimcert.foundation.refusals import must
from assessments.case_studies import actions
from assessments.case_studies.exchange import file_of
from assessments.case_studies.forms.exchanging import ImportForm
from assessments.case_studies.models import Version
from assessments.permissions import Assessments


@asks_anew("GET")
@require_safe
def export(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Everything that markers and participants read in a version, as one file."""
    visible = Version.objects.visible_to(request.user).select_related("case_study__programme")
    found = get_object_or_404(visible, uuid=version)
    must(request.user, Assessments.WRITE_VERSION, found)
    response = HttpResponse(file_of(found), content_type="application/json")
    name = f"{found.case_study.programme.code}-version-{found.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: SignedInRequest) -> HttpResponse:
    """Make a draft of a file, or say line by line what is wrong with it."""
    must(request.user, Assessments.MANAGE_VERSIONS)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            imported = actions.import_file(data=form.data_of_file, by=request.user)
        except actions.ContentNotUsable as refused:
            problems = refused.problems
            form.add_error(form.given, _said_count(len(problems)))
        except actions.VersionUnderway as refused:
            form.add_error(form.given, refusal_of(refused, on_field=False))
        else:
            _say_what_came(request, imported)
            return redirect("assessments:version", imported.version.uuid)
    return render(
        request, "assessments/case_studies/version_import.html", {"form": form, "problems": problems}
    )


def _say_what_came(request: SignedInRequest, imported: actions.Imported) -> None:
    told = {"title": imported.version.title, "number": imported.version.number}
    if imported.is_new:
        messages.success(request, _("“%(title)s” is a draft now: version %(number)d.") % told)
    else:
        words = _("Nothing was made: the newest version, version %(number)d, says the same already.")
        messages.info(request, words % told)


def _said_count(count: int) -> str:
    return ngettext(
        "One thing must be put right first. It is said below, and nothing was made.",
        "%(count)d things must be put right first. They are listed below, and nothing was made.",
        count,
    ) % {"count": count}
