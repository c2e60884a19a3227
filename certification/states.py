"""What is decided, and the two things that truly walk through steps: certificates and reports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DecisionKind(TextChoices):
    """The AIM Project's decision on a recommended outcome."""

    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned to the trainer with a question")
    REFUSED = "refused", _("Refused")


class HowTold(TextChoices):
    """How somebody heard *not yet competent* after it was finalised without a conversation."""

    SPOKEN = "spoken", _("In a conversation")
    IN_WRITING = "in_writing", _("In writing")


class Reminded(TextChoices):
    """Of what whoever holds a conversation was reminded."""

    DUE = "due", _("The last day to hold it comes")
    OVERDUE = "overdue", _("That day has passed")


class CertificateState(TextChoices):
    """Whether a certificate stands; none is ever deleted."""

    VALID = "valid", _("Valid")
    SUSPENDED = "suspended", _("Suspended")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


class ReportState(TextChoices):
    """How far a report has been built."""

    WAITING = "waiting", _("Waiting to be built")
    BUILDING = "building", _("Being built")
    BUILT = "built", _("Ready")
    FAILED = "failed", _("Could not be built")
    EXPIRED = "expired", _("Deleted after its time")


class Viewer(TextChoices):
    """As whom somebody looks at a result."""

    PARTICIPANT = "participant", _("The person themself")
    SPONSOR = "sponsor", _("A commissioner of the sponsor")
    AIM = "aim", _("The AIM Project")


class ReportKind(TextChoices):
    """What a report is about: a kind each, which is a module of `certification.reports`."""

    FOLLOW_UP = "follow-up", _("Follow-up report")


class ReportFormat(TextChoices):
    """What a report is downloaded as."""

    PDF = "pdf", _("PDF, to read and print")
    XLSX = "xlsx", _("Spreadsheet (XLSX), to work with")


# Every step there is, by the action's name: from which states, to which.
CERTIFICATE_STEPS: dict[str, tuple[list[str], str]] = {
    "revoke": ([CertificateState.VALID, CertificateState.SUSPENDED], CertificateState.REVOKED),
}
REPORT_STEPS: dict[str, tuple[list[str], str]] = {
    "begin": ([ReportState.WAITING, ReportState.BUILDING], ReportState.BUILDING),
    "finish": ([ReportState.BUILDING], ReportState.BUILT),
    "give_up": ([ReportState.WAITING, ReportState.BUILDING], ReportState.FAILED),
    "lose": ([ReportState.BUILDING, ReportState.BUILT], ReportState.WAITING),
    "ask_again": ([ReportState.FAILED], ReportState.WAITING),
    "expire": ([ReportState.BUILT], ReportState.EXPIRED),
}
