"""Two versions of a questionnaire: which questions are new, gone or changed and in what, and what else differs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .canonical import canonical_text
from .messages import Message, message
from .model import Instrument

Json = Any
_BLOCKS = ("background", "follow_up", "comments")
_APART = ("dimensions", "overall", "scales", "version", *_BLOCKS)
FIELD_LABELS: Mapping[str, Message] = {
    "text": message("题目"), "text_for": message("分对象的题目"), "help": message("小字"),
    "help_for": message("分对象的小字"), "scale": message("量表"), "options": message("选项"),
    "audiences": message("对象"), "required": message("必答"), "show_if": message("显示条件"),
    "reverse": message("反向计分"), "dimension": message("所属维度"), "concept": message("概念"),
    "kind": message("题型"), "private": message("不给学校看"), "weight": message("权重"), "label": message("名称"),
    "label_for": message("分对象的名称"), "lead": message("引导语"), "lead_for": message("分对象的引导语"),
    "points": message("各点"), "not_applicable": message("不了解"), "title": message("标题"),
    "title_for": message("分对象的标题"), "intro": message("说明"), "intro_for": message("分对象的说明"),
    "languages": message("语言"), "categories": message("类别"), "grades_from": message("从几年级问起"),
    "retired": message("停用的编号"), "accepted": message("已接受的审阅意见"), "occasion": message("用途"),
    "at_least": message("至少选几项"), "at_most": message("最多选几项"), "from": message("从"), "to": message("到"),
    "ends": message("两端"), "show": message("怎样显示"), "also": message("另算"),
    "favourable_from": message("从几起算满意"), "unfavourable_to": message("到几算不满意"),
    "max_length": message("最多字数"), "bands": message("分段"), "unit": message("单位"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that is another now. ``place`` says which part of it, such as an option or a language."""

    field: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PartDifference:
    """A question, dimension or scale; ``state``: new, gone or changed. ``text`` by language, as it was last."""

    id: str
    state: str
    text: Mapping[str, str]
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What differs; ``is_reordered``: the questions that both have stand in another order."""

    questions: tuple[PartDifference, ...]
    dimensions: tuple[PartDifference, ...]
    scales: tuple[PartDifference, ...]
    rest: tuple[FieldChange, ...]
    is_reordered: bool

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.dimensions or self.scales or self.rest or self.is_reordered)


def version_difference(before: Instrument, after: Instrument) -> VersionDifference:
    """Compare two versions by the ids of their parts.

    Parameters
    ----------
    before, after : Instrument
        Two versions of one questionnaire, the earlier one first.

    Returns
    -------
    VersionDifference
        Empty where both say the same; the number of the version itself is not compared.
    """
    old, new = (json.loads(canonical_text(instrument)) for instrument in (before, after))
    questions = [_questions(document) for document in (old, new)]
    common = [[name for name in side if name in questions[0] and name in questions[1]] for side in questions]
    dimensions = [
        {entry["id"]: {name: value for name, value in entry.items() if name != "items"} for entry in side["dimensions"]}
        for side in (old, new)
    ]
    rest = [{name: value for name, value in side.items() if name not in _APART} for side in (old, new)]
    return VersionDifference(
        tuple(_parts(*questions)),
        tuple(_parts(*dimensions)),
        tuple(_parts(old["scales"], new["scales"])),
        tuple(_changes(*rest)),
        common[0] != common[1],
    )


def _questions(document: Json) -> dict[str, Json]:
    """Every question by its id, in the order of the form, with the dimension that it counts for."""
    found = {
        item["id"]: item | {"dimension": dimension["id"]}
        for dimension in document["dimensions"]
        for item in dimension["items"]
    }
    if "overall" in document:
        found[document["overall"]["id"]] = document["overall"]
    return found | {entry["id"]: entry for block in _BLOCKS for entry in document.get(block, [])}


def _parts(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[PartDifference]:
    for name, part in after.items():
        if name not in before:
            yield PartDifference(name, "new", _text(part))
        elif changes := tuple(_changes(before[name], part)):
            yield PartDifference(name, "changed", _text(part), changes)
    for name, part in before.items():
        if name not in after:
            yield PartDifference(name, "gone", _text(part))


def _text(part: Json) -> Mapping[str, str]:
    words = part.get("text") or part.get("label") or {}
    return words if isinstance(words, dict) else {}


def _changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[FieldChange]:
    for name in {**before, **after}:
        old, new = dict(_leaves(before.get(name))), dict(_leaves(after.get(name)))
        for place in {**old, **new}:
            if old.get(place, "") != new.get(place, ""):
                yield FieldChange(name, place, old.get(place, ""), new.get(place, ""))


def _leaves(value: Json, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a value, by where it stands: options and points by their codes, plain lists as one."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _leaves(entry, f"{place} {name}".strip())
    elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        for number, entry in enumerate(value, start=1):
            name = entry.get("code") or entry.get("id") or str(number) if isinstance(entry, dict) else str(number)
            yield from _leaves(entry, f"{place} {name}".strip())
    elif isinstance(value, list):
        yield place, ", ".join(map(str, value))
    elif value is not None:
        yield place, str(value)
