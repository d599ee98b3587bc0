"""The review of a draft: what an import read, gaps and all, with the lines of the source."""

from collections.abc import Mapping, Sequence
from typing import Any

from survey_app.authoring.draft_yaml import write_yaml
from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.definition.nodes import DefinitionError, Issue, SourcePosition, read_text
from survey_app.definition.parse import read_node

from .file_review import FileReview, PlacedFinding, review_read
from .finding import Finding


def review_draft(content: Mapping[str, Any], file: str, categories: Categories) -> FileReview:
    """Review what an import printed; ``content`` is its JSON. Nothing is raised."""
    start = SourcePosition(file, 1, 1)
    lines = {item["id"]: int(item.get("line") or item.get("row") or 1) for item in content["items"] if item["id"]}
    placed: list[PlacedFinding] = []
    for instrument in content["instruments"]:
        try:
            read = read_node(read_text(write_yaml(instrument), file), categories)
        except DefinitionError as error:
            return FileReview(None, tuple(error.issues))
        if not read.instrument.audiences:
            return FileReview(None, (Issue(start, message("没有写明问谁，请写明对象，如 parent")),))
        review = review_read(read, file, categories)
        placed += [_in_source(one.finding, lines, start) for one in review.findings]
    if not content["instruments"]:
        return FileReview(None, (Issue(start, message("没有读到问卷，没有可以审阅的")),))
    return FileReview(None, (), tuple(placed))


def _in_source(finding: Finding, lines: Mapping[str, int], start: SourcePosition) -> PlacedFinding:
    line = _first_line(finding.ids, lines)
    return PlacedFinding(finding, SourcePosition(start.file, line, 1))


def _first_line(ids: Sequence[str], lines: Mapping[str, int]) -> int:
    return next((lines[one] for one in ids if one in lines), 1)
