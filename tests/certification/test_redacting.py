"""Redacting: a passage is gone from every table, guards let nothing else pass, and its author is told."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import end_staff_appointment
from accounts.models import Person
from aimcert.foundation.files import is_stored, store
from assessments.answering.receipts import receipt_holds, redaction_of
from assessments.case_studies.kinds import KINDS
from assessments.models import (
    Adjustment,
    AdjustmentRequest,
    Answer,
    ConsiderationDecision,
    Disagreement,
    JournalKey,
    KeptAnswer,
    Question,
    RedactedText,
    Redaction,
    RemovedScan,
    Scan,
    TimeGrant,
    TranscribedAnswer,
    Transcription,
)
from assessments.states import Adjusted, Granted, Judged, Kept, Outcome, WhatFollows
from certification.actions import NothingChosen, ReasonQuotes, TextsChanged, approve, redact, revoke
from certification.models import Appointment, Decision, FollowUp, FollowUpStep, Report
from certification.redactions import (
    PLACES,
    _stays_whole,
    _text_fields,
    fingerprint_of_texts,
    texts_with,
)
from courses.models import Enrolment, RegisterReason
from courses.states import Judgement, Presence
from tests import factories
from tests.everywhere import where_it_stands
from tests.kinds import filled, settings_of
from tests.pages import flat

pytestmark = pytest.mark.django_db

NAME = "Mina Qxzvjk"
REASON = "A real child is named."


def everything(place: Enrolment) -> None:
    """One row at least in each table that holds a text about `place`."""
    by = factories.trainer_of(place.course)
    made, version = place.submissions.get(), place.submissions.get().version
    question = version.questions.order_by("number")[0]
    now = timezone.now()
    for why in (Kept.REPLACED, Kept.LATE):
        KeptAnswer.objects.create(
            submission=made, question=question, why=why, text="Before.", saved_at=now, minute=now
        )
    JournalKey.objects.create(submission=made)
    Transcription.objects.create(
        enrolment=place,
        version=version,
        reason="No network.",
        begun_by=by,
        returned="A word.",
        returned_at=now,
        returned_by=by,
    )
    TranscribedAnswer.objects.create(
        transcription=place.transcriptions.get(), question=question, text="Typed."
    )
    Disagreement.objects.create(
        recommendation=place.recommendations.get(), reason="Otherwise.", disagreed_by=by
    )
    AdjustmentRequest.objects.create(
        enrolment=place,
        kinds=[Adjusted.BREAKS],
        words="Please.",
        asked_by=place.person,
        answer="Yes.",
        answered_at=now,
        answered_by=by,
    )
    Adjustment.objects.create(enrolment=place, kind=Adjusted.ROOM, details="Room 2.", granted_by=by)
    happened = factories.consideration(place)
    ConsiderationDecision.objects.create(
        consideration=happened,
        enrolment=place,
        follows=WhatFollows.NOTHING,
        reason="It was short.",
        decided_by=by,
    )
    TimeGrant.objects.create(enrolment=place, what=Granted.EXTRA, minutes=10, reason="Slow.", granted_by=by)
    entry = place.register_entries.order_by("pk")[0]
    place.register_entries.filter(pk=entry.pk).update(
        presence=Presence.LATE,
        minutes_missed=5,
        judgement=Judgement.COVERED,
        covered_how="On the telephone.",
        reason="It was wrong.",
    )
    RegisterReason.objects.create(
        enrolment=place, session=entry.session, recorded_at=now, reason="It was wrong."
    )
    Appointment.objects.create(
        enrolment=place, associate=factories.PersonFactory.create(), reason="Nobody.", appointed_by=by
    )


def followed_up(course: Any) -> Enrolment:
    place = factories.recommended(course, outcome=Outcome.NOT_YET)
    everything(place)
    now = timezone.now()
    Decision.objects.create(
        enrolment=place,
        recommendation=place.recommendations.get(),
        kind="returned",
        reason="Why?",
        decided_by=factories.admin(),
    )
    follow_up = FollowUp.objects.create(
        enrolment=place,
        recommendation=place.recommendations.get(),
        sponsor_organisation=place.sponsor_organisation,
        due_at=now + timedelta(days=2),
        read_at=now,
        released_at=now,
        comment="Mine.",
        commented_at=now,
    )
    FollowUpStep.objects.create(follow_up=follow_up, done="Met.", done_on=now, recorded_by=place.person)
    return place


def certified(course: Any) -> Enrolment:
    place = factories.recommended(course)
    everything(place)
    Disagreement.objects.update(withdrawn_at=timezone.now(), withdrawn_by=place.person)
    revoke(
        certificate=approve(enrolment=place, by=factories.admin()), reason="A fault.", by=factories.admin()
    )
    return place


def plant(place: Enrolment) -> set[str]:
    """Put the name into every text about `place`, as the owner, past every guard; the tables that have it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RESET ROLE")
        for one in PLACES:
            table = one.model._meta.db_table
            rows = list(one.model._base_manager.filter(**{one.whose: place}).values_list("pk", flat=True))
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for field in one.fields:
                # Words of the oral question stand where it was settled; a JSON answer stays JSON.
                cursor.execute(
                    f'UPDATE "{table}" SET "{field}" = \'{NAME} and {NAME}. \' || "{field}"'  # noqa: S608
                    f" WHERE id = ANY (%s) AND left(\"{field}\", 1) <> '{{' AND \"{field}\" <> ''",
                    [rows],
                )
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        cursor.execute("SET ROLE aimcert_app")
    return where_it_stands(NAME)


