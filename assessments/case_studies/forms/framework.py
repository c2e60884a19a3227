"""Forms of an edition of the framework: its texts and domains, and one stage with its areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, LinesField, RevisionField, one_line
from aimcert.foundation.stale_forms import EditForm
from assessments.case_studies.actions import AreaTyped, DomainTyped
from assessments.case_studies.editions import strands_of
from assessments.case_studies.forms.writing import title_field
from assessments.case_studies.kinds.interface import lines_in
from assessments.case_studies.models import FrameworkArea, FrameworkDomain, FrameworkEdition, FrameworkStage
from assessments.states import Responsibility

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BAR = "|"
LONGEST = 40_000


def _lines(label: StrOrPromise, help_text: StrOrPromise, rows: int = 6) -> LinesField:
    widget = forms.Textarea(attrs={"rows": rows})
    return LinesField(label=label, help_text=help_text, required=False, max_length=LONGEST, widget=widget)


class _Draft(EditForm):
    """What every form of a draft has: the revision that it builds on."""

    base = "revision"
    seen = None
    revision = RevisionField()


class EditionForm(_Draft):
    """Title, source, notes and domains of a draft."""

    title = title_field()
    source = LinesField(
        label=_("Source"),
        help_text=_("The line below the framework that says where it comes from."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say where the framework comes from.")},
    )
    notes = _lines(_("Notes"), _("One on each line."), rows=10)
    domains = _lines(
        _("Domains"),
        _(
            "One on each line: its code, its name and, if you like, a sentence about it, with “|” between."
            " Criteria refer to the code, so keep it when you change a name."
        ),
    )

    def clean_domains(self) -> list[DomainTyped]:
        found = [_domain(line) for line in lines_in(self.cleaned_data["domains"])]
        codes = [domain.code for domain in found]
        for number, domain in enumerate(found, start=1):
            if not domain.code or not domain.name or slugify(domain.code) != domain.code:
                self._refuse(number, _("write its code (lower-case letters and hyphens), “|” and its name."))
            elif len(domain.name) > 100 or len(domain.code) > 50:
                self._refuse(number, _("a name has at most 100 characters, and a code 50."))
            elif domain.code in codes[: number - 1]:
                self._refuse(number, _("this code is there twice."))
        return found

    def clean_notes(self) -> list[str]:
        return lines_in(self.cleaned_data["notes"])

    def _refuse(self, number: int, words: StrOrPromise) -> None:
        said = _("Line %(number)d: %(words)s") % {"number": number, "words": words}
        self.add_error("domains", said)

    @staticmethod
    def initial_of(edition: FrameworkEdition) -> dict[str, Any]:
        return {
            "revision": edition.revision,
            "title": edition.title,
            "source": edition.source,
            "notes": "\n".join(edition.notes),
            "domains": "\n".join(map(_domain_line, edition.domains.all())),
        }


def _domain(line: str) -> DomainTyped:
    code, _bar, rest = map(one_line, line.partition(BAR))
    name, _bar, about = map(one_line, rest.partition(BAR))
    return DomainTyped(code, name, about) if rest else DomainTyped(slugify(code), code, "")


def _domain_line(domain: FrameworkDomain) -> str:
    return f" {BAR} ".join(filter(None, [domain.code, domain.name, domain.about]))


class StageForm(_Draft):
    """One stage of a draft, with the areas of each strand."""

    title = title_field()
    purpose = LinesField(
        label=_("Purpose"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    responsibility = ChoiceField(
        label=_("Who mainly carries risk management in this stage"),
        choices=Responsibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who mainly carries it.")},
    )

    def __init__(self, data: Any = None, *, edition: FrameworkEdition, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.strands = strands_of(edition)
        for number, strand in enumerate(self.strands):
            self.fields[f"areas_{number}"] = _lines(
                _("Areas: %(strand)s") % {"strand": strand},
                _("One on each line. Where a stage has parts, the part first: “part 1 | the area”."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["areas"] = []
        for number, strand in enumerate(self.strands):
            name = f"areas_{number}"
            titles: list[str] = []
            for at, line in enumerate(lines_in(cleaned.get(name)), start=1):
                area = _area(strand, line)
                wrong: StrOrPromise = ""
                if not area.title or len(area.title) > 200 or len(area.part) > 20:
                    wrong = _("an area has at most 200 characters, and the name of a part 20.")
                elif area.title in titles:
                    wrong = _("this area is there twice.")
                if wrong:
                    self.add_error(name, _("Line %(number)d: %(words)s") % {"number": at, "words": wrong})
                titles.append(area.title)
                cleaned["areas"].append(area)
        return cleaned

    @staticmethod
    def initial_of(edition: FrameworkEdition, stage: FrameworkStage) -> dict[str, Any]:
        rows = [area for area in edition.areas.all() if area.stage == stage.number]
        return {
            "revision": edition.revision,
            "title": stage.title,
            "purpose": stage.purpose,
            "responsibility": stage.responsibility,
        } | {
            f"areas_{number}": "\n".join(_area_line(area) for area in rows if area.strand == strand)
            for number, strand in enumerate(strands_of(edition))
        }


def _area(strand: str, line: str) -> AreaTyped:
    part, bar, title = map(one_line, line.partition(BAR))
    return AreaTyped(strand, part if bar else "", title if bar else part)


def _area_line(area: FrameworkArea) -> str:
    return f"{area.part} {BAR} {area.title}" if area.part else area.title
