"""Write beside each enrolment that its outcome is finalised, as finalising does from now on."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_draft_guards"), ("courses", "0007_register_reasons")]
    operations = [
        migrations.RunSQL(
            """
            UPDATE courses_enrolment e SET outcome_finalised_at = r.finalised_at
            FROM assessments_recommendation r
            WHERE r.enrolment_id = e.id AND r.round = (
                SELECT max(round) FROM assessments_recommendation WHERE enrolment_id = e.id
            )
            """,
            migrations.RunSQL.noop,
        ),
    ]
