"""What must never be false of who acted for whom and of signing in, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, never_deleted


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
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
        # A code is used once and for good; whose it is, and what it is, stays.
        *guard(
            "accounts_sign_in_code",
            """
            IF OLD.used_at IS NOT NULL OR to_jsonb(NEW) - 'used_at' <> to_jsonb(OLD) - 'used_at' THEN
                RAISE EXCEPTION 'a code is used once' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"accounts_signincode": "UPDATE"},
        ),
        # A sign-in waits for the code that it began with, and its tries do not come back.
        *guard(
            "accounts_pending_sign_in",
            """
            IF NEW.wrong_tries < OLD.wrong_tries
                OR to_jsonb(NEW) - 'wrong_tries' <> to_jsonb(OLD) - 'wrong_tries'
            THEN
                RAISE EXCEPTION 'tries only grow' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"accounts_pendingsignin": "UPDATE"},
        ),
        append_only(
            "accounts_securitystep",
        ),
        never_deleted(
            "accounts_person",
            "accounts_organisation",
            "accounts_membership",
            "accounts_staffappointment",
            "accounts_confirmedaddress",
        ),
    ]
