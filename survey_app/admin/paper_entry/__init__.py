"""Answers that come on paper or in a table."""
