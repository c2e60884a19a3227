"""A report names the file that a worker is about to store, so that none is left behind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0005_document_design"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="storing",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
    ]
