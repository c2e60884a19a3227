"""Every guard asks our own tables, also those that were made before it said so."""

from django.db import migrations

from aimcert.foundation.guards import OUR_TABLES

# django-pgtrigger makes its own anew at each change of them.
SAY_SO = f"""
DO $$
DECLARE
    guard regprocedure;
BEGIN
    FOR guard IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            AND prorettype = 'trigger'::regtype AND proname NOT LIKE 'pgtrigger\\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s {OUR_TABLES}', guard);
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0005_cohort_releases"),
        ("assessments", "0012_paper_and_adjustment_guards"),
        ("courses", "0007_register_reasons"),
        ("accounts", "0002_guards"),
        ("foundation", "0003_append_only_history"),
    ]
    operations = [migrations.RunSQL(SAY_SO, migrations.RunSQL.noop)]
