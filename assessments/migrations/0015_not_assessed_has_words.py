"""Nobody is found *not assessed* without a word from now on; what was finalised before never changes."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0014_entry_tries"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("outcome", "not_assessed"), _negated=True),
                    ("finalised_at__isnull", True),
                    Q(
                        Q(("told_participant", ""), _negated=True),
                        Q(("told_commissioner", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recommendation_not_assessed_has_words",
            ),
        ),
    ]
