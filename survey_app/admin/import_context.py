"""The page of an import: the source beside what was read of it, what is asked, and what can be said of a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.authoring.gaps import FIRST, LAST, Gap, gaps_of
from survey_app.authoring.text_roles import SAID_ROLES
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.foundation.translation import _, language, render
from survey_app.frame.draft_import import OUTCOME_SENTENCES, ImportedDraft

LISTS = ("taken", "asked", "left", "furniture")
LIST_LABELS = {
    "taken": message("读入"), "asked": message("要问的"), "left": message("没有读入"),
    "furniture": message("页眉页脚等"),
}  # fmt: skip
ROLE_LABELS = {
    "question": message("题目"), "option": message("选项"), "more": message("接上一行"), "row": message("矩阵的一行"),
    "heading": message("小标题"), "intro": message("说明"), "furniture": message("不要这一行"),
}  # fmt: skip
TAKEN_LABELS = {
    "title": message("标题"), "intro": message("开头语"), "section": message("小标题"), "question": message("题目"),
    "option": message("选项"), "scale": message("选项"), "lead": message("矩阵的题干"), "note": message("说明"),
}  # fmt: skip
KIND_LABELS = {
    "scale": message("量表题"), "choice": message("单选题"), "choices": message("多选题"), "grade": message("年级题"),
    "number": message("数字题"), "text": message("问答题"), "ranking": message("排序题"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the source: which list it is in, what it was read as, what is said beside it."""

    number: int
    text: str
    list: str
    label: str
    remarks: tuple[str, ...]
    said: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question as it was read."""

    number: str
    text: str
    kind: str
    options: str
    notes: str


def import_page(
    pasted: str, draft: ImportedDraft | None, typed: Mapping[str, str], categories: Categories
) -> dict[str, object]:
    """Return all that the page shows; before anything was read only what can be typed."""
    shown: dict[str, object] = {
        "text": pasted,
        "draft": draft,
        "typed": typed,
        "audiences": [("", _("看题目判断")), *((entry.id, render(entry.label)) for entry in AUDIENCES)],
        "roles": [("", _("自动")), *((role, render(ROLE_LABELS[role])) for role in SAID_ROLES)],
        "categories": [(entry.id, entry.label.in_language(language())) for entry in categories.all],
    }
    if draft is None:
        return shown
    gaps = gaps_of(draft.instruments[0]) if draft.instruments else ()
    counts = draft.content["counts"]
    return shown | {
        "outcome": render(OUTCOME_SENTENCES[draft.content["outcome"]]),
        "counts": [(render(LIST_LABELS[name]), counts[name]) for name in LISTS],
        "total": counts["source"],
        "lines": _lines(pasted, draft, typed),
        "items": [_item(item) for item in draft.content["items"]],
        "general": [render(sentence) for fault, sentence in draft.fault_messages() if "line" not in fault],
        "gaps": [(gap, _question(gap)) for gap in gaps],
        "ends": [("", _("请选择")), (FIRST, _("写在前面的算好")), (LAST, _("写在后面的算好"))],
        "title": _first(draft.instruments[0]["title"]) if draft.instruments else "",
    }


def _lines(pasted: str, draft: ImportedDraft, typed: Mapping[str, str]) -> list[LineRow]:
    entries = {entry["line"]: (name, entry) for name in LISTS for entry in draft.content[name]}
    remarks: dict[int, list[str]] = {}
    for fault, sentence in draft.fault_messages():
        if "line" in fault:
            remarks.setdefault(fault["line"], []).append(render(sentence))
    rows = []
    for number, text in enumerate(pasted.split("\n"), 1):
        if number in entries:
            name, entry = entries[number]
            role = TAKEN_LABELS.get(entry.get("as", ""))
            label = render(role) if role else render(LIST_LABELS[name])
            said = typed.get(f"line_{number}", "")
            doubtful = name in ("asked", "left") or bool(said)
            rows.append(LineRow(number, text, name, label, tuple(remarks.get(number, ())), said, doubtful))
    return rows


def _item(item: Mapping[str, Any]) -> ItemRow:
    notes = [
        _("必答") if item["required"] else "",
        _("反向") if item.get("reverse") else "",
        _("总体评价") if item.get("overall") else "",
        _("最多选 {n} 项", n=item["at_most"]) if item.get("at_most") else "",
        _("没有读入") if item["id"] is None else "",
    ]
    if condition := item.get("show_if"):
        notes.append(
            _("只问第 {n} 题选“{options}”的", n=condition["question"], options="、".join(condition["options"]))
        )
    options = "、".join([*item["options"], *([item["scale"]["na"]] if item["scale"] and item["scale"]["na"] else [])])
    text = f"{item['lead']}：{item['text']}" if item.get("lead") else item["text"]
    return ItemRow(
        item["number"] or "", text, render(KIND_LABELS[item["kind"]]), options, "；".join(filter(None, notes))
    )


def _question(gap: Gap) -> str:
    """What is asked of a gap, as the label of its field."""
    questions = {
        "label": _("这些题属于哪个维度：{shown}", shown=gap.shown),
        "favourable_from": _("{shown} 的打分，从几分起算满意", shown=gap.shown),
        "end": _("哪一端算好：{shown}", shown=gap.shown),
        "bands": _("“{shown}”分几段，写各段的起点，如 0, 30, 60", shown=gap.shown),
    }
    return questions[gap.kind]


def _first(text: Mapping[str, str] | None) -> str:
    return next(iter((text or {}).values()), "")
