"""Somebody's certificates, and what followed where they were not certified."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, HeldFile, Holding, Whose, add_holding, done_by, leave_out, says
from aimcert.foundation.files import open_stored
from certification.models import (
    Branding,
    Certificate,
    CertificateDocument,
    CohortRelease,
    FollowUp,
    FollowUpStep,
    Report,
)
from certification.states import CertificateState

ENROLMENT = ("enrolment__course",)
COURSE = says("enrolment", _("Course"), "enrolment.course.title")
AIM = _("somebody at The AIM Project")
SPONSOR = _("somebody acting for your sponsor, or at The AIM Project")


def _follow_ups(whose: Whose) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(enrolment__person__in=whose.accounts, read_at__isnull=False)


def _certificate_pdf(certificate: Certificate) -> Iterator[HeldFile]:
    # One that was revoked is not given out any more; what it said stands in its row.
    document: CertificateDocument | None = getattr(certificate, "document", None)
    if document is not None and document.built_at and certificate.state != CertificateState.REVOKED:
        yield HeldFile(f"{certificate.reference}.pdf", partial(open_stored, document.file))


add_holding(
    Holding(
        name="certificates",
        title=_("Your certificates"),
        about=_("What each says, as it was when it was issued, with its PDF while it stands."),
        model=Certificate,
        find=lambda whose: Certificate.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            says("number", _("Number"), "reference"),
            says("state", _("State")),
            says("name", _("Name")),
            says("programme_code", _("Programme’s code")),
            says("programme_name", _("Programme")),
            says("course_title", _("Course")),
            says("course_reference", _("Course’s reference")),
            says("course_ended_on", _("Course ended")),
            says("associates", _("Trained by")),
            says("code", _("Code by which it is checked")),
            says("version_fingerprint", _("Fingerprint of the case study")),
            says("sponsor_organisation", _("Sponsor"), "sponsor_organisation.name"),
            says("language", _("Language")),
            says("issued_on", _("Issued on")),
            says("issued_at", _("Issued")),
            done_by("issued_by", _("By"), AIM),
            says("revoked_at", _("Revoked")),
            done_by("revoked_by", _("By"), AIM),
            says("revoked_because", _("Why it was revoked")),
        ),
        without={"uuid": ITS_OWN, "enrolment": ITS_OWN, "decision": ITS_OWN, "code_sha256": ITS_OWN},
        related=("document", "sponsor_organisation"),
        files=_certificate_pdf,
    )
)
add_holding(
    Holding(
        name="certificate_documents",
        title=_("The PDFs of your certificates"),
        about=_("When each was made, and its SHA-256."),
        model=CertificateDocument,
        find=lambda whose: CertificateDocument.objects.filter(
            certificate__enrolment__person__in=whose.accounts
        ),
        columns=(
            says("certificate", _("Certificate"), "certificate.reference"),
            says("design", _("Design")),
            says("built_at", _("Made")),
            says("sha256", _("SHA-256")),
        ),
        without=dict.fromkeys(("file", "branding", "attempts", "next_attempt_at", "last_error"), ITS_OWN),
        related=("certificate",),
    )
)
add_holding(
    Holding(
        name="follow_ups",
        title=_("What followed where you were not certified"),
        about=_("Once you have opened your feedback."),
        model=FollowUp,
        find=_follow_ups,
        columns=(
            COURSE,
            says("sponsor_organisation", _("Sponsor"), "sponsor_organisation.name"),
            says("readable_at", _("You could read it")),
            says("read_at", _("You opened it")),
            says("comment", _("Your comment")),
            says("commented_at", _("Commented")),
            says("due_at", _("Went by itself, if you had not sent it")),
            says("released_at", _("Went to the sponsor")),
            says("closed_at", _("Closed")),
            done_by("closed_by", _("By"), SPONSOR),
        ),
        without={"uuid": ITS_OWN, "recommendation": ITS_OWN},
        related=(*ENROLMENT, "sponsor_organisation"),
    )
)
add_holding(
    Holding(
        name="follow_up_steps",
        title=_("What your sponsor did about it"),
        about=_("As whoever acted for it wrote down."),
        model=FollowUpStep,
        find=lambda whose: FollowUpStep.objects.filter(follow_up__in=_follow_ups(whose)),
        columns=(
            says("follow_up", _("Course"), "follow_up.enrolment.course.title"),
            says("done", _("What was done")),
            says("done_on", _("On")),
            says("closes", _("That closed it")),
            says("recorded_at", _("Written down")),
            done_by("recorded_by", _("By"), SPONSOR),
        ),
        related=("follow_up__enrolment__course",),
    )
)
add_holding(
    Holding(
        name="counted_with_others",
        title=_("When you were counted with others"),
        about=_(
            "Your sponsor was told where its people on a course were strong or weak together. You were one of"
            " many whose marks were counted, and nothing was said of you alone."
        ),
        model=CohortRelease,
        find=lambda whose: CohortRelease.objects.filter(people__person__in=whose.accounts).distinct(),
        columns=(
            says("course", _("Course"), "course.title"),
            says("organisation", _("Sponsor"), "organisation.name"),
            says("released_at", _("When")),
        ),
        without={
            "bands": _("what was told of many together is about no one of them"),
            "people": _("who the others were is theirs"),
        },
        related=("course", "organisation"),
    )
)

leave_out(
    Branding,
    because=_(
        "The mark of The AIM Project and whoever signs for it, as every certificate shows them to anybody."
        " When you published one of these stands among what you did."
    ),
)
leave_out(
    Report,
    because=_(
        "Reports that a sponsor asked for, about all its people on a course. Each is deleted after a day;"
        " what it said of you was made of the records that stand here. When you asked for one stands among"
        " what you did."
    ),
)
