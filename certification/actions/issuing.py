"""Issuing: the certificate of an approval, its PDF, and taking it back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.files import is_stored, open_stored, store, store_beside
from aimcert.foundation.logs import error_code
from aimcert.foundation.models import Counter
from aimcert.foundation.outbox import Attempts, try_afresh
from aimcert.foundation.refusals import Refused
from aimcert.foundation.task_queue import enqueue
from assessments.models import Version
from certification.codes import fingerprint, new_code
from certification.designs import newest
from certification.documents import certificate_pdf, certificate_picture, picture_name
from certification.eligibility import Parties
from certification.emails import tell_holder, tell_sponsor
from certification.models import Branding, Certificate, CertificateDocument, Decision
from certification.states import CERTIFICATE_STEPS, CertificateState
from courses.actions import freeze_enrolment
from courses.models import Enrolment

logger = logging.getLogger(__name__)

# Much longer than one takes. An approval has its certificate, so trying never ends.
DRAWING = Attempts(lease=timedelta(seconds=30))


class CannotBeRevoked(Refused):
    """The certificate no longer stands, or no reason was given."""


def issue(*, decision: Decision, enrolment: Enrolment, at: datetime, by: Person) -> Certificate:
    """Issue the certificate of `decision`, inside the transaction that approves.

    Everything that the certificate says is copied as it is now. The caller holds the enrolment's lock.

    Args:
        decision: the approval, just written.
        enrolment: as `eligibility.with_parties` read it, inside the lock.
        at: the moment of the approval.
        by: who approved.

    Returns:
        The certificate, valid; its PDF is built by a worker.

    Side effects:
        Freezes the enrolment, queues a letter to its person, wakes `certification.build_document`.
    """
    course = enrolment.course
    last = course.sessions.order_by("-ends_at").values_list("ends_at", flat=True)[0]
    version = Version.objects.get(pk=cast(int, cast(Parties, enrolment).version_id))
    code = new_code()
    certificate = Certificate.objects.create(
        number=Counter.next("certificate"),
        enrolment=enrolment,
        decision=decision,
        sponsor_organisation_id=enrolment.sponsor_organisation_id,
        code=code,
        code_sha256=fingerprint(code),
        name=enrolment.certificate_name,
        programme_code=course.programme.code,
        programme_name=course.programme.name,
        course_title=course.title,
        course_reference=course.reference,
        course_ended_on=last.astimezone(course.zone).date(),
        associates=list(
            course.associates.order_by("assigned_at", "pk").values_list("associate__name", flat=True)
        ),
        version_fingerprint=version.fingerprint,
        language=enrolment.person.language,
        issued_on=at.astimezone(course.zone).date(),
        issued_at=at,
        issued_by=by,
    )
    branding = Branding.objects.published().values_list("pk", flat=True).first()
    document = CertificateDocument.objects.create(
        certificate=certificate, design=newest(), branding_id=branding, next_attempt_at=at
    )
    freeze_enrolment(enrolment=enrolment, by=by)
    tell_holder(certificate)
    enqueue("certification.build_document", document.pk)
    return certificate


def build_document(*, document_id: int) -> bool:
    """Write the PDF of one certificate and keep it, unless it is written or another worker is at it.

    The attempt is counted first, by itself, so that a worker that dies leaves a row that the sweep
    takes up again, later each time. The row is then locked while the PDF is made.

    Args:
        document_id: primary key of a `CertificateDocument`.

    Returns:
        Whether this call built it.
    """
    taken = DRAWING.take(_unbuilt(), document_id)
    if taken is None:
        return False
    try:
        with transaction.atomic():
            # Another worker that looks whether it is free holds the row for a moment: it is waited for.
            document = DRAWING.still(_unbuilt(), taken).select_for_update(of=("self",)).first()
            if document is None:
                return False
            content = _drawn(document)
            file = store(content, suffix=".pdf")
            document.file, document.sha256 = file.name, file.sha256
            document.built_at = timezone.now()
            document.last_error = ""
            document.save(update_fields=["file", "sha256", "built_at", "last_error"])
    except Exception as error:
        # The row says when the sweep tries again; the error's words may hold a name, which logs must not.
        logger.warning("document not built", extra={"document": document_id, "error": error_code(error)})
        DRAWING.put_off(_unbuilt(), taken, error_code(error))
        return False
    _keep_picture(document, content)
    return True


def ask_to_restore(*, document: CertificateDocument) -> None:
    """Have the file of a built document made again, which somebody asked for and which is gone.

    Nothing is written down: as long as it is gone, whoever asks for it next asks for this too.

    Side effects:
        Enqueues `certification.restore_document`.
    """
    logger.error("document's file is gone", extra={"document": document.pk})
    enqueue("certification.restore_document", document.pk)


def restore_document(*, document_id: int) -> bool:
    """Make the file of a built document again, byte for byte, where the storage lost it.

    It is drawn by the design that it was drawn by. The row says what it was and never changes, so that
    another file than that is not kept: where the libraries moved on since, only a backup has it, and the
    log says so.

    Args:
        document_id: primary key of a `CertificateDocument`.

    Returns:
        Whether this call restored it.
    """
    with transaction.atomic():
        document = (
            CertificateDocument.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("certificate", "branding")
            .filter(pk=document_id, built_at__isnull=False)
            .first()
        )
        if document is None or is_stored(document.file):
            return False
        content = _drawn(document)
        if sha256(content).hexdigest() != document.sha256:
            logger.error("document cannot be made again as it was", extra={"document": document_id})
            return False
        store(content, suffix=".pdf")
    return True


def _unbuilt() -> QuerySet[CertificateDocument]:
    related = ("certificate", "branding")
    return CertificateDocument.objects.select_related(*related).filter(built_at__isnull=True)


def _drawn(document: CertificateDocument) -> bytes:
    return certificate_pdf(document.certificate, design=document.design, branding=document.branding)


def ask_for_picture(*, document: CertificateDocument) -> None:
    """Have the picture of a built document made, which somebody's page would show and which is not there.

    Nothing is written down, as in `ask_to_restore`.

    Side effects:
        Enqueues `certification.draw_picture`.
    """
    enqueue("certification.draw_picture", document.pk)


def draw_picture(*, document_id: int) -> bool:
    """Make the picture of a built document and keep it, unless it is there.

    It is drawn from the file itself, which is made again first where the storage lost it.

    Args:
        document_id: primary key of a `CertificateDocument`.

    Returns:
        Whether this call made it.
    """
    document = CertificateDocument.objects.filter(pk=document_id, built_at__isnull=False).first()
    if document is None or is_stored(picture_name(document)):
        return False
    if not is_stored(document.file) and not restore_document(document_id=document_id):
        return False
    with open_stored(document.file) as file:
        return _keep_picture(document, file.read())


def _keep_picture(document: CertificateDocument, content: bytes) -> bool:
    """Keep the picture of `content`; the certificate stands without one, so that nothing fails by it."""
    try:
        store_beside(certificate_picture(content), name=picture_name(document))
    except Exception as error:
        logger.warning("picture not drawn", extra={"document": document.pk, "error": error_code(error)})
        return False
    return True


def documents_due(*, at_most: int) -> list[int]:
    """Primary keys of documents whose message was lost or whose worker died, the oldest first."""
    return list(DRAWING.due(_unbuilt(), timezone.now()).values_list("pk", flat=True)[:at_most])


@transaction.atomic
def retry_documents(*, by: Person) -> int:
    """Have certificates' PDFs that could not be written tried again at once; a worker's own are left to it.

    Args:
        by: the AIM admin who asks.

    Returns:
        How many are tried again.

    Side effects:
        Starts their count of attempts afresh, and wakes `certification.sweep_documents`.
    """
    # The row is locked while a worker is at it.
    tried = try_afresh(_unbuilt())
    enqueue("certification.sweep_documents")
    return len(tried)


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: Person) -> Certificate:
    """Revoke a certificate: its verification page then says *revoked*, and since when.

    Args:
        certificate: one that stands or is suspended.
        reason: why; read by AIM admins and by the person it names.
        by: the AIM admin.

    Returns:
        The certificate; one that was revoked already stays as it is.

    Raises:
        CannotBeRevoked: no reason, or a later certificate took its place.

    Side effects:
        Queues a letter to its person and to those who act for the sponsor.
    """
    Enrolment.objects.select_for_update(of=("self",)).get(pk=certificate.enrolment_id)
    certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("enrolment__person", "enrolment__course")
        .get(pk=certificate.pk)
    )
    if certificate.state == CertificateState.REVOKED:
        return certificate
    if certificate.state not in CERTIFICATE_STEPS["revoke"][0]:
        raise CannotBeRevoked(
            _("A later certificate has taken the place of this one. Revoke that one instead.")
        )
    if not reason.strip():
        raise CannotBeRevoked(_("Say why the certificate is revoked."))
    certificate.revoke()
    certificate.revoked_at = timezone.now()
    certificate.revoked_by = by
    certificate.revoked_because = reason.strip()
    certificate.save(update_fields=["state", "revoked_at", "revoked_by", "revoked_because"])
    tell_holder(certificate)
    tell_sponsor(certificate)
    return certificate
