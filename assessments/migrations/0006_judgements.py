"""Each judgement by itself: who made it when, which it is, and what it was before."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from aimcert.foundation.guards import append_only

# Until now one marker judged all of a script; what was finalised is filled in too.
FILL = """
ALTER TABLE assessments_criterionmark DISABLE TRIGGER USER;
UPDATE assessments_criterionmark c SET judged_by_id = m.marker_id, judged_at = coalesce(m.changed_at, m.started_at)
FROM assessments_marking m WHERE m.id = c.marking_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE assessments_criterionmark ENABLE TRIGGER USER;
"""
# What is asked of a mark is asked of what it was before.
GUARDS = """
CREATE TRIGGER assessments_finalised_mark BEFORE INSERT ON assessments_keptmark
FOR EACH ROW EXECUTE FUNCTION assessments_finalised_mark();
CREATE TRIGGER assessments_mark_of_version BEFORE INSERT ON assessments_keptmark
FOR EACH ROW EXECUTE FUNCTION assessments_mark_of_version();
"""
UNGUARD = """
DROP TRIGGER assessments_finalised_mark ON assessments_keptmark;
DROP TRIGGER assessments_mark_of_version ON assessments_keptmark;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_words_of_adjustments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("changed", "Changed"),
                            ("conflict", "Not saved: it had been changed meanwhile"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "judged",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Met"), ("partly_met", "Partly met"), ("not_met", "Not met")],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("oral_question", models.TextField(blank=True, max_length=2000)),
                ("oral_answer", models.TextField(blank=True, max_length=4000)),
                (
                    "settled",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "Met, after the oral question"),
                            ("not_met", "Not met, after the oral question"),
                        ],
                        max_length=20,
                    ),
                ),
                ("because", models.TextField(blank=True, max_length=2000)),
                ("revision", models.PositiveIntegerField()),
                ("judged_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["kept_at", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="criterionmark",
            name="criterionmark_judged_known",
        ),
        migrations.RemoveConstraint(
            model_name="criterionmark",
            name="criterionmark_settled_has_words",
        ),
        migrations.RemoveField(
            model_name="marking",
            name="revision",
        ),
        migrations.AddField(
            model_name="criterionmark",
            name="because",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name="criterionmark",
            name="device",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="criterionmark",
            name="judged_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="criterionmark",
            name="judged_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="criterionmark",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="criterionmark",
            name="sequence",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="criterionmark",
            name="judged",
            field=models.CharField(
                blank=True,
                choices=[("met", "Met"), ("partly_met", "Partly met"), ("not_met", "Not met")],
                max_length=20,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="criterionmark",
            name="judged_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("judged__in", ["", "met", "partly_met", "not_met"])),
                name="criterionmark_judged_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled__in", ["", "met", "not_met"])),
                name="criterionmark_settled_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled", ""),
                    models.Q(
                        models.Q(("oral_question", ""), _negated=True),
                        models.Q(("oral_answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="criterionmark_settled_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("judged", "partly_met"),
                    models.Q(("oral_answer", ""), ("oral_question", ""), ("settled", "")),
                    _connector="OR",
                ),
                name="criterionmark_oral_of_partly_met",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("judged_by__isnull", True)),
                    models.Q(("judged_at__isnull", False), ("judged_by__isnull", False)),
                    _connector="OR",
                ),
                name="criterionmark_judged_at_with_by",
            ),
        ),
        migrations.AddField(
            model_name="keptmark",
            name="criterion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessments.criterion"
            ),
        ),
        migrations.AddField(
            model_name="keptmark",
            name="judged_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="keptmark",
            name="marking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kept_marks",
                to="assessments.marking",
            ),
        ),
        migrations.AddIndex(
            model_name="keptmark",
            index=models.Index(fields=["marking", "criterion"], name="keptmark_of_mark"),
        ),
        migrations.AddConstraint(
            model_name="keptmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["changed", "conflict"])), name="keptmark_why_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("judged_by__isnull", True)),
                    models.Q(("judged_at__isnull", False), ("judged_by__isnull", False)),
                    _connector="OR",
                ),
                name="keptmark_judged_at_with_by",
            ),
        ),
        append_only("assessments_keptmark"),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
