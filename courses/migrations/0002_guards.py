"""What must never be false in courses, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, either, guard, never_deleted, refuse_where, tied


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [
        tied(
            "courses_registerentry", ("enrolment_id", "course_id"), "courses_enrolment", ("id", "course_id")
        ),
        tied("courses_registerentry", ("session_id", "course_id"), "courses_session", ("id", "course_id")),
        tied("courses_enrolment", ("nomination_id", "course_id"), "courses_nomination", ("id", "course_id")),
        # What later tables tie their tenant to.
        migrations.RunSQL(
            "ALTER TABLE courses_enrolment ADD CONSTRAINT enrolment_with_sponsor UNIQUE (id, sponsor_organisation_id)",
            "ALTER TABLE courses_enrolment DROP CONSTRAINT enrolment_with_sponsor",
        ),
        *guard(
            "courses_frozen_enrolment",
            """
            IF OLD.frozen_at IS NOT NULL AND (
                NEW.frozen_at IS DISTINCT FROM OLD.frozen_at
                OR NEW.certificate_name IS DISTINCT FROM OLD.certificate_name
                OR NEW.person_id IS DISTINCT FROM OLD.person_id
                OR NEW.course_id IS DISTINCT FROM OLD.course_id
                OR NEW.nomination_id IS DISTINCT FROM OLD.nomination_id
                OR NEW.sponsor_organisation_id IS DISTINCT FROM OLD.sponsor_organisation_id
                OR NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
                OR NEW.sponsor_confirmed_at IS DISTINCT FROM OLD.sponsor_confirmed_at
            ) THEN
                RAISE EXCEPTION 'an approved enrolment does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"courses_enrolment": "UPDATE"},
        ),
        *guard(
            "courses_frozen_register",
            refuse_where(
                "SELECT 1 FROM courses_enrolment WHERE frozen_at IS NOT NULL AND id IN "
                + either("enrolment_id"),
                "the register of an approved enrolment does not change",
            ),
            {"courses_registerentry": "INSERT OR UPDATE OR DELETE"},
        ),
        # Who trained it and when it met are facts of every certificate of the course.
        *guard(
            "courses_certified_course",
            refuse_where(
                "SELECT 1 FROM courses_enrolment WHERE frozen_at IS NOT NULL AND course_id IN "
                + either("course_id"),
                "the sessions and Associates of a course with an approved enrolment do not change",
            ),
            {
                "courses_session": "INSERT OR UPDATE OR DELETE",
                "courses_courseassociate": "INSERT OR UPDATE OR DELETE",
            },
        ),
        # Not after approval, and an admin, who corrects somebody else's, says why.
        *guard(
            "courses_name_correction",
            """
            IF NOT EXISTS (
                SELECT 1 FROM courses_enrolment WHERE id = NEW.enrolment_id AND frozen_at IS NULL
                AND (NEW.reason <> '' OR person_id = NEW.corrected_by_id)
            ) THEN
                RAISE EXCEPTION 'a name is corrected before approval, and somebody else''s with a reason'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"courses_namecorrection": "INSERT"},
        ),
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
        append_only(
            "courses_nominationevent",
            "courses_enrolmentevent",
            "courses_registerentryevent",
            "courses_registerreason",
            "courses_namecorrection",
            "courses_sessionchange",
            "courses_sponsorrefusal",
        ),
        never_deleted(
            "courses_enrolment",
            "courses_nomination",
            "courses_course",
            "courses_licence",
            "courses_makeuprequest",
        ),
    ]
