"""Names are found and put in order as people do, by index."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import aimcert.foundation.name_order


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0004_name_order"),
        ("accounts", "0007_confirmed_addresses"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="organisation",
            options={"ordering": [aimcert.foundation.name_order.InOrder("name")]},
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                aimcert.foundation.name_order.NameWords("name"), name="organisation_name_words"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(aimcert.foundation.name_order.InOrder("name"), name="organisation_name_order"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                aimcert.foundation.name_order.NameWords("name"), name="person_name_words"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(aimcert.foundation.name_order.InOrder("name"), name="person_name_order"),
        ),
    ]
