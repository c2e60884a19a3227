"""Nobody reads *not yet competent* before somebody has spoken to them, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import append_only, guard, tied
from certification.redacted_places import redaction_reaches

OWN = "t.enrolment_id = $2"


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0012_told_later"),
        ("assessments", "0010_reasons_and_conversations"),
    ]
    operations = [
        tied(
            "certification_toldlater",
            ("recommendation_id", "enrolment_id"),
            "assessments_recommendation",
            ("id", "enrolment_id"),
        ),
        *guard(
            "certification_told_where_nobody_spoke",
            """
            IF NOT EXISTS (
                SELECT 1 FROM assessments_recommendation WHERE id = NEW.recommendation_id
                AND finalised_at IS NOT NULL AND outcome = 'not_yet' AND conversation_on IS NULL
            ) THEN
                RAISE EXCEPTION 'who was spoken to before it was finalised is not told later'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_toldlater": "INSERT"},
        ),
        # A follow-up is what the person reads, and what then goes to their sponsor.
        *guard(
            "certification_followup_after_conversation",
            """
            IF EXISTS (
                SELECT 1 FROM assessments_recommendation r WHERE r.id = NEW.recommendation_id
                AND r.outcome = 'not_yet' AND r.conversation_on IS NULL
                AND NOT EXISTS (SELECT 1 FROM certification_toldlater WHERE recommendation_id = r.id)
            ) THEN
                RAISE EXCEPTION 'nobody reads not yet competent before they were told'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_followup": "INSERT OR UPDATE OF recommendation_id"},
        ),
        append_only("certification_toldlater", "certification_conversationreminder"),
        redaction_reaches(
            (
                "assessments_recommendation",
                ["experience_shown", "experience_needed", "understanding_words", "no_conversation_words"],
                OWN,
            ),
            ("certification_toldlater", ["words"], OWN),
            # No new text, but a new guard that lets redaction pass.
            ("certification_followup", [], OWN),
        ),
    ]
