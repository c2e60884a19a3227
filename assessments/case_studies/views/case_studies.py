"""The case studies by programme; beginning a version, who writes it, proposing it, giving it up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.undoing import say_done, undo_at
from assessments.case_studies import actions
from assessments.case_studies.catalogue import catalogue_of, programme_called
from assessments.case_studies.forms.case_studies import AuthorForm, BeginForm
from assessments.case_studies.models import Version
from assessments.case_studies.views.version_pages import find_version, version_page
from assessments.permissions import Assessments


@require_safe
def case_studies(request: SignedInRequest) -> HttpResponse:
    """Each programme's version in force, the one underway and older ones, as far as one may read them."""
    context = {
        "catalogue": catalogue_of(request.user),
        "manages": request.user.has_perm(Assessments.MANAGE_VERSIONS),
    }
    return render(request, "assessments/case_studies/writing/case_studies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def begin(request: SignedInRequest, programme: str) -> HttpResponse:
    """Begin the next version of a programme's case study, empty or as a copy."""
    must(request.user, Assessments.MANAGE_VERSIONS)
    found = programme_called(programme)
    if found is None:
        raise Http404
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        copy = form.cleaned_data["begin"] == "copy"
        try:
            version = actions.begin_version(programme=found, copy=copy, by=request.user)
        except actions.NothingToCopy as refused:
            form.add_error("begin", refused.message)
        else:
            return redirect("assessments:version_write", version.uuid)
    versions = Version.objects.visible_to(request.user).filter(case_study__programme=found)
    # Shown before anything is chosen; what comes meanwhile is refused.
    underway = versions.underway().first()
    context = {"programme": found, "form": form, "underway": None if form.is_bound else underway}
    return render(request, "assessments/case_studies/writing/begin.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def authors(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Who writes this version, beside The AIM Project's staff; inviting an Associate."""
    found = find_version(request, version)
    must(request.user, Assessments.MANAGE_VERSIONS)
    authors = found.authors.filter(ended_at__isnull=True).select_related("person", "invited_by")
    if request.POST.get("person") in {str(one.person.uuid) for one in authors}:
        return redirect("assessments:version_authors", version)  # pressed twice
    form = AuthorForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        actions.invite_author(version=found, person=person, by=request.user)
        messages.success(request, _("%(name)s can write this version now, and is told.") % {"name": person})
        return redirect("assessments:version_authors", version)
    context = {
        "form": form,
        "authors": authors,
    }
    return version_page(request, "authors.html", found, context)


@require_POST
def author_end(request: SignedInRequest, version: UUID, author: UUID) -> HttpResponse:
    """End an Associate's writing."""
    found = find_version(request, version)
    must(request.user, Assessments.MANAGE_VERSIONS)
    row = get_object_or_404(found.authors.select_related("person"), uuid=author)
    actions.end_author(author=row, by=request.user)
    undo = undo_at(
        _("Have %(name)s write again") % {"name": row.person},
        "assessments:version_authors",
        version,
        person=row.person.uuid,
    )
    say_done(request, _("%(name)s does not write this version any more.") % {"name": row.person}, undo)
    return redirect("assessments:version_authors", version)


@require_POST
@sent_once
def propose(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Ask every licensed Associate to agree."""
    found = find_version(request, version)
    must(request.user, Assessments.MANAGE_VERSIONS)
    actions.propose_version(version=found, by=request.user)
    messages.success(request, _("This version is proposed: its Associates can read it and agree to it now."))
    return redirect("assessments:version", version)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def withdraw(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Give a version up, once it was said what that does."""
    found = find_version(request, version)
    must(request.user, Assessments.MANAGE_VERSIONS)
    if request.method == "POST":
        actions.withdraw_version(version=found, by=request.user)
        messages.success(request, _("This version is withdrawn. What was written stays readable here."))
        return redirect("assessments:version", version)
    actions.must_be_underway(found)
    return version_page(request, "withdraw.html", found, {})
