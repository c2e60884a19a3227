"""A walk-in's sponsor may have to be named, may say *not ours*, and is settled once an outcome is finalised."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aimcert.foundation.guards import append_only, guard


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_security_steps"),
        ("courses", "0012_saved_meanwhile"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SponsorRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("refused_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsor_refusals",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="enrolment",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="enrolment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="nomination",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="nomination",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="nomination",
            name="nomination_once_per_sponsor",
        ),
        migrations.AddField(
            model_name="enrolment",
            name="sponsor_settled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="sponsor_to_be_named",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="enrolmentevent",
            name="sponsor_to_be_named",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="nomination",
            name="sponsor_said",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="nomination",
            name="sponsor_to_be_named",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="nominationevent",
            name="sponsor_to_be_named",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="enrolmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="uuid_course_person_sponsor_organisation_sponsor_to_be_named_sponsor_confirmed_by_withdrawn_at_frozen_at_events",
                to="courses.enrolment",
            ),
        ),
        migrations.AlterField(
            model_name="nomination",
            name="sponsor_organisation",
            field=models.ForeignKey(
                blank=True,
                help_text="Who results and follow-up go to. Empty: the person themself, or still to be named.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="nominations",
                to="accounts.organisation",
                verbose_name="sponsor",
            ),
        ),
        migrations.AlterField(
            model_name="nominationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="uuid_course_sponsor_organisation_sponsor_to_be_named_nominated_by_declined_at_withdrawn_at_withdrawn_by_events",
                to="courses.nomination",
            ),
        ),
        migrations.AlterField(
            model_name="nominationevent",
            name="sponsor_organisation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Who results and follow-up go to. Empty: the person themself, or still to be named.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.organisation",
                verbose_name="sponsor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "courses_enrolmentevent" ("course_id", "frozen_at", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_confirmed_by_id", "sponsor_organisation_id", "sponsor_to_be_named", "uuid", "withdrawn_at") VALUES (NEW."course_id", NEW."frozen_at", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sponsor_confirmed_by_id", NEW."sponsor_organisation_id", NEW."sponsor_to_be_named", NEW."uuid", NEW."withdrawn_at"); RETURN NULL;',
                    hash="50b4678d11e5574439f623c0961e60ba261ec1b9",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d8e99",
                    table="courses_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."frozen_at" IS DISTINCT FROM (NEW."frozen_at") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."sponsor_confirmed_by_id" IS DISTINCT FROM (NEW."sponsor_confirmed_by_id") OR OLD."sponsor_organisation_id" IS DISTINCT FROM (NEW."sponsor_organisation_id") OR OLD."sponsor_to_be_named" IS DISTINCT FROM (NEW."sponsor_to_be_named") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "courses_enrolmentevent" ("course_id", "frozen_at", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_confirmed_by_id", "sponsor_organisation_id", "sponsor_to_be_named", "uuid", "withdrawn_at") VALUES (NEW."course_id", NEW."frozen_at", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sponsor_confirmed_by_id", NEW."sponsor_organisation_id", NEW."sponsor_to_be_named", NEW."uuid", NEW."withdrawn_at"); RETURN NULL;',
                    hash="733568ce813fb2ab71f2f623de63ecf73026e154",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6b90f",
                    table="courses_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nomination",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "courses_nominationevent" ("course_id", "declined_at", "nominated_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_organisation_id", "sponsor_to_be_named", "uuid", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."course_id", NEW."declined_at", NEW."nominated_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sponsor_organisation_id", NEW."sponsor_to_be_named", NEW."uuid", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                    hash="bc60e32df9e26b0e589caa6c351e5634d56de0d4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_358c1",
                    table="courses_nomination",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nomination",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."declined_at" IS DISTINCT FROM (NEW."declined_at") OR OLD."nominated_by_id" IS DISTINCT FROM (NEW."nominated_by_id") OR OLD."sponsor_organisation_id" IS DISTINCT FROM (NEW."sponsor_organisation_id") OR OLD."sponsor_to_be_named" IS DISTINCT FROM (NEW."sponsor_to_be_named") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at") OR OLD."withdrawn_by_id" IS DISTINCT FROM (NEW."withdrawn_by_id"))',
                    func='INSERT INTO "courses_nominationevent" ("course_id", "declined_at", "nominated_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_organisation_id", "sponsor_to_be_named", "uuid", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."course_id", NEW."declined_at", NEW."nominated_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sponsor_organisation_id", NEW."sponsor_to_be_named", NEW."uuid", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                    hash="254dabc3cd169ef640e49234ac62170f8378a0a5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5beaf",
                    table="courses_nomination",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sponsor_to_be_named", False),
                    models.Q(
                        ("outcome_finalised_at__isnull", True),
                        ("sponsor_confirmed_at__isnull", True),
                        ("sponsor_organisation__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="enrolment_sponsor_named_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.UniqueConstraint(
                models.F("course"),
                models.F("sponsor_organisation"),
                models.F("sponsor_to_be_named"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("declined_at__isnull", True), ("withdrawn_at__isnull", True)),
                name="nomination_once_per_sponsor",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sponsor_to_be_named", False),
                    models.Q(("is_walk_in", True), ("sponsor_organisation__isnull", True)),
                    _connector="OR",
                ),
                name="nomination_sponsor_named_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorrefusal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refused_at__isnull", True), ("refused_by__isnull", True)),
                    models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                    _connector="OR",
                ),
                name="sponsorrefusal_refused_at_with_by",
            ),
        ),
        append_only("courses_sponsorrefusal"),
        *guard(
            "courses_settled_sponsor",
            """
            IF (OLD.outcome_finalised_at IS NOT NULL OR OLD.sponsor_settled_at IS NOT NULL) AND (
                NEW.sponsor_organisation_id IS DISTINCT FROM OLD.sponsor_organisation_id
                OR NEW.sponsor_to_be_named IS DISTINCT FROM OLD.sponsor_to_be_named
            ) OR OLD.sponsor_settled_at IS NOT NULL AND NEW.sponsor_settled_at IS NULL THEN
                RAISE EXCEPTION 'who sponsors somebody stays once an outcome was finalised'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"courses_enrolment": "UPDATE"},
        ),
    ]
