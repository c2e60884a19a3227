"""The trainer's pages about the conversation: hold it by its guide, or say why it could not be held."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.marking import actions
from assessments.marking.forms.conversing import ConversationForm, NoConversationForm
from assessments.marking.views.outcomes import (
    changed_meanwhile,
    outcome_about,
    outcome_page,
    recommended_for,
)
from assessments.permissions import Assessments
from assessments.states import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """The guide to the conversation, and the record of it."""
    found, about = outcome_about(request, course, enrolment, Assessments.RECOMMEND)
    latest = recommended_for(about)
    actions.require_talk(latest)
    form = ConversationForm(
        found,
        request.POST if request.method == "POST" else None,
        initial=ConversationForm.of(latest, found),
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.record_conversation(
                recommendation=latest,
                held_on=typed["held_on"],
                words=typed["words"],
                held_by=typed["held_by"],
                base_revision=typed["revision"],
                by=request.user,
            )
        except actions.ConversationNotPossible as refused:
            form.add_error(refused.field, str(refused.message))
        except ChangedMeanwhile as refused:
            of = partial(ConversationForm.of, course=found)
            return changed_meanwhile(request, found, about, form, of, refused)
        else:
            messages.success(
                request, _("The conversation with %(name)s is recorded.") % {"name": about.person}
            )
            return redirect("assessments:feedback", course, enrolment)
    return outcome_page(
        request,
        "assessments/marking/conversation.html",
        found,
        about,
        "conversation",
        form=form,
        working_days=settings.AIM["FOLLOW_UP_WORKING_DAYS"],
        can_wait=latest.outcome == Outcome.NOT_YET,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def no_conversation(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Say why nobody could speak to them so far, who holds the conversation, and by when."""
    found, about = outcome_about(request, course, enrolment, Assessments.RECOMMEND)
    latest = recommended_for(about)
    if latest.outcome != Outcome.NOT_YET:
        raise actions.NothingToSpeakAbout(
            _("A conversation is put off only where the outcome is not yet competent. Look at the outcome.")
        )
    form = NoConversationForm(
        found,
        request.POST if request.method == "POST" else None,
        initial=NoConversationForm.of(latest),
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.put_off_conversation(
                recommendation=latest,
                because=typed["because"],
                words=typed["words"],
                due_on=typed["due_on"],
                holder=typed["held_by"],
                base_revision=typed["revision"],
                by=request.user,
            )
        except actions.ConversationNotPossible as refused:
            form.add_error(refused.field, str(refused.message))
        except ChangedMeanwhile as refused:
            return changed_meanwhile(request, found, about, form, NoConversationForm.of, refused)
        else:
            messages.success(
                request,
                _("Saved: why nobody has spoken to %(name)s yet, and who will.") % {"name": about.person},
            )
            return redirect("assessments:feedback", course, enrolment)
    return outcome_page(
        request, "assessments/marking/no_conversation.html", found, about, "conversation", form=form
    )
