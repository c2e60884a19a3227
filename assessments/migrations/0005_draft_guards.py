"""What must never be false of drafts, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, never_deleted, tied


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_answers_that_last")]
    operations = [
        # A save was acknowledged to an answer that there is.
        tied(
            "assessments_acknowledgedsave",
            ("submission_id", "question_id"),
            "assessments_answer",
            ("submission_id", "question_id"),
        ),
        # What a page was told stays so, until nothing that the page still holds can be read.
        *guard(
            "assessments_acknowledged",
            """
            IF TG_OP = 'UPDATE' OR NOT EXISTS (
                SELECT 1 FROM assessments_journalkey
                WHERE submission_id = OLD.submission_id AND destroyed_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'what was acknowledged does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
            """,
            {"assessments_acknowledgedsave": "UPDATE OR DELETE"},
        ),
        # Of replaced texts one a minute stays; every other kept text stays for good.
        *guard(
            "assessments_kept_answer",
            """
            IF OLD.why <> 'replaced' OR to_jsonb(NEW) - 'text' - 'saved_at' <> to_jsonb(OLD) - 'text' - 'saved_at'
            THEN
                RAISE EXCEPTION 'a kept text does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_keptanswer": "UPDATE"},
        ),
        # A key may be destroyed, and then stays so.
        *guard(
            "assessments_journal_key",
            """
            IF OLD.destroyed_at IS NOT NULL OR NEW.key IS NOT NULL OR NEW.submission_id <> OLD.submission_id
                OR NEW.made_at <> OLD.made_at
            THEN
                RAISE EXCEPTION 'a key changes only by being destroyed' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_journalkey": "UPDATE"},
        ),
        never_deleted("assessments_keptanswer", "assessments_journalkey"),
        append_only("assessments_roomreopening", "assessments_timegrant"),
    ]
