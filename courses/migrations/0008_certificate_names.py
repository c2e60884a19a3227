"""The name on a certificate is corrected before approval; who did it, when and why is kept."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from aimcert.foundation.guards import append_only, guard


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_register_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=1000)),
                ("corrected_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "corrected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="name_corrections",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrected_at__isnull", True), ("corrected_by__isnull", True)),
                            models.Q(("corrected_at__isnull", False), ("corrected_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="namecorrection_corrected_at_with_by",
                    )
                ],
            },
        ),
        # Not after approval, and an admin, who corrects somebody else's, says why.
        *guard(
            "courses_name_correction",
            """
            IF NOT EXISTS (
                SELECT 1 FROM courses_enrolment WHERE id = NEW.enrolment_id AND frozen_at IS NULL
                AND (NEW.reason <> '' OR person_id = NEW.corrected_by_id)
            ) THEN
                RAISE EXCEPTION 'a name is corrected before approval, and somebody else''s with a reason'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"courses_namecorrection": "INSERT"},
        ),
        append_only("courses_namecorrection"),
    ]
