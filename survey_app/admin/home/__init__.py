"""The first page of everyone."""