def take_out(
    place: Enrolment, *, by: Person, passage: str = NAME, reason: str = REASON, **given: Any
) -> Redaction:
    texts = texts_with(place, passage)
    values: dict[str, Any] = {
        "keys": {one.key for text in texts for one in text.occurrences},
        "scans": set(),
        "shown": fingerprint_of_texts(texts),
    }
    return redact(enrolment=place, passage=passage, reason=reason, by=by, **{**values, **given})


# --- It is gone -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prepared", [followed_up, certified])
def test_name_is_gone_from_every_table_and_leaves_its_fingerprints(prepared: Any) -> None:
    course = factories.course()
    factories.sitting(course)
    place, admin = prepared(course), factories.admin()
    # A fellow's texts are not touched.
    other = factories.recommended(course)
    before = plant(place)
    assert len(before) >= 11
    counts = {one.pk: one.text for one in Answer.objects.filter(submission__enrolment=place)}
    made = take_out(place, by=admin)
    assert where_it_stands(NAME) == set()
    assert {one.table_name for one in made.texts.all()} == before
    for pk, text in counts.items():
        assert Answer.objects.get(pk=pk).text == text.replace(NAME, "[redacted]")
    assert all(len(one.sha256) == 64 for one in made.texts.all())
    submission = place.submissions.get()
    assert redaction_of(submission) == made
    assert not receipt_holds(submission)
    assert JournalKey.objects.get(submission=submission).key is None
    assert not RedactedText.objects.filter(submission__enrolment=other).exists()


def test_every_text_about_a_place_can_be_redacted() -> None:
    """A new text column that hangs on an enrolment is listed, or is said here to hold no words of theirs."""
    known = {(one.model, field) for one in PLACES for field in one.fields}
    # What is declared is the same for all, and a redaction's reason holds nothing that was taken out.
    # What is asked about a session that was made up is about that session, and not redacted so far.
    others = {
        *("Submission.declaration", "Redaction.reason"),
        *("MakeUpRequest.declined_because", "MakeUpRequest.made_up_how", "MakeUpRequest.reason"),
    }
    found = set()
    for model in apps.get_models():
        if model._meta.app_label not in ("courses", "assessments", "certification"):
            continue
        if model.__name__.endswith("Event") or not _hangs_on_enrolment(model):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.TextField) and (model, field.name) not in known:
                found.add(f"{model.__name__}.{field.name}")
    assert found - others == set()


def _hangs_on_enrolment(model: Any, depth: int = 4) -> bool:
    fields = [field for field in model._meta.get_fields() if field.many_to_one or field.one_to_one]
    targets = [field.related_model for field in fields if not field.auto_created]
    owned = [one for one in targets if one._meta.app_label in ("assessments", "certification")]
    return Enrolment in targets or (depth > 0 and any(_hangs_on_enrolment(one, depth - 1) for one in owned))


