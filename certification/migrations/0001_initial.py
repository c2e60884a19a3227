import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import aimcert.foundation.name_order


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("assessments", "0001_initial"),
        ("courses", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.TextField(max_length=1000)),
                ("appointed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appointed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "associate"), name="appointment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="appointment_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("appointed_at__isnull", True), ("appointed_by__isnull", True)),
                            models.Q(("appointed_at__isnull", False), ("appointed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="appointment_appointed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("code", models.CharField(max_length=26)),
                ("code_sha256", models.CharField(max_length=64, unique=True)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("valid", "Valid"),
                            ("suspended", "Suspended"),
                            ("superseded", "Superseded"),
                            ("revoked", "Revoked"),
                        ],
                        default="valid",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("programme_code", models.SlugField()),
                ("programme_name", models.CharField(max_length=100)),
                ("course_title", models.CharField(max_length=150)),
                ("course_reference", models.CharField(max_length=20)),
                ("course_ended_on", models.DateField()),
                (
                    "associates",
                    models.JSONField(help_text="Names of those who trained the course, as they were."),
                ),
                ("version_fingerprint", models.CharField(max_length=64)),
                ("language", models.CharField(default="en-gb", max_length=10)),
                ("issued_on", models.DateField(help_text="In the course's time zone.")),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_because", models.TextField(blank=True, max_length=2000)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        aimcert.foundation.name_order.NameWords("name"), name="certificate_name_words"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["valid", "suspended", "superseded", "revoked"])),
                        name="certificate_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["valid", "suspended"])),
                        fields=("enrolment",),
                        name="certificate_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code_sha256__regex", "^[0-9a-f]{64}$")),
                        name="certificate_hash_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-HJKMNP-TV-Z]{26}$")),
                        name="certificate_code_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("revoked_at__isnull", False),
                                ("state", "revoked"),
                                models.Q(("revoked_because", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "revoked"), _negated=True),
                                ("revoked_at__isnull", True),
                                ("revoked_because", ""),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_revoked_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_at__isnull", True), ("issued_by__isnull", True)),
                            models.Q(("issued_at__isnull", False), ("issued_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="certificate_issued_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="certificate_revoked_at_with_by",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="CertificateDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("built_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document",
                        to="certification.certificate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("built_at__isnull", True)),
                        fields=["next_attempt_at"],
                        name="certificatedocument_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("built_at__isnull", True), ("file", ""), ("sha256", "")),
                            models.Q(
                                ("built_at__isnull", False),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                models.Q(("file", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="certificatedocument_built_has_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "bands",
                    models.JSONField(
                        help_text="A list of `certification.report_contents.Banded`, as it stores them."
                    ),
                ),
                ("released_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohort_releases",
                        to="courses.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohort_releases",
                        to="accounts.organisation",
                    ),
                ),
                ("people", models.ManyToManyField(related_name="cohort_releases", to="courses.enrolment")),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("returned", "Returned to the trainer with a question"),
                            ("refused", "Refused"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="certification.appointment",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "recommendation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="assessments.recommendation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["approved", "returned", "refused"])),
                        name="decision_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "approved"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="decision_says_why_unless_approved",
                    ),
                    models.UniqueConstraint(fields=("id", "enrolment"), name="decision_with_enrolment"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_decided_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("valid", "Valid"),
                            ("suspended", "Suspended"),
                            ("superseded", "Superseded"),
                            ("revoked", "Revoked"),
                        ],
                        default="valid",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uuid_enrolment_decision_number_state_issued_at_revoked_by_events",
                        to="certification.certificate",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.decision",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificate",
                to="certification.decision",
            ),
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("readable_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("comment", models.TextField(blank=True, max_length=4000)),
                ("commented_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "recommendation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up",
                        to="assessments.recommendation",
                    ),
                ),
                (
                    "sponsor_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["due_at"],
                        name="followup_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", True),
                            ("read_at__isnull", False),
                            ("released_at__gte", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="followup_released_once_read_or_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("comment", ""), ("commented_at__isnull", True)),
                            models.Q(
                                models.Q(("comment", ""), _negated=True), ("commented_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="followup_comment_with_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("released_at__isnull", False), _connector="OR"
                        ),
                        name="followup_closed_only_after_released",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="followup_closed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uuid_enrolment_recommendation_read_at_released_at_closed_at_closed_by_events",
                        to="certification.followup",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessments.recommendation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FollowUpStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("done", models.TextField(max_length=2000)),
                ("done_on", models.DateField()),
                ("closes", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="certification.followup",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", True), ("recorded_by__isnull", True)),
                            models.Q(("recorded_at__isnull", False), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="followupstep_recorded_at_with_by",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF, to read and print"),
                            ("xlsx", "Spreadsheet (XLSX), to work with"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("waiting", "Waiting to be built"),
                            ("building", "Being built"),
                            ("built", "Ready"),
                            ("failed", "Could not be built"),
                            ("expired", "Deleted after its time"),
                        ],
                        default="waiting",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("language", models.CharField(default="en-gb", max_length=10)),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done", models.PositiveIntegerField(default=0, help_text="People written so far.")),
                ("total", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("built_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="courses.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "building"])),
                        fields=["next_attempt_at"],
                        name="report_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "building", "built", "failed", "expired"])
                        ),
                        name="report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["pdf", "xlsx"])), name="report_format_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("built_at__isnull", False),
                                ("expires_at__isnull", False),
                                ("state", "built"),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                models.Q(("file", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "built"), _negated=True),
                                ("built_at__isnull", True),
                                ("file", ""),
                                ("sha256", ""),
                            ),
                            _connector="OR",
                        ),
                        name="report_built_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("requested_at__isnull", True), ("requested_by__isnull", True)),
                            models.Q(("requested_at__isnull", False), ("requested_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_requested_at_with_by",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ReportEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF, to read and print"),
                            ("xlsx", "Spreadsheet (XLSX), to work with"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("waiting", "Waiting to be built"),
                            ("building", "Being built"),
                            ("built", "Ready"),
                            ("failed", "Could not be built"),
                            ("expired", "Deleted after its time"),
                        ],
                        default="waiting",
                        max_length=50,
                        protected=True,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uuid_organisation_course_format_state_requested_by_events",
                        to="certification.report",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "certification_certificateevent" ("decision_id", "enrolment_id", "issued_at", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_by_id", "state", "uuid") VALUES (NEW."decision_id", NEW."enrolment_id", NEW."issued_at", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="4b20d9a18d0b962478726efdc44eaa2392bf3823",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4d087",
                    table="certification_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."decision_id" IS DISTINCT FROM (NEW."decision_id") OR OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."revoked_by_id" IS DISTINCT FROM (NEW."revoked_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "certification_certificateevent" ("decision_id", "enrolment_id", "issued_at", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_by_id", "state", "uuid") VALUES (NEW."decision_id", NEW."enrolment_id", NEW."issued_at", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="e0c8ed321a9cd218045013ca4aba510737c1cbaa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_31ff8",
                    table="certification_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "certification_followupevent" ("closed_at", "closed_by_id", "enrolment_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "recommendation_id", "released_at", "uuid") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."enrolment_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."read_at", NEW."recommendation_id", NEW."released_at", NEW."uuid"); RETURN NULL;',
                    hash="ba0316801d4e48e9b9d23307a645c35239e87364",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_51077",
                    table="certification_followup",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."read_at" IS DISTINCT FROM (NEW."read_at") OR OLD."recommendation_id" IS DISTINCT FROM (NEW."recommendation_id") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "certification_followupevent" ("closed_at", "closed_by_id", "enrolment_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "recommendation_id", "released_at", "uuid") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."enrolment_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."read_at", NEW."recommendation_id", NEW."released_at", NEW."uuid"); RETURN NULL;',
                    hash="7a8dfb022d5c1f562f5e8431d14e26e0d16c8027",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_81524",
                    table="certification_followup",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "certification_reportevent" ("course_id", "format", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "uuid") VALUES (NEW."course_id", NEW."format", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."requested_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="69569725fb16e51158cb8dfc4db81bc925900bbd",
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
                    condition='WHEN (OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "certification_reportevent" ("course_id", "format", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "uuid") VALUES (NEW."course_id", NEW."format", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."requested_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="0bb7869f5645f14ce4652ecfa5216abc98ae73a5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0a9f3",
                    table="certification_report",
                    when="AFTER",
                ),
            ),
        ),
    ]
