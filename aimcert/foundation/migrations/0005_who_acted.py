from django.db import migrations

# The audit log is narrowed to what one person did, of which history keeps the actor's key.
FORWARDS = "CREATE INDEX pghistory_context_actor ON pghistory_context ((metadata -> 'actor'))"


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_append_only_history"), ("pghistory", "0007_auto_20250421_0444")]
    operations = [migrations.RunSQL(FORWARDS, "DROP INDEX pghistory_context_actor")]