def test_only_what_was_chosen_goes() -> None:
    course = factories.course()
    place = factories.recommended(course)
    plant(place)
    texts = texts_with(place, NAME)
    assert len(texts[0].occurrences) == 2
    take_out(place, by=factories.admin(), keys={texts[0].occurrences[1].key})
    first = Answer.objects.get(pk=texts[0].row)
    assert first.text.startswith(f"{NAME} and [redacted]. ")


def test_answer_of_several_fields_loses_only_words() -> None:
    """It is kept as JSON: neither a field's name nor what was chosen from a list can be taken out."""
    kind = next(kind for kind in KINDS.values() if len(filled(kind)) > 1)
    question = Question(kind=kind.code, settings=settings_of(kind))
    values = filled(kind)
    fields = _text_fields(question, kind.text_of(values, question.settings))
    assert fields
    words = f'{NAME} said "no".\nTwice.'
    values[min(fields & set(values))] = words
    text = kind.text_of(values, question.settings)
    assert _numbers(text, words, fields) == (1,)
    assert _numbers(text, min(values), fields) == ()
    assert _numbers(text, '":"', fields) == ()


def _numbers(text: str, passage: str, fields: set[str]) -> tuple[int, ...]:
    needle = json.dumps(passage, ensure_ascii=False)[1:-1]
    parts = text.split(needle)
    return tuple(n for n in range(1, len(parts)) if _stays_whole(text, parts, n, needle, fields))


def scan_of(place: Enrolment) -> Scan:
    """A scan of the paper of `place`, which is checked where something was submitted."""
    submission, by, now = place.submissions.first(), factories.trainer_of(place.course), timezone.now()
    version = submission.version if submission else place.course.pin.version
    paper = Transcription.objects.create(
        enrolment=place, version=version, reason="No network.", begun_by=by, typed_at=now, typed_by=by
    )
    kept = store(f"A page with a name on it: {place.pk}.".encode(), suffix=".pdf")
    scan: Scan = Scan.objects.create(
        transcription=paper,
        file=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        content_type="application/pdf",
        added_by=by,
    )
    if submission:
        paper.checked_at, paper.checked_by = now, factories.PersonFactory.create()
        paper.declared_on_paper, paper.submission = True, submission
        paper.save()
    return scan


def test_scan_goes_whole_and_its_fingerprint_stays(django_capture_on_commit_callbacks: Any) -> None:
    course = factories.course()
    place = factories.recommended(course)
    scan, by = scan_of(place), factories.trainer_of(course)
    client = Client()
    client.force_login(by)
    page = reverse("assessments:transcription_scan", args=[place.uuid, scan.uuid])
    assert client.get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        take_out(place, by=factories.admin(), passage="", scans={str(scan.uuid)})
    assert not is_stored(scan.file)
    assert Scan.objects.get().sha256 == scan.sha256
    assert client.get(page).status_code == 404


# --- Through the page -------------------------------------------------------------------------------------


def test_passage_without_which_nothing_is_taken_out_is_not_called_optional() -> None:
    course = factories.course()
    place = factories.recommended(course)
    client = Client()
    client.force_login(factories.admin())
    page = reverse("certification:redact", args=[course.uuid, place.uuid])
    assert "(optional)" not in client.get(page).text
    refused = client.post(page, {"passage": "", "reason": REASON, "idempotency_key": str(uuid4())}).text
    assert "Enter what must go: two characters or more." in refused
    assert "(optional)" not in refused


