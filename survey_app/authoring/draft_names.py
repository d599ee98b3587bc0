"""Names of a source as ids and codes that the format allows; one that is allowed stays as it is."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from survey_app.definition.conditions import Condition
from survey_app.definition.node_reader import CODE_PATTERN, FILE_IDENTIFIER_PATTERN, IDENTIFIER_PATTERN
from survey_app.definition.reserved_ids import EXPORT_COLUMNS, GRADE_COLUMN, RESERVED_DIMENSIONS

from .draft import Draft, DraftItem, DraftOption, DraftScale, ItemKind, Section

OTHER_CODE, NONE_CODE = "other", "none"


@dataclass(frozen=True, slots=True)
class FormNames:
    """The ids and codes of one form: of items by their index in the draft, of sections, of options by item."""

    items: dict[int, str]
    sections: dict[Section | None, str]
    scales: dict[DraftScale, str]
    questions: dict[str, str]
    codes: dict[str, dict[str, str]]


def name_form(draft: Draft, form: int) -> FormNames:
    """Return the ids and codes of a form. The same draft always gives the same."""
    entries = [(index, item) for index, item in enumerate(draft.items) if item.form == form and not item.is_left_out]
    ids = _ids_of_items(entries)
    scored = [item for _index, item in entries if item.scale]
    sections = _ids_of_sections([item.section for item in scored])
    questions = {item.name: ids[index] for index, item in entries if item.name}
    codes = {item.name: _codes_by_name(item) for _index, item in entries if item.name}
    return FormNames(ids, sections, _ids_of_scales(scored), questions, codes)


def identifier_from(words: str, pattern: re.Pattern[str] = IDENTIFIER_PATTERN, limit: int = 32) -> str:
    """Return a name as an id, or nothing if no letter of it can stay.

    >>> identifier_from("Ｔ10"), identifier_from("teacher support (2)"), identifier_from("第11题")
    ('T10', 'teacher_support_2', '')
    """
    normal = unicodedata.normalize("NFKC", words).strip()
    if pattern.match(normal):
        return normal
    slug = re.sub(r"[^A-Za-z0-9_]+", "_", normal).strip("_")
    slug = re.sub(r"^[^A-Za-z]+", "", slug)[:limit].strip("_")
    lost = sum(unicodedata.category(letter) == "Lo" for letter in normal)
    return "" if lost or not pattern.match(slug) else slug


def file_identifier_from(words: str) -> str:
    """Return a name as the id of an instrument, or nothing."""
    return identifier_from(words, FILE_IDENTIFIER_PATTERN, 48)


def _ids_of_items(entries: Sequence[tuple[int, DraftItem]]) -> dict[int, str]:
    """Names that are allowed come first, so that a made-up id never takes one of them."""
    taken = set(EXPORT_COLUMNS) | {GRADE_COLUMN}
    ids: dict[int, str] = {}
    for index, item in entries:
        allowed = item.name and IDENTIFIER_PATTERN.match(item.name)
        is_grade = item.name == GRADE_COLUMN and item.kind is ItemKind.GRADE and GRADE_COLUMN not in ids.values()
        if allowed and (item.name not in taken or is_grade):
            ids[index] = item.name
            taken.add(item.name)
    for number, (index, item) in enumerate(entries, 1):
        if index in ids:
            continue
        if item.kind is ItemKind.GRADE and GRADE_COLUMN not in ids.values():
            ids[index] = GRADE_COLUMN
        else:
            ids[index] = _free_name(identifier_from(item.name) or f"Q{number}", taken)
            taken.add(ids[index])
    return ids


def _ids_of_sections(sections: Iterable[Section | None]) -> dict[Section | None, str]:
    taken = set(RESERVED_DIMENSIONS)
    ids: dict[Section | None, str] = {}
    for section in dict.fromkeys(sections):
        name = identifier_from(section.name) if section else ""
        ids[section] = _free_name(name or f"D{len(ids) + 1}", taken)
        taken.add(ids[section])
    return ids


def _ids_of_scales(items: Sequence[DraftItem]) -> dict[DraftScale, str]:
    taken: set[str] = set()
    ids: dict[DraftScale, str] = {}
    for scale in dict.fromkeys(item.scale for item in items if item.scale):
        name = identifier_from(scale.name) or f"{identifier_from(scale.family) or 'scale'}{scale.size}"
        ids[scale] = _free_name(name, taken)
        taken.add(ids[scale])
    return ids


def _free_name(name: str, taken: set[str], limit: int = 32) -> str:
    """Return the name, with a number behind it where it is taken."""
    if name not in taken:
        return name
    number = 2
    while (candidate := f"{name[: limit - 4]}_{number}") in taken:
        number += 1
    return candidate


def scale_codes(scale: DraftScale) -> tuple[str, ...]:
    """Return the codes of a scale's options; without codes in the source the most favourable has the highest number."""
    stated = _stated_codes(scale.options)
    if stated:
        return stated
    points = [option.points for option in scale.options]
    known = [value for value in points if value is not None]
    falls = len(known) == len(points) > 1 and known[0] > known[-1]
    numbers = range(len(points), 0, -1) if falls else range(1, len(points) + 1)
    return tuple(map(str, numbers))


