"""What must never be false of codes from a trainer, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import guard, never_deleted


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_entry_codes")]
    operations = [
        # A code is tried, then used or ended, once and for good; whose it is and who gave it stays.
        *guard(
            "assessments_entry_code",
            """
            IF OLD.used_at IS NOT NULL OR OLD.ended_at IS NOT NULL OR NEW.wrong_tries < OLD.wrong_tries
                OR to_jsonb(NEW) - 'wrong_tries' - 'used_at' - 'ended_at' - 'ended_because'
                <> to_jsonb(OLD) - 'wrong_tries' - 'used_at' - 'ended_at' - 'ended_because'
            THEN
                RAISE EXCEPTION 'a code that was given does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_entrycode": "UPDATE"},
        ),
        never_deleted("assessments_entrycode"),
    ]