def test_admin_looks_takes_it_out_and_its_author_is_told_why() -> None:
    course = factories.course()
    factories.sitting(course)
    place = factories.recommended(course)
    plant(place)
    client = Client()
    client.force_login(factories.admin())
    path = reverse("certification:redact", args=[course.uuid, place.uuid])
    key = {"idempotency_key": str(uuid4())}
    assert path in client.get(reverse("certification:decide", args=[course.uuid, place.uuid])).text
    assert "Say why." in client.post(path, {"passage": NAME, "reason": "", **key}).text
    quoting = client.post(path, {"passage": NAME, "reason": f"{NAME} is real.", **key})
    assert "without what must go" in quoting.text
    missed = client.post(path, {"passage": "qxzvjk", "reason": REASON, **key}).text
    assert f'href="{path}">Look for something else</a>' in flat(missed)
    assert "cannot be undone" not in missed
    looked = client.post(path, {"passage": NAME, "reason": REASON, **key})
    assert looked.status_code == 200
    assert "cannot be undone" in looked.text
    assert f"<mark>{NAME}</mark>" in looked.text
    assert not Redaction.objects.exists()
    texts = texts_with(place, NAME)
    form = {
        "confirm": "yes",
        "passage": NAME,
        "reason": REASON,
        "shown": fingerprint_of_texts(texts),
        "keys": [one.key for text in texts for one in text.occurrences],
        **key,
    }
    nothing = client.post(path, {**form, "keys": []})
    assert nothing.status_code == 422
    assert "Choose what is to be taken out." in nothing.text
    # What was unticked stays so, over a button that cannot be undone.
    boxes = [re.findall(r"<input[^>]*name=\"keys\"[^>]*>", page.text) for page in (looked, nothing)]
    assert [sum("checked" in box for box in each) for each in boxes] == [len(boxes[0]), 0]
    assert boxes[0]
    done = client.post(path, form, follow=True)
    assert "It is taken out." in done.text
    assert NAME not in done.text
    assert client.post(path, form).status_code == 302
    assert Redaction.objects.count() == 1
    author = Client()
    author.force_login(place.person)
    own = author.get(reverse("certification:my_course", args=[place.uuid])).text
    assert REASON in own
    receipt = author.get(reverse("assessments:receipt", args=[place.uuid])).text
    assert "[redacted]" in receipt
    assert NAME not in receipt
    assert "took a part out" in receipt
    assert place.submissions.get().fingerprint in receipt


def test_what_changed_since_the_page_is_looked_at_again() -> None:
    course = factories.course()
    place, admin = factories.enrolment(course, attended=True), factories.admin()
    marking = factories.marking(factories.submission(place), judged=Judged.MET)
    mark = marking.marks.order_by("pk")[0]
    mark.note = f"{NAME} is named."
    mark.save()
    shown = fingerprint_of_texts(texts_with(place, NAME))
    keys = {one.key for text in texts_with(place, NAME) for one in text.occurrences}
    mark.note = f"{NAME}, whom {NAME} knows."
    mark.save()
    with pytest.raises(TextsChanged):
        take_out(place, by=admin, shown=shown, keys=keys)
    with pytest.raises(NothingChosen):
        take_out(place, by=admin, keys=set())
    with pytest.raises(ReasonQuotes):
        take_out(place, by=admin, reason=f"It names {NAME}.")


def test_page_that_somebody_has_open_brings_nothing_back() -> None:
    course = factories.course()
    place = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(place), judged=Judged.MET)
    outcome = factories.recommendation(place, marking=marking, finalised=False)
    marking.marks.update(note=f"{NAME} is named.")
    version = place.course.pin.version
    paper = Transcription.objects.create(
        enrolment=place, version=version, reason="No network.", begun_by=outcome.recommended_by
    )
    typed = TranscribedAnswer.objects.create(
        transcription=paper, question=version.questions.order_by("number")[0], text=f"{NAME}, typed in."
    )
    open_pages = (*marking.marks.all(), outcome, typed)
    seen = [one.revision for one in open_pages]
    take_out(place, by=factories.admin())
    for one in open_pages:
        one.refresh_from_db()
    assert [one.revision - 1 for one in open_pages] == seen


def test_report_that_quotes_is_made_again() -> None:
    course = factories.course()
    place = factories.recommended(course, outcome=Outcome.NOT_YET)
    report = factories.report(
        course,
        factories.admin(),
        organisation=place.sponsor_organisation,
        state="built",
        built_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
        file="ab/ab.pdf",
        sha256="0" * 64,
    )
    plant(place)
    take_out(place, by=factories.admin())
    report = Report.objects.get(pk=report.pk)
    assert (report.state, report.file) == ("waiting", "")


# --- Nothing else passes ----------------------------------------------------------------------------------


def call(
    place: Enrolment,
    by: Person,
    chosen: Any,
    reason: str = REASON,
    passage: str = NAME,
    scans: Sequence[int] = (),
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT certification_redact(%s, %s, %s, %s, %s::jsonb, %s::bigint[])",
            [place.pk, by.pk, reason, passage, json.dumps(chosen), list(scans)],
        )


