"""What a template calls of another one is there: Jinja finds out only when the line is reached."""

import re

from survey_app.foundation.settings import PROJECT

TEMPLATES = PROJECT / "survey_app" / "templates"
IMPORTS = re.compile(r'{%-? import "([^"]+)" as (\w+)')
DEFINES = re.compile(r"{%-? (?:macro (\w+)\(|set (\w+) ?=)")


def test_every_macro_that_is_called_is_defined() -> None:
    """The page to be printed failed where a category had a warning: its macro had moved to another file."""
    missing = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text("utf-8")
        for source, name in IMPORTS.findall(text):
            defined = {a or b for a, b in DEFINES.findall((TEMPLATES / source).read_text("utf-8"))}
            called = set(re.findall(rf"(?<![\w./]){name}\.(?!html)(\w+)", text))
            missing += [(path.name, source, macro) for macro in sorted(called - defined)]
    assert missing == []
