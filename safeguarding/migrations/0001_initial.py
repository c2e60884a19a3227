import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(max_length=12, unique=True)),
                (
                    "concern",
                    models.CharField(
                        choices=[
                            ("child", "A child or young person"),
                            ("professional", "Whether somebody is safe to work with children"),
                        ],
                        max_length=20,
                    ),
                ),
                ("about", models.CharField(max_length=500)),
                ("seen", models.TextField(max_length=8000)),
                ("done", models.TextField(blank=True, max_length=4000)),
                (
                    "danger",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_sure", "I am not sure")], max_length=20
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("answering", "while answering the case study"),
                            ("case_study", "the case study"),
                            ("my_course", "somebody’s own page of a course"),
                            ("course", "a course’s page"),
                            ("register", "the register"),
                            ("room", "the room"),
                            ("paper", "typing in paper"),
                            ("adjustments", "an adjustment"),
                            ("marking", "marking an answer"),
                            ("conversation", "the conversation on the day"),
                            ("feedback", "writing feedback"),
                            ("decision", "reading answers to decide"),
                            ("follow_up", "a follow-up"),
                            ("nomination", "a nomination"),
                            ("elsewhere", "elsewhere"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.course",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safeguarding_records",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_safeguarding_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("concern__in", ["child", "professional"])),
                        name="record_concern_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("danger__in", ["yes", "no", "not_sure"])),
                        name="record_danger_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "place__in",
                                [
                                    "answering",
                                    "case_study",
                                    "my_course",
                                    "course",
                                    "register",
                                    "room",
                                    "paper",
                                    "adjustments",
                                    "marking",
                                    "conversation",
                                    "feedback",
                                    "decision",
                                    "follow_up",
                                    "nomination",
                                    "elsewhere",
                                ],
                            )
                        ),
                        name="record_place_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about", ""), _negated=True), models.Q(("seen", ""), _negated=True)
                        ),
                        name="record_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("named", "named by who wrote it"), ("stood_aside", "stood aside")],
                        max_length=20,
                    ),
                ),
                ("excluded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "excluded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="safeguarding.record",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("record", "person"), name="exclusion_once"),
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["named", "stood_aside"])), name="exclusion_why_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added by who wrote it"),
                            ("acknowledged", "Acknowledged"),
                            ("decided", "Decided or done"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=8000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="safeguarding.record",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["added", "acknowledged", "decided", "closed", "reopened"])
                        ),
                        name="entry_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "acknowledged"), models.Q(("text", ""), _negated=True), _connector="OR"
                        ),
                        name="entry_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="safeguarding.record",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LeadAppointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safeguarding_appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person",),
                        name="leadappointment_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("started_by", models.F("person")), _negated=True),
                        name="leadappointment_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("started_at__isnull", True), ("started_by__isnull", True)),
                            models.Q(("started_at__isnull", False), ("started_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="leadappointment_started_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="leadappointment_ended_at_with_by",
                    ),
                ],
            },
        ),
    ]
