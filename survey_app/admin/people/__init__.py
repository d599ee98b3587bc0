"""Accounts: the way in, one's own, and those of others."""
