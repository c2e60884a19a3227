"""Forms of the courses app: what is typed, made clean; rules are the actions'."""

from courses.forms.arranging import (
    AssociateForm,
    CancelForm,
    CourseForm,
    ListForm,
    SessionFormSet,
    blank_sessions,
    sessions_of,
)
from courses.forms.licences import GrantForm, RenewForm
from courses.forms.naming import CertificateNameForm
from courses.forms.nominating import AcceptForm, NominationForm, WalkInForm
from courses.forms.register import JudgementForm, MakeUpForm, ReasonForm
from courses.forms.telling import telling

__all__ = [
    "AcceptForm",
    "AssociateForm",
    "CancelForm",
    "CertificateNameForm",
    "CourseForm",
    "GrantForm",
    "JudgementForm",
    "ListForm",
    "MakeUpForm",
    "NominationForm",
    "ReasonForm",
    "RenewForm",
    "SessionFormSet",
    "WalkInForm",
    "blank_sessions",
    "sessions_of",
    "telling",
]
