"""The records of what was done."""
