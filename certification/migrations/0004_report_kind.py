"""A report is of a kind; those that were there tell sponsors what to follow up."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guards"),
        ("certification", "0003_redaction"),
        ("courses", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="update_update",
        ),
        migrations.AddField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[("follow-up", "Follow-up report")], default="follow-up", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reportevent",
            name="kind",
            field=models.CharField(
                choices=[("follow-up", "Follow-up report")], default="follow-up", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="reportevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="uuid_organisation_course_kind_format_state_requested_by_events",
                to="certification.report",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "certification_reportevent" ("course_id", "format", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "uuid") VALUES (NEW."course_id", NEW."format", NEW."kind", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."requested_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="2e7f846d8b67f8ad722a67fb4b08ba8b6e92ff25",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bcc35",
                    table="certification_report",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "certification_reportevent" ("course_id", "format", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "uuid") VALUES (NEW."course_id", NEW."format", NEW."kind", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."requested_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="0efb3280680985a89349331e0be098e17329f63f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0a9f3",
                    table="certification_report",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["follow-up"])), name="report_kind_known"
            ),
        ),
    ]
