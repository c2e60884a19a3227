"""Redaction: the one function that may change a text which does not change, and that its guards let pass."""

import re

from django.conf import settings
from django.db import migrations

from aimcert.foundation.guards import read_only

SUBMITTED = (
    "SELECT s.id FROM assessments_submission s WHERE s.enrolment_id = $2 AND s.submitted_at IS NOT NULL"
)
MARKINGS = f"SELECT m.id FROM assessments_marking m WHERE m.submission_id IN ({SUBMITTED})"
ON_PAPER = "SELECT p.id FROM assessments_transcription p WHERE p.enrolment_id = $2"
RECOMMENDED = "SELECT r.id FROM assessments_recommendation r WHERE r.enrolment_id = $2"
FOLLOWED = "SELECT f.id FROM certification_followup f WHERE f.enrolment_id = $2"
OWN = "t.enrolment_id = $2"

# Every text about one person's place on a course: table, columns, and whose a row is.
TEXTS = [
    ("assessments_answer", ["text"], f"t.submission_id IN ({SUBMITTED})"),
    ("assessments_keptanswer", ["text"], f"t.submission_id IN ({SUBMITTED})"),
    ("assessments_transcription", ["reason", "returned"], OWN),
    ("assessments_transcribedanswer", ["text"], f"t.transcription_id IN ({ON_PAPER})"),
    ("assessments_criterionmark", ["note", "oral_question", "oral_answer"], f"t.marking_id IN ({MARKINGS})"),
    (
        "assessments_recommendation",
        [
            "interest_observed",
            "interest_own_account",
            "override_reason",
            "told_participant",
            "told_commissioner",
            "internal_note",
            "conversation",
            "begun_because",
        ],
        OWN,
    ),
    ("assessments_disagreement", ["reason"], f"t.recommendation_id IN ({RECOMMENDED})"),
    ("assessments_adjustmentrequest", ["words", "answer"], OWN),
    ("assessments_adjustment", ["details"], OWN),
    ("assessments_timegrant", ["reason"], OWN),
    ("courses_registerentry", ["covered_how", "made_up_how", "reason"], OWN),
    ("courses_registerreason", ["reason"], OWN),
    ("courses_namecorrection", ["reason"], OWN),
    ("certification_appointment", ["reason"], OWN),
    ("certification_decision", ["reason"], OWN),
    ("certification_certificate", ["revoked_because"], OWN),
    ("certification_followup", ["comment"], OWN),
    ("certification_followupstep", ["done"], f"t.follow_up_id IN ({FOLLOWED})"),
]
PLACES = ",\n".join(
    f"('{table}', '{column}', '{whose}')" for table, columns, whose in TEXTS for column in columns
)

# Who owns the tables can switch a trigger off anyway; so that nothing of theirs passes by mistake, the
# setting that the function sets must be there too. The application can set it, and is not the owner.
REDACTING = """
CREATE FUNCTION certification_redacting() RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $redacting$
    SELECT coalesce(current_setting('aimcert.redacting', true), '') = 'yes' AND current_user =
        (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.assessments_redaction'::regclass)
$redacting$
"""

