"""The reasons for what the review found, put into a questionnaire file that people wrote: all else stays as it is."""

import re
from collections.abc import Mapping

from .draft_yaml import write_yaml

Reasons = Mapping[str, Mapping[str, str]]
SaidReasons = Mapping[tuple[str, str], str]  # by subject and rule
_BLOCK = re.compile(r"^accepted:.*\n?(?:(?:[ \t]+.*|[ \t]*)(?:\n|\Z))*", re.M)


def merge_reasons(accepted: Reasons, said: SaidReasons) -> dict[str, dict[str, str]]:
    """Return the reasons with those that were typed; one that was cleared goes.

    >>> merge_reasons({"T1": {"leading": "a"}, "T2": {"jargon": "b"}}, {("T1", "leading"): "", ("T2", "jargon"): "c"})
    {'T2': {'jargon': 'c'}}
    """
    every = {subject: dict(reasons) for subject, reasons in accepted.items()}
    for (subject, rule), reason in said.items():
        every.setdefault(subject, {})[rule] = reason
    kept = {subject: {rule: why for rule, why in reasons.items() if why} for subject, reasons in every.items()}
    return {subject: reasons for subject, reasons in kept.items() if reasons}


def with_accepted(text: str, accepted: Reasons) -> str:
    """Return the file with these reasons in the place of those that it has, at its end where it has none.

    Who calls it reads the result and compares: a file may be written in a way that lines do not show.

    >>> print(with_accepted("id: a\\naccepted:\\n  T1: {x: old}\\n\\ncomments: []\\n", {"T2": {"y": "new"}}), end="")
    id: a
    accepted:
      T2: {y: new}
    <BLANKLINE>
    comments: []
    >>> with_accepted("id: a", {})
    'id: a\\n'
    """
    block = write_yaml({"accepted": {subject: dict(reasons) for subject, reasons in accepted.items()}})
    block = block if accepted else ""
    text = text if text.endswith("\n") else text + "\n"
    if found := _BLOCK.search(text):
        blank = "\n" if found[0].endswith("\n\n") else ""
        return text[: found.start()] + block + blank + text[found.end() :]
    return text + block
