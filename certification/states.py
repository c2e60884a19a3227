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


class AppealKind(TextChoices):
    """What somebody asks to be looked at again."""

    MARKS = "marks", _("How my answers were marked")
    REFUSAL = "refusal", _("That I was not certified")
    ADJUSTMENT = "adjustment", _("An adjustment that was not made, or not as I needed it")
    CONSIDERATION = "consideration", _("Special consideration that was not given")
    MALPRACTICE = "malpractice", _("A decision that I broke the rules")
    PROCEDURE = "procedure", _("How things were done")


class AppealResult(TextChoices):
    """What those who decide an appeal came to."""

    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Upheld in part")
    NOT_UPHELD = "not_upheld", _("Not upheld")


class AppealFollows(TextChoices):
    """What follows from an appeal; a certificate never does by itself, but through the one rule."""

    NOTHING = "nothing", _("Nothing changes")
    ROUND = "round", _("A new round: the trainers look at the marks and the outcome again")
    MARKED_ANEW = "marked_anew", _("A new round: somebody else marks the answers")
    REFUSAL_LIFTED = "refusal_lifted", _("The refusal is lifted: the outcome is looked at and decided anew")
    WORDS = "words", _("What the words to the person say")


class Touches(TextChoices):
    """By what a fault that an appeal found may have touched others."""

    MARKER = "marker", _("Whoever was judged by the same marker")
    QUESTION = "question", _("Whoever answered the same question")
    SESSION = "session", _("Whoever was on the same course")


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
