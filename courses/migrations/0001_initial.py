import uuid

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
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
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=100)),
                ("about", models.TextField(help_text="What the model is for, for a course's public page.")),
                ("experience_sought", models.TextField()),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="From a counter; shown as its reference.", unique=True
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("time_zone", models.CharField(max_length=50, verbose_name="time zone")),
                (
                    "delivery",
                    models.CharField(
                        choices=[("in_person", "In person"), ("online", "Online")],
                        max_length=20,
                        verbose_name="how it meets",
                    ),
                ),
                ("venue", models.TextField(max_length=1000, verbose_name="venue, or how to join online")),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(300),
                        ],
                        verbose_name="places",
                    ),
                ),
                ("experience_sought", models.TextField(max_length=2000, verbose_name="experience sought")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.TextField(blank=True, max_length=1000)),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: hosted by The AIM Project, open to anyone.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="accounts.organisation",
                        verbose_name="commissioned by",
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
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="courses.programme",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        aimcert.foundation.name_order.NameWords("title"), name="course_title_words"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("delivery__in", ["in_person", "online"])),
                        name="course_delivery_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__gte", 1), ("capacity__lte", 300)),
                        name="course_capacity_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="course_country_two_letters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("created_at__isnull", True), ("created_by__isnull", True)),
                            models.Q(("created_at__isnull", False), ("created_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="course_created_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="course_published_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="course_cancelled_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="course_changed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sponsor_to_be_named", models.BooleanField(default=False)),
                (
                    "certificate_name",
                    models.CharField(max_length=150, verbose_name="name on the certificate"),
                ),
                ("expectations_version", models.CharField(max_length=20)),
                ("enrolled_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sponsor_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("acceptance_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("identity_checked_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("outcome_finalised_at", models.DateTimeField(blank=True, null=True)),
                ("sponsor_settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="courses.course",
                    ),
                ),
                (
                    "identity_checked_by",
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
                        related_name="enrolments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor_confirmed_by",
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
                        related_name="enrolments",
                        to="accounts.organisation",
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
                    models.UniqueConstraint(fields=("course", "person"), name="enrolment_once_per_course"),
                    models.UniqueConstraint(fields=("id", "course"), name="enrolment_with_course"),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("sponsor_confirmed_at__isnull", True), ("sponsor_confirmed_by__isnull", True)
                            ),
                            models.Q(
                                ("sponsor_confirmed_at__isnull", False),
                                ("sponsor_confirmed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="enrolment_sponsor_confirmed_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("identity_checked_at__isnull", True), ("identity_checked_by__isnull", True)
                            ),
                            models.Q(
                                ("identity_checked_at__isnull", False), ("identity_checked_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="enrolment_identity_checked_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="enrolment_withdrawn_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnrolmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sponsor_to_be_named", models.BooleanField(default=False)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
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
                    "person",
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
                        related_name="uuid_course_person_sponsor_organisation_sponsor_to_be_named_sponsor_confirmed_by_withdrawn_at_frozen_at_events",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "sponsor_confirmed_by",
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
                    "sponsor_organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("country", models.CharField(max_length=2)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                (
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "granted_by",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="courses.programme",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="licence_until_after_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="licence_country_two_letters",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("associate", "programme", "country"),
                        name="licence_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_at__isnull", True), ("granted_by__isnull", True)),
                            models.Q(("granted_at__isnull", False), ("granted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="licence_granted_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="licence_withdrawn_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="licence_changed_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sponsor_to_be_named", models.BooleanField(default=False)),
                ("sponsor_said", models.CharField(blank=True, max_length=200)),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("job_role", models.CharField(max_length=150, verbose_name="job role")),
                (
                    "years_experience",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="years of experience in this field",
                    ),
                ),
                (
                    "manager_name",
                    models.CharField(blank=True, max_length=150, verbose_name="line manager’s name"),
                ),
                (
                    "manager_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="line manager’s email address"
                    ),
                ),
                ("is_walk_in", models.BooleanField(default=False)),
                ("nominated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "token_sha256",
                    models.CharField(help_text="Of the link's single-use token.", max_length=64, unique=True),
                ),
                ("token_expires_at", models.DateTimeField()),
                ("link_sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nominations",
                        to="courses.course",
                    ),
                ),
                (
                    "link_shown_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "nominated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor_organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who results and follow-up go to. Empty: the person themself, or still to be named.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nominations",
                        to="accounts.organisation",
                        verbose_name="sponsor",
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
                    models.UniqueConstraint(
                        models.F("course"),
                        models.F("sponsor_organisation"),
                        models.F("sponsor_to_be_named"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("declined_at__isnull", True), ("withdrawn_at__isnull", True)),
                        name="nomination_once_per_sponsor",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(fields=("id", "course"), name="nomination_with_course"),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="nomination_email_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("years_experience__gte", 0), ("years_experience__lte", 60)),
                        name="nomination_years_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sponsor_to_be_named", False),
                            models.Q(("is_walk_in", True), ("sponsor_organisation__isnull", True)),
                            _connector="OR",
                        ),
                        name="nomination_sponsor_named_or_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nominated_at__isnull", True), ("nominated_by__isnull", True)),
                            models.Q(("nominated_at__isnull", False), ("nominated_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="nomination_nominated_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="nomination_withdrawn_at_with_by",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="enrolment",
            name="nomination",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolment", to="courses.nomination"
            ),
        ),
        migrations.CreateModel(
            name="NominationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sponsor_to_be_named", models.BooleanField(default=False)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                    "nominated_by",
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
                        related_name="uuid_course_sponsor_organisation_sponsor_to_be_named_nominated_by_declined_at_withdrawn_at_withdrawn_by_events",
                        to="courses.nomination",
                    ),
                ),
                (
                    "sponsor_organisation",
                    models.ForeignKey(
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
                (
                    "withdrawn_by",
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
            name="RegisterEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("present", "Present"),
                            ("late", "Came late"),
                            ("left_early", "Left early"),
                            ("absent", "Absent"),
                        ],
                        max_length=20,
                    ),
                ),
                ("minutes_missed", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "judgement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing_missed", "Nothing material was missed"),
                            ("covered", "What was missed has been covered"),
                            ("make_up", "It must be made up at an equivalent session"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "covered_how",
                    models.TextField(blank=True, help_text="How and when it was covered.", max_length=1000),
                ),
                ("made_up_on", models.DateField(blank=True, null=True)),
                ("made_up_how", models.TextField(blank=True, max_length=1000)),
                ("made_up_at", models.DateTimeField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True, max_length=1000)),
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
                        related_name="register_entries",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "made_up_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("presence__in", ["present", "late", "left_early", "absent"])),
                        name="registerentry_presence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("presence__in", ["late", "left_early"]),
                                ("minutes_missed__gt", 0),
                                ("minutes_missed__isnull", False),
                                ("judgement__in", ["nothing_missed", "covered", "make_up"]),
                            ),
                            models.Q(
                                ("judgement", ""),
                                ("minutes_missed__isnull", True),
                                ("presence__in", ["present", "late", "left_early", "absent"]),
                            ),
                            _connector="OR",
                        ),
                        name="registerentry_minutes_where_partly_there",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judgement", "covered"), _negated=True),
                            models.Q(("covered_how", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="registerentry_covered_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_up_at__isnull", True), ("made_up_on__isnull", True)),
                            models.Q(
                                ("made_up_at__isnull", False),
                                ("made_up_on__isnull", False),
                                models.Q(("made_up_how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="registerentry_made_up_says_how_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", True), ("recorded_by__isnull", True)),
                            models.Q(("recorded_at__isnull", False), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registerentry_recorded_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_up_at__isnull", True), ("made_up_by__isnull", True)),
                            models.Q(("made_up_at__isnull", False), ("made_up_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registerentry_made_up_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="courses.course",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "number"), name="session_number_unique"),
                    models.UniqueConstraint(fields=("id", "course"), name="session_with_course"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="session_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.TextField(max_length=1000)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_reasons",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_reasons",
                        to="courses.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "session", "recorded_at"),
                        name="registerreason_once_each_writing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterEntryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("present", "Present"),
                            ("late", "Came late"),
                            ("left_early", "Left early"),
                            ("absent", "Absent"),
                        ],
                        max_length=20,
                    ),
                ),
                ("minutes_missed", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "judgement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing_missed", "Nothing material was missed"),
                            ("covered", "What was missed has been covered"),
                            ("make_up", "It must be made up at an equivalent session"),
                        ],
                        max_length=20,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_up_at", models.DateTimeField(blank=True, null=True)),
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
                    "made_up_by",
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
                        related_name="enrolment_session_presence_minutes_missed_judgement_recorded_at_recorded_by_made_up_at_made_up_by_events",
                        to="courses.registerentry",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="registerentry",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="register_entries",
                to="courses.session",
            ),
        ),
        migrations.CreateModel(
            name="MakeUpRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("made_up_on", models.DateField()),
                ("made_up_how", models.TextField(max_length=1000)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed", models.BooleanField(blank=True, null=True)),
                (
                    "declined_because",
                    models.TextField(blank=True, max_length=1000, verbose_name="what is not so"),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="make_ups_asked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="make_up_requests",
                        to="courses.enrolment",
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="make_up_requests",
                        to="courses.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("enrolment", "session"),
                        name="makeuprequest_one_unanswered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("confirmed__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("confirmed__isnull", False),
                                ("withdrawn_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="makeuprequest_answer_is_yes_or_no",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by__isnull", True),
                            ("answered_by", models.F("associate")),
                            _connector="OR",
                        ),
                        name="makeuprequest_answered_by_whom_it_was_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at__isnull", True), ("asked_by__isnull", True)),
                            models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="makeuprequest_asked_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="makeuprequest_answered_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="makeuprequest_withdrawn_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session_changes",
                        to="courses.course",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sessionchange_changed_at_with_by",
                    )
                ],
            },
        ),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at__isnull", True), ("refused_by__isnull", True)),
                            models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sponsorrefusal_refused_at_with_by",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseAssociate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assigned_by",
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
                        related_name="trained",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="associates",
                        to="courses.course",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="used", to="courses.licence"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("course", "associate"), name="courseassociate_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_at__isnull", True), ("assigned_by__isnull", True)),
                            models.Q(("assigned_at__isnull", False), ("assigned_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="courseassociate_assigned_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=1000)),
                ("corrected_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "corrected_by",
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
                        related_name="name_corrections",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrected_at__isnull", True), ("corrected_by__isnull", True)),
                            models.Q(("corrected_at__isnull", False), ("corrected_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="namecorrection_corrected_at_with_by",
                    )
                ],
            },
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
        migrations.AddConstraint(
            model_name="registerentry",
            constraint=models.UniqueConstraint(fields=("enrolment", "session"), name="registerentry_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="registerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "courses_registerentryevent" ("enrolment_id", "judgement", "made_up_at", "made_up_by_id", "minutes_missed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "recorded_at", "recorded_by_id", "session_id") VALUES (NEW."enrolment_id", NEW."judgement", NEW."made_up_at", NEW."made_up_by_id", NEW."minutes_missed", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."presence", NEW."recorded_at", NEW."recorded_by_id", NEW."session_id"); RETURN NULL;',
                    hash="3010b5ad279a94361ce38afd74c61d470e5790d1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_947de",
                    table="courses_registerentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="registerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."judgement" IS DISTINCT FROM (NEW."judgement") OR OLD."made_up_at" IS DISTINCT FROM (NEW."made_up_at") OR OLD."made_up_by_id" IS DISTINCT FROM (NEW."made_up_by_id") OR OLD."minutes_missed" IS DISTINCT FROM (NEW."minutes_missed") OR OLD."presence" IS DISTINCT FROM (NEW."presence") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."session_id" IS DISTINCT FROM (NEW."session_id"))',
                    func='INSERT INTO "courses_registerentryevent" ("enrolment_id", "judgement", "made_up_at", "made_up_by_id", "minutes_missed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "recorded_at", "recorded_by_id", "session_id") VALUES (NEW."enrolment_id", NEW."judgement", NEW."made_up_at", NEW."made_up_by_id", NEW."minutes_missed", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."presence", NEW."recorded_at", NEW."recorded_by_id", NEW."session_id"); RETURN NULL;',
                    hash="7849d06d5058a03a1fe41eec2a84077e410bd433",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_37aa7",
                    table="courses_registerentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="registerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "courses_registerentryevent" ("enrolment_id", "judgement", "made_up_at", "made_up_by_id", "minutes_missed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "recorded_at", "recorded_by_id", "session_id") VALUES (OLD."enrolment_id", OLD."judgement", OLD."made_up_at", OLD."made_up_by_id", OLD."minutes_missed", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."presence", OLD."recorded_at", OLD."recorded_by_id", OLD."session_id"); RETURN NULL;',
                    hash="8541bbaa85dd1b492db972909f156c480488d84b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7f804",
                    table="courses_registerentry",
                    when="AFTER",
                ),
            ),
        ),
    ]
