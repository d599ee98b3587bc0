"""Integrity: the seal. What was collected is closed, counted once and kept."""
