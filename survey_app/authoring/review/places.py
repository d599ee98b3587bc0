"""Where in the file a finding stands."""

from survey_app.definition.nodes import SourcePosition
from survey_app.definition.question_reader import SourceMap

from .finding import Finding

_KEYS = {
    "intro-incomplete": ("intro", "title"),
    "too-many-open": ("comments",),
    "identifying-background": ("background",),
}


def place_of(finding: Finding, source_map: SourceMap) -> SourcePosition | None:
    """Where the question, scale, dimension or introduction stands; None where the file does not have it."""
    dimensions = dict(source_map.dimensions)
    for places in (source_map.scales, dimensions) if len(finding.ids) != 1 else ():
        if finding.subject in places:
            return places[finding.subject]
    named = source_map.position_of(finding.subject) or source_map.scales.get(finding.subject)
    if named := named or dimensions.get(finding.subject):
        return named
    for key in (*_KEYS.get(finding.rule, ()), "intro" if not finding.ids else "", "title"):
        if key in source_map.keys:
            return source_map.keys[key]
    return None
