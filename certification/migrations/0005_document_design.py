"""A certificate's document says by which design it is drawn; those that were there, by the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0004_report_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name="certificatedocument",
            name="design",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="Which of `certification.designs` it is drawn by."
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="certificatedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("design__gte", 1)), name="certificatedocument_has_design"
            ),
        ),
    ]
