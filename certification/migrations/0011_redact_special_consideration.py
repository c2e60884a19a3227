"""Redaction reaches what happened to somebody, and what was decided about it."""

from django.db import migrations

from certification.redacted_places import redaction_reaches

OWN = "t.enrolment_id = $2"


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0010_redacted_marks"),
        ("assessments", "0009_special_consideration_guards"),
    ]
    operations = [
        redaction_reaches(
            ("assessments_specialconsideration", ["what", "effect"], OWN),
            ("assessments_considerationdecision", ["reason"], OWN),
        )
    ]
