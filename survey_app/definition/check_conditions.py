"""What a condition names: questions that stand before it, codes that they have, an order where it asks for one."""

from collections.abc import Mapping
from dataclasses import dataclass

from .conditions import Answered, AnyAtMost, Comparison, CountAtLeast, QuestionLeaf, Threshold
from .kinds import Counting, kind_of
from .messages import Message, message
from .model import Instrument, Question


@dataclass(slots=True)
class EarlierQuestions:
    """What stands before a condition: the codes of each question, and the dimensions whose items all do."""

    instrument: Instrument
    codes: dict[str, tuple[str, ...]]
    dimensions: set[str]

    def fault(self, leaf: QuestionLeaf | AnyAtMost) -> Message | None:
        """What is wrong with what a part of a condition names; None if it can be asked."""
        if isinstance(leaf, AnyAtMost):
            return self._dimension_fault(leaf)
        if leaf.question not in self.codes:
            exists = leaf.question in set(self.instrument.ids())
            reason = message("排在后面或就是本题") if exists else message("不存在")
            return message("条件里的题号“{id}”{why}；只能引用前面的题", id=leaf.question, why=reason)
        question = next(question for question in self.instrument.questions() if question.id == leaf.question)
        if isinstance(leaf, Comparison):
            return _unknown_code(leaf, self.codes)
        if isinstance(leaf, Threshold):
            return _threshold_fault(leaf, question)
        if isinstance(leaf, CountAtLeast):
            return _count_fault(leaf, question)
        return _answered_fault(leaf, question)

    def _dimension_fault(self, leaf: AnyAtMost) -> Message | None:
        if leaf.dimension not in self.dimensions:
            return message("条件里的维度“{id}”不存在，或者没有全部排在前面", id=leaf.dimension)
        dimension = next(candidate for candidate in self.instrument.dimensions if candidate.id == leaf.dimension)
        if any(item.scale.position(leaf.code) is not None for item in dimension.items):
            return None
        return message("条件里的选项“{code}”不在维度“{id}”的量表之中", code=leaf.code, id=leaf.dimension)


def _unknown_code(leaf: Comparison, codes: Mapping[str, tuple[str, ...]]) -> Message | None:
    unknown = next((code for code in leaf.codes if code not in codes[leaf.question]), None)
    return (
        None if unknown is None else message("条件里的选项“{code}”不在“{id}”的选项之中", code=unknown, id=leaf.question)
    )


def _threshold_fault(leaf: Threshold, question: Question) -> Message | None:
    kind = kind_of(question)
    options = kind.options(question, ())
    if all(kind.limit(question, option.code) is None for option in options):
        return message("“{id}”的选项没有高低，条件不能用 at_most 和 at_least", id=leaf.question)
    if kind.limit(question, leaf.code) is None:
        return message("条件里的选项“{code}”不在“{id}”的选项之中", code=leaf.code, id=leaf.question)
    return None


def _count_fault(leaf: CountAtLeast, question: Question) -> Message | None:
    if not kind_of(question).takes_several:
        return message("“{id}”不是多选题，条件不能用 count", id=leaf.question)
    if leaf.number > len(kind_of(question).options(question, ())):
        return message("“{id}”没有 {n} 个选项", id=leaf.question, n=leaf.number)
    return None


def _answered_fault(leaf: Answered, question: Question) -> Message | None:
    if kind_of(question).counting is Counting.TEXT:
        return message("条件不能问意见题“{id}”", id=leaf.question)
    return None
