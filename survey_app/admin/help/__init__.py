"""Manuals and letters."""
