"""How somebody was marked and what was decided, as far as they may be told of it by now.

An outcome that is being decided, and feedback that they have not opened, an export tells no earlier than
their own page does: `disclosure.told` says when that is.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import (
    ITS_OWN,
    Holding,
    Whose,
    add_acts,
    add_holding,
    done_by,
    leave_out,
    names,
    says,
)
from assessments.models import CriterionMark, Disagreement, KeptMark, Marking, MarkingLease, Recommendation
from certification.disclosure import RESULTS, told, with_results
from certification.models import Appointment, ConversationReminder, Decision, ToldLater
from certification.states import DecisionKind, Viewer
from courses.models import Enrolment

ENROLMENT = ("enrolment__course",)
COURSE = says("enrolment", _("Course"), "enrolment.course.title")
MARKED = (
    names("marking", "marking.uuid"),
    says("course", _("Course"), "marking.submission.enrolment.course.title"),
    says("round", _("Round"), "marking.round"),
    says("role", _("Which look"), "marking.role"),
    says("question", _("Question"), "criterion.question.number"),
    says("criterion", _("Criterion"), "criterion.number"),
    says("judged", _("Judged")),
    says("note", _("Marker’s note")),
    says("oral_question", _("Asked aloud")),
    says("oral_answer", _("Answered")),
    says("settled", _("Settled as")),
    says("because", _("Why it changed another marker’s")),
    says("judged_at", _("When")),
    done_by("judged_by", _("By"), _("a marker")),
)
TRAINER, AIM = _("a trainer of the course"), _("somebody at The AIM Project")


def _told(whose: Whose) -> list[int]:
    """Primary keys of the places of which the person may be told the outcome now."""
    places = with_results(Enrolment.objects.filter(person__in=whose.accounts))
    return [one.pk for one in places if told(one, Viewer.PARTICIPANT).stage in RESULTS]


def _recommendations(whose: Whose) -> QuerySet[Recommendation]:
    """Those of places whose outcome is told, and earlier ones that were told while it was theirs."""
    was_told = Q(follow_up__read_at__isnull=False) | Q(decision__kind=DecisionKind.APPROVED)
    return Recommendation.objects.filter(
        Q(enrolment__in=_told(whose)) | was_told,
        enrolment__person__in=whose.accounts,
        finalised_at__isnull=False,
    )


def markings_known(whose: Whose) -> QuerySet[Marking]:
    """Markings that the person may know of by now."""
    known = _recommendations(whose).exclude(marking=None).values("marking")
    return Marking.objects.filter(
        Q(submission__enrolment__in=_told(whose)) | Q(pk__in=known),
        submission__enrolment__person__in=whose.accounts,
        finalised_at__isnull=False,
    )


add_holding(
    Holding(
        name="markings",
        title=_("How your answers were marked"),
        about=_("Once you may know the outcome: each look at them, by whom in which role."),
        model=Marking,
        find=markings_known,
        columns=(
            names("uuid"),
            says("submission", _("Course"), "submission.enrolment.course.title"),
            says("attempt", _("Attempt"), "submission.attempt"),
            says("round", _("Round")),
            says("role", _("Which look")),
            done_by("marker", _("Marked by"), _("a marker")),
            says("started_at", _("Begun")),
            says("finalised_at", _("Final")),
            done_by("finalised_by", _("Made final by"), _("a marker")),
            says("changed_at", _("Last changed")),
            done_by("changed_by", _("By"), _("a marker")),
        ),
        related=("submission__enrolment__course",),
    )
)
add_holding(
    Holding(
        name="marks",
        title=_("Your marks"),
        about=_(
            "Criterion by criterion, with the marker’s notes. What a criterion asks stays with those who"
            " train: it is named by its question and its number."
        ),
        model=CriterionMark,
        find=lambda whose: CriterionMark.objects.filter(marking__in=markings_known(whose)),
        columns=MARKED,
        without=dict.fromkeys(("revision", "device", "sequence"), ITS_OWN),
        related=("marking__submission__enrolment__course", "criterion__question"),
    )
)
add_holding(
    Holding(
        name="earlier_marks",
        title=_("What your marks were before"),
        about=_("Judgements that were changed, and those that were not saved since another was there."),
        model=KeptMark,
        find=lambda whose: KeptMark.objects.filter(marking__in=markings_known(whose)),
        columns=(*MARKED, says("why", _("Why it does not count")), says("kept_at", _("Since"))),
        without={"revision": ITS_OWN},
        related=("marking__submission__enrolment__course", "criterion__question"),
    )
)
add_holding(
    Holding(
        name="recommendations",
        title=_("Outcomes that were recommended"),
        about=_("With what was written to you and to your sponsor, once you may know it."),
        model=Recommendation,
        find=_recommendations,
        columns=(
            COURSE,
            says("round", _("Round")),
            says("outcome", _("Outcome")),
            says("reasons", _("Reason")),
            says("not_assessed_because", _("Not assessed because")),
            says("interest_observed", _("What was observed of your interest")),
            says("interest_own_account", _("Your own account of it")),
            says("experience_shown", _("What shows which experience is missing")),
            says("experience_needed", _("Which experience is needed")),
            says("understanding_words", _("What was not understood")),
            says("override_reason", _("Why it differs from what the marks suggest")),
            says("told_participant", _("Written to you")),
            says("told_commissioner", _("Written to your sponsor")),
            says("conversation_on", _("You spoke on")),
            done_by("conversation_by", _("By"), TRAINER),
            says("conversation", _("What was said")),
            says("begun_because", _("Why this round followed another")),
            says("recommended_at", _("Recommended")),
            done_by("recommended_by", _("By"), TRAINER),
            says("finalised_at", _("Final")),
            done_by("finalised_by", _("By"), TRAINER),
            says("changed_at", _("Last changed")),
            done_by("changed_by", _("By"), TRAINER),
        ),
        without={
            "uuid": ITS_OWN,
            "submission": ITS_OWN,
            "marking": ITS_OWN,
            "revision": ITS_OWN,
            "conversation_due_on": ITS_OWN,
            "conversation_holder": ITS_OWN,
            **dict.fromkeys(
                ("no_conversation_because", "no_conversation_words"),
                _(
                    "why nobody could speak to you earlier may be about others as well, so somebody reads it"
                    " before you are given it: write to us for it"
                ),
            ),
            "internal_note": _(
                "a note between trainers and The AIM Project may be about others as well, so somebody reads"
                " it before you are given it: write to us for it"
            ),
        },
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="told_later",
        title=_("How you were told of an outcome"),
        about=_("Where nobody could speak to you before it was final."),
        model=ToldLater,
        find=lambda whose: ToldLater.objects.filter(recommendation__in=_recommendations(whose)),
        columns=(
            COURSE,
            says("how", _("How")),
            says("told_on", _("On")),
            done_by("told_by", _("By"), _("a trainer of the course, or somebody at The AIM Project")),
            says("words", _("What was said")),
            says("recorded_at", _("Written down")),
            done_by("recorded_by", _("By"), _("a trainer of the course, or somebody at The AIM Project")),
        ),
        without={"uuid": ITS_OWN, "recommendation": ITS_OWN},
        related=ENROLMENT,
    )
)
leave_out(
    ConversationReminder,
    because=_(
        "When we wrote to whoever was to speak to you, that they still had to. When they did stands among how"
        " you were told of an outcome."
    ),
)
add_holding(
    Holding(
        name="disagreements",
        title=_("Where a trainer disagreed"),
        about=_("With an outcome that you may know by now."),
        model=Disagreement,
        find=lambda whose: Disagreement.objects.filter(recommendation__in=_recommendations(whose)),
        columns=(
            says("recommendation", _("Course"), "recommendation.enrolment.course.title"),
            says("reason", _("Why")),
            says("disagreed_at", _("When")),
            done_by("disagreed_by", _("By"), TRAINER),
            says("withdrawn_at", _("Taken back")),
            done_by("withdrawn_by", _("By"), TRAINER),
        ),
        without={"uuid": ITS_OWN},
        related=("recommendation__enrolment__course",),
    )
)
add_holding(
    Holding(
        name="appointments",
        title=_("When an Associate was appointed to decide"),
        about=_("Because nobody of The AIM Project was free to."),
        model=Appointment,
        find=lambda whose: Appointment.objects.filter(enrolment__in=_told(whose)),
        columns=(
            COURSE,
            says("reason", _("Why")),
            done_by("associate", _("Who"), _("an Associate without a part in the course")),
            says("appointed_at", _("When")),
            done_by("appointed_by", _("By"), AIM),
        ),
        without={"uuid": ITS_OWN},
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="decisions",
        title=_("What The AIM Project decided"),
        about=_("On an outcome that was recommended, once you may know it."),
        model=Decision,
        find=lambda whose: Decision.objects.filter(recommendation__in=_recommendations(whose)),
        columns=(
            COURSE,
            says("kind", _("Decision")),
            says("reason", _("Why")),
            says("decided_at", _("When")),
            done_by("decided_by", _("By"), _("somebody at The AIM Project, or appointed by it")),
        ),
        without={"uuid": ITS_OWN, "recommendation": ITS_OWN, "appointment": ITS_OWN},
        related=ENROLMENT,
    )
)

leave_out(
    MarkingLease,
    because=_(
        "Which marker had which answer open for some minutes: it says nothing of the answer. When you had one"
        " open stands among what you did."
    ),
)
add_acts(Marking, marker="started_at")
add_acts(Appointment, associate="appointed_at")
add_acts(Recommendation, conversation_by="conversation_on", conversation_holder="conversation_due_on")
add_acts(ToldLater, told_by="told_on")
