"""Ids that the page, its script or an export use themselves; a question must not be called like that."""

PAGE_IDS = frozenset(("again", "clear", "error", "next", "offline", "saved", "total", "restore", "draft", "send"))
FORM_PROPERTIES = frozenset((
    "acceptCharset", "action", "autocomplete", "elements", "encoding", "enctype", "length", "method", "name",
    "noValidate", "rel", "relList", "reset", "submit", "requestSubmit", "checkValidity", "reportValidity", "target",
    "id", "children", "dataset", "style", "title", "lang", "dir", "hidden", "attributes", "parentNode", "focus", "blur",
    "click", "remove", "append", "constructor", "onsubmit", "querySelector", "querySelectorAll", "addEventListener",
    "getAttribute", "setAttribute", "hasAttribute", "toString", "valueOf", "nodeName", "nodeType", "ownerDocument",
))  # fmt: skip
EXPORT_COLUMNS = frozenset(("school_code", "audience", "structure", "wave"))
RESERVED_IDS = PAGE_IDS | FORM_PROPERTIES | EXPORT_COLUMNS
GRADE_COLUMN = "grade"  # of the exports: only the question about the grade may be called so
RESERVED_DIMENSIONS = frozenset(("OVERALL", "composite"))


def is_reserved_id(name: str) -> bool:
    """Whether a question must not have this id. Sections of the page are called s1, s2 …

    >>> is_reserved_id("submit"), is_reserved_id("s1"), is_reserved_id("T1")
    (True, True, False)
    """
    return name in RESERVED_IDS or (name[:1] == "s" and name[1:].isdigit())
