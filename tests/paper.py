"""Paper for tests: scans, and the encrypted files that a device saves."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pikepdf
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assessments.answering import actions
from assessments.models import Scan, ScanUpload, Transcription
from courses.models import Enrolment
from tests import factories
from tests.stack import wait_until


def scan_of_paper(text: str = "", pages: int = 1) -> bytes:
    """Sheets with `text` on them, as a PDF; another text is another file, which looks another way."""
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        page = made.add_blank_page()
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = made.make_stream(f"BT /F 18 Tf 40 700 Td ({text}) Tj ET".encode())
    made.docinfo["/Subject"] = pikepdf.String(text)
    written = BytesIO()
    made.save(written, deterministic_id=True)
    return written.getvalue()


def attach(row: Transcription, *contents: bytes, by: Any = None) -> list[Scan]:
    """Scans of the paper of `row`, sent by whoever typed it and read as a worker does."""
    sheets = [actions.Sheet(content) for content in contents]
    uploads = actions.receive_scans(transcription=row, sheets=sheets, by=by or row.begun_by)
    for upload in uploads:
        # Here, or by a running worker that was quicker.
        actions.read_upload(upload_id=upload.pk)
    unread = ScanUpload.objects.filter(pk__in=[upload.pk for upload in uploads], read_at__isnull=True)
    wait_until(lambda: not unread.exists())
    return [Scan.objects.get(uploads=upload) for upload in uploads]


def typed_in(enrolment: Enrolment, *texts: str, by: Any = None) -> Transcription:
    """Paper of `enrolment`, typed in by its trainer and handed over; an empty text is blank."""
    by = by or factories.trainer_of(enrolment.course)
    row = actions.begin_transcription(enrolment=enrolment, reason="No network at the venue.", by=by)
    for number, text in enumerate(texts or ("On paper.", ""), start=1):
        actions.type_answer(
            transcription=row,
            number=number,
            values={"text": text},
            is_blank=not text,
            base_revision=0,
            by=by,
        )
    attach(row, scan_of_paper(str(row.uuid)), by=by)
    return actions.hand_over(transcription=row, by=by)


def entry(
    key: bytes,
    submission: UUID,
    number: int,
    text: str,
    *,
    device: UUID | None = None,
    sequence: int = 1,
    base: int = 0,
) -> dict[str, Any]:
    """One text as a page encrypts it."""
    iv = secrets.token_bytes(12)
    said = json.dumps({"values": {"text": text}}).encode()
    data = AESGCM(key).encrypt(iv, said, f"{submission}/{number}".encode())
    return {
        "question": number,
        "device": str(device or uuid4()),
        "sequence": sequence,
        "base": base,
        "iv": b64encode(iv).decode(),
        "data": b64encode(data).decode(),
    }


def unsent_file(submission: UUID, *entries: dict[str, Any]) -> bytes:
    """The file that a page saves."""
    return json.dumps(
        {"format": "aimcert-unsent-1", "submission": str(submission), "entries": list(entries)}
    ).encode()
