"""Each reason for a correction of a register is kept, and whether an outcome is finalised is known there."""

import django.db.models.deletion
from django.db import migrations, models

from aimcert.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_accepted_in_the_room"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="outcome_finalised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="RegisterReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.TextField(max_length=1000)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_reasons",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_reasons",
                        to="courses.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "session", "recorded_at"),
                        name="registerreason_once_each_writing",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO courses_registerreason (enrolment_id, session_id, recorded_at, reason)"
            " SELECT enrolment_id, session_id, recorded_at, reason FROM courses_registerentry"
            " WHERE reason <> ''",
            migrations.RunSQL.noop,
        ),
        append_only("courses_registerreason"),
    ]
