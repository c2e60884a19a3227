"""Somebody late or gone early may wait in the register for a judgement of what they missed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_guards"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="registerentry",
            name="registerentry_minutes_where_partly_there",
        ),
        migrations.AddConstraint(
            model_name="registerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("presence__in", ["late", "left_early"]),
                        ("minutes_missed__gt", 0),
                        ("minutes_missed__isnull", False),
                        ("judgement__in", ["nothing_missed", "covered", "make_up"]),
                    ),
                    models.Q(
                        ("judgement", ""),
                        ("minutes_missed__isnull", True),
                        ("presence__in", ["present", "late", "left_early", "absent"]),
                    ),
                    _connector="OR",
                ),
                name="registerentry_minutes_where_partly_there",
            ),
        ),
    ]
