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

from assessments import actions
from assessments.models import Transcription
from courses.models import Enrolment
from tests import factories


def scan_of_paper(text: str = "", pages: int = 1) -> bytes:
    """A PDF as a scanner makes it; another text is another file."""
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page()
    made.docinfo["/Subject"] = pikepdf.String(text)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


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
    actions.attach_scans(transcription=row, contents=[scan_of_paper(str(row.uuid))], by=by)
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
