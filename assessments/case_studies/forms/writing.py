"""What authors type of a version: its head and its sections; the questions are in writing_questions.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import LinesField, OneLineField, RevisionField
from assessments.case_studies.actions.contents import LONGEST, TITLE
from assessments.case_studies.canonical import head_content, section_content
from assessments.case_studies.forms.figures import FigureFields
from assessments.case_studies.models import Section, Version


class ProseField(LinesField):
    """Markdown, as `prose` reads it; a tab is spaces, so that every line looks as it is."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        attrs = {"rows": rows, "data-prose": "", "dir": "auto"}
        super().__init__(
            **{
                "required": False,
                "max_length": LONGEST,
                "widget": forms.Textarea(attrs=attrs),
                "error_messages": {"max_length": _("Shorten this text to 40,000 characters.")},
                **options,
            }
        )
        # Only a proposal needs all of them: a page that says "(optional)" would mislead.
        self.conditional = True

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\t", "    ")


def title_field() -> OneLineField:
    return OneLineField(
        label=_("Title"),
        max_length=TITLE,
        error_messages={
            "required": _("Enter a title."),
            "max_length": _("Shorten the title to 150 characters."),
        },
    )


class PassageForm(forms.Form):
    """What every passage's form has: the revision that was typed over."""

    use_required_attribute = False
    base_revision = RevisionField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))


class HeadForm(PassageForm):
    """Title, content note and the statement that everyone in it is fictional."""

    title = title_field()
    content_note = ProseField(
        label=_("Content note"),
        help_text=_("What in it may distress, in a sentence or two. It stands before the case study."),
        rows=4,
    )
    fictional_statement = ProseField(
        label=_("Statement that everyone in it is fictional"),
        help_text=_("Such as “Everyone in this case study is fictional: no real child is described.”"),
        rows=3,
    )

    @classmethod
    def of(cls, version: Version) -> HeadForm:
        """The form with what stands."""
        return cls(initial={**head_content(version), "base_revision": version.revision})

    @classmethod
    def with_typed(cls, typed: dict[str, Any], revision: int) -> HeadForm:
        """The form with what was refused, to be saved over `revision`."""
        return cls(initial={**typed, "base_revision": revision})


class SectionForm(FigureFields, PassageForm):
    """One section of the case study; its figure is typed as lines."""

    title = title_field()
    body = ProseField(label=_("Text"), rows=18)
    field_order = ["title", "body"]

    @classmethod
    def of(cls, section: Section) -> SectionForm:
        """The form with what stands."""
        return cls.with_typed(section_content(section), section.revision)

    @classmethod
    def with_typed(cls, typed: dict[str, Any], revision: int) -> SectionForm:
        """The form with what was refused, to be saved over `revision`."""
        values = {"title": typed["title"], "body": typed["body"], "base_revision": revision}
        return cls(initial={**values, **cls.figure_as_typed(typed["figure"])})
