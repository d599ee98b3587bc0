"""The account of a text: which list each line is in, and what is said beside it."""

from collections.abc import Sequence

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message, message

from ..account import NOT_UNDERSTOOD, AccountBook
from ..draft import DraftFault, DraftItem, DraftScale, Fate, ItemKind, Place, Severity
from ..scale_families import recognise_scale
from .answers import Answers, ReadLabel, is_other_label
from .blocks import Blocks, QuestionBlock
from .conditions import ReadCondition
from .guesses import coaches
from .legends import scale_in_sentence
from .sights import PERSON, names_a_person


class Remarks:
    """Files lines and collects faults; a warning puts its line under what is asked."""

    def __init__(self, book: AccountBook) -> None:
        self.book = book
        self.faults: list[DraftFault] = []
        self._scales: set[DraftScale] = set()

    def ask(self, line: int, code: str, text: Message, value: str = "", role: str = "question") -> None:
        """Say what was guessed or is missing in a line."""
        place = Place(line=line)
        self.faults.append(DraftFault(code, Severity.WARNING, text, place, value))
        self.book.file(place, Fate.ASKED, role, code)

    def leave(self, line: int, code: str, text: Message, value: str = "") -> None:
        """Say why a line does not come in."""
        place = Place(line=line)
        self.faults.append(DraftFault(code, Severity.WARNING, text, place, value))
        self.book.file(place, Fate.LEFT, "", code)

    def on_question(self, block: QuestionBlock, answers: Answers, item: DraftItem) -> None:
        """File the lines of a question, and say what of it was guessed."""
        if item.is_left_out:
            self._leave_question(block, answers)
            return
        self.book.file(Place(line=block.line), Fate.TAKEN, "question")
        for line in block.lines:
            self.book.file(Place(line=line), Fate.TAKEN, "option")
        if answers.scale:
            self._on_scale(block, answers, answers.scale)
        if answers.is_guess:
            self.ask(block.line, "kind_guessed", message("没有读到选项，当作{kind}", kind=_kind_word(item.kind)))
        if item.kind is ItemKind.NUMBER:
            text = message("数字题要先分段（bands），只保存落在哪一段")
            self.ask(block.line, "number_needs_bands", text)
        if item.reverse:
            text = message("这一题像是反着说的，已按反向计分，请核对")
            self.ask(block.line, "reverse_wording", text)
        if item.is_overall:
            text = message("当作总体评价题，不进任何维度")
            self.faults.append(DraftFault("overall_guessed", Severity.HINT, text, Place(line=block.line)))
        self._on_blanks(block, answers)
        self._on_other(block, answers, item)

    def _on_blanks(self, block: QuestionBlock, answers: Answers) -> None:
        if answers.blanks:
            text = message("一题里有 {n} 个空，当作问答题；要统计数字，请分成几题，一题一个空", n=answers.blanks)
            self.ask(block.line, "several_blanks", text)
        if block.is_split:
            text = message("一题里有几个空，已分成几题，一题一个数，请核对题目的文字")
            self.ask(block.line, "blanks_split", text)

    def _leave_question(self, block: QuestionBlock, answers: Answers) -> None:
        code, text = "personal_data", message("不问姓名、电话等能认出人的内容，这一题没有读入")
        if answers.kind is ItemKind.RANKING:
            code, text = "ranking_not_supported", message("没有排序题，这一题没有读入；可以改成“最多选几项”的多选题")
        elif answers.is_guess and not PERSON.search(answers.text):
            code, text = NOT_UNDERSTOOD, message("没有看懂这一行")
        self.leave(block.line, code, text)
        for line in block.lines:
            self.book.file(Place(line=line), Fate.LEFT, "", code)

    def _on_other(self, block: QuestionBlock, answers: Answers, item: DraftItem) -> None:
        for label in answers.labels:
            if item.options and is_other_label(label) and not label.has_blank and item.kind is not ItemKind.GRADE:
                text = message("“{label}”后面没有填写处，已加上 60 个字", label=label.label)
                self.ask(block.line, "other_without_text_field", text, label.label)

    def _on_scale(self, block: QuestionBlock, answers: Answers, scale: DraftScale) -> None:
        """A scale is remarked where it stands first."""
        if scale in self._scales:
            return
        self._scales.add(scale)
        line = answers.labels[0].line if answers.labels else block.line
        if scale.numbers:
            if scale.numbers.favourable_from is None:
                self.ask(block.line, "favourable_missing", message("从几分起算满意？请填写 favourable_from"))
            return
        first, last = scale.options[0], scale.options[-1]
        labels = [next(iter(option.label.values()), "") for option in scale.options]
        shown = f"{labels[0]}={first.points or 0:g}…{labels[-1]}={last.points or 0:g}"
        if first.points is None:
            self.ask(line, "points_unclear", message("选项没有按一个方向排列，请填写分值"), "、".join(labels), "scale")
        elif not scale.shown_points:
            self.ask(line, "points_assigned", message("分值按选项的次序猜测，请核对"), shown, "scale")
        if scale.favourable_count is None:
            text = message("看不出哪一端算好，请标明哪些选项算满意")
            self.ask(line, "favourable_unclear", text, "、".join(labels), "scale")
        self._on_balance(block, labels)

    def _on_balance(self, block: QuestionBlock, labels: Sequence[str]) -> None:
        recognised = recognise_scale(labels)
        if recognised and recognised.cannot_deny:
            text = message("选项里没有不满意的，答的人无法说不好")
            self.ask(block.line, "no_negative_option", text, "、".join(labels))
        elif recognised and recognised.is_unbalanced:
            text = message("好的选项和不好的选项不一样多")
            self.ask(block.line, "unbalanced_scale", text, "、".join(labels))

    def on_conditions(
        self,
        conditions: Sequence[ReadCondition],
        labels: Sequence[Sequence[ReadLabel]],
        items: Sequence[DraftItem],
    ) -> None:
        """Say of every condition that it was read, and of skips that lead nowhere."""
        for entry in conditions:
            item = items[entry.item]
            if entry.code == "condition_guessed" and item.place.line is not None:
                shown = f"{entry.guessed.question}：{'、'.join(entry.guessed.options)}"
                text = message("只问第 {question} 的人，请核对", question=shown)
                self.ask(item.place.line, "condition_guessed", text, shown)
        numbers = {item.number for item in items}
        for label in (label for of_item in labels for label in of_item if label.skip):
            if label.skip not in numbers:
                text = message("没有第 {number} 题，这一跳转没有读入", number=label.skip)
                self.ask(label.line, "skip_leads_nowhere", text, label.label, "option")
            else:
                text = message("跳到第 {number} 题：已写成中间各题的显示条件，请核对", number=label.skip)
                self.ask(label.line, "skip_instruction", text, label.label, "option")

    def on_numbering(self, blocks: Sequence[QuestionBlock]) -> None:
        """Say where the numbers of questions leave one out."""
        last = 0
        for block in blocks:
            if block.lead is not None or not block.value:
                continue
            if last and block.value > last + 1:
                text = message("前面缺第 {first} 题", first=last + 1)
                self.ask(block.line, "number_missing_before", text, block.number or "")
            last = block.value

    def on_audience(self, audience: str) -> None:
        text = message("没有写明问谁，请填写 audiences")
        if audience:
            text = message("没有写明问谁，从题目看像是{audience}，请核对", audience=AUDIENCES[audience].label)
        self.faults.append(DraftFault("audience_guessed" if audience else "audience_missing", Severity.WARNING, text))

    def nothing_found(self) -> None:
        text = message("没有读到题目。请粘贴有题号和选项的问卷文字，一题一行，选项另起行或写在题后")
        self.faults.append(DraftFault("no_questions", Severity.ERROR, text))

    def file_rest(self, blocks: Blocks) -> None:
        """File what stands around the questions."""
        if blocks.title:
            self.book.file(Place(line=blocks.title.line), Fate.TAKEN, "title")
        for block in (block for block in blocks.questions if block.is_lead):
            for line in block.lines:
                self.book.file(Place(line=line), Fate.TAKEN, "lead")
        for segment in blocks.headings:
            self.book.file(Place(line=segment.line), Fate.TAKEN, "section")
        for segment in (segment for segment in blocks.heads if segment not in blocks.unknown):
            self.book.file(Place(line=segment.line), Fate.TAKEN, "scale")
        for segment in blocks.furniture:
            if names_a_person(segment):
                self.leave(segment.line, "personal_data", message("不问姓名、电话等能认出人的内容，这一行没有读入"))
            self.book.file(Place(line=segment.line), Fate.FURNITURE)
        self._file_notes(blocks)

    def _file_notes(self, blocks: Blocks) -> None:
        for segment in blocks.intro:
            if coaches(segment.text):
                self.ask(segment.line, "coaching", message("开头语教人怎么选，请删去"), segment.text.strip(), "intro")
            self.book.file(Place(line=segment.line), Fate.TAKEN, "intro")
        for segment in blocks.notes:
            if scale_in_sentence(segment.text):
                self.book.file(Place(line=segment.line), Fate.TAKEN, "scale")
            else:
                text = message("题目之间的说明没有读入；需要的话写进开头语或维度的引导语")
                self.leave(segment.line, "note_between_questions", text)
        for segment in blocks.unknown:
            self.leave(segment.line, NOT_UNDERSTOOD, message("没有看懂这一行"), segment.text.strip()[:60])


def _kind_word(kind: ItemKind) -> Message:
    words = {
        ItemKind.TEXT: message("问答题"), ItemKind.CHOICE: message("单选题"), ItemKind.CHOICES: message("多选题"),
    }  # fmt: skip
    return words.get(kind, message("问答题"))
