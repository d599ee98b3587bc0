"""Formats that are known and not read, so that they can be refused by name."""

import json
from collections.abc import Sequence

_SURVEYJS_KEYS = ("pages", "elements", "questions", "calculatedValues", "triggers")
_REDCAP_HEADINGS = (
    {"field_name", "form_name", "field_type"}, {"variable / field name", "form name", "field type"},
)  # fmt: skip


def is_surveyjs(content: bytes) -> bool:
    """Return whether a file is a form of SurveyJS.

    >>> is_surveyjs(b'{"pages": [{"elements": []}]}'), is_surveyjs(b'{"type": "FeatureCollection"}'), is_surveyjs(b"{")
    (True, False, False)
    """
    try:
        form = json.loads(content)
    except (ValueError, RecursionError):
        return False
    forms = form if isinstance(form, list) else [form]
    forms += [inner for one in forms if isinstance(one, dict) for inner in one.values() if isinstance(inner, dict)]
    return any(isinstance(one, dict) and any(isinstance(one.get(key), list) for key in _SURVEYJS_KEYS) for one in forms)


def is_redcap(first_row: Sequence[object]) -> bool:
    """Return whether a table is a data dictionary of REDCap.

    >>> is_redcap(["field_name", "form_name", "section_header", "field_type"]), is_redcap(["题目", "选项"])
    (True, False)
    """
    headings = {str(cell).strip().strip('"').lower() for cell in first_row}
    return any(wanted <= headings for wanted in _REDCAP_HEADINGS)
