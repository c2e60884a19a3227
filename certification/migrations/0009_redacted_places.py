"""What redaction reaches stands in a function of its own, to which a later migration adds."""

from importlib import import_module

from django.db import migrations

from certification.redacted_places import write_places

first = import_module("certification.migrations.0003_redaction")

REDACT = first.REDACT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    f"(VALUES {first.PLACES}) AS places (t, c, whose)", "certification_redacted_places() AS places"
)


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        write_places(
            cursor, [(table, column, whose) for table, columns, whose in first.TEXTS for column in columns]
        )


class Migration(migrations.Migration):
    dependencies = [("certification", "0008_audit_log")]
    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
        migrations.RunSQL(REDACT, migrations.RunSQL.noop),
    ]
