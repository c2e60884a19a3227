"""The marker's pages: everyone on a course, and one script after the other."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import keeping_typed, must, refusal_page
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.typed import uuid_of
from assessments import locks
from assessments.answering.answer_progress import said_of_answers
from assessments.answering.provenance import assistance, from_paper
from assessments.answering.views.signed_out import signed_out
from assessments.marking import actions
from assessments.marking.attempts import earlier_attempts, enrolment_with_facts
from assessments.marking.facts import suggested_outcome
from assessments.marking.forms.judging import typed_in
from assessments.marking.forms.marking import MarksForm
from assessments.marking.lists import COLUMNS, MarkingNarrowing
from assessments.marking.marking_list import marking_list_of
from assessments.marking.models import Recommendation
from assessments.marking.pace import pace_of
from assessments.marking.readiness import AssessedEnrolment, assessment_of
from assessments.marking.rules import trained_course
from assessments.marking.scripts import Script, place_of, script_of
from assessments.marking.second_marking import is_settled, needed_for
from assessments.permissions import Assessments
from assessments.states import Outcome, Reason
from courses.models import Course
from courses.rules import course_nav

# Where a page that was reached by *Next* begins: at the first criterion that nobody judged.
ON = "#on"


@require_safe
def marking(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone enrolled, sorted by what needs doing."""
    found = course_to_mark(request, course)
    sitting = getattr(found, "sitting", None)
    nav = course_nav(request.user, found)
    everyone = marking_list_of(found, sitting, reader=request.user, acts=nav.is_trainer)
    narrowing = MarkingNarrowing(request.GET, reader=request.user)
    context = {
        "course": found,
        "nav": nav,
        "acts": nav.is_trainer,
        "sitting": sitting,
        "list": everyone,
        "minutes_left": pace_of(found).minutes_for(left) if (left := everyone.judgements_left) else None,
        "listing": listed_rows(request, everyone.rows, columns=COLUMNS, narrowing=narrowing),
    }
    return render(request, "assessments/marking/marking_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeping_typed(typed_in)
def mark(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """One script: answers, model answers, criteria, marks; where it cannot be marked, to be read."""
    if not request.user.is_authenticated:
        typed = typed_in(request.POST)
        return signed_out(request, typed=typed, save=lambda again: mark(again, course, enrolment))
    found = course_to_mark(request, course)
    about = enrolment_to_mark(request, found, enrolment)
    if request.method == "POST":
        must(request.user, Assessments.MARK, about)
    if about.submitted_at is None:
        if request.method == "POST":
            raise actions.NotSubmitted(
                _("Nothing has been submitted yet. Drafts are read by their author alone.")
            )
        begun = about.submission_id is not None
        context = {
            "said": said_of_answers(about, getattr(found, "sitting", None), has_begun=begun)[0],
            "acts": request.user.has_perm(Assessments.RECOMMEND, about),
            "recommendation": latest_recommendation(about),
        }
        return page(request, "assessments/marking/mark_nothing.html", found, about, context)
    script = script_of(about)
    if request.method == "POST":
        return _save(request, found, about, script)
    return _mark_page(request, found, about, script, MarksForm(script, reader=request.user))


def _save(request: SignedInRequest, course: Course, about: AssessedEnrolment, script: Script) -> HttpResponse:
    form = MarksForm(script, request.POST, reader=request.user)
    if not form.is_valid():
        return _mark_page(request, course, about, script, form)
    try:
        actions.mark(
            enrolment=about,
            marks=form.marks(),
            seen=uuid_of(request.POST.get("submission", "")),
            by=request.user,
        )
    except actions.MarkedMeanwhile as refused:
        again = script_of(about := enrolment_to_mark(request, course, about.uuid))
        form = MarksForm(again, request.POST, reader=request.user, refused=refused)
        return _mark_page(request, course, about, again, form, status=refused.status)
    except (actions.AnsweredAgain, locks.MarkingFinalised) as refused:
        return refusal_page(request, refused.message, refused.status, typed=typed_in(request.POST))
    after = assessment_of(about)
    done = {"name": about.person.name, "marked": after.criteria_marked, "total": after.criteria_total}
    if after.criteria_marked < after.criteria_total:
        messages.success(request, _("Saved: %(marked)d of %(total)d criteria marked for %(name)s.") % done)
    else:
        messages.success(request, _("Saved: all %(total)d criteria are marked for %(name)s.") % done)
    then = request.POST.get("then")
    if then == "outcome":
        return redirect("assessments:recommend", course.uuid, about.uuid)
    if then == "next":
        following = place_of(about, course).next_unmarked
        if following is None:
            return redirect("assessments:marking", course.uuid)
        return redirect(reverse("assessments:mark", args=[course.uuid, following]) + ON)
    return redirect("assessments:mark", course.uuid, about.uuid)


def _mark_page(
    request: SignedInRequest,
    course: Course,
    about: AssessedEnrolment,
    script: Script,
    form: MarksForm,
    *,
    status: int | None = None,
) -> HttpResponse:
    recommendation = latest_recommendation(about)
    finalised = script.marking is not None and script.marking.finalised_at is not None
    trains = request.user.has_perm(Assessments.MARK, about)
    rows = [(part, form.rows(part)) for part in script.parts]
    context = {
        "form": form,
        "script": script,
        "parts": rows,
        "has_errors": bool(form.errors) or status is not None,
        "clashing": [row for _part, of_part in rows for row in of_part if row.refused],
        "place": place_of(about, course),
        "earlier": (earlier := earlier_attempts(about) if about.has_other_attempts else []),
        "repeated": any(request.user.pk in one.repeats for one in earlier),
        "recommendation": recommendation,
        "suggested": said_outcome(suggested_outcome(about)),
        "trains": trains,
        "second_marking": is_settled(about) or needed_for(about),
        "paper": from_paper(about),
        "not_own_hand": assistance(about),
        "edits": trains and not finalised and about.frozen_at is None,
        "co_markers": [one for one in script.markers if one != request.user],
        "first_unmarked": next((actions.name_of(one) for one in script.unmarked), None),
    }
    return page(request, "assessments/marking/mark.html", course, about, context, status=status)


# --- What the marker's pages share ------------------------------------------------------------------


def course_to_mark(request: SignedInRequest, course: UUID) -> Course:
    """The course, if this person may see its marking: strangers 404, others on it 403."""
    found = trained_course(request.user, course)
    if found is None:
        visible = Course.objects.visible_to(request.user).select_related("sitting", "programme", "pin")
        found = get_object_or_404(visible, uuid=course)
    must(request.user, Assessments.SEE_MARKING, found)
    return found


def enrolment_to_mark(request: SignedInRequest, course: Course, enrolment: UUID) -> AssessedEnrolment:
    """One enrolment of `course` with its facts; not one's own."""
    about = enrolment_with_facts(course, enrolment, reader=request.user)
    if about is None:
        raise Http404
    about.course = course
    return about


def latest_recommendation(about: AssessedEnrolment) -> Recommendation | None:
    """The latest round, with everyone that it names."""
    people = ("recommended_by", "conversation_by", "finalised_by", "changed_by")
    return about.recommendations.select_related(*people).latest_first().first()


def said_outcome(outcome: str | None) -> str:
    """An outcome in words; empty where there is none."""
    return str(Outcome(outcome).label) if outcome else ""


def page(
    request: SignedInRequest,
    template: str,
    course: Course,
    about: AssessedEnrolment,
    context: dict[str, object],
    *,
    status: int | None = None,
) -> HttpResponse:
    """A page about one enrolment, its times as clocks show them where the course meets."""
    recommendation = context.get("recommendation")
    if isinstance(recommendation, Recommendation):
        context["reasons"] = [Reason(reason).label for reason in recommendation.reasons]
    return render(
        request,
        template,
        {"course": course, "enrolment": about, "assessment": about, **context},
        status=status,
    )
