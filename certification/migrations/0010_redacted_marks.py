"""What a mark was before is redacted too, and what a marker's open page sends builds on an older mark."""

from importlib import import_module

from django.db import migrations

from certification.redacted_places import redaction_reaches

first = import_module("certification.migrations.0003_redaction")
before = import_module("certification.migrations.0009_redacted_places")

WHOLE = (
    "UPDATE assessments_marking SET revision = revision + 1\n    WHERE finalised_at IS NULL AND submission_id"
)
EACH = """UPDATE assessments_criterionmark c SET revision = c.revision + 1, device = NULL, sequence = NULL
    FROM assessments_marking m WHERE m.id = c.marking_id AND m.finalised_at IS NULL AND m.submission_id"""
REDACT = before.REDACT.replace(WHOLE, EACH)
OF_THEIRS = f"t.marking_id IN ({first.MARKINGS})"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_judgements"), ("certification", "0009_redacted_places")]
    operations = [
        migrations.RunSQL(REDACT, migrations.RunSQL.noop),
        redaction_reaches(
            ("assessments_criterionmark", ["because"], OF_THEIRS),
            ("assessments_keptmark", ["note", "oral_question", "oral_answer", "because"], OF_THEIRS),
        ),
    ]
