"""What must never be false of who acted for whom, held by PostgreSQL: conflicts are read from it."""

from django.db import migrations

from aimcert.foundation.guards import guard, never_deleted


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("foundation", "0001_roles")]
    operations = [
        *guard(
            "accounts_standing",
            """
            IF to_jsonb(NEW) - '{ended_at,ended_by_id}'::text[] <> to_jsonb(OLD) - '{ended_at,ended_by_id}'::text[]
                OR OLD.ended_at IS NOT NULL
            THEN
                RAISE EXCEPTION 'a standing only ends, once' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"accounts_membership": "UPDATE", "accounts_staffappointment": "UPDATE"},
        ),
        never_deleted(
            "accounts_person", "accounts_organisation", "accounts_membership", "accounts_staffappointment"
        ),
    ]
