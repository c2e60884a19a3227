"""What must never be false of adjustments and of paper, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import guard, never_deleted, tied

ADJUSTMENTS = [
    # What was granted answers the same person's request, and its minutes are theirs.
    tied(
        "assessments_adjustment",
        ("request_id", "enrolment_id"),
        "assessments_adjustmentrequest",
        ("id", "enrolment_id"),
    ),
    tied(
        "assessments_adjustment",
        ("time_grant_id", "enrolment_id"),
        "assessments_timegrant",
        ("id", "enrolment_id"),
    ),
    *guard(
        "assessments_adjustment_ends",
        """
        IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - 'ended_at' - 'ended_by_id'
            <> to_jsonb(OLD) - 'ended_at' - 'ended_by_id'
        THEN
            RAISE EXCEPTION 'an adjustment changes only by being ended' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
        """,
        {"assessments_adjustment": "UPDATE"},
    ),
    *guard(
        "assessments_adjustment_answered",
        """
        IF OLD.answered_at IS NOT NULL OR to_jsonb(NEW) - 'answer' - 'answered_at' - 'answered_by_id'
            <> to_jsonb(OLD) - 'answer' - 'answered_at' - 'answered_by_id'
        THEN
            RAISE EXCEPTION 'a request changes only by being answered' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
        """,
        {"assessments_adjustmentrequest": "UPDATE"},
    ),
    never_deleted("assessments_adjustment", "assessments_adjustmentrequest"),
]


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_paper_and_adjustments")]
    operations = [*ADJUSTMENTS]
