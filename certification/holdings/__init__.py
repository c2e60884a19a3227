"""What certification holds about somebody: outcomes, certificates, what followed."""

from certification.holdings import certificates, outcomes

__all__ = ["certificates", "outcomes"]
