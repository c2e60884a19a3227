"""The versions of The AIM Project's mark and signatory; a certificate keeps the one that it was issued with."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from aimcert.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0006_report_storing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Branding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("mark", models.BinaryField(blank=True)),
                ("signatory", models.CharField(blank=True, max_length=150)),
                ("role", models.CharField(blank=True, max_length=150)),
                ("signature", models.BinaryField(blank=True)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="branding_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signatory", ""), _negated=True),
                            models.Q(("role", ""), ("signature", b"")),
                            _connector="OR",
                        ),
                        name="branding_signed_by_somebody",
                    ),
                ]
            },
        ),
        append_only("certification_branding"),
        migrations.AddField(
            model_name="certificatedocument",
            name="branding",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="certification.branding",
            ),
        ),
    ]
