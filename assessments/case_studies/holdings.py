"""What is held of who writes case studies and agrees to them; their texts are about no person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, Holding, add_holding, done_by, leave_out, says
from assessments.case_studies.models import (
    Agreement,
    AgreementReminder,
    CaseStudy,
    Construct,
    Criterion,
    FrameworkArea,
    FrameworkDomain,
    FrameworkEdition,
    FrameworkStage,
    Objection,
    ObjectionReply,
    Question,
    Section,
    Unavailability,
    Version,
    VersionAuthor,
    Wording,
)

VERSION = says("version", _("Version"), "version.uuid")

add_holding(
    Holding(
        name="case_study_authors",
        title=_("Case studies that you were invited to write"),
        about=_("From when until when."),
        model=VersionAuthor,
        find=lambda whose: VersionAuthor.objects.filter(person__in=whose.accounts),
        columns=(
            VERSION,
            says("invited_at", _("Invited")),
            done_by("invited_by", _("By")),
            says("ended_at", _("Until")),
            done_by("ended_by", _("Ended by")),
        ),
        without={"uuid": ITS_OWN, "person": ITS_OWN},
        related=("version",),
    )
)
add_holding(
    Holding(
        name="case_study_agreements",
        title=_("Case studies that you agreed to"),
        about=_("When, and the fingerprint of the text that you agreed to."),
        model=Agreement,
        find=lambda whose: Agreement.objects.filter(associate__in=whose.accounts),
        columns=(
            VERSION,
            says("fingerprint", _("Fingerprint of the text")),
            says("agreed_at", _("Agreed")),
        ),
        without={"associate": ITS_OWN, "passages": _("fingerprints of the passages of a case study")},
        related=("version",),
    )
)
add_holding(
    Holding(
        name="case_study_reminders",
        title=_("Reminders that a case study waited for you"),
        about=_("When you were sent one."),
        model=AgreementReminder,
        find=lambda whose: AgreementReminder.objects.filter(associate__in=whose.accounts),
        columns=(VERSION, says("sent_at", _("Sent")), done_by("sent_by", _("By"))),
        without={"associate": ITS_OWN},
        related=("version",),
    )
)
add_holding(
    Holding(
        name="unavailabilities",
        title=_("When you could not be asked"),
        about=_("As The AIM Project recorded it, so that a case study did not wait for you."),
        model=Unavailability,
        find=lambda whose: Unavailability.objects.filter(associate__in=whose.accounts),
        columns=(
            says("programme", _("Programme"), "programme.name"),
            says("from_on", _("From")),
            says("until_on", _("Until")),
            says("reason", _("Why")),
            says("recorded_at", _("Recorded")),
            done_by("recorded_by", _("By")),
            says("ended_at", _("Ended")),
            done_by("ended_by", _("Ended by")),
        ),
        without={"uuid": ITS_OWN, "associate": ITS_OWN},
        related=("programme",),
    )
)
leave_out(
    CaseStudy,
    Version,
    Section,
    Question,
    Criterion,
    Wording,
    Objection,
    ObjectionReply,
    because=_(
        "Case studies with their questions, model answers and notes for markers, every earlier wording of"
        " them, and what was said about it. They are made up, are about no person, and stay with those who"
        " train. When you wrote any of it stands among what you did."
    ),
)
leave_out(
    Construct,
    FrameworkEdition,
    FrameworkDomain,
    FrameworkStage,
    FrameworkArea,
    because=_("The assessment models themselves, with their framework: they are about no person."),
)
