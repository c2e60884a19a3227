"""The audit log: who did what and when, as each app's `audit.py` tells it, for AIM admins."""
