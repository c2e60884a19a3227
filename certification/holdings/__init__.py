"""What certification holds about somebody: how they were assessed, certificates, what followed."""

from certification.holdings import appeals, assessment, certificates, second_marking

__all__ = ["appeals", "assessment", "certificates", "second_marking"]
