"""What was asked for review never changes, and neither does what decided it; held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, never_deleted, refuse_where, tied
from certification.redacted_places import redaction_reaches

OWN = "t.enrolment_id = $2"
OF_APPEAL = "t.appeal_id IN (SELECT id FROM certification_appeal WHERE enrolment_id = $2)"
OF_DRAFT = (
    "t.draft_id IN (SELECT d.id FROM certification_appealdraft d"
    " JOIN certification_appeal a ON a.id = d.appeal_id WHERE a.enrolment_id = $2)"
)


class Migration(migrations.Migration):
    dependencies = [("certification", "0015_appeals")]
    operations = [
        *guard(
            "certification_appeal_stays",
            """
            IF (OLD.enrolment_id, OLD.submission_id, OLD.kinds, OLD.words, OLD.sha256, OLD.file_name,
                OLD.asked_at, OLD.asked_by_id, OLD.answer_due_at)
                IS DISTINCT FROM
                (NEW.enrolment_id, NEW.submission_id, NEW.kinds, NEW.words, NEW.sha256, NEW.file_name,
                NEW.asked_at, NEW.asked_by_id, NEW.answer_due_at)
            OR (OLD.answered_at IS NOT NULL AND (OLD.answered_at, OLD.refusal_lifted_at)
                IS DISTINCT FROM (NEW.answered_at, NEW.refusal_lifted_at))
            OR (OLD.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at) THEN
                RAISE EXCEPTION 'what was asked for review, and how it ended, does not change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_appeal": "UPDATE"},
        ),
        *guard(
            "certification_appealdraft_while_open",
            refuse_where(
                "SELECT 1 FROM certification_appeal WHERE id = NEW.appeal_id"
                " AND (answered_at IS NOT NULL OR withdrawn_at IS NOT NULL)",
                "what ended is not decided any more",
            ),
            {"certification_appealdraft": "INSERT"},
        ),
        append_only("certification_panelrule", "certification_appealdraft", "certification_appealview"),
        never_deleted("certification_appeal", "certification_panelmember"),
        tied(
            "certification_appeal",
            ("submission_id", "enrolment_id"),
            "assessments_submission",
            ("id", "enrolment_id"),
        ),
        redaction_reaches(
            ("certification_appeal", ["words"], OWN),
            ("certification_appealdraft", ["found", "answer"], OF_APPEAL),
            ("certification_appealview", ["words"], OF_DRAFT),
        ),
    ]
