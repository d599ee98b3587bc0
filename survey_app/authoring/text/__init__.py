"""A questionnaire from pasted text or a Word file: line by line to a draft."""
