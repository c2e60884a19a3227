"""What must never be false of safeguarding records, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, never_deleted


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0001_initial")]
    operations = [
        *guard(
            "safeguarding_lead_ends",
            """
            IF to_jsonb(NEW) - '{ended_at,ended_by_id}'::text[] <> to_jsonb(OLD) - '{ended_at,ended_by_id}'::text[]
                OR OLD.ended_at IS NOT NULL
            THEN
                RAISE EXCEPTION 'a standing only ends, once' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"safeguarding_leadappointment": "UPDATE"},
        ),
        append_only(
            "safeguarding_record",
            "safeguarding_entry",
            "safeguarding_exclusion",
            "safeguarding_recordreading",
        ),
        never_deleted(
            "safeguarding_leadappointment",
        ),
    ]
