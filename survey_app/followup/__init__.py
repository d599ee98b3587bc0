"""Rectification: cases with their notices, the ledger, what schools reply, and the counts that marks take off."""
