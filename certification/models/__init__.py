"""Decisions, appeals, certificates and their documents, follow-ups, reports."""

from certification.models.appeals import (
    Appeal,
    AppealDraft,
    AppealQuerySet,
    AppealView,
    PanelMember,
    PanelMemberQuerySet,
    PanelRule,
)
from certification.models.certificates import (
    Branding,
    BrandingQuerySet,
    Certificate,
    CertificateDocument,
    CertificateQuerySet,
)
from certification.models.decisions import Appointment, Decision
from certification.models.follow_ups import FollowUp, FollowUpQuerySet, FollowUpStep
from certification.models.reports import CohortRelease, Report, ReportQuerySet
from certification.models.telling import ConversationReminder, ToldLater

__all__ = [
    "Appeal",
    "AppealDraft",
    "AppealQuerySet",
    "AppealView",
    "Appointment",
    "Branding",
    "BrandingQuerySet",
    "Certificate",
    "CertificateDocument",
    "CertificateQuerySet",
    "CohortRelease",
    "ConversationReminder",
    "Decision",
    "FollowUp",
    "FollowUpQuerySet",
    "FollowUpStep",
    "PanelMember",
    "PanelMemberQuerySet",
    "PanelRule",
    "Report",
    "ReportQuerySet",
    "ToldLater",
]
