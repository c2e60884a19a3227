"""Redacting: a real child's details taken out of what is kept, for good, with a reason and a trace."""

from __future__ import annotations

import json
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actions import remake_exports_of
from accounts.models import Person
from aimcert.foundation.files import forget_file
from aimcert.foundation.refusals import Refused
from assessments.models import Redaction, Scan
from certification.actions.reporting import lock_for_reports, rebuild_reports_of
from certification.redactions import chosen_of, fingerprint_of_texts, scans_of, texts_with
from courses.models import Enrolment


class NothingChosen(Refused):
    """Nothing was chosen to be taken out."""

    status = 422


class TextsChanged(Refused):
    """A text was changed since the page showed it."""


class ReasonQuotes(Refused):
    """The reason holds what is to be taken out; whoever wrote the text reads the reason."""

    status = 422


@transaction.atomic
def redact(
    *,
    enrolment: Enrolment,
    passage: str,
    keys: set[str],
    scans: set[str],
    shown: str,
    reason: str,
    by: Person,
) -> Redaction:
    """Replace a passage by "[redacted]" wherever it was chosen, and delete scans that show it, for good.

    Earlier texts of an answer, which their author alone reads, lose it everywhere.

    Args:
        enrolment: whose texts; not of `by` themself.
        passage: what is taken out, letter for letter.
        keys: the occurrences that were chosen, by their `Occurrence.key`.
        scans: UUIDs of scans of submitted paper, whose files go whole.
        shown: the fingerprint of the texts that the page showed.
        reason: why, read by who wrote them.
        by: the AIM admin.

    Returns:
        The redaction, with its trace: which texts, how often, and the SHA-256 that each had before.

    Raises:
        NothingChosen: neither an occurrence nor a scan.
        ReasonQuotes: `reason` holds the passage.
        TextsChanged: a text was changed since.

    Side effects:
        Destroys the key to what the person's own devices still hold; has reports that quote the person
        built again, also those that are being built, and what the person had exported; deletes the scans'
        files after the commit.
    """
    lock_for_reports(enrolment.course_id)
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if passage and passage in reason:
        raise ReasonQuotes(_("The reason quotes the passage. Say why without it: who wrote it reads this."))
    texts = texts_with(enrolment, passage)
    if fingerprint_of_texts(texts) != shown:
        raise TextsChanged(_("A text has changed since you looked, so nothing was done. Look again."))
    known = {str(scan.uuid): scan for scan in scans_of(enrolment)}
    removed = [known[uuid] for uuid in scans if uuid in known]
    chosen = chosen_of(texts, keys)
    if not chosen and not removed:
        raise NothingChosen(_("Choose what is to be taken out."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT certification_redact(%s, %s, %s, %s, %s::jsonb, %s::bigint[])",
            [enrolment.pk, by.pk, reason, passage, json.dumps(chosen), [scan.pk for scan in removed]],
        )
        (made,) = cursor.fetchone()
    for scan in removed:
        transaction.on_commit(partial(_forget, scan.file))
    rebuild_reports_of(enrolment)
    remake_exports_of(enrolment.person_id)
    return Redaction.objects.get(pk=made)


def _forget(file: str) -> None:
    """Delete a removed scan's file, unless another scan that stands is the same file."""
    if not Scan.objects.filter(file=file, removed__isnull=True).exists():
        forget_file(file)
