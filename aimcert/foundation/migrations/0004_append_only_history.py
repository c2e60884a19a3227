"""Who did what stays as it was written, and what migrating fills is the owner's to write."""

from django.db import migrations

from aimcert.foundation.guards import OUR_TABLES, append_only, never_deleted, read_only

# django-pghistory's own function writes a context anew when more becomes known of it, as when somebody
# signs in within a request; what was done before would then be theirs too. Here what is known is part of
# the name, so that nothing is ever updated: what was done later stands in another context.
ATTACH = f"""
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql {OUR_TABLES} AS $$
DECLARE
    request_id text := nullif(current_setting('pghistory.context_id', true), '');
    known jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    context_id uuid;
BEGIN
    IF request_id IS NULL OR known IS NULL THEN
        RETURN NULL;
    END IF;
    context_id := md5(request_id || known::text)::uuid;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
        VALUES (context_id, known, now(), now()) ON CONFLICT (id) DO NOTHING;
    RETURN context_id;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0003_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [
        migrations.RunSQL(ATTACH, migrations.RunSQL.noop),
        append_only("pghistory_context"),
        never_deleted("foundation_counter", "foundation_heartbeat"),
        # Nobody has groups or Django's permissions here: who may do what is read from relationships.
        read_only("auth_group", "auth_group_permissions", "auth_permission", "django_content_type"),
    ]
