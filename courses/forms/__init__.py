"""Forms of the courses app: what is typed, made clean; rules are the actions'."""

from courses.forms.arranging import (
    AssociateForm,
    CancelForm,
    CourseForm,
    SessionFormSet,
    SessionsForm,
    blank_sessions,
    sessions_of,
    times_of,
)
from courses.forms.licences import GrantForm, RenewForm
from courses.forms.naming import CertificateNameForm
from courses.forms.nominating import AcceptForm, NominationForm, NomineeForm, SponsorForm, WalkInForm
from courses.forms.register import AskMakeUpForm, JudgementForm, MakeUpAnswerForm, MakeUpForm, ReasonForm
from courses.forms.telling import telling

__all__ = [
    "AcceptForm",
    "AskMakeUpForm",
    "AssociateForm",
    "CancelForm",
    "CertificateNameForm",
    "CourseForm",
    "GrantForm",
    "JudgementForm",
    "MakeUpAnswerForm",
    "MakeUpForm",
    "NominationForm",
    "NomineeForm",
    "ReasonForm",
    "RenewForm",
    "SessionFormSet",
    "SessionsForm",
    "SponsorForm",
    "WalkInForm",
    "blank_sessions",
    "sessions_of",
    "telling",
    "times_of",
]
