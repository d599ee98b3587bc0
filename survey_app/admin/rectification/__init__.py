"""The assessment year: scheme, trial, marks, book."""
