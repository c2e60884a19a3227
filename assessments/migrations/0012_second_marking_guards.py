"""What must never be false of second marking, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, never_deleted, tied

SECOND_MARKER = "assessments_secondmarker"
SETTLEMENT = "assessments_settlement"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_second_marking")]
    operations = [
        # All three markings are of the answers that were settled.
        *(
            tied(
                SETTLEMENT,
                (column, "submission_id"),
                "assessments_marking",
                ("id", "submission_id"),
            )
            for column in ("first_id", "second_id", "marking_id")
        ),
        *guard(
            "assessments_settlement_roles",
            """
            IF (SELECT array_agg(m.role ORDER BY m.role) FROM assessments_marking m
                WHERE m.id IN (NEW.first_id, NEW.second_id, NEW.marking_id) AND m.finalised_at IS NOT NULL)
                IS DISTINCT FROM ARRAY['first', 'second', 'settled']::varchar[]
            THEN
                RAISE EXCEPTION 'a settlement is of a first and a second marking, and all are final'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {SETTLEMENT: "INSERT"},
        ),
        # Nobody marks a second time what they had a part in.
        *guard(
            "assessments_second_marker_apart",
            """
            IF EXISTS (
                SELECT FROM assessments_submission s
                JOIN courses_courseassociate a ON a.course_id = s.course_id
                WHERE s.id = NEW.submission_id AND a.associate_id = NEW.marker_id
            ) OR EXISTS (
                SELECT FROM assessments_submission s
                JOIN courses_enrolment e ON e.course_id = s.course_id
                JOIN accounts_person p ON p.id = e.person_id
                WHERE s.id = NEW.submission_id AND NEW.marker_id IN (p.id, p.merged_into_id)
            ) THEN
                RAISE EXCEPTION 'a second marker has no part in the course' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {SECOND_MARKER: "INSERT"},
        ),
        # Who was asked stays; it ends once.
        *guard(
            "assessments_second_marker_asked",
            """
            IF OLD.ended_at IS NOT NULL
                OR to_jsonb(NEW) - 'ended_at' - 'ended_by_id' - 'ended_because'
                <> to_jsonb(OLD) - 'ended_at' - 'ended_by_id' - 'ended_because'
            THEN
                RAISE EXCEPTION 'who was asked does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {SECOND_MARKER: "UPDATE"},
        ),
        append_only(
            "assessments_sampleseed",
            "assessments_secondmarkingnumbers",
            "assessments_sampledraw",
            "assessments_drawnscript",
            "assessments_settlingmessage",
            "assessments_settlementproposal",
            "assessments_proposedmark",
            SETTLEMENT,
        ),
        never_deleted(SECOND_MARKER),
    ]
