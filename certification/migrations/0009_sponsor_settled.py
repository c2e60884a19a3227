"""Who sponsors somebody is settled where there is a follow-up already."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("certification", "0008_redaction"), ("courses", "0013_walk_in_sponsors")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE courses_enrolment SET sponsor_settled_at = first.readable_at
            FROM (SELECT enrolment_id, min(readable_at) AS readable_at FROM certification_followup
                  GROUP BY enrolment_id) AS first
            WHERE first.enrolment_id = courses_enrolment.id
            """,
            migrations.RunSQL.noop,
        ),
    ]
