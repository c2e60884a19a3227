"""Addresses that people confirmed stay tied to their account, also those that they gave up."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from aimcert.foundation.guards import never_deleted


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_signing_in_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfirmedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "confirmed_at",
                    models.DateTimeField(default=django.utils.timezone.now, help_text="At the latest."),
                ),
                ("given_up_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "email"), name="confirmedaddress_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("given_up_at__isnull", True)),
                        fields=("email",),
                        name="confirmedaddress_one_now",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="confirmedaddress_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_up_at__isnull", True),
                            ("given_up_at__gte", models.F("confirmed_at")),
                            _connector="OR",
                        ),
                        name="confirmedaddress_given_up_later",
                    ),
                ],
            },
        ),
        never_deleted("accounts_confirmedaddress"),
    ]
