"""Decisions, certificates and their documents, follow-ups, reports."""

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
    "Report",
    "ReportQuerySet",
    "ToldLater",
]
