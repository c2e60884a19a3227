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
        *guard(
            "assessments_frozen_objection",
            refuse_where(
                "SELECT 1 FROM assessments_version WHERE frozen_at IS NOT NULL AND id IN "
                + either("version_id"),
                "a frozen version is not objected to",
            ),
            {"assessments_objection": "INSERT OR UPDATE OR DELETE"},
        ),
        # A save was acknowledged to an answer that there is.
        tied(
            "assessments_acknowledgedsave",
            ("submission_id", "question_id"),
            "assessments_answer",
            ("submission_id", "question_id"),
        ),
        # What a page was told stays so, until nothing that the page still holds can be read.
        *guard(
            "assessments_acknowledged",
            """
            IF TG_OP = 'UPDATE' OR NOT EXISTS (
                SELECT 1 FROM assessments_journalkey
                WHERE submission_id = OLD.submission_id AND destroyed_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'what was acknowledged does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
            """,
            {"assessments_acknowledgedsave": "UPDATE OR DELETE"},
        ),
        # Of replaced texts one a minute stays; every other kept text stays for good.
        *guard(
            "assessments_kept_answer",
            """
            IF OLD.why <> 'replaced' OR to_jsonb(NEW) - 'text' - 'saved_at' <> to_jsonb(OLD) - 'text' - 'saved_at'
            THEN
                RAISE EXCEPTION 'a kept text does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_keptanswer": "UPDATE"},
        ),
        # A key may be destroyed, and then stays so.
        *guard(
            "assessments_journal_key",
            """
            IF OLD.destroyed_at IS NOT NULL OR NEW.key IS NOT NULL OR NEW.submission_id <> OLD.submission_id
                OR NEW.made_at <> OLD.made_at
            THEN
                RAISE EXCEPTION 'a key changes only by being destroyed' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_journalkey": "UPDATE"},
        ),
        # A code is tried, then used or ended, once and for good; whose it is and who gave it stays.
        *guard(
            "assessments_entry_code",
            """
            IF OLD.used_at IS NOT NULL OR OLD.ended_at IS NOT NULL OR NEW.wrong_tries < OLD.wrong_tries
                OR to_jsonb(NEW) - 'wrong_tries' - 'used_at' - 'ended_at' - 'ended_because'
                <> to_jsonb(OLD) - 'wrong_tries' - 'used_at' - 'ended_at' - 'ended_because'
            THEN
                RAISE EXCEPTION 'a code that was given does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_entrycode": "UPDATE"},
        ),
        *ADJUSTMENTS,
        *PAPER,
        *guard(
            "assessments_submitted_whole",
            """
            IF NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL AND EXISTS (
                SELECT FROM assessments_answer WHERE submission_id = NEW.id AND gaps > 0
            ) THEN
                RAISE EXCEPTION 'a part of an answer is open' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"assessments_submission": "UPDATE"},
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
            "assessments_roomreopening",
            "assessments_timegrant",
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
            "assessments_keptanswer",
            "assessments_journalkey",
            "assessments_entrycode",
            "assessments_seat",
        ),
    ]
