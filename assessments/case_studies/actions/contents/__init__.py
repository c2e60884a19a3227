"""What a proposed version's content must be: everything that is wrong with it, said at once."""

from assessments.case_studies.actions.contents.checked import CheckedContent
from assessments.case_studies.actions.contents.reading import KEYS, LONGEST, MOST, TITLE, VERSION_KEYS
from assessments.case_studies.spelling import one_way

__all__ = ["KEYS", "LONGEST", "MOST", "TITLE", "VERSION_KEYS", "CheckedContent", "one_way"]
