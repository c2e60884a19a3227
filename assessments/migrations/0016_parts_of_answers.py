"""The parts of an answer that stay blank on purpose, and how many are open: none of what is submitted."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0015_not_assessed_has_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="blank_parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="gaps",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="transcribedanswer",
            name="blank_parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("blank_parts", []), ("gaps", 0)),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="answer_with_parts_was_begun",
            ),
        ),
    ]
