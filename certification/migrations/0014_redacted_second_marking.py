"""Redaction reaches what is said in a second marking."""

from django.db import migrations

from certification.redacted_places import redaction_reaches

OF_THEIRS = "t.submission_id IN (SELECT s.id FROM assessments_submission s WHERE s.enrolment_id = $2)"


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0013_told_later_guards"),
        ("assessments", "0012_second_marking_guards"),
    ]
    operations = [
        redaction_reaches(
            ("assessments_settlingmessage", ["text"], OF_THEIRS),
            ("assessments_settlement", ["reason"], OF_THEIRS),
            ("assessments_secondmarker", ["ended_because"], OF_THEIRS),
        ),
    ]
