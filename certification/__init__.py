"""Eligibility, approvals, certificates, verification, follow-ups and reports."""
