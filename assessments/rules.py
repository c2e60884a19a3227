"""Who may do what: the rules of all three storeys, which are found here."""

import assessments.answering.rules
import assessments.case_studies.rules
import assessments.marking.rules  # noqa: F401
