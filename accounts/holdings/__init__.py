"""What accounts holds about somebody, and which tables say nothing of anybody."""

from accounts.holdings import account, signing_in, silent

__all__ = ["account", "signing_in", "silent"]