def chosen_first(place: Enrolment) -> dict[str, Any]:
    """The first occurrence of the name in the first text about `place`, as the function is told it."""
    text = texts_with(place, NAME)[0]
    return {"table": text.table, "column": text.column, "row": text.row, "escaped": False, "numbers": [1]}


def test_function_refuses_what_is_no_redaction() -> None:
    course = factories.course()
    place, other, admin = factories.recommended(course), factories.recommended(course), factories.admin()
    own, former = factories.recommended(course, person=factories.admin()), factories.admin()
    end_staff_appointment(appointment=former.staff_appointments.get(), by=admin)
    for one in (place, own):
        plant(one)
    good = chosen_first(place)
    whose, where = "an AIM admin redacts, and nobody their own", "the passage does not stand there"
    refused: list[tuple[Any, ...]] = [
        (whose, place, factories.PersonFactory.create(), [good]),
        (whose, place, former, [good]),
        (whose, own, own.person, [chosen_first(own)]),
        (where, other, admin, [good]),
        ("a redaction takes something out", place, admin, []),
        (where, place, admin, [{**good, "numbers": [3]}]),
        (where, place, admin, [{**good, "numbers": [1, 3]}]),
        (where, place, admin, [{**good, "numbers": []}]),
        ("nothing is redacted there", place, admin, [{**good, "table": "accounts_person", "column": "name"}]),
        ("nothing is redacted there", place, admin, [{**good, "column": "revision"}]),
        ("a redaction says why", place, admin, [good], " "),
        ("a redaction says why", place, admin, [good], f"{NAME} again"),
        ("a passage has two characters", place, admin, [good], REASON, "M"),
    ]
    for words, *given in refused:
        with pytest.raises(DatabaseError, match=words):
            call(*given)
    assert not Redaction.objects.exists()
    call(place, admin, [good])
    assert Redaction.objects.count() == 1


def test_function_takes_only_scans_of_what_this_person_submitted() -> None:
    course = factories.course()
    place, other, admin = factories.recommended(course), factories.recommended(course), factories.admin()
    draft = factories.enrolment(course)
    mine, theirs, open_one = scan_of(place), scan_of(other), scan_of(draft)
    for whose, scans in ((place, [theirs.pk]), (place, [mine.pk, theirs.pk]), (draft, [open_one.pk])):
        with pytest.raises(DatabaseError, match="no scan of what was submitted"):
            call(whose, admin, [], passage="", scans=scans)
    assert not RemovedScan.objects.exists()
    call(place, admin, [], passage="", scans=[mine.pk])
    assert RemovedScan.objects.get().scan == mine


def test_guards_hold_whatever_the_application_sets() -> None:
    place = factories.recommended(factories.course())
    answer = place.submissions.get().answers.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL aimcert.redacting = 'yes'")
    with pytest.raises(DatabaseError, match="a submitted answer does not change"), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(text="Something else.")


def test_guards_hold_for_the_owner_too() -> None:
    place = factories.recommended(factories.course())
    change = "RESET ROLE; UPDATE assessments_answer SET text = 'Something else.'"
    refused = pytest.raises(DatabaseError, match="a submitted answer does not change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert place.submissions.get().answers.exclude(text="Something else.").exists()


def test_every_guard_of_what_is_redacted_asks_whether_it_is() -> None:
    """Also one that a later migration makes, or makes anew."""
    tables = [one.model._meta.db_table for one in PLACES] + [JournalKey._meta.db_table]
    with connection.cursor() as cursor:
        # Before a row is changed; what writes the history is no guard.
        cursor.execute(
            "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relname = ANY (%s)"
            " AND t.tgtype & 18 = 18 AND t.tgname NOT LIKE 'pgtrigger%%'",
            [tables],
        )
        guards = cursor.fetchall()
    assert len(guards) >= 13
    asking = "WHEN ((NOT certification_redacting()))"
    assert [(table, name) for table, name, said in guards if asking not in said] == []


@pytest.mark.parametrize("model", [Redaction, RedactedText])
def test_trace_is_written_by_the_function_alone(model: Any) -> None:
    place = factories.recommended(factories.course())
    plant(place)
    take_out(place, by=factories.admin())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.update(id=1)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Redaction.objects.create(enrolment=place, reason="x", redacted_by=place.person)
