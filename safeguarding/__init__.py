"""Safeguarding records: what somebody tells The AIM Project's safeguarding leads, and nobody else reads."""
