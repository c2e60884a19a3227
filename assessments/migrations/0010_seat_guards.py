"""What must never be false of the live room, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import never_deleted


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_seats")]
    operations = [never_deleted("assessments_seat")]
