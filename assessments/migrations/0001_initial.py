import uuid

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import assessments.answering.models.drafts


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrameworkArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField()),
                ("strand", models.CharField(max_length=60)),
                ("part", models.CharField(blank=True, max_length=20)),
                ("title", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["stage", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__gte", 1), ("stage__lte", 9)),
                        name="frameworkarea_stage_one_to_nine",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AdjustmentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("time", "More time"),
                                ("room", "A separate room"),
                                ("reader", "A reader, who reads aloud"),
                                ("scribe", "A scribe, who writes what is said"),
                                ("dictation", "Dictation to a device"),
                                ("oral", "Oral answers, taken down and confirmed"),
                                ("signed", "Signed answers, taken down and confirmed"),
                                ("large_print", "Larger print"),
                                ("breaks", "Breaks"),
                                ("split", "Attendance in parts"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustment_requests",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("id", "enrolment"), name="adjustmentrequest_with_enrolment"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kinds__contained_by",
                                [
                                    "time",
                                    "room",
                                    "reader",
                                    "scribe",
                                    "dictation",
                                    "oral",
                                    "signed",
                                    "large_print",
                                    "breaks",
                                    "split",
                                    "other",
                                ],
                            ),
                            ("kinds__len__gt", 0),
                        ),
                        name="adjustmentrequest_asks_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kinds__contains", ["other"]), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustmentrequest_other_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="adjustmentrequest_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at__isnull", True), ("asked_by__isnull", True)),
                            models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustmentrequest_asked_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustmentrequest_answered_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booklet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="booklet",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[ABCDEFGHJKLMNPQRSTVWXYZ]{8}$")),
                        name="booklet_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("made_by__isnull", True)),
                            models.Q(("made_at__isnull", False), ("made_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="booklet_made_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseStudy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "programme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_study",
                        to="courses.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Construct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField()),
                ("name", models.CharField(max_length=100)),
                ("is_illustrative", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="constructs",
                        to="courses.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="construct_code_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("is_essential", models.BooleanField(default=False)),
                ("essential_because", models.TextField(blank=True)),
                ("part", models.CharField(blank=True, max_length=100)),
                ("met", models.TextField()),
                ("partly_met", models.TextField()),
                ("not_met", models.TextField()),
                ("constructs", models.ManyToManyField(related_name="criteria", to="assessments.construct")),
                (
                    "areas",
                    models.ManyToManyField(
                        blank=True, related_name="criteria", to="assessments.frameworkarea"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "criteria",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="EntryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code_hmac", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("replaced", "Replaced by a newer one"),
                            ("tries", "Ended after too many wrong tries"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry_codes",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("used_at__isnull", True)),
                        fields=("enrolment",),
                        name="entrycode_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code_hmac__regex", "^[0-9a-f]{64}$")), name="entrycode_hmac"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="entrycode_works_a_while",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at__isnull", True), ("ended_at__isnull", True), _connector="OR"
                        ),
                        name="entrycode_used_or_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), ("ended_because__in", ["replaced", "tries"])
                            ),
                            _connector="OR",
                        ),
                        name="entrycode_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("made_by__isnull", True)),
                            models.Q(("made_at__isnull", False), ("made_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="entrycode_made_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameworkEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150)),
                (
                    "notes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("source", models.TextField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="framework_editions",
                        to="courses.programme",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "number"), name="frameworkedition_number_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("programme",),
                        name="frameworkedition_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(
                                ("drafted_by__isnull", False),
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                            ),
                            models.Q(
                                ("drafted_by__isnull", True),
                                ("published_at__isnull", False),
                                ("published_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="frameworkedition_published_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_at__isnull", False),
                            models.Q(
                                ("drafted_by__isnull", False), ("published_by__isnull", True), _connector="OR"
                            ),
                        ),
                        name="frameworkedition_drafted_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="frameworkedition_changed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameworkDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField()),
                ("name", models.CharField(max_length=100)),
                ("about", models.TextField(blank=True)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="assessments.frameworkedition",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="frameworkdomain_code_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="frameworkarea",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="areas",
                to="assessments.frameworkedition",
            ),
        ),
        migrations.CreateModel(
            name="FrameworkStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("purpose", models.TextField(blank=True)),
                (
                    "responsibility",
                    models.CharField(
                        choices=[
                            ("adults", "Mainly the adults"),
                            ("shared", "Shared with the young person"),
                            ("young_person", "Mainly the young person"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="assessments.frameworkedition",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "number"), name="frameworkstage_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 9)),
                        name="frameworkstage_one_to_nine",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("responsibility__in", ["adults", "shared", "young_person"])),
                        name="frameworkstage_responsibility_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Marking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("finalised_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "finalised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "marker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="markings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finalised_at__isnull", True), ("finalised_by__isnull", True)),
                            models.Q(("finalised_at__isnull", False), ("finalised_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="marking_finalised_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="marking_changed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterionMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "judged",
                    models.CharField(
                        choices=[("met", "Met"), ("partly_met", "Partly met"), ("not_met", "Not met")],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("oral_question", models.TextField(blank=True, max_length=2000)),
                ("oral_answer", models.TextField(blank=True, max_length=4000)),
                (
                    "settled",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "Met, after the oral question"),
                            ("not_met", "Not met, after the oral question"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="assessments.criterion",
                    ),
                ),
                (
                    "marking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="assessments.marking",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("marking", "criterion"), name="criterionmark_once"),
                    models.CheckConstraint(
                        condition=models.Q(("judged__in", ["met", "partly_met", "not_met"])),
                        name="criterionmark_judged_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("oral_answer", ""), ("oral_question", ""), ("settled", "")),
                            models.Q(
                                ("judged", "partly_met"),
                                ("settled__in", ["met", "not_met"]),
                                models.Q(("oral_question", ""), _negated=True),
                                models.Q(("oral_answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="criterionmark_settled_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("passage", models.CharField(max_length=60)),
                (
                    "passage_sha256",
                    models.CharField(help_text="Of the text that it was raised against.", max_length=64),
                ),
                ("reason", models.TextField(max_length=4000)),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_because", models.TextField(blank=True, max_length=2000)),
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
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), ("closed_at__isnull", True), _connector="OR"
                        ),
                        name="objection_ended_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_because", "")),
                            models.Q(
                                ("closed_at__isnull", False), models.Q(("closed_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="objection_closed_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("raised_at__isnull", True), ("raised_by__isnull", True)),
                            models.Q(("raised_at__isnull", False), ("raised_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_raised_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_withdrawn_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_closed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectionReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=4000)),
                ("replied_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="assessments.objection",
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at__isnull", True), ("replied_by__isnull", True)),
                            models.Q(("replied_at__isnull", False), ("replied_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="objectionreply_replied_at_with_by",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("text", models.TextField()),
                ("guidance", models.TextField(blank=True)),
                ("guide_words", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("kind", models.SlugField(default="written", max_length=40)),
                ("settings", models.JSONField(blank=True, default=dict)),
                ("model_answer", models.TextField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("saved_at__isnull", True), ("saved_by__isnull", True)),
                            models.Q(("saved_at__isnull", False), ("saved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="question_saved_at_with_by",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="criterion",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="criteria",
                to="assessments.question",
            ),
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("competent", "Competent"),
                            ("not_yet", "Not yet competent"),
                            ("not_assessed", "Not assessed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("experience", "Experience"),
                                ("interest", "Interest in this area of work"),
                                ("attendance", "Full attendance"),
                                ("understanding", "Understanding of the model"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "not_assessed_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "Left before the end"),
                            ("withdrew", "Withdrew"),
                            ("nothing_submitted", "Submitted nothing"),
                        ],
                        max_length=20,
                    ),
                ),
                ("interest_observed", models.TextField(blank=True, max_length=2000)),
                ("interest_own_account", models.TextField(blank=True, max_length=2000)),
                ("override_reason", models.TextField(blank=True, max_length=2000)),
                ("told_participant", models.TextField(blank=True, max_length=4000)),
                ("told_commissioner", models.TextField(blank=True, max_length=4000)),
                ("internal_note", models.TextField(blank=True, max_length=2000)),
                ("conversation_on", models.DateTimeField(blank=True, null=True)),
                ("conversation", models.TextField(blank=True, max_length=4000)),
                ("begun_because", models.TextField(blank=True, max_length=2000)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("recommended_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finalised_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation_by",
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
                        related_name="recommendations",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "finalised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "marking",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation",
                        to="assessments.marking",
                    ),
                ),
                (
                    "recommended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "round"), name="recommendation_round_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finalised_at__isnull", True)),
                        fields=("enrolment",),
                        name="recommendation_one_open",
                    ),
                    models.UniqueConstraint(fields=("id", "enrolment"), name="recommendation_with_enrolment"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["competent", "not_yet", "not_assessed"])),
                        name="recommendation_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reasons__contained_by",
                                ["experience", "interest", "attendance", "understanding"],
                            )
                        ),
                        name="recommendation_reasons_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("not_assessed_because", ""), ("outcome", "competent"), ("reasons", [])),
                            models.Q(("not_assessed_because", ""), ("outcome", "not_yet")),
                            models.Q(
                                ("not_assessed_because__in", ["left", "withdrew", "nothing_submitted"]),
                                ("outcome", "not_assessed"),
                                ("reasons", []),
                            ),
                            _connector="OR",
                        ),
                        name="recommendation_reasons_fit_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("conversation", ""),
                                ("conversation_by__isnull", True),
                                ("conversation_on__isnull", True),
                            ),
                            models.Q(
                                ("conversation_by__isnull", False),
                                ("conversation_on__isnull", False),
                                models.Q(("conversation", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recommendation_conversation_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "not_yet"), _negated=True),
                            ("finalised_at__isnull", True),
                            models.Q(
                                ("conversation_on__isnull", False),
                                ("reasons__len__gt", 0),
                                models.Q(("told_participant", ""), _negated=True),
                                models.Q(("told_commissioner", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recommendation_not_yet_after_conversation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "not_assessed"), _negated=True),
                            ("finalised_at__isnull", True),
                            models.Q(
                                models.Q(("told_participant", ""), _negated=True),
                                models.Q(("told_commissioner", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recommendation_not_assessed_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recommended_at__isnull", True), ("recommended_by__isnull", True)),
                            models.Q(("recommended_at__isnull", False), ("recommended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recommendation_recommended_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finalised_at__isnull", True), ("finalised_by__isnull", True)),
                            models.Q(("finalised_at__isnull", False), ("finalised_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recommendation_finalised_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recommendation_changed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disagreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.TextField(max_length=2000)),
                ("disagreed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "disagreed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disagreements",
                        to="assessments.recommendation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("recommendation", "disagreed_by"),
                        name="disagreement_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disagreed_at__isnull", True), ("disagreed_by__isnull", True)),
                            models.Q(("disagreed_at__isnull", False), ("disagreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="disagreement_disagreed_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="disagreement_withdrawn_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecommendationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("competent", "Competent"),
                            ("not_yet", "Not yet competent"),
                            ("not_assessed", "Not assessed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("finalised_at", models.DateTimeField(blank=True, null=True)),
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
                    "finalised_by",
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
                        related_name="uuid_enrolment_round_outcome_finalised_at_finalised_by_events",
                        to="assessments.recommendation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.TextField(max_length=1000)),
                ("redacted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="redaction_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoomReopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=1000)),
                ("reopened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_reopenings",
                        to="courses.course",
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="roomreopening_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reopened_at__isnull", True), ("reopened_by__isnull", True)),
                            models.Q(("reopened_at__isnull", False), ("reopened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="roomreopening_reopened_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("pages", models.PositiveSmallIntegerField(default=1)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("content_type__in", ("application/pdf", "image/jpeg", "image/png"))
                        ),
                        name="scan_type",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="scan_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_at__isnull", True), ("added_by__isnull", True)),
                            models.Q(("added_at__isnull", False), ("added_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="scan_added_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemovedScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "redaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removed_scans",
                        to="assessments.redaction",
                    ),
                ),
                (
                    "scan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removed",
                        to="assessments.scan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("help_wanted_at", models.DateTimeField(blank=True, null=True)),
                ("help_answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "help_answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("help_answered_at__isnull", True),
                            models.Q(
                                ("help_answered_at__gte", models.F("help_wanted_at")),
                                ("help_wanted_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="seat_help_answered_was_wanted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("help_answered_at__isnull", True), ("help_answered_by__isnull", True)),
                            models.Q(
                                ("help_answered_at__isnull", False), ("help_answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="seat_help_answered_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sitting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("planned_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("marking_due_on", models.DateField(blank=True, null=True)),
                ("marking_told_at", models.DateTimeField(blank=True, null=True)),
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
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sitting",
                        to="courses.course",
                    ),
                ),
                (
                    "marking_told_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_at__isnull", True), ("released_at__isnull", False), _connector="OR"
                        ),
                        name="sitting_opened_only_after_released",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("opened_at__isnull", False), _connector="OR"
                        ),
                        name="sitting_closed_only_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__isnull", True),
                            models.Q(("closes_at__gte", models.F("opened_at")), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="sitting_closes_only_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                            models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sitting_released_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                            models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sitting_opened_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sitting_closed_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("marking_told_at__isnull", True), ("marking_told_by__isnull", True)),
                            models.Q(("marking_told_at__isnull", False), ("marking_told_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sitting_marking_told_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("planned_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("marking_due_on", models.DateField(blank=True, null=True)),
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
                    "opened_by",
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
                        related_name="course_released_at_released_by_opened_at_opened_by_closed_at_closed_by_planned_minutes_closes_at_marking_due_on_events",
                        to="assessments.sitting",
                    ),
                ),
                (
                    "released_by",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("declaration", models.TextField(blank=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("receipt", models.CharField(blank=True, max_length=20)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "attempt"), name="submission_attempt_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("submitted_at__isnull", True)),
                        fields=("enrolment",),
                        name="submission_one_open",
                    ),
                    models.UniqueConstraint(fields=("id", "enrolment"), name="submission_with_enrolment"),
                    models.UniqueConstraint(
                        condition=models.Q(("receipt", ""), _negated=True),
                        fields=("receipt",),
                        name="submission_receipt_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("declaration", ""),
                                ("fingerprint", ""),
                                ("receipt", ""),
                                ("submitted_at__isnull", True),
                            ),
                            models.Q(
                                ("fingerprint__regex", "^[0-9a-f]{64}$"),
                                ("submitted_at__isnull", False),
                                models.Q(("declaration", ""), _negated=True),
                                models.Q(("receipt", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="submission_submitted_is_declared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RedactedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table_name", models.CharField(max_length=63)),
                ("column_name", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField()),
                ("times", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "redaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="assessments.redaction",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redacted_texts",
                        to="assessments.submission",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="redactedtext_sha256"
                    ),
                    models.CheckConstraint(condition=models.Q(("times__gt", 0)), name="redactedtext_times"),
                ],
            },
        ),
        migrations.AddField(
            model_name="recommendation",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recommendations",
                to="assessments.submission",
            ),
        ),
        migrations.CreateModel(
            name="MarkingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("finalised_at", models.DateTimeField(blank=True, null=True)),
                (
                    "finalised_by",
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
                    "marker",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        related_name="uuid_submission_round_marker_finalised_at_finalised_by_events",
                        to="assessments.marking",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessments.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="marking",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="markings",
                to="assessments.submission",
            ),
        ),
        migrations.CreateModel(
            name="KeptAnswer",
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
                        choices=[
                            ("replaced", "Replaced by what was written after it"),
                            ("conflict", "One of two versions from two tabs or devices"),
                            ("late", "Arrived when no more answers were taken"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(max_length=20000)),
                ("saved_at", models.DateTimeField()),
                ("minute", models.DateTimeField()),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.question",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_answers",
                        to="assessments.submission",
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at", "-pk"],
                "indexes": [models.Index(fields=["submission", "question"], name="keptanswer_of_answer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("why", "replaced")),
                        fields=("submission", "question", "minute"),
                        name="keptanswer_one_a_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["replaced", "conflict", "late"])),
                        name="keptanswer_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BinaryField(default=assessments.answering.models.drafts.new_key, null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal_key",
                        to="assessments.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", True), ("key__isnull", False)),
                            models.Q(("destroyed_at__isnull", False), ("key__isnull", True)),
                            _connector="OR",
                        ),
                        name="journalkey_there_until_destroyed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AcknowledgedSave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device", models.UUIDField()),
                ("sequence", models.PositiveBigIntegerField()),
                ("revision", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("saved_at", models.DateTimeField()),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.question",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledged",
                        to="assessments.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "device", "sequence"), name="acknowledgedsave_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="acknowledgedsave_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("extra", "Extra time"), ("reopened", "Answering opened again")],
                        max_length=20,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(max_length=1000)),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_grants",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("minutes__gt", 0), ("until__isnull", True), ("what", "extra")),
                            models.Q(("minutes", 0), ("until__isnull", False), ("what", "reopened")),
                            _connector="OR",
                        ),
                        name="timegrant_minutes_or_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="timegrant_says_why"
                    ),
                    models.UniqueConstraint(fields=("id", "enrolment"), name="timegrant_with_enrolment"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_at__isnull", True), ("granted_by__isnull", True)),
                            models.Q(("granted_at__isnull", False), ("granted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="timegrant_granted_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
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
                            ("time", "More time"),
                            ("room", "A separate room"),
                            ("reader", "A reader, who reads aloud"),
                            ("scribe", "A scribe, who writes what is said"),
                            ("dictation", "Dictation to a device"),
                            ("oral", "Oral answers, taken down and confirmed"),
                            ("signed", "Signed answers, taken down and confirmed"),
                            ("large_print", "Larger print"),
                            ("breaks", "Breaks"),
                            ("split", "Attendance in parts"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("details", models.TextField(blank=True, max_length=1000)),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreed",
                        to="assessments.adjustmentrequest",
                    ),
                ),
                (
                    "time_grant",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustment",
                        to="assessments.timegrant",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "time",
                                    "room",
                                    "reader",
                                    "scribe",
                                    "dictation",
                                    "oral",
                                    "signed",
                                    "large_print",
                                    "breaks",
                                    "split",
                                    "other",
                                ],
                            )
                        ),
                        name="adjustment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True), ("kind", "time"), ("time_grant__isnull", False)
                            ),
                            models.Q(models.Q(("kind", "time"), _negated=True), ("time_grant__isnull", True)),
                            _connector="OR",
                        ),
                        name="adjustment_time_is_granted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "other"), _negated=True),
                            models.Q(("details", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustment_other_says_what",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("kind__in", ["time", "other"]), _negated=True),
                        ),
                        fields=("enrolment", "kind"),
                        name="adjustment_one_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_at__isnull", True), ("granted_by__isnull", True)),
                            models.Q(("granted_at__isnull", False), ("granted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustment_granted_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustment_ended_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transcription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.TextField(max_length=1000)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("typed_at", models.DateTimeField(blank=True, null=True)),
                ("returned", models.TextField(blank=True, max_length=2000)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("declared_on_paper", models.BooleanField(default=False)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transcriptions",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transcription",
                        to="assessments.submission",
                    ),
                ),
                (
                    "typed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("submission__isnull", True)),
                        fields=("enrolment",),
                        name="transcription_one_underway",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="transcription_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("typed_by__isnull", True), ("typed_by", models.F("begun_by")), _connector="OR"
                        ),
                        name="transcription_typed_by_who_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by__isnull", True),
                            models.Q(("checked_by", models.F("typed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="transcription_checked_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", False),
                                ("declared_on_paper", True),
                                ("ended_at__isnull", True),
                                ("submission__isnull", False),
                                ("typed_at__isnull", False),
                            ),
                            models.Q(
                                ("checked_at__isnull", True),
                                ("declared_on_paper", False),
                                ("submission__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="transcription_submitted_is_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begun_at__isnull", True), ("begun_by__isnull", True)),
                            models.Q(("begun_at__isnull", False), ("begun_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transcription_begun_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("typed_at__isnull", True), ("typed_by__isnull", True)),
                            models.Q(("typed_at__isnull", False), ("typed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transcription_typed_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("returned_at__isnull", True), ("returned_by__isnull", True)),
                            models.Q(("returned_at__isnull", False), ("returned_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transcription_returned_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", True), ("checked_by__isnull", True)),
                            models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transcription_checked_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transcription_ended_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TranscribedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=20000)),
                ("is_blank", models.BooleanField(default=False)),
                (
                    "blank_parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.question",
                    ),
                ),
                (
                    "transcription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="assessments.transcription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("transcription", "question"), name="transcribedanswer_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_blank", True), ("text", "")),
                            models.Q(("is_blank", False), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="transcribedanswer_blank_or_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScanUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("file", models.CharField(blank=True, max_length=150)),
                ("sha256", models.CharField(max_length=64)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refused",
                    models.CharField(
                        blank=True, help_text="One of `assessments.answering.scans.REFUSALS`.", max_length=20
                    ),
                ),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="assessments.scan",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "transcription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="assessments.transcription",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["next_attempt_at"],
                        name="scanupload_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("transcription", "sha256"), name="scanupload_once"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="scanupload_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("read_at__isnull", True),
                                ("refused", ""),
                                ("scan__isnull", True),
                                models.Q(("file", ""), _negated=True),
                            ),
                            models.Q(("read_at__isnull", False), ("refused", ""), ("scan__isnull", False)),
                            models.Q(
                                ("read_at__isnull", False),
                                ("scan__isnull", True),
                                models.Q(("refused", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="scanupload_read_is_kept_or_refused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("uploaded_at__isnull", True), ("uploaded_by__isnull", True)),
                            models.Q(("uploaded_at__isnull", False), ("uploaded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="scanupload_uploaded_at_with_by",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="scan",
            name="transcription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scans",
                to="assessments.transcription",
            ),
        ),
        migrations.CreateModel(
            name="Unavailability",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("reason", models.TextField(max_length=1000)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.programme"
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
                "verbose_name_plural": "unavailabilities",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))),
                        name="unavailability_until_after_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="unavailability_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", True), ("recorded_by__isnull", True)),
                            models.Q(("recorded_at__isnull", False), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="unavailability_recorded_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="unavailability_ended_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnsentUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("answers", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unsent_uploads",
                        to="assessments.submission",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="unsentupload_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("uploaded_at__isnull", True), ("uploaded_by__isnull", True)),
                            models.Q(("uploaded_at__isnull", False), ("uploaded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="unsentupload_uploaded_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("content_note", models.TextField()),
                ("fictional_statement", models.TextField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case_study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="assessments.casestudy",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="assessments.frameworkedition",
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case_study", "number"), name="version_number_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("frozen_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("case_study",),
                        name="version_one_underway",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fingerprint", ""), ("proposed_at__isnull", True)),
                            models.Q(
                                ("fingerprint__regex", "^[0-9a-f]{64}$"), ("proposed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="version_proposed_has_fingerprint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("frozen_at__isnull", True), ("proposed_at__isnull", False), _connector="OR"
                        ),
                        name="version_frozen_only_after_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at__isnull", True), ("frozen_at__isnull", False), _connector="OR"
                        ),
                        name="version_retired_only_after_frozen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), ("frozen_at__isnull", True), _connector="OR"
                        ),
                        name="version_withdrawn_never_frozen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drafted_at__isnull", True), ("drafted_by__isnull", True)),
                            models.Q(("drafted_at__isnull", False), ("drafted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_drafted_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proposed_at__isnull", True), ("proposed_by__isnull", True)),
                            models.Q(("proposed_at__isnull", False), ("proposed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_proposed_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_at__isnull", True), ("frozen_by__isnull", True)),
                            models.Q(("frozen_at__isnull", False), ("frozen_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_frozen_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_retired_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_withdrawn_at_with_by",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="transcription",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessments.version"
            ),
        ),
        migrations.CreateModel(
            name="SubmissionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="uuid_enrolment_version_attempt_submitted_at_events",
                        to="assessments.submission",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="submission",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="submissions",
                to="assessments.version",
            ),
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("body", models.TextField()),
                (
                    "figure_kind",
                    models.CharField(
                        blank=True,
                        choices=[("timeline", "Timeline"), ("genogram", "Genogram")],
                        max_length=20,
                    ),
                ),
                ("figure", models.JSONField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("version", "number"),
                        name="section_number_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("figure__isnull", True), ("figure_kind", "")),
                            models.Q(
                                ("figure__isnull", False), ("figure_kind__in", ["timeline", "genogram"])
                            ),
                            _connector="OR",
                        ),
                        name="section_figure_has_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("saved_at__isnull", True), ("saved_by__isnull", True)),
                            models.Q(("saved_at__isnull", False), ("saved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="section_saved_at_with_by",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="assessments.version",
            ),
        ),
        migrations.CreateModel(
            name="PinMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pin_moves",
                        to="courses.course",
                    ),
                ),
                (
                    "moved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.version",
                    ),
                ),
                (
                    "to_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_version", models.F("to_version")), _negated=True),
                        name="pinmove_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("moved_at__isnull", True), ("moved_by__isnull", True)),
                            models.Q(("moved_at__isnull", False), ("moved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="pinmove_moved_at_with_by",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="objection",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="assessments.version",
            ),
        ),
        migrations.CreateModel(
            name="CoursePin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pinned_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pin", to="courses.course"
                    ),
                ),
                (
                    "pinned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pins",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("course", "version"), name="coursepin_with_version"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pinned_at__isnull", True), ("pinned_by__isnull", True)),
                            models.Q(("pinned_at__isnull", False), ("pinned_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="coursepin_pinned_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=20000)),
                ("blank_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "blank_parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                ("gaps", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="assessments.question",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="assessments.submission",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "question"), name="answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blank_confirmed_at__isnull", True), ("text", ""), _connector="OR"
                        ),
                        name="answer_blank_confirmed_is_blank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("blank_parts", []), ("gaps", 0)),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answer_with_parts_was_begun",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreementreminder_sent_at_with_by",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("passages", models.JSONField()),
                ("agreed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "associate", "fingerprint"), name="agreement_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fingerprint__regex", "^[0-9a-f]{64}$")),
                        name="agreement_has_fingerprint",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "invited_by",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authors",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("version", "person"),
                        name="versionauthor_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invited_at__isnull", True), ("invited_by__isnull", True)),
                            models.Q(("invited_at__isnull", False), ("invited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="versionauthor_invited_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="versionauthor_ended_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("passage", models.CharField(max_length=60)),
                ("revision", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("set_aside", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="assessments.version",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["version", "passage"], name="wording_of_passage")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("set_aside", False)),
                        fields=("version", "passage", "revision"),
                        name="wording_revision_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("saved_at__isnull", True), ("saved_by__isnull", True)),
                            models.Q(("saved_at__isnull", False), ("saved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="wording_saved_at_with_by",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="frameworkarea",
            constraint=models.UniqueConstraint(
                fields=("edition", "stage", "strand", "title"), name="frameworkarea_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.UniqueConstraint(fields=("question", "number"), name="criterion_number_unique"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessments_sittingevent" ("closed_at", "closed_by_id", "closes_at", "course_id", "marking_due_on", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_minutes", "released_at", "released_by_id") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_at", NEW."course_id", NEW."marking_due_on", NEW."opened_at", NEW."opened_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_minutes", NEW."released_at", NEW."released_by_id"); RETURN NULL;',
                    hash="81c4ad290eb89829c2b107505555705419f98e8d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9f0ab",
                    table="assessments_sitting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."marking_due_on" IS DISTINCT FROM (NEW."marking_due_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."planned_minutes" IS DISTINCT FROM (NEW."planned_minutes") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."released_by_id" IS DISTINCT FROM (NEW."released_by_id"))',
                    func='INSERT INTO "assessments_sittingevent" ("closed_at", "closed_by_id", "closes_at", "course_id", "marking_due_on", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_minutes", "released_at", "released_by_id") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_at", NEW."course_id", NEW."marking_due_on", NEW."opened_at", NEW."opened_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_minutes", NEW."released_at", NEW."released_by_id"); RETURN NULL;',
                    hash="c243fca5802c889f5d6e63d26e20d2f40c92c394",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e96d2",
                    table="assessments_sitting",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "competent"), _negated=True),
                    models.Q(("marking__isnull", False), ("submission__isnull", False)),
                    ("finalised_at__isnull", True),
                    _connector="OR",
                ),
                name="recommendation_competent_has_marking",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommendation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessments_recommendationevent" ("enrolment_id", "finalised_at", "finalised_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round", "uuid") VALUES (NEW."enrolment_id", NEW."finalised_at", NEW."finalised_by_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."round", NEW."uuid"); RETURN NULL;',
                    hash="f9b6b298c490178167a8ed8dfb04b603e4e99baa",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e693b",
                    table="assessments_recommendation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommendation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."finalised_at" IS DISTINCT FROM (NEW."finalised_at") OR OLD."finalised_by_id" IS DISTINCT FROM (NEW."finalised_by_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "assessments_recommendationevent" ("enrolment_id", "finalised_at", "finalised_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round", "uuid") VALUES (NEW."enrolment_id", NEW."finalised_at", NEW."finalised_by_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."round", NEW."uuid"); RETURN NULL;',
                    hash="0774eb17941f2d3143d881f1883686ca4974840d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c393c",
                    table="assessments_recommendation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="marking",
            constraint=models.UniqueConstraint(fields=("submission", "round"), name="marking_round_unique"),
        ),
        migrations.AddConstraint(
            model_name="marking",
            constraint=models.UniqueConstraint(fields=("id", "submission"), name="marking_with_submission"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="marking",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessments_markingevent" ("finalised_at", "finalised_by_id", "marker_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round", "submission_id", "uuid") VALUES (NEW."finalised_at", NEW."finalised_by_id", NEW."marker_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."round", NEW."submission_id", NEW."uuid"); RETURN NULL;',
                    hash="a30cefc046b08a5cfa6c40d6838254c39b36fbfe",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_543cf",
                    table="assessments_marking",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="marking",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."finalised_at" IS DISTINCT FROM (NEW."finalised_at") OR OLD."finalised_by_id" IS DISTINCT FROM (NEW."finalised_by_id") OR OLD."marker_id" IS DISTINCT FROM (NEW."marker_id") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "assessments_markingevent" ("finalised_at", "finalised_by_id", "marker_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round", "submission_id", "uuid") VALUES (NEW."finalised_at", NEW."finalised_by_id", NEW."marker_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."round", NEW."submission_id", NEW."uuid"); RETURN NULL;',
                    hash="49b8e0b68bb5183b2b8ea6b06211184188ac192b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7727e",
                    table="assessments_marking",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(fields=("transcription", "sha256"), name="scan_once"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("id", "version"), name="submission_with_version"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessments_submissionevent" ("attempt", "enrolment_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "submitted_at", "uuid", "version_id") VALUES (NEW."attempt", NEW."enrolment_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."submitted_at", NEW."uuid", NEW."version_id"); RETURN NULL;',
                    hash="3c08e723e03911b2968df4057c6351a8779a77c8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_81dd5",
                    table="assessments_submission",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."attempt" IS DISTINCT FROM (NEW."attempt") OR OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id"))',
                    func='INSERT INTO "assessments_submissionevent" ("attempt", "enrolment_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "submitted_at", "uuid", "version_id") VALUES (NEW."attempt", NEW."enrolment_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."submitted_at", NEW."uuid", NEW."version_id"); RETURN NULL;',
                    hash="437b64dd60695d4220dda962cd10cafbe334946f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c62e3",
                    table="assessments_submission",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("version", "number"),
                name="question_number_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("id", "version"), name="question_with_version"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("version", "passage", "raised_by"),
                name="objection_one_standing",
            ),
        ),
    ]