REDACT = f"""
CREATE FUNCTION certification_redact(
    p_enrolment bigint, p_by bigint, p_reason text, p_passage text, p_chosen jsonb, p_scans bigint[]
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $redact$
DECLARE
    made bigint;
    chosen jsonb;
    place record;
    needle text;
    before text;
    after text;
    parts text[];
    found_times integer;
    in_submission bigint;
BEGIN
    IF length(btrim(coalesce(p_reason, ''))) = 0 OR length(p_reason) > 1000
        OR (p_passage <> '' AND position(p_passage IN p_reason) > 0)
    THEN
        RAISE EXCEPTION 'a redaction says why, without what it takes out' USING ERRCODE = 'check_violation';
    END IF;
    IF length(btrim(coalesce(p_passage, ''))) < 2 AND jsonb_array_length(p_chosen) > 0 THEN
        RAISE EXCEPTION 'a passage has two characters or more' USING ERRCODE = 'check_violation';
    END IF;
    IF jsonb_array_length(p_chosen) = 0 AND coalesce(array_length(p_scans, 1), 0) = 0 THEN
        RAISE EXCEPTION 'a redaction takes something out' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM courses_enrolment e WHERE e.id = p_enrolment AND e.person_id <> p_by FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT 1 FROM accounts_staffappointment WHERE person_id = p_by AND ended_at IS NULL
    ) THEN
        RAISE EXCEPTION 'an AIM admin redacts, and nobody their own' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO assessments_redaction (uuid, enrolment_id, reason, redacted_at, redacted_by_id)
    VALUES (gen_random_uuid(), p_enrolment, p_reason, now(), p_by) RETURNING id INTO made;
    PERFORM set_config('aimcert.redacting', 'yes', true);
    FOR chosen IN SELECT * FROM jsonb_array_elements(p_chosen) LOOP
        SELECT * INTO place FROM (VALUES {PLACES}) AS places (t, c, whose)
        WHERE t = chosen->>'table' AND c = chosen->>'column';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nothing is redacted there' USING ERRCODE = 'check_violation';
        END IF;
        EXECUTE format('SELECT t.%I FROM %I t WHERE t.id = $1 AND %s FOR UPDATE', place.c, place.t, place.whose)
            INTO before USING (chosen->>'row')::bigint, p_enrolment;
        needle := p_passage;
        IF (chosen->>'escaped')::boolean THEN
            needle := substring(to_jsonb(p_passage)::text FROM 2 FOR length(to_jsonb(p_passage)::text) - 2);
        END IF;
        parts := string_to_array(before, needle);
        after := parts[1];
        found_times := 0;
        FOR n IN 2 .. coalesce(array_length(parts, 1), 1) LOOP
            IF chosen->'numbers' @> to_jsonb(n - 1) THEN
                after := after || '[redacted]' || parts[n];
                found_times := found_times + 1;
            ELSE
                after := after || needle || parts[n];
            END IF;
        END LOOP;
        IF before IS NULL OR found_times = 0 OR found_times <> jsonb_array_length(chosen->'numbers') THEN
            RAISE EXCEPTION 'the passage does not stand there' USING ERRCODE = 'check_violation';
        END IF;
        EXECUTE format('UPDATE %I SET %I = $1 WHERE id = $2', place.t, place.c)
            USING after, (chosen->>'row')::bigint;
        in_submission := NULL;
        IF place.t = 'assessments_answer' THEN
            SELECT submission_id INTO in_submission FROM assessments_answer WHERE id = (chosen->>'row')::bigint;
        END IF;
        INSERT INTO assessments_redactedtext
            (redaction_id, submission_id, table_name, column_name, row_id, times, sha256)
        VALUES (made, in_submission, place.t, place.c, (chosen->>'row')::bigint, found_times,
            encode(sha256(convert_to(before, 'UTF8')), 'hex'));
    END LOOP;
    INSERT INTO assessments_removedscan (redaction_id, scan_id)
    SELECT made, c.id FROM assessments_scan c WHERE c.id = ANY (p_scans) AND c.transcription_id IN (
        SELECT p.id FROM assessments_transcription p
        WHERE p.enrolment_id = p_enrolment AND p.submission_id IS NOT NULL
    );
    GET DIAGNOSTICS found_times = ROW_COUNT;
    IF found_times <> coalesce(array_length(p_scans, 1), 0) THEN
        RAISE EXCEPTION 'no scan of what was submitted' USING ERRCODE = 'check_violation';
    END IF;
    -- A page that somebody has open would bring the text back: what it saves builds on an older one now.
    UPDATE assessments_marking SET revision = revision + 1
    WHERE finalised_at IS NULL AND submission_id IN ({SUBMITTED.replace("$2", "p_enrolment")});
    UPDATE assessments_recommendation SET revision = revision + 1
    WHERE finalised_at IS NULL AND enrolment_id = p_enrolment;
    UPDATE assessments_transcribedanswer SET revision = revision + 1
    WHERE transcription_id IN ({ON_PAPER.replace("$2", "p_enrolment")});
    -- What a device of theirs still holds of the same text can be read by nobody from now on.
    UPDATE assessments_journalkey SET key = NULL, destroyed_at = now()
    WHERE destroyed_at IS NULL AND submission_id IN ({SUBMITTED.replace("$2", "p_enrolment")});
    PERFORM set_config('aimcert.redacting', '', true);
    RETURN made;
END
$redact$
"""


def let_it_pass(apps, schema_editor):
    """Have the guards of these tables not ask where the function changes a row; every other they ask."""
    tables = [table for table, _columns, _whose in TEXTS] + ["assessments_journalkey"]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT t.tgisinternal AND n.nspname = 'public' AND c.relname = ANY (%s)"
            # BEFORE (2), on UPDATE (16), without a condition of its own; the history's are not guards.
            " AND t.tgtype & 18 = 18 AND t.tgqual IS NULL AND t.tgname NOT LIKE 'pgtrigger%%'",
            [tables],
        )
        for name, table, definition in cursor.fetchall():
            conditional = re.sub(
                r" EXECUTE FUNCTION ", " WHEN (NOT certification_redacting()) EXECUTE FUNCTION ", definition
            )
            cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
            cursor.execute(conditional.replace("%", "%%") if "%" in conditional else conditional)


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
    signature = "certification_redact(bigint, bigint, text, text, jsonb, bigint[])"
    schema_editor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("certification", "0002_guards")]
    operations = [
        migrations.RunSQL(REDACTING, "DROP FUNCTION certification_redacting()"),
        migrations.RunSQL(
            REDACT, "DROP FUNCTION certification_redact(bigint, bigint, text, text, jsonb, bigint[])"
        ),
        migrations.RunPython(let_it_pass, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
        # Written by the function alone.
        read_only("assessments_redaction", "assessments_redactedtext", "assessments_removedscan"),
    ]
