"""Names that an export uses itself; a question or dimension of that name would mean two things.

Names of the page need no list: its ids and its fields cannot be those of a question (``templates/collection``).
"""

EXPORT_COLUMNS = frozenset(("school_code", "audience"))
GRADE_COLUMN = "grade"  # only the question about the grade may be called so
RESERVED_DIMENSIONS = frozenset(("OVERALL", "composite"))
FORM_WIDE = "form-wide"  # what is accepted of a questionnaire and of no single question; no id has a hyphen
