"""What must never be false in assessments, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, either, guard, never_deleted, refuse_where, tied

ANY = "INSERT OR UPDATE OR DELETE"
FROZEN = "a frozen version does not change"
BY_QUESTION = """
    SELECT 1 FROM assessments_version v JOIN assessments_question q ON q.version_id = v.id
    WHERE v.frozen_at IS NOT NULL AND q.id IN"""
BY_CRITERION = """
    SELECT 1 FROM assessments_version v JOIN assessments_question q ON q.version_id = v.id
    JOIN assessments_criterion c ON c.question_id = q.id
    WHERE v.frozen_at IS NOT NULL AND c.id IN"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("courses", "0002_guards")]
    operations = [
        tied(
            "assessments_submission", ("enrolment_id", "course_id"), "courses_enrolment", ("id", "course_id")
        ),
        tied(
            "assessments_submission",
            ("course_id", "version_id"),
            "assessments_coursepin",
            ("course_id", "version_id"),
        ),
        tied(
            "assessments_answer",
            ("submission_id", "version_id"),
            "assessments_submission",
            ("id", "version_id"),
        ),
        tied(
            "assessments_answer", ("question_id", "version_id"), "assessments_question", ("id", "version_id")
        ),
        tied(
            "assessments_recommendation",
            ("submission_id", "enrolment_id"),
            "assessments_submission",
            ("id", "enrolment_id"),
        ),
        tied(
            "assessments_recommendation",
            ("marking_id", "submission_id"),
            "assessments_marking",
            ("id", "submission_id"),
        ),
        # A frozen version: its row may only be retired, and nothing in it changes.
        *guard(
            "assessments_frozen_version",
            """
            IF OLD.frozen_at IS NOT NULL THEN
                IF TG_OP = 'DELETE' THEN
                    RAISE EXCEPTION 'a frozen version does not change' USING ERRCODE = 'restrict_violation';
                END IF;
                IF to_jsonb(NEW) - 'retired_at' - 'retired_by_id' <> to_jsonb(OLD) - 'retired_at' - 'retired_by_id'
                THEN
                    RAISE EXCEPTION 'a frozen version does not change' USING ERRCODE = 'restrict_violation';
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            {"assessments_version": "UPDATE OR DELETE"},
        ),
        *guard(
            "assessments_frozen_part",
            refuse_where(
                "SELECT 1 FROM assessments_version WHERE frozen_at IS NOT NULL AND id IN "
                + either("version_id"),
                FROZEN,
            ),
            {"assessments_section": ANY, "assessments_question": ANY},
        ),
        *guard(
            "assessments_frozen_criterion",
            refuse_where(f"{BY_QUESTION} {either('question_id')}", FROZEN),
            {"assessments_criterion": ANY},
        ),
        *guard(
            "assessments_frozen_tag",
            refuse_where(f"{BY_CRITERION} {either('criterion_id')}", FROZEN),
            {"assessments_criterion_constructs": ANY, "assessments_criterion_areas": ANY},
        ),
        # A published edition of the framework.
        *guard(
            "assessments_edition_published",
            """
            IF OLD.published_at IS NOT NULL THEN
                RAISE EXCEPTION 'a published edition does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            {"assessments_frameworkedition": "UPDATE OR DELETE"},
        ),
        *guard(
            "assessments_edition_part",
            refuse_where(
                "SELECT 1 FROM assessments_frameworkedition WHERE published_at IS NOT NULL AND id IN "
                + either("edition_id"),
                "a published edition does not change",
            ),
            {
                "assessments_frameworkdomain": ANY,
                "assessments_frameworkstage": ANY,
                "assessments_frameworkarea": ANY,
            },
        ),
        # A course keeps its version from the release of its case study on.
        *guard(
            "assessments_pin_released",
            refuse_where(
                "SELECT 1 FROM assessments_sitting WHERE released_at IS NOT NULL AND course_id = OLD.course_id",
                "a course keeps the version that was released to it",
            ),
            {"assessments_coursepin": "UPDATE"},
        ),
        # A submitted submission and its answers. FOR SHARE waits for a submission in progress.
        *guard(
            "assessments_submitted",
            """
            IF OLD.submitted_at IS NOT NULL THEN
                RAISE EXCEPTION 'a submission does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            {"assessments_submission": "UPDATE OR DELETE"},
        ),
        *guard(
            "assessments_submitted_answer",
            """
            PERFORM 1 FROM assessments_submission WHERE id IN """
            + either("submission_id")
            + """ AND submitted_at IS NOT NULL FOR SHARE;
            IF FOUND THEN
                RAISE EXCEPTION 'a submitted answer does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            {"assessments_answer": ANY},
        ),
        # Finalised marking and recommendations.
        *guard(
            "assessments_finalised",
            """
            IF OLD.finalised_at IS NOT NULL THEN
                RAISE EXCEPTION 'what was finalised does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            {"assessments_marking": "UPDATE OR DELETE", "assessments_recommendation": "UPDATE OR DELETE"},
        ),
        *guard(
            "assessments_finalised_mark",
            refuse_where(
                "SELECT 1 FROM assessments_marking WHERE finalised_at IS NOT NULL AND id IN "
                + either("marking_id"),
                "what was finalised does not change",
            ),
            {"assessments_criterionmark": ANY},
        ),
        *guard(
            "assessments_mark_of_version",
            """
            IF NOT EXISTS (
                SELECT 1 FROM assessments_marking m
                JOIN assessments_submission s ON s.id = m.submission_id
                JOIN assessments_question q ON q.version_id = s.version_id
                JOIN assessments_criterion c ON c.question_id = q.id
                WHERE m.id = NEW.marking_id AND c.id = NEW.criterion_id
            ) THEN
                RAISE EXCEPTION 'a mark belongs to a criterion of the version that was answered'
                    USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_criterionmark": "INSERT OR UPDATE"},
        ),
        append_only(
            "assessments_agreement",
            "assessments_wording",
            "assessments_objectionreply",
            "assessments_agreementreminder",
            "assessments_pinmove",
            "assessments_sittingevent",
            "assessments_submissionevent",
            "assessments_markingevent",
            "assessments_recommendationevent",
        ),
        never_deleted(
            "assessments_submission",
            "assessments_answer",
            "assessments_marking",
            "assessments_criterionmark",
            "assessments_recommendation",
            "assessments_disagreement",
            "assessments_coursepin",
            "assessments_sitting",
            "assessments_versionauthor",
            "assessments_objection",
            "assessments_unavailability",
        ),
    ]
