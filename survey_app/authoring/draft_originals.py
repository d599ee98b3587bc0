"""What the source of an import calls the questions, options, scales and dimensions that have other ids in the file."""

from collections.abc import Iterable, Mapping, Sequence

from .draft import DraftItem, DraftOption
from .draft_names import FormNames, not_applicable_code, option_codes, scale_codes


def original_names(
    names: FormNames, entries: Iterable[tuple[str, DraftItem]], earlier: Mapping[str, str]
) -> dict[str, str]:
    """Return the names by id (``Q3``) or id and code (``Q3.1``).

    ``earlier``: what an earlier file remembers, of which only what is still there is kept.
    """
    found = _Originals()
    for identifier, item in entries:
        found.name(identifier, item.name)
        if not item.scale:
            found.options(identifier, item.options, option_codes(item.options))
    for scale, name in names.scales.items():
        found.name(name, scale.name)
        codes = tuple(option.code for option in scale.options) if scale.numbers else scale_codes(scale)
        found.options(name, scale.options, codes)
        if scale.not_applicable:
            found.options(name, [scale.not_applicable], [not_applicable_code(scale)])
    for section, name in names.sections.items():
        found.name(name, section.name if section else "")
    kept = {subject: name for subject, name in earlier.items() if subject in found.present}
    return {subject: name for subject, name in (kept | found.names).items() if name.isprintable()}


class _Originals:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.present: set[str] = set()

    def name(self, identifier: str, original: str) -> None:
        self.present.add(identifier)
        if original not in ("", identifier):
            self.names[identifier] = original

    def options(self, identifier: str, options: Sequence[DraftOption], codes: Sequence[str]) -> None:
        for option, code in zip(options, codes, strict=True):
            self.present.add(f"{identifier}.{code}")
            if option.code.strip() not in ("", code):
                self.names[f"{identifier}.{code}"] = option.code.strip()
