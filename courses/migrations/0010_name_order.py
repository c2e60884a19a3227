"""Names are found and put in order as people do, by index."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations

import aimcert.foundation.name_order


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0004_name_order"),
        ("accounts", "0008_name_order"),
        ("courses", "0009_link_sent_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="course",
            index=django.contrib.postgres.indexes.GinIndex(
                aimcert.foundation.name_order.NameWords("title"), name="course_title_words"
            ),
        ),
    ]
