"""The page of an import: the source beside what was read of it, what is asked, and what can be said of a line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from survey_app.authoring.gaps import FIRST, LAST, Gap, gaps_of
from survey_app.authoring.sheet.cells import cell_text
from survey_app.authoring.text.roles import SAID_ROLES
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.foundation.spreadsheet_reader import Sheet
from survey_app.foundation.translation import _, language, language_name, render
from survey_app.frame.draft_import import ONE_FORM_ONLY, OUTCOME_SENTENCES, ImportedDraft

from .import_review import DraftReview
from .import_source import ImportSource
from .import_typed import carried_fields

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
    "heading": message("表头"), "setting": message("设置"),
}  # fmt: skip
KIND_LABELS = {
    "scale": message("量表题"), "choice": message("单选题"), "choices": message("多选题"), "grade": message("年级题"),
    "number": message("数字题"), "text": message("问答题"), "ranking": message("排序题"),
}  # fmt: skip


MAX_MENDED = 800  # lines with a field of their own; a form has so many fields and no more
MAX_LISTED = 2000  # of a long source only what is to be looked at


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in this request: the draft, which of its forms, what the checker says of that as it is filled in.

    ``typed``: what was typed beside this form. ``review`` is None where nothing could be read.
    """

    source: ImportSource
    draft: ImportedDraft
    form: int
    typed: MultiDict[str, str]
    review: DraftReview | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The instrument with what was typed."""
        return self.review.content if self.review else {}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the source: which list it is in, what it was read as, what is said beside it.

    ``field``: the number under which a person says what it is; empty where nobody can.
    """

    place: str
    text: str
    list: str
    label: str
    remarks: tuple[tuple[bool, str], ...]  # whether it is an error, and the words
    field: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question as it was read."""

    number: str
    text: str
    kind: str
    options: str
    notes: str


def blank_page(text: str, typed: MultiDict[str, str], ids: Sequence[str]) -> dict[str, object]:
    """Return what the page shows before anything was read: what can be typed and chosen."""
    return {
        "text": text,
        "draft": None,
        "typed": typed,
        "carried": carried_fields(typed),
        "audiences": [("", _("看题目判断")), *((entry.id, render(entry.label)) for entry in AUDIENCES)],
        "previous": [("", _("不接，是新的问卷")), *((one, one) for one in ids)],
    }


def import_page(
    reading: Reading, posted: MultiDict[str, str], categories: Categories, ids: Sequence[str]
) -> dict[str, object]:
    """Return all that the page shows of what was read."""
    draft, content, typed = reading.draft, reading.content, reading.typed
    counts = draft.content["counts"]
    shown = blank_page(reading.source.text, typed, ids) | {
        "draft": draft,
        "source": reading.source,
        "sheets": _sheet_names(draft.sheets),
        "roles": [("", _("自动")), *((role, render(ROLE_LABELS[role])) for role in SAID_ROLES)],
        "categories": [(entry.id, entry.label.in_language(language())) for entry in categories.all],
        "outcome": render(OUTCOME_SENTENCES[draft.content["outcome"]]),
        "counts": [(render(LIST_LABELS[name]), counts[name]) for name in LISTS],
        "total": counts["source"],
        "lines": (lines := list(_lines(reading, typed))),
        "unlisted": max(0, counts["source"] - len(lines)),
        "items": [_item(item) for item in draft.content["items"] if item.get("instrument", 0) == reading.form],
        "general": [
            (fault["severity"] == "error", f"{fault['sheet']}：{render(words)}" if "sheet" in fault else render(words))
            for fault, words in draft.fault_messages()
            if _place_key(fault) is None
        ]
        + ([(True, render(ONE_FORM_ONLY))] if draft.goes_on_from_nothing else []),
        "error_count": sum(fault["severity"] == "error" for fault in draft.content["faults"]),
        "revision": None if draft.goes_on_from_nothing else draft.revision,
        "review": reading.review,
        "form": reading.form,
        "sheet_of_form": draft.form_sheets()[reading.form] if draft.instruments else "",
        "carried": carried_fields(posted),  # also what is of another form: it is told apart when a form is read
        "forms": [(str(n), _form_name(n, form)) for n, form in enumerate(draft.instruments)],
    }
    return shown | (_asked(draft.instruments[reading.form], content, typed) if content else {})


def _asked(instrument: Mapping[str, Any], content: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, object]:
    """What is still to be filled in, with what is known or was typed; gaps stay while somebody fills them in."""
    audiences = instrument["audiences"] or []
    return {
        "gaps": [(gap, render(gap_question(gap))) for gap in gaps_of(instrument)],
        "ends": [("", _("请选择")), (FIRST, _("写在前面的算好")), (LAST, _("写在后面的算好"))],
        "title": typed.get("title") or _first(content["title"]),
        "id": typed.get("id") or content["id"] or "",
        "version": typed.get("version") or content["version"] or "",
        "chosen": content["categories"] or [],
        "audience": typed.get("audience") or (audiences[0] if len(audiences) == 1 else ""),
        "asks_audience": len(audiences) < 2,
    }


def _form_name(number: int, form: Mapping[str, Any]) -> str:
    who = "、".join(render(AUDIENCES[name].label) for name in form["audiences"] or [] if name in AUDIENCES.ids())
    return " ".join(filter(None, (str(number + 1), _first(form["title"]), f"（{who}）" if who else "")))


def _sheet_names(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    names = [sheet.name for sheet in sheets if not sheet.is_hidden]
    return [("", _("全部")), *((name, name) for name in names)] if len(names) > 1 else []


PlaceKey = tuple[str, str | int]


def _place_key(entry: Mapping[str, Any]) -> PlaceKey | None:
    """The line, row or question in which an entry of the account or a fault stands."""
    if "line" in entry:
        return "", entry["line"]
    if "row" in entry:
        return entry["sheet"], entry["row"]
    return ("", entry["question"]) if "question" in entry else None


def _lines(reading: Reading, typed: Mapping[str, str]) -> Iterator[LineRow]:
    """Each unit of the source once, in its order."""
    content = reading.draft.content
    entries = {key: (name, entry) for name in LISTS for entry in content[name] if (key := _place_key(entry))}
    remarks: dict[PlaceKey, list[tuple[bool, str]]] = {}
    for fault, sentence in reading.draft.fault_messages():
        if key := _place_key(fault):
            column = f"{fault['column']}: " if fault.get("column") else ""
            remarks.setdefault(key, []).append((fault["severity"] == "error", f"{column}{render(sentence)}"))
    is_long = len(entries) > MAX_MENDED
    fields = listed = 0
    for key, text in _units(reading):
        if key not in entries and key not in remarks:
            continue
        name, entry = entries.get(key, ("left", {}))
        if listed >= MAX_LISTED or (is_long and name in ("taken", "furniture") and key not in remarks):
            continue
        listed += 1
        role = TAKEN_LABELS.get(entry.get("as", ""))
        number, said = "", ""
        if reading.source.text and key in entries:
            said = typed.get(f"line_{key[1]}", "")
            if fields < MAX_MENDED:
                number, fields = str(key[1]), fields + 1
        place = str(key[1]) if not key[0] else f"{key[0]} {key[1]}"
        label = render(role if role and name in ("taken", "asked") else LIST_LABELS[name])
        yield LineRow(place, text, name, label, tuple(remarks.get(key, ())), number, said)


def _units(reading: Reading) -> Iterator[tuple[PlaceKey, str]]:
    """The lines, rows or questions of the source with what stands there."""
    content = reading.draft.content
    if reading.source.text:
        for number, text in enumerate(reading.source.text.split("\n"), 1):
            yield ("", number), text
    elif reading.draft.sheets:
        for sheet in reading.draft.sheets:
            for index, row in enumerate(sheet.rows):
                words = " · ".join(said for cell in row if (said := cell_text(cell)))
                yield (sheet.name, sheet.row_number(index)), words
    else:
        texts = {item["question"]: item["text"] for item in content["items"] if "question" in item}
        order = {code: number for number, code in enumerate(texts)}
        codes = dict.fromkeys(entry["question"] for name in LISTS for entry in content[name] if "question" in entry)
        for code in sorted(codes, key=lambda code: order.get(code, -1)):
            yield ("", code), texts.get(code, "")


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


def gap_question(gap: Gap) -> Message:
    """What is asked of a gap, as the label of its field."""
    questions = {
        "title": message("标题（{language}）", language=language_name(gap.name)),
        "label": message("这些题属于哪个维度：{shown}", shown=gap.shown),
        "low_end": message("打分最小的 {shown} 分是什么意思，如“非常不满意”", shown=gap.shown),
        "high_end": message("打分最大的 {shown} 分是什么意思，如“非常满意”", shown=gap.shown),
        "favourable_from": message("{shown} 的打分，从几分起算满意", shown=gap.shown),
        "end": message("哪一端算好：{shown}", shown=gap.shown),
        "bands": message("“{shown}”分几段，写各段的起点，如 0, 30, 60", shown=gap.shown),
    }
    return questions[gap.kind]


def missing_answers(content: Mapping[str, Any]) -> list[Message]:
    """What must still be filled in before the instrument is whole, in the words of the page."""
    names = {
        "id": message("编号"), "version": message("版本"), "title": message("标题"), "audiences": message("问谁"),
        "categories": message("问哪些类别的学校"),
    }  # fmt: skip
    return [words for key, words in names.items() if not content[key]] + [gap_question(gap) for gap in gaps_of(content)]


def _first(text: Mapping[str, str] | None) -> str:
    return next(iter((text or {}).values()), "")
