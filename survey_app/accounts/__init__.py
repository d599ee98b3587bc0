"""Accounts: the people of the office, what they may do, and the trail of what they did."""
