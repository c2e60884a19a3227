"""What certification holds about somebody: how they were assessed, certificates, what followed."""

from certification.holdings import assessment, certificates, second_marking

__all__ = ["assessment", "certificates", "second_marking"]
