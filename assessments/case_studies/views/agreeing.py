"""Agreement to a version: who has agreed, one's own agreement, reminders, and freezing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from assessments.case_studies import actions
from assessments.case_studies.agreement import (
    associate_lines,
    objection_lines,
    objections_of,
    passage_line,
    stage_of,
)
from assessments.case_studies.canonical import passages_of
from assessments.case_studies.changes import changed_since
from assessments.case_studies.forms.agreeing import AgreeForm
from assessments.case_studies.lists import ASSOCIATE_COLUMNS, AssociateNarrowing
from assessments.case_studies.models import Version
from assessments.case_studies.stances import Said, stances_on
from assessments.permissions import Assessments
from courses.forms import telling
from courses.views.finding import sent


def version_of(request: SignedInRequest, version: UUID, permission: Assessments) -> Version:
    """The version of a page: 404 for a stranger, 403 for the wrong role."""
    rows = (
        Version.objects.visible_to(request.user)
        .with_reader(request.user)
        .select_related("case_study__programme", "proposed_by", "frozen_by", "retired_by", "withdrawn_by")
    )
    found: Version = get_object_or_404(rows, uuid=version)
    must(request.user, permission, found)
    return found


def page(
    request: SignedInRequest, template: str, version: Version, status: int | None = None, **more: Any
) -> HttpResponse:
    """A page about `version`, with what all of them show."""
    context = {
        "version": version,
        "programme": version.case_study.programme,
        "stage": stage_of(version),
        "writes": version.is_underway and request.user.has_perm(Assessments.WRITE_VERSION, version),
    }
    return render(
        request, f"assessments/case_studies/versions/{template}.html", {**context, **more}, status=status
    )


@require_safe
def agreement(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Where a version stands: who has agreed, who objects to what, who has not answered."""
    found = version_of(request, version, Assessments.READ_MODEL_ANSWERS)
    leads = request.user.has_perm(Assessments.LEAD_AGREEMENT, found)
    text = passages_of(found)
    objections = objections_of(found)
    stances = stances_on(found, objections)
    own = next((stance for stance in stances.rows if stance.associate == request.user), None)
    asked = found.proposed_at is not None and found.retired_at is None and found.withdrawn_at is None
    may_agree = asked and request.user.has_perm(Assessments.AGREE_TO_VERSION, found)
    lapsed = own is not None and own.said is Said.LAPSED and own.agreement is not None
    lines = associate_lines(found, stances, text, leads=leads, me=request.user)
    is_underway = asked and found.frozen_at is None
    columns = ASSOCIATE_COLUMNS if leads and is_underway else ASSOCIATE_COLUMNS[:-1]
    narrowing = AssociateNarrowing(request.GET)
    return page(
        request,
        "agreement",
        found,
        stances=stances,
        lines=lines,
        listing=listed_rows(request, lines, columns=columns, narrowing=narrowing),
        objections=objection_lines(objections, text),
        own=own,
        own_said=own.said.value if own else "",
        own_changed=[passage_line(name, text) for name in changed_since(own.agreement.passages, text)]
        if lapsed and own and own.agreement
        else [],
        may_agree=may_agree,
        # In force, a licence that came later waits for its own agreement.
        not_cleared=may_agree and found.frozen_at is not None and found.reader_is_to_be_cleared,
        is_underway=is_underway,
        leads=leads,
        away=stances.away if leads else [],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def agree(request: SignedInRequest, version: UUID) -> HttpResponse:
    """The declaration, and the box that makes it."""
    found = version_of(request, version, Assessments.AGREE_TO_VERSION)
    form = AgreeForm(sent(request), initial={"seen": found.fingerprint})
    if form.is_valid():
        with telling(form):
            actions.agree(version=found, seen=form.cleaned_data["seen"], by=request.user)
            messages.success(request, _("You have agreed to %(version)s. Thank you.") % {"version": found})
            return redirect("assessments:version_agreement", version)
    text = passages_of(found)
    last = found.agreements.filter(associate=request.user).order_by("pk").last()
    return page(
        request,
        "agree",
        found,
        form=form,
        changed=[passage_line(name, text) for name in changed_since(last.passages, text)] if last else [],
        last=last,
    )


@require_POST
def remind(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Remind whom freezing waits for; of those who are named, or of all."""
    found = version_of(request, version, Assessments.LEAD_AGREEMENT)
    named = set(request.POST.getlist("associate"))
    associates = [
        stance.associate
        for stance in stances_on(found).missing
        if not named or str(stance.associate.uuid) in named
    ]
    reminded = actions.remind(version=found, associates=associates, by=request.user)
    messages.success(
        request,
        ngettext("%(count)d Associate was reminded.", "%(count)d Associates were reminded.", len(reminded))
        % {"count": len(reminded)},
    )
    return redirect("assessments:version_agreement", version)


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def freeze(request: SignedInRequest, version: UUID) -> HttpResponse:
    """What freezing does, and the button that does it; or who is still missing."""
    found = version_of(request, version, Assessments.LEAD_AGREEMENT)
    if request.method == "POST":
        actions.freeze_version(version=found, by=request.user)
        messages.success(request, _("%(version)s is in force.") % {"version": found})
        return redirect("assessments:version_agreement", version)
    stances = stances_on(found)
    older = found.case_study.versions.in_force().exclude(pk=found.pk).first()
    # Named by what they are about; where nobody objects, the text is not even read.
    text = passages_of(found) if stances.objections else {}
    return page(
        request,
        "freeze",
        found,
        stances=stances,
        older=older,
        objections=[(one, passage_line(one.passage, text)) for one in stances.objections],
        may_freeze=stances.is_complete
        and found.proposed_at is not None
        and found.frozen_at is None
        and found.withdrawn_at is None,
    )
