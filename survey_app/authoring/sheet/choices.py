"""The sheet of options to lists of options, and a list to a scale or to plain options."""

from collections.abc import Sequence
from dataclasses import replace

from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.node_reader import CODE_PATTERN

from ..draft import DraftOption, DraftScale, Fate, NumericRange, Place
from ..scale_families import is_no_answer, recognise_scale, rescaled, scale_from_labels
from .cells import SheetCells, fold_word, spoken_rows
from .headings import Heading
from .numbers import number_scale_of
from .options import OptionList
from .report import SheetReport
from .row import Languages, SheetRow

MAX_OPTIONS = 35
SHOWN = {
    fold_word(word): name
    for name, words in (("numbers", ("数字", "numbers")), ("stars", ("星级", "星", "stars")),
                        ("words", ("文字", "words")))
    for word in words
}  # fmt: skip
_FACES = frozenset(map(fold_word, ("表情", "faces")))
_NO_POINTS = frozenset(("na", "n/a", "不计分", "-", "—", "无"))


class ChoicesReader:
    """Reads the rows under the heading of the sheet of options."""

    def __init__(self, sheet: SheetCells, heading: Heading, languages: Languages, report: SheetReport) -> None:
        self.sheet, self.heading, self.languages, self.report = sheet, heading, languages, report
        self.lists: dict[str, OptionList] = {}

    def read(self) -> dict[str, OptionList]:
        for index in spoken_rows(self.sheet):
            row = SheetRow(self.sheet, self.heading, index, self.report)
            if index < self.heading.row:
                self.report.furnish(row.place)
            elif index == self.heading.row:
                self.report.take(row.place, "heading")
            else:
                self.option(row)
        return self.lists

    def option(self, row: SheetRow) -> None:
        name, code = row.value("list"), row.value("code")
        label = row.text("label", self.languages)
        if not name or not (code or label):
            self.report.leave(row.place, "option_incomplete", message("这一行没有选项组或没有选项"))
            return
        entry = self.lists.setdefault(name, OptionList(name))
        self.number(row, code, entry)
        if label is None and entry.show:
            label = Text()
        elif label is None:
            label = Text.of({self.languages.tags[0]: code})
            self.report.warn("text_missing", row.place_of("label"), message("选项没有文字，先用代码代替"), code)
            self.report.ask(row.place, "option", "text_missing")
        if any(option.code == code for option in entry.options if code):
            self.report.mistake("code_duplicate", row.place_of("code"), message("同一选项组里代码重复"), code)
            self.report.ask(row.place, "option", "code_duplicate")
            code = _free_code(code, entry)
        self.check_code(row, code)
        row.check_cells(("code", "label", "points"))
        points = self.points(row, code, entry)
        favourable = row.flag("favourable")
        entry.states_favourable = entry.states_favourable or favourable is not None
        text_length = self.text_length(row)
        entry.options.append(
            DraftOption(label, code, points, bool(favourable), text_length, bool(row.flag("exclusive")))
        )
        entry.places.append(row.place)

    def number(self, row: SheetRow, code: str, entry: OptionList) -> None:
        """What a scale says in its first row, how it is shown; one of numbers in any, what counts as unfavourable."""
        said = row.value("show")
        if said and fold_word(said) in _FACES:
            entry.faces = True
        elif said:
            entry.show = SHOWN.get(fold_word(said), "")
            if not entry.show:
                text = message("这里应当写“数字”“星级”“文字”或“表情”")
                self.report.mistake("unknown_show", row.place_of("show"), text, said)
        entry.is_nps = entry.is_nps or bool(row.flag("nps"))
        if row.flag("unfavourable"):
            entry.unfavourable.add(code)

    def check_code(self, row: SheetRow, code: str) -> None:
        if not code or CODE_PATTERN.match(code):
            return
        text = message("代码请用 1 到 16 个半角字母、数字、下划线或连字符；导入时会换一个")
        if self.report.is_strict:
            self.report.mistake("code_not_ascii", row.place_of("code"), text, code)
        else:
            self.report.hint("code_mapped", row.place_of("code"), text, code)

    def text_length(self, row: SheetRow) -> int:
        """How many characters may be written beside the option: a number, or yes."""
        said = row.value("text")
        return int(said) if said.isdecimal() and int(said) > 1 else 60 if row.flag("text") else 0

    def points(self, row: SheetRow, code: str, entry: OptionList) -> float | None:
        if row.flag("no_points") or fold_word(row.value("points")) in _NO_POINTS:
            entry.without_points.add(code)
            return None
        return row.number("points")


def _free_code(code: str, entry: OptionList) -> str:
    number = 2
    while any(option.code == f"{code}_{number}" for option in entry.options):
        number += 1
    return f"{code}_{number}"


