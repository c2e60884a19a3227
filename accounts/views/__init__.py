"""The pages of accounts: signing in, one's own account, organisations, staff, letters not sent."""
