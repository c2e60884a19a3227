"""Every form of the site, filled in as the person fills it in who may send it.

A form that is not here, nor among the buttons, fails tests/bad_input/test_what_is_typed.py.
"""

from tests.bad_input.forms import (  # noqa: F401  (fill FORMS)
    accounts,
    agreeing,
    assessments,
    certification,
    courses,
    framework,
    paper,
    room,
    safeguarding,
    second_marking,
    writing,
)
from tests.bad_input.forms.filled import BUTTONS, FORMS, Filled, send, signed_in

__all__ = ["BUTTONS", "FORMS", "Filled", "send", "signed_in"]
