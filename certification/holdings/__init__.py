"""What certification holds about somebody: how they were assessed, certificates, what followed."""

from certification.holdings import assessment, certificates

__all__ = ["assessment", "certificates"]