def not_applicable_code(scale: DraftScale) -> str:
    """Return the code of "don't know", which differs from those of the points."""
    used = set(scale_codes(scale))
    stated = unicodedata.normalize("NFKC", scale.not_applicable.code).strip() if scale.not_applicable else ""
    candidates = (stated, "9", "99", "na")
    return next(code for code in candidates if code and CODE_PATTERN.match(code) and code not in used)


def option_codes(options: Sequence[DraftOption]) -> tuple[str, ...]:
    """Return the codes of options that are not scored: those of the source, else "other", "none" and numbers."""
    stated = _stated_codes(options)
    if stated:
        return stated
    codes: list[str] = []
    for number, option in enumerate(options, 1):
        special = OTHER_CODE if option.text_length else NONE_CODE if option.exclusive else ""
        codes.append(special if special and special not in codes else str(number))
    return tuple(codes)


def _stated_codes(options: Sequence[DraftOption]) -> tuple[str, ...]:
    """The codes of the source, each as near to its own as the format allows; nothing if it has none."""
    if not any(option.code for option in options):
        return ()
    taken = {code for option in options if CODE_PATTERN.match(code := option.code.strip())}
    codes: list[str] = []
    for number, option in enumerate(options, 1):
        code = option.code.strip()
        if not CODE_PATTERN.match(code) or code in codes:
            normal = unicodedata.normalize("NFKC", code)
            slug = re.sub(r"[^A-Za-z0-9_-]+", "_", normal).strip("_")[:16]
            lost = any(unicodedata.category(letter) == "Lo" for letter in normal)
            code = _free_name(str(number) if lost or not slug else slug, taken | set(codes), 16)
        codes.append(code)
    return tuple(codes)


def _codes_by_name(item: DraftItem) -> dict[str, str]:
    if not item.scale:
        return dict(zip([option.name for option in item.options], option_codes(item.options), strict=True))
    scale = item.scale
    names = [option.name for option in scale.options]
    numbers = scale.numbers
    codes = tuple(names) if numbers else scale_codes(scale)
    out = dict(zip(names, codes, strict=True))
    if scale.not_applicable:
        out[scale.not_applicable.name] = not_applicable_code(scale)
    return out


def rename_condition(condition: Condition, names: FormNames) -> Condition:
    """Return the condition with ids and codes for names. Kinds of conditions are told apart by their fields alone."""
    present = {entry.name for entry in fields(condition)}
    subject: str = getattr(condition, "question", getattr(condition, "item", ""))
    codes = names.codes.get(subject, {})
    changes: dict[str, Callable[[Any], object]] = {
        "question": lambda name: names.questions.get(name, name),
        "item": lambda name: names.questions.get(name, name),
        "dimension": lambda name: _section_id(names, name),
        "code": lambda code: codes.get(code, code),
        "codes": lambda several: tuple(codes.get(code, code) for code in several),
        "operand": lambda inner: rename_condition(inner, names),
        "operands": lambda several: tuple(rename_condition(inner, names) for inner in several),
    }
    changed: dict[str, Any] = {
        key: change(getattr(condition, key)) for key, change in changes.items() if key in present
    }
    return replace(condition, **changed)


def _section_id(names: FormNames, name: str) -> str:
    return next((known for section, known in names.sections.items() if section and section.name == name), name)
