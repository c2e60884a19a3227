"""An outcome, the feedback and a disagreement, as typed by a trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import (
    ChoiceField,
    LinesField,
    MultipleChoiceField,
    RevisionField,
)
from assessments.marking.models import WRITTEN_EVIDENCE, Recommendation
from assessments.states import NotAssessed, Outcome, Reason
from courses.models import Enrolment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTE = 2000
TEXT = 4000
# What a reason asks for, and what is said where it is missing.
NEEDED = (
    (Reason.INTEREST, "interest_observed", _("Write what was observed.")),
    (Reason.INTEREST, "interest_own_account", _("Write the person’s own account.")),
    (Reason.EXPERIENCE, "experience_shown", _("Write what shows that experience is missing.")),
    (Reason.EXPERIENCE, "experience_needed", _("Write which experience is needed.")),
)


def text_field(
    label: StrOrPromise, longest: int, *, rows: int = 5, conditional: bool = False, **options: Any
) -> LinesField:
    field = LinesField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )
    # Asked for by some answers alone: it is neither required nor called optional.
    field.conditional = conditional  # type: ignore[attr-defined]
    return field


class RevisionForm(forms.Form):
    """A form that builds on one revision of a recommendation, so that nothing is overwritten unseen."""

    use_required_attribute = False
    revision = RevisionField()


class RecommendForm(RevisionForm):
    """The outcome and what it has to say."""

    outcome = ChoiceField(
        label=_("Outcome"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an outcome.")},
    )
    reasons = MultipleChoiceField(
        label=_("Reasons"),
        help_text=_("Choose all that apply. The person and the commissioner read them."),
        choices=Reason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    interest_observed = text_field(
        _("What was observed"),
        NOTE,
        required=False,
        conditional=True,
        help_text=_(
            "What you saw or heard that speaks of a lack of interest, without judging the person. They read"
            " it."
        ),
    )
    interest_own_account = text_field(
        _("The person’s own account"),
        NOTE,
        required=False,
        conditional=True,
        help_text=_("How they see it themself, in their words as far as you can. They read it."),
    )
    experience_shown = text_field(
        _("What shows it"),
        NOTE,
        required=False,
        conditional=True,
        help_text=_("What you saw or heard that shows which experience is missing. The person reads it."),
    )
    experience_needed = text_field(
        _("Which experience is needed"),
        NOTE,
        required=False,
        conditional=True,
        help_text=_("What they would need to have done, and how much of it. The person reads it."),
    )
    understanding_words = text_field(
        _("A sentence beside these criteria"),
        NOTE,
        rows=3,
        required=False,
        help_text=_("Only if it helps: what was not understood, in plain words. The person reads it."),
    )
    not_assessed_because = ChoiceField(
        label=_("Why there is nothing to assess"),
        choices=NotAssessed.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    override_reason = text_field(
        _("Why this differs from what the marks suggest"),
        NOTE,
        required=False,
        conditional=True,
        help_text=_("Needed only where it does. The AIM Project reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].conditional = True  # type: ignore[attr-defined]
        self.fields["not_assessed_because"].conditional = True  # type: ignore[attr-defined]

    @staticmethod
    def of(recommendation: Recommendation | None) -> dict[str, Any]:
        """What the form begins with."""
        if recommendation is None:
            return {"revision": 0}
        names = (
            "revision",
            "outcome",
            "reasons",
            *WRITTEN_EVIDENCE,
            "not_assessed_because",
            "override_reason",
        )
        return {name: getattr(recommendation, name) for name in names}

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        outcome = typed.get("outcome")
        if outcome == Outcome.NOT_YET and not typed.get("reasons") and "reasons" not in self.errors:
            self.add_error("reasons", _("Choose at least one reason."))
        if outcome == Outcome.NOT_YET:
            for reason, name, words in NEEDED:
                if reason in typed.get("reasons", []) and not typed.get(name) and name not in self.errors:
                    self.add_error(name, words)
        if outcome == Outcome.NOT_ASSESSED and not typed.get("not_assessed_because"):
            self.add_error("not_assessed_because", _("Say why there is nothing to assess."))
        return typed


class FeedbackForm(RevisionForm):
    """Three texts for three readers."""

    told_participant = text_field(
        _("What the participant reads"), TEXT, rows=7, required=False, conditional=True
    )
    told_commissioner = text_field(
        _("What the commissioner is told"), TEXT, rows=7, required=False, conditional=True
    )
    internal_note = text_field(
        _("Internal note"),
        NOTE,
        rows=4,
        required=False,
        help_text=_(
            "For trainers of this course and The AIM Project. It is in no report and no feedback; the person"
            " it is about can ask to read it."
        ),
    )

    def __init__(self, enrolment: Enrolment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, sponsor = enrolment.person.name, enrolment.sponsor_organisation
        participant, commissioner = self.fields["told_participant"], self.fields["told_commissioner"]
        participant.label = _("What %(name)s reads") % {"name": name}
        participant.help_text = _("They alone read this, and nobody who employs or commissions them.")
        if enrolment.sponsor_to_be_named:
            commissioner.help_text = _(
                "%(name)s reads this first and may add a comment. It then goes to their sponsor, whom The AIM"
                " Project names. Say what would help; leave out health, adjustments and anything said in"
                " confidence."
            ) % {"name": name}
        elif sponsor is None:
            commissioner.help_text = _(
                "%(name)s is their own sponsor: they read this, and it goes to nobody else."
            ) % {"name": name}
        else:
            commissioner.help_text = _(
                "%(name)s reads this first and may add a comment. It then goes to %(sponsor)s. Say what would"
                " help; leave out health, adjustments and anything said in confidence."
            ) % {"name": name, "sponsor": sponsor.name}

    @staticmethod
    def of(recommendation: Recommendation) -> dict[str, Any]:
        """What the form begins with."""
        names = ("revision", "told_participant", "told_commissioner", "internal_note")
        return {name: getattr(recommendation, name) for name in names}


class DisagreeForm(forms.Form):
    """Why a co-trainer sees it otherwise."""

    use_required_attribute = False
    reason = text_field(
        _("Why you disagree"),
        NOTE,
        help_text=_(
            "Trainers of this course and The AIM Project read it; the person it is about can ask to."
        ),
        error_messages={"required": _("Say why you disagree.")},
    )
