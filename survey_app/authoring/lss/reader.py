"""A LimeSurvey survey to a draft: groups are dimensions, arrays are items with a lead, the rest is named by code."""

from collections.abc import Iterable
from dataclasses import replace

from survey_app.definition.languages import Text
from survey_app.definition.messages import Message, message

from ..account import AccountBook
from ..draft import (
    Draft,
    DraftFault,
    DraftItem,
    DraftOption,
    DraftScale,
    Fate,
    FormHead,
    ItemKind,
    Place,
    Section,
    Severity,
)
from ..scale_families import rescaled, scale_from_labels
from ..sheet.choices import MAX_OPTIONS, numeric_scale
from ..sheet.types import asks_who_it_is
from ..text.guesses import audience_named
from .conditions import LssConditions
from .survey import LssAnswer, LssGroup, LssQuestion, LssSurvey, SurveyBuilder
from .tables import LssTables

OTHER_CODE, OTHER_LENGTH = "-oth-", 60
_WORDS = {
    "other": {"zh": "其他", "en": "Other", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "et": "Muu"},
    "Y": {"zh": "是", "en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "et": "Jah"},
    "N": {"zh": "否", "en": "No", "de": "Nein", "fr": "Non", "es": "No", "et": "Ei"},
    "U": {"zh": "不确定", "en": "Uncertain", "de": "Unsicher", "fr": "Indécis"},
    "F": {"zh": "女", "en": "Female", "de": "Weiblich", "fr": "Féminin"},
    "M": {"zh": "男", "en": "Male", "de": "Männlich", "fr": "Masculin"},
    "I": {"zh": "增加", "en": "Increase", "de": "Zunahme", "fr": "Augmenter"},
    "S": {"zh": "不变", "en": "Same", "de": "Gleich", "fr": "Sans changement"},
    "D": {"zh": "减少", "en": "Decrease", "de": "Abnahme", "fr": "Diminuer"},
}  # fmt: skip
_BUILT_IN = {"Y": "YN", "G": "FM", "C": "YUN", "E": "ISD"}
_NUMBERS = {"5": 5, "A": 5, "B": 10}
_ARRAYS, _LISTS, _TEXTS = "FABCEH", "L!OYG5", "STU"
_LEFT: dict[str, tuple[str, Message]] = {
    "D": ("date", message("没有日期题；请改成单选，给出几个时间段")),
    "R": ("ranking", message("没有排序题；可改成多选，如“最多选三项”")),
    "|": ("media", message("不收集照片、录音、录像、文件和条码")),
    "*": ("calculation", message("没有计算和隐藏的值")),
    "I": ("metadata", message("设备和填写过程的信息一概不收集")),
    "K": ("several_numbers", message("一题里有几个数字，请分成几题")),
    "Q": ("several_texts", message("一题里有几个填空，请分成几题")),
    ":": ("array_of_numbers", message("格子里填数字的矩阵放不进问卷")),
    ";": ("array_of_texts", message("格子里填文字的矩阵放不进问卷")),
    "1": ("array_dual_scale", message("有两个量表的矩阵放不进问卷，请分成两个矩阵")),
}
_LOST_ATTRIBUTES = (
    "array_filter", "array_filter_exclude", "em_validation_q", "em_validation_sq", "min_num_value_n", "max_num_value_n",
    "equals_num_value", "parent_order",
)  # fmt: skip


def read_survey(tables: LssTables, audience: str = "") -> Draft:
    """Return the draft of a survey. ``audience`` is asked where its title does not say who."""
    survey = SurveyBuilder(tables).survey()
    return _LssReader(survey).draft(audience)


class _LssReader:
    def __init__(self, survey: LssSurvey) -> None:
        self.survey = survey
        self.account = AccountBook(_places(survey))
        self.faults: list[DraftFault] = []
        self.items: list[DraftItem] = []
        self.intro: list[Text] = [survey.intro] if survey.intro else []
        self.conditions = LssConditions(survey, self)

    def note(self, code: str, place: Place, text: Message, value: str = "") -> None:
        self.faults.append(DraftFault(code, Severity.WARNING, text, place, value[:200]))

    def ask(self, place: Place, code: str, text: Message, value: str = "") -> None:
        self.note(code, place, text, value)
        self.account.file(place, Fate.ASKED, "question", code)

    def leave(self, place: Place, code: str, text: Message, value: str = "") -> None:
        self.note(code, place, text, value)
        self.account.file(place, Fate.LEFT, code=code)

    def draft(self, audience: str) -> Draft:
        survey = self.survey
        for role in ("title", "welcome"):
            self.account.file(Place(question=f"[{role}]"), Fate.TAKEN, "title" if role == "title" else "intro")
        for group in survey.groups:
            self.group(group)
        title = " ".join((survey.title or {}).values())
        named = audience or audience_named(title)
        joined = {tag: " ".join(text[tag] for text in self.intro if tag in text) for tag in survey.languages}
        intro = Text.of({tag: words for tag, words in joined.items() if words})
        head = FormHead(
            survey.title, intro if intro else None, (named,) if named else (), languages=survey.languages,
        )  # fmt: skip
        items = self.conditions.read(self.items)
        if not any(not item.is_left_out for item in items):
            self.faults.append(DraftFault("no_question_found", Severity.ERROR, message("没有一道题可以用")))
        return Draft((head,), tuple(items), self.account.entries(), tuple(self.faults))

    def group(self, group: LssGroup) -> None:
        section = Section(group.name, f"G{group.gid}", lead=group.description) if group.name else None
        place = Place(question=f"[group {group.gid}]")
        self.account.file(place, Fate.TAKEN, "section")
        for question in group.questions:
            for item in self.question(question):
                self.keep(item, question, group, section)

    def keep(self, item: DraftItem, question: LssQuestion, group: LssGroup, section: Section | None) -> None:
        item = replace(item, section=section)
        self.items.append(item)
        if item.is_left_out:
            return
        self.account.file(item.place, Fate.TAKEN, "question")
        self.conditions.add(item, question, group)

    def question(self, question: LssQuestion) -> Iterable[DraftItem]:
        place = Place(question=question.code)
        words = " ".join(question.text.values())
        if question.attributes.get("hidden") == "1":
            self.leave(place, "hidden", message("隐藏的题没有人看到"), question.code)
        elif question.type in _LEFT:
            self.leave(place, *_LEFT[question.type], question.type)
            for part in question.parts if question.type in ":;1" else ():
                self.leave(_part_place(question, part), *_LEFT[question.type], part.code)
        elif question.type == "X":
            self.note_text(question, place)
        elif question.type in _TEXTS + "N" and asks_who_it_is(words):
            self.leave(place, "personal_data", message("不问能认出人的内容"), words)
        elif question.type in _ARRAYS:
            return self.array(question, place)
        elif question.type in _LISTS + _TEXTS + "MPN":
            self.tell_losses(question, place)
            return self.plain(question, place)
        else:
            self.leave(place, "unknown_type", message("不认识的题型“{word}”", word=question.type), question.type)
        return ()

    def note_text(self, question: LssQuestion, place: Place) -> None:
        if self.items or _uses_answers(question.text) or question.relevance not in ("", "1"):
            self.leave(place, "note_between", message("题目中间的说明放不进问卷，可写进题目下面的小字"))
            return
        self.intro.append(question.text)
        self.account.file(place, Fate.TAKEN, "intro")

    def tell_losses(self, question: LssQuestion, place: Place) -> None:
        """What of a question cannot come in, while the rest can."""
        for name in _LOST_ATTRIBUTES:
            if question.attributes.get(name):
                text = message("这项限制带不过来，答案不会按它检查")
                self.ask(place, "constraint_not_carried", text, f"{name}: {question.attributes[name]}")
        if question.type in "OP":
            self.ask(place, "comment_not_carried", message("选项旁边的意见栏没有带过来"), question.type)
        if _uses_answers(question.text):
            text = message("题目里引用了前面的答案，请改成不引用的说法")
            self.ask(place, "text_uses_answer", text, " ".join(question.text.values()))

    def base(self, question: LssQuestion, place: Place, kind: ItemKind) -> DraftItem:
        return DraftItem(
            place=place, text=question.text, kind=kind, name=question.code, help=question.help,
            required=question.is_mandatory if kind is not ItemKind.TEXT else None,
        )  # fmt: skip

    def plain(self, question: LssQuestion, place: Place) -> Iterable[DraftItem]:
        """Lists, boxes, texts and numbers."""
        if question.type in _TEXTS:
            length = question.attributes.get("maximum_chars", "")
            item = self.base(question, place, ItemKind.TEXT)
            return [replace(item, max_length=int(length) if length.isdecimal() and int(length) else None)]
        if question.type == "N":
            self.ask(place, "bands_missing", message("数字只按分段保存，请写出分段，如 0、30、60"))
            return [self.base(question, place, ItemKind.NUMBER)]
        if question.type == "5":
            self.ask_favourable(place)
            return [replace(self.base(question, place, ItemKind.SCALE), scale=numeric_scale(1, 5))]
        several = question.type in "MP"
        options = [DraftOption(part.text, part.code) for part in question.parts] if several else self.options(question)
        if not several and not question.has_other and (scale := self.scale(question, place)):
            return [replace(self.base(question, place, ItemKind.SCALE), scale=scale)]
        if question.has_other:
            options.append(DraftOption(self.words("other"), OTHER_CODE, text_length=OTHER_LENGTH))
        if not 2 <= len(options) <= MAX_OPTIONS:
            text = message("有 {n} 个选项；选择题要有 2 到 {limit} 个", n=len(options), limit=MAX_OPTIONS)
            self.leave(place, "option_count", text, question.code)
            return [replace(self.base(question, place, ItemKind.CHOICE), options=tuple(options), is_left_out=True)]
        return [self.choices(question, place, options, several)]

    def choices(self, question: LssQuestion, place: Place, options: list[DraftOption], several: bool) -> DraftItem:
        alone = set(question.attributes.get("exclude_all_others", "").replace(",", ";").split(";"))
        limits = [question.attributes.get(name, "") for name in ("max_answers", "min_answers")]
        at_most, at_least = (int(words) if several and words.isdecimal() else None for words in limits)
        chosen = tuple(replace(option, exclusive=several and option.code in alone) for option in options)
        kind = ItemKind.CHOICES if several else ItemKind.CHOICE
        return replace(self.base(question, place, kind), options=chosen, at_most=at_most, at_least=at_least)

    def array(self, question: LssQuestion, place: Place) -> Iterable[DraftItem]:
        """One item for each row; the question itself stands above them."""
        self.account.file(place, Fate.TAKEN, "lead")
        self.tell_losses(question, place)
        for part in question.parts:
            where = _part_place(question, part)
            scale: DraftScale | None = None
            if question.type in _NUMBERS:
                scale = numeric_scale(1, _NUMBERS[question.type])
                self.ask_favourable(where)
            else:
                scale = self.scale(question, where)
            kind = ItemKind.SCALE if scale else ItemKind.CHOICE
            options = () if scale else tuple(self.options(question))
            is_usable = bool(scale) or 2 <= len(options) <= MAX_OPTIONS
            if not is_usable:
                self.leave(where, "option_count", message("这一题没有选项，请补上"), part.code)
            yield DraftItem(
                place=where, text=part.text, kind=kind, name=f"{question.code}_{part.code}", lead=question.text,
                scale=scale, options=options, required=question.is_mandatory, help=question.help,
                is_left_out=not is_usable,
            )  # fmt: skip

    def ask_favourable(self, place: Place) -> None:
        self.ask(place, "favourable_missing", message("没有写从几分起算满意，请补上"))

    def options(self, question: LssQuestion) -> list[DraftOption]:
        if codes := _BUILT_IN.get(question.type):
            return [DraftOption(self.words(code), code) for code in codes]
        return [DraftOption(answer.text, answer.code) for answer in question.answers]

    def scale(self, question: LssQuestion, place: Place) -> DraftScale | None:
        """The scale of a list: by assessment values where the survey counts them, else as its labels suggest."""
        answers = question.answers
        if question.type in _BUILT_IN or len(answers) < 2:
            return None
        guessed = scale_from_labels([answer.text for answer in answers], codes=[answer.code for answer in answers])
        values = {answer.value for answer in answers}
        if self.survey.counts_values and len(values) > 1:
            return self.counted_scale(answers, guessed, place)
        if guessed:
            text = message("没有写分值，按选项的次序给了分，请核对")
            self.ask(place, "points_assigned", text, _ends(answers))
        return guessed

    def counted_scale(self, answers: list[LssAnswer], guessed: DraftScale | None, place: Place) -> DraftScale:
        """Answers without a value have no points; the one that says so is "don't know"."""
        without = guessed.not_applicable.code if guessed and guessed.not_applicable else None
        scored = [answer for answer in answers if answer.code != without]
        favourable = {option.code: option.favourable for option in guessed.options} if guessed else {}
        points = rescaled([answer.value for answer in scored])
        options = tuple(
            DraftOption(answer.text, answer.code, value, favourable.get(answer.code))
            for answer, value in zip(scored, points, strict=True)
        )
        self.ask(place, "favourable_assigned", message("分值按评估值换算，请核对哪些算满意"), _ends(answers))
        return DraftScale(
            guessed.family if guessed else "scale", options, guessed.not_applicable if guessed else None,
            shown_points=tuple(answer.value for answer in scored),
        )  # fmt: skip

    def words(self, key: str) -> Text:
        known = _WORDS[key]
        return Text.of({tag: known.get(tag.split("-")[0], known["en"]) for tag in self.survey.languages})


def _places(survey: LssSurvey) -> Iterable[Place]:
    """The units of the account: title and welcome, groups, questions, rows of arrays."""
    yield from [Place(question="[title]")] if survey.title else []
    yield from [Place(question="[welcome]")] if survey.intro else []
    for group in survey.groups:
        yield from [Place(question=f"[group {group.gid}]")] if group.name else []
        for question in group.questions:
            yield Place(question=question.code)
            if question.type in _ARRAYS + ":;1":
                yield from (_part_place(question, part) for part in question.parts)


def _part_place(question: LssQuestion, part: LssQuestion) -> Place:
    return Place(question=f"{question.code}_{part.code}")


def _uses_answers(text: Text) -> bool:
    return any("{" in words and "}" in words for words in text.values())


def _ends(answers: list[LssAnswer]) -> str:
    labels = [next(iter(answer.text.values()), "") for answer in answers]
    return f"{labels[0]}…{labels[-1]}"
