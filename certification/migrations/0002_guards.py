"""What must never be false in certification, held by PostgreSQL."""

from django.db import migrations

from aimcert.foundation.guards import OUR_TABLES, append_only, guard, never_deleted, tied


class Migration(migrations.Migration):
    dependencies = [("certification", "0001_initial"), ("assessments", "0002_guards")]
    operations = [
        tied(
            "certification_decision",
            ("recommendation_id", "enrolment_id"),
            "assessments_recommendation",
            ("id", "enrolment_id"),
        ),
        tied(
            "certification_certificate",
            ("decision_id", "enrolment_id"),
            "certification_decision",
            ("id", "enrolment_id"),
        ),
        tied(
            "certification_followup",
            ("recommendation_id", "enrolment_id"),
            "assessments_recommendation",
            ("id", "enrolment_id"),
        ),
        tied(
            "certification_certificate",
            ("enrolment_id", "sponsor_organisation_id"),
            "courses_enrolment",
            ("id", "sponsor_organisation_id"),
        ),
        tied(
            "certification_followup",
            ("enrolment_id", "sponsor_organisation_id"),
            "courses_enrolment",
            ("id", "sponsor_organisation_id"),
        ),
        # A visitor's code is found by its hash, so the two can never part.
        migrations.RunSQL(
            "ALTER TABLE certification_certificate ADD CONSTRAINT certificate_hash_of_code "
            "CHECK (code_sha256 = encode(sha256(convert_to(code, 'UTF8')), 'hex'))",
            "ALTER TABLE certification_certificate DROP CONSTRAINT certificate_hash_of_code",
        ),
        *guard(
            "certification_decided_on_finalised",
            """
            IF NOT EXISTS (
                SELECT 1 FROM assessments_recommendation r
                WHERE r.id = NEW.recommendation_id AND r.finalised_at IS NOT NULL
                AND (NEW.kind <> 'approved' OR r.outcome = 'competent')
            ) THEN
                RAISE EXCEPTION 'only a finalised recommendation is decided on, and only competent approved'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_decision": "INSERT"},
        ),
        *guard(
            "certification_issued_on_approval",
            """
            IF NOT EXISTS (
                SELECT 1 FROM certification_decision WHERE id = NEW.decision_id AND kind = 'approved'
            ) THEN
                RAISE EXCEPTION 'no certificate without an approval' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_certificate": "INSERT"},
        ),
        *guard(
            "certification_certificate_stands",
            """
            IF to_jsonb(NEW) - '{state,revoked_at,revoked_by_id,revoked_because}'::text[]
                <> to_jsonb(OLD) - '{state,revoked_at,revoked_by_id,revoked_because}'::text[]
                OR OLD.state IN ('revoked', 'superseded')
            THEN
                RAISE EXCEPTION 'what a certificate says does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_certificate": "UPDATE"},
        ),
        # A composite key asks nothing where the second column is null, so self-funded is asked here.
        *guard(
            "certification_sponsor_of_enrolment",
            """
            IF NOT EXISTS (
                SELECT 1 FROM courses_enrolment WHERE id = NEW.enrolment_id
                AND sponsor_organisation_id IS NOT DISTINCT FROM NEW.sponsor_organisation_id
            ) THEN
                RAISE EXCEPTION 'it goes to the sponsor of the enrolment' USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NEW;
            """,
            {
                "certification_certificate": "INSERT",
                "certification_followup": "INSERT OR UPDATE OF enrolment_id, sponsor_organisation_id",
            },
        ),
        *guard(
            "certification_built_document",
            """
            IF OLD.built_at IS NOT NULL THEN
                RAISE EXCEPTION 'a document that was built does not change' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
            """,
            {"certification_certificatedocument": "UPDATE"},
        ),
        # No approval is committed without its certificate.
        migrations.RunSQL(
            f"""
            CREATE FUNCTION certification_approval_issues() RETURNS trigger LANGUAGE plpgsql {OUR_TABLES}
            AS $guard$
            BEGIN
                IF NEW.kind = 'approved' AND NOT EXISTS (
                    SELECT 1 FROM certification_certificate WHERE decision_id = NEW.id
                ) THEN
                    RAISE EXCEPTION 'no approval without a certificate' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NULL;
            END
            $guard$;
            CREATE CONSTRAINT TRIGGER certification_approval_issues AFTER INSERT ON certification_decision
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION certification_approval_issues();
            """,
            """
            DROP TRIGGER certification_approval_issues ON certification_decision;
            DROP FUNCTION certification_approval_issues();
            """,
        ),
        append_only(
            "certification_decision",
            "certification_appointment",
            "certification_followupstep",
            "certification_certificateevent",
            "certification_followupevent",
            "certification_reportevent",
            "certification_cohortrelease",
            "certification_cohortrelease_people",
        ),
        never_deleted(
            "certification_certificate",
            "certification_certificatedocument",
            "certification_followup",
        ),
    ]
