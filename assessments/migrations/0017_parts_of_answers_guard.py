"""Nothing is submitted with an open part, whoever writes the SQL."""

from django.db import migrations

from aimcert.foundation.guards import guard


class Migration(migrations.Migration):
    dependencies = [("assessments", "0016_parts_of_answers")]
    operations = [
        *guard(
            "assessments_submitted_whole",
            """
            IF NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL AND EXISTS (
                SELECT FROM assessments_answer WHERE submission_id = NEW.id AND gaps > 0
            ) THEN
                RAISE EXCEPTION 'a part of an answer is open' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_submission": "UPDATE"},
        ),
    ]
