"""What assessments holds about somebody: the tables of its storeys, which are found here.

Those of marking stand in certification, which knows what somebody may be told of them.
"""

import assessments.answering.holdings
import assessments.case_studies.holdings  # noqa: F401
