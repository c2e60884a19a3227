"""When an invitation's link was sent is known by itself, not by what is left of its time."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_certificate_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="nomination",
            name="link_sent_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        # Of those before, the first letter's time: a later one was not kept.
        migrations.RunSQL(
            "UPDATE courses_nomination SET link_sent_at = nominated_at", migrations.RunSQL.noop
        ),
    ]