def settle_lists(lists: dict[str, OptionList], report: SheetReport) -> None:
    """File the options of every list, now that it is known which are used."""
    for entry in lists.values():
        if not entry.is_used:
            text = message("没有题目用到选项组“{name}”", name=entry.name)
            report.warn("list_unused", _cell(entry.places[0]), text, entry.name)
        for place in entry.places:
            if entry.is_used:
                report.take(place, "option")
            else:
                report.account.file(place, Fate.LEFT, code="list_unused")


def scale_of(entry: OptionList, is_explicit: bool, report: SheetReport) -> DraftScale | None:
    """Return the scale that a list is, or None if its options only name things.

    ``is_explicit``: the sheet states points, so a list without them is no scale. Otherwise the labels decide, which is
    a guess.
    """
    if entry.show:
        return number_scale_of(entry, report)
    if entry.has_points:
        return _stated_scale(entry, report)
    if is_explicit:
        return None
    return _numbered_scale(entry, report) or _guessed_scale(entry, report)


def _stated_scale(entry: OptionList, report: SheetReport) -> DraftScale:
    scored = [option for option in entry.options if option.points is not None]
    others = [option for option in entry.options if option.points is None]
    labels = [next(iter(option.label.values())) for option in scored]
    recognised = recognise_scale(labels)
    stated = [option.points or 0.0 for option in scored]
    if max(stated) > 100 or min(stated) < 0 or max(stated) <= 10:
        scored = [replace(option, points=value) for option, value in zip(scored, rescaled(stated), strict=False)]
        _ask_scale(entry, report, "points_assigned")
    if not entry.states_favourable:
        guesses = recognised.favourable() if recognised else (None,) * len(scored)
        scored = [replace(option, favourable=guess) for option, guess in zip(scored, guesses, strict=False)]
        _ask_scale(entry, report, "favourable_assigned")
    for option in others[1:]:
        place = entry.places[entry.options.index(option)]
        report.leave(place, "second_option_without_points", message("一个量表只能有一个不计分的选项"), option.code)
    family = recognised.family if recognised else "scale"
    return DraftScale(family, tuple(scored), others[0] if others else None, name=entry.name, faces=entry.faces)


def _numbered_scale(entry: OptionList, report: SheetReport) -> DraftScale | None:
    """Options that are nothing but numbers in a row."""
    labels = [next(iter(option.label.values())) for option in entry.options]
    scored = [label for label in labels if not is_no_answer(label)]
    if not 3 <= len(scored) <= 11 or not all(label.isdecimal() and len(label) < 3 for label in scored):
        return None
    numbers = [int(label) for label in scored]
    if sorted(numbers) != list(range(min(numbers), max(numbers) + 1)) or len(labels) - len(scored) > 0:
        return None
    _ask_scale(entry, report, "favourable_assigned")
    return numeric_scale(min(numbers), max(numbers), entry.name)


def numeric_scale(low: int, high: int, name: str = "") -> DraftScale:
    """Return a scale of numbers of which nobody says from where it is favourable."""
    options = tuple(DraftOption(Text.of(zh=str(n)), str(n)) for n in range(low, high + 1))
    return DraftScale("numbers", options, None, NumericRange(low, high), name=name)


def _guessed_scale(entry: OptionList, report: SheetReport) -> DraftScale | None:
    labels = [option.label for option in entry.options]
    codes = [option.code for option in entry.options]
    scale = scale_from_labels(labels, name=entry.name, codes=codes)
    if scale is None:
        first = [next(iter(label.values()), "") for label in labels]
        without = [n for n, label in enumerate(first) if is_no_answer(label)]
        kept = [n for n in range(len(first)) if n not in without[1:]]
        scale = scale_from_labels([labels[n] for n in kept], name=entry.name, codes=[codes[n] for n in kept])
        if scale is None or len(without) < 2:
            return None
    _ask_scale(entry, report, "points_assigned")
    return scale


def _ask_scale(entry: OptionList, report: SheetReport, code: str) -> None:
    """Once for a list: what was guessed of its options is to be looked at."""
    text = {
        "points_assigned": message("选项组“{name}”没有写分值，按选项的次序给了分，请核对", name=entry.name),
        "favourable_assigned": message("选项组“{name}”没有写哪些算满意，请核对", name=entry.name),
    }[code]
    report.warn(code, _cell(entry.places[0], "C"), text, _summary(entry.options))
    for place in entry.places:
        report.ask(place, "option", code)


def _summary(options: Sequence[DraftOption]) -> str:
    labels = [next(iter(option.label.values()), "") for option in options]
    return f"{labels[0]}…{labels[-1]}" if labels else ""


def _cell(place: Place, column: str = "A") -> Place:
    return replace(place, column=column)
