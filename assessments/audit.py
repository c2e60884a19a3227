"""What the audit log tells of assessments: the acts of its storeys, which are found here."""

import assessments.answering.audit
import assessments.case_studies.audit
import assessments.marking.audit  # noqa: F401
