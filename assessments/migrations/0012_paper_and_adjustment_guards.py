"""What must never be false of adjustments and of paper, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, never_deleted, tied

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

_OVER = "EXISTS (SELECT FROM assessments_transcription WHERE id = {0} AND {1})"
_REFUSED = "RAISE EXCEPTION '{}' USING ERRCODE = 'restrict_violation';"

PAPER = [
    # It becomes a submission of the same person, to the version that was typed in.
    tied(
        "assessments_transcription",
        ("submission_id", "enrolment_id"),
        "assessments_submission",
        ("id", "enrolment_id"),
    ),
    tied(
        "assessments_transcription",
        ("submission_id", "version_id"),
        "assessments_submission",
        ("id", "version_id"),
    ),
    *guard(
        "assessments_transcription_over",
        f"""
        IF OLD.submission_id IS NOT NULL OR OLD.ended_at IS NOT NULL
            OR (NEW.enrolment_id, NEW.version_id, NEW.begun_by_id) <> (OLD.enrolment_id, OLD.version_id, OLD.begun_by_id)
        THEN
            {_REFUSED.format("what was transcribed does not change")}
        END IF;
        RETURN NEW;
        """,
        {"assessments_transcription": "UPDATE"},
    ),
    # What was handed over is compared with the paper as it stands. Copies go once nobody needs them.
    *guard(
        "assessments_transcribed_answer",
        f"""
        IF TG_OP = 'DELETE' THEN
            IF {_OVER.format("OLD.transcription_id", "typed_at IS NOT NULL AND submission_id IS NULL AND ended_at IS NULL")}
            THEN
                {_REFUSED.format("what was handed over does not change")}
            END IF;
            RETURN OLD;
        END IF;
        IF {_OVER.format("NEW.transcription_id", "(typed_at IS NOT NULL OR ended_at IS NOT NULL)")}
            OR (TG_OP = 'UPDATE' AND NEW.transcription_id <> OLD.transcription_id)
        THEN
            {_REFUSED.format("what was handed over does not change")}
        END IF;
        RETURN NEW;
        """,
        {"assessments_transcribedanswer": "INSERT OR UPDATE OR DELETE"},
    ),
    # Evidence stays as it was when it was checked.
    *guard(
        "assessments_scan_kept",
        f"""
        IF TG_OP = 'UPDATE' THEN
            {_REFUSED.format("a scan does not change")}
        END IF;
        IF TG_OP = 'DELETE' THEN
            IF {_OVER.format("OLD.transcription_id", "submission_id IS NOT NULL")} THEN
                {_REFUSED.format("the scans of a submission stay")}
            END IF;
            RETURN OLD;
        END IF;
        IF {_OVER.format("NEW.transcription_id", "(submission_id IS NOT NULL OR ended_at IS NOT NULL)")} THEN
            {_REFUSED.format("the scans of a submission stay")}
        END IF;
        RETURN NEW;
        """,
        {"assessments_scan": "INSERT OR UPDATE OR DELETE"},
    ),
    never_deleted("assessments_transcription"),
    append_only("assessments_booklet", "assessments_unsentupload"),
]


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_paper_and_adjustments")]
    operations = [*ADJUSTMENTS, *PAPER]
