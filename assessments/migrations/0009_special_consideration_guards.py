"""What must never be false of special consideration, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, tied

DECISION = "assessments_considerationdecision"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_special_consideration")]
    operations = [
        # What was decided is about the person of the row that it decides, and so is the time.
        tied(
            DECISION,
            ("consideration_id", "enrolment_id"),
            "assessments_specialconsideration",
            ("id", "enrolment_id"),
        ),
        tied(DECISION, ("time_grant_id", "enrolment_id"), "assessments_timegrant", ("id", "enrolment_id")),
        *guard(
            "assessments_consideration_grant",
            """
            IF NEW.time_grant_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM assessments_timegrant WHERE id = NEW.time_grant_id
                AND what = CASE NEW.follows WHEN 'more_time' THEN 'extra' WHEN 'sitting' THEN 'reopened' END
            ) THEN
                RAISE EXCEPTION 'the time that was granted is what was decided'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {DECISION: "INSERT"},
        ),
        append_only("assessments_specialconsideration", DECISION),
    ]
