"""Names are found and put in order as people do, by index."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations

import aimcert.foundation.name_order


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0004_name_order"),
        ("accounts", "0008_name_order"),
        ("certification", "0006_guards_ask_our_tables"),
        ("courses", "0010_name_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="certificate",
            index=django.contrib.postgres.indexes.GinIndex(
                aimcert.foundation.name_order.NameWords("name"), name="certificate_name_words"
            ),
        ),
    ]
