"""Paper typed in: by one person, then handed over to be compared with the paper by another."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from assessments.answering.actions.on_paper import (
    CannotTranscribe,
    TypedMeanwhile,
    being_checked,
    being_typed,
    delete_scans,
    delete_uploads,
    locked_enrolment,
    locked_transcription,
    must_take_part,
    open_attempt,
    typed_of,
)
from assessments.answering.actions.submissions import AlreadySubmitted, NotTheirs
from assessments.answering.emails import tell_transcription_to_check
from assessments.answering.models import CoursePin, TranscribedAnswer, Transcription
from assessments.case_studies.actions.texts import kept_of, left_out_of
from courses.models import Enrolment


@transaction.atomic
def begin_transcription(*, enrolment: Enrolment, reason: str, by: Person) -> Transcription:
    """Begin to type in what somebody wrote on paper.

    Args:
        enrolment: whose paper it is.
        reason: why they wrote on paper.
        by: a trainer of the course, or the person themself; who begins types all of it.

    Returns:
        The transcription; the one that is underway, where the same person began it.

    Raises:
        CannotTranscribe: no reason, the course has not begun or has no case study, or somebody else
            types it already.
        AnsweredOnline: they began to answer online.
        AlreadySubmitted, OutcomeFinalised, NotTakingPart: nothing more is taken.
    """
    enrolment = locked_enrolment(enrolment)
    must_take_part(enrolment)
    open_attempt(enrolment)
    underway = Transcription.objects.underway().filter(enrolment=enrolment).first()
    if underway is not None:
        if underway.begun_by_id == by.pk:
            return underway
        raise CannotTranscribe(_("Somebody else is typing this paper already, or has typed it."))
    if not reason.strip():
        raise CannotTranscribe(_("Say why this was written on paper."), "reason")
    pin = CoursePin.objects.filter(course=enrolment.course).first()
    starts_at = enrolment.course.sessions.aggregate(at=Min("starts_at"))["at"]
    if pin is None or starts_at is None or starts_at > timezone.now():
        raise CannotTranscribe(_("The course has not begun, so there is no paper to type in."))
    return Transcription.objects.create(
        enrolment=enrolment, version=pin.version, reason=reason.strip(), begun_by=by
    )


@transaction.atomic
def type_answer(
    *,
    transcription: Transcription,
    number: int,
    values: Mapping[str, str],
    is_blank: bool,
    base_revision: int,
    by: Person,
) -> TranscribedAnswer | None:
    """Keep what stands on the paper for one question, exactly as it was typed.

    Args:
        transcription: underway, and not handed over for checking.
        number: the question's.
        values: what stands in each field, by name; nothing at all takes the answer away again.
        is_blank: whether the paper is blank there: nothing stands in `values`, or, where the question has
            several parts, nothing in those of them that are left out.
        base_revision: the revision that it was typed over; 0 where there was none.
        by: who began to type.

    Returns:
        What is kept; None where nothing is.

    Raises:
        TextRefused: it is too long, holds characters that cannot be kept, or fits another question.
        TypedMeanwhile: it builds on an older revision.
        CannotTranscribe: it was handed over, given up or submitted, or somebody else types it; or it is
            blank and has text.
        AnsweredOnline, AlreadySubmitted, OutcomeFinalised, NotTakingPart: nothing more is taken.
        NotTheirs: there is no such question.
    """
    row = being_typed(transcription, by)
    question = row.version.questions.filter(number=number).first()
    if question is None:
        raise NotTheirs
    text = kept_of(question, values)
    blank_parts = left_out_of(question, text) if is_blank else []
    if is_blank and text and not blank_parts:
        raise CannotTranscribe(_("There is text here. Delete it, or do not say that it is blank."))
    is_blank = is_blank and not text
    before = row.answers.filter(question=question).first()
    wanted = (text, is_blank, blank_parts)
    if before is not None and (before.text, before.is_blank, before.blank_parts) == wanted:
        return before
    if (before.revision if before is not None else 0) != base_revision:
        raise TypedMeanwhile(_("This answer was saved in another tab. Open the question again to see it."))
    if not text and not is_blank:
        if before is not None:
            before.delete()
        return None
    made = before or TranscribedAnswer(transcription=row, question=question, revision=0)
    made.text, made.is_blank, made.blank_parts = wanted
    made.saved_at = timezone.now()
    made.revision += 1
    made.save()
    return made


@transaction.atomic
def hand_over(*, transcription: Transcription, by: Person) -> Transcription:
    """Say that all of the paper is typed in: somebody else then compares it with the paper.

    Args:
        transcription: underway.
        by: who typed it.

    Returns:
        The transcription; handed over earlier, it stays as it was.

    Raises:
        CannotTranscribe: a question, or a part of one, has neither text nor is said to be blank, no scan is
            attached, or one is not read yet or was refused; or it was given up or submitted, or somebody
            else types it.
        AnsweredOnline, AlreadySubmitted, OutcomeFinalised, NotTakingPart: nothing more is taken.

    Side effects:
        A letter to the person whose paper it is, where another typed it, that something waits.
    """
    current = Transcription.objects.to_check().filter(pk=transcription.pk, typed_by=by).first()
    if current is not None:
        return current
    row = being_typed(transcription, by)
    missing = [given.number for given in typed_of(row) if given.is_missing]
    if missing:
        raise CannotTranscribe(
            ngettext(
                "Question %(numbers)s is not typed in, or not all of it. Type it, or say that the paper is"
                " blank there.",
                "Questions %(numbers)s are not typed in, or not all of them. Type them, or say that the paper"
                " is blank there.",
                len(missing),
            )
            % {"numbers": ", ".join(map(str, missing))}
        )
    if row.uploads.filter(read_at__isnull=True).exists():
        raise CannotTranscribe(
            _("A scan is still being read. Wait a moment, see that it was kept, and hand it over then.")
        )
    if row.uploads.unread().exists():
        raise CannotTranscribe(
            _("A file could not be kept. Remove it below, and add that sheet again before you hand it over.")
        )
    if not row.scans.exists():
        raise CannotTranscribe(
            _("Attach a scan or a photograph of every sheet first, with the signed declaration.")
        )
    row.typed_at, row.typed_by = timezone.now(), by
    row.save(update_fields=["typed_at", "typed_by"])
    if row.enrolment.person_id != by.pk:
        tell_transcription_to_check(row)
    return row


@transaction.atomic
def return_transcription(*, transcription: Transcription, differs: str, by: Person) -> Transcription:
    """Send it back to who typed it, since it differs from the paper.

    Args:
        transcription: handed over.
        differs: where, in words.
        by: who checks: the person themself, another trainer of the course, or an AIM admin.

    Raises:
        CannotTranscribe: there are no words, it is not there to be checked, or `by` typed it.
    """
    row = being_checked(transcription, by)
    if not differs.strip():
        raise CannotTranscribe(_("Say where it differs from the paper."), "differs")
    row.returned, row.returned_at, row.returned_by = differs.strip(), timezone.now(), by
    row.typed_at = row.typed_by = None
    row.save(update_fields=["returned", "returned_at", "returned_by", "typed_at", "typed_by"])
    return row


@transaction.atomic
def give_up_transcription(*, transcription: Transcription, by: Person) -> Transcription:
    """Give up typing, as where it was begun for the wrong person: what was typed goes, and its scans.

    Args:
        transcription: given up earlier, it stays as it was.
        by: a trainer of the course, or the person themself.

    Raises:
        AlreadySubmitted: it was submitted.
    """
    row = locked_transcription(transcription)
    if row.submission_id is not None:
        raise AlreadySubmitted(_("This was submitted, and nothing in it can change."))
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        row.answers.all().delete()
        delete_uploads(row.uploads.unread())
        delete_scans(row.scans.all())
    return row
