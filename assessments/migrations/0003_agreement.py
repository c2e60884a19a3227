"""What was said to a version stays as it was said once the version is frozen."""

from django.db import migrations

from aimcert.foundation.guards import either, guard, refuse_where


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_guards")]
    operations = [
        *guard(
            "assessments_frozen_objection",
            refuse_where(
                "SELECT 1 FROM assessments_version WHERE frozen_at IS NOT NULL AND id IN "
                + either("version_id"),
                "a frozen version is not objected to",
            ),
            {"assessments_objection": "INSERT OR UPDATE OR DELETE"},
        ),
    ]
