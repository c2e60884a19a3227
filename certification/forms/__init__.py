"""The forms of certification."""

from certification.forms.branding import BrandingForm
from certification.forms.deciding import (
    AppointmentForm,
    CodeForm,
    DecisionForm,
    RevokeForm,
)
from certification.forms.following_up import CommentForm, SendOnForm, StepForm
from certification.forms.over_time import OverTimeForm
from certification.forms.redacting import RedactionForm
from certification.forms.reporting import ReportForm

__all__ = [
    "AppointmentForm",
    "BrandingForm",
    "CodeForm",
    "CommentForm",
    "DecisionForm",
    "OverTimeForm",
    "RedactionForm",
    "ReportForm",
    "RevokeForm",
    "SendOnForm",
    "StepForm",
]
