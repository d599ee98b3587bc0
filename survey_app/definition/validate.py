"""What a single field cannot know: ids used twice, conditions that look forward, teachers asked for their grade."""

from dataclasses import dataclass, field

from .categories import Categories
from .conditions import AnyAtMost, Comparison, Condition, leaves
from .messages import Message, message
from .model import Background, CommentQuestion, Dimension, Instrument, Item
from .nodes import Fault, Place

MAX_ITEMS = 120
MAX_OPTIONS = 35

Question = Item | Background | CommentQuestion


@dataclass(slots=True)
class Places:
    """Where ids stand in the file, for faults that concern several fields."""

    ids: list[tuple[str, Place]] = field(default_factory=list)
    dimensions: list[tuple[str, Place]] = field(default_factory=list)
    retired: list[tuple[str, Place]] = field(default_factory=list)
    scales: dict[str, Place] = field(default_factory=dict)
    conditions: dict[str, Place] = field(default_factory=dict)
    grades_from: dict[str, Place] = field(default_factory=dict)


def check_instrument(
    instrument: Instrument, categories: Categories, places: Places, root: Place, faults: list[Fault]
) -> None:
    """Adds what is wrong across fields to ``faults``."""
    check = _Check(instrument, categories, places, root, faults)
    check.ids()
    check.scales()
    check.audiences()
    check.background()
    check.grades()
    check.conditions()


@dataclass(slots=True)
class _Check:
    instrument: Instrument
    categories: Categories
    places: Places
    root: Place
    faults: list[Fault]

    def fault(self, place: Place | None, text: Message) -> None:
        self.faults.append(Fault(place or self.root, text))

    def ids(self) -> None:
        for what, found in ((message("题号"), self.places.ids), (message("维度"), self.places.dimensions)):
            first: dict[str, Place] = {}
            for name, place in found:
                if name in first:
                    self.fault(
                        place,
                        message("{what}“{id}”重复，第 {line} 行已经有了", what=what, id=name, line=first[name].line),
                    )
                elif name:
                    first[name] = place
        used = {name for name, _ in self.places.ids}
        for name, place in self.places.retired:
            if name in used:
                self.fault(place, message("题号“{id}”已停用，不能再用，请换一个新题号", id=name))
        if len(self.instrument.scored_items()) > MAX_ITEMS:
            self.fault(self.root, message("计分条目超过 {limit} 个", limit=MAX_ITEMS))

    def scales(self) -> None:
        for scale in self.instrument.scales:
            place = self.places.scales[scale.id]
            codes = [point.code for point in scale.points]
            codes += [scale.not_applicable.code] if scale.not_applicable else []
            for code in sorted({code for code in codes if codes.count(code) > 1}):
                self.fault(place, message("量表“{name}”的代码“{code}”用了两次", name=scale.id, code=code))
            if not 2 <= len(scale.points) <= MAX_OPTIONS:
                self.fault(place, message("量表“{name}”应当有 2 到 {limit} 个点", name=scale.id, limit=MAX_OPTIONS))
            values = [point.points for point in scale.points]
            if values not in (sorted(values), sorted(values, reverse=True)):
                self.fault(place, message("量表“{name}”的分值应当从高到低或从低到高排列", name=scale.id))
            if scale.points and not any(point.favourable for point in scale.points):
                self.fault(place, message("量表“{name}”没有标出满意的选项（favourable: true）", name=scale.id))

    def audiences(self) -> None:
        for audience in self.instrument.audiences:
            if not self.instrument.dimensions_for(audience):
                self.fault(self.root, message("对象“{audience}”没有任何计分条目", audience=audience))

    def background(self) -> None:
        place = dict(self.places.ids)
        for question in self.instrument.background:
            if "teacher" in question.audiences and not question.private:
                self.fault(
                    place.get(question.id),
                    message(
                        "背景题“{id}”问了教师：教师不问任何背景信息，请在 audiences 中去掉 teacher", id=question.id
                    ),
                )
            codes = [option.code for option in question.options]
            for code in sorted({code for code in codes if codes.count(code) > 1}):
                self.fault(place.get(question.id), message("“{id}”的代码“{code}”用了两次", id=question.id, code=code))
            if question.kind != "grade" and not 2 <= len(codes) <= MAX_OPTIONS:
                self.fault(
                    place.get(question.id),
                    message("“{id}”应当有 2 到 {limit} 个选项", id=question.id, limit=MAX_OPTIONS),
                )
        grades = [question for question in self.instrument.background if question.kind == "grade"]
        for audience in self.instrument.audiences:
            asked = [question for question in grades if audience in question.audiences]
            if len(asked) > 1:
                self.fault(place.get(asked[1].id), message("同一对象只能有一道年级题"))

    def grades(self) -> None:
        for audience, first in self.instrument.grades_from.items():
            known = {
                grade.code
                for category in self.instrument.categories
                if category in self.categories
                for grade in self.categories[category].grades
            }
            if first not in known:
                self.fault(
                    self.places.grades_from.get(audience), message("年级“{grade}”不在本问卷的学校类别里", grade=first)
                )

    def conditions(self) -> None:
        earlier: dict[str, tuple[str, ...]] = {}
        finished: set[str] = set()
        for question, dimension in self._in_form_order():
            if question.show_if is not None:
                self._condition(question.id, question.show_if, earlier, finished)
            earlier[question.id] = self._codes(question)
            if dimension is not None and question is dimension.items[-1]:
                finished.add(dimension.id)

    def _in_form_order(self) -> list[tuple[Question, Dimension | None]]:
        found: list[tuple[Question, Dimension | None]] = []
        found += [(question, None) for question in self.instrument.background if not question.private]
        found += [(item, dimension) for dimension in self.instrument.dimensions for item in dimension.items]
        found += [(self.instrument.overall, None)] if self.instrument.overall else []
        found += [(question, None) for question in self.instrument.background if question.private]
        found += [(comment, None) for comment in self.instrument.comments]
        return found

    def _codes(self, question: Question) -> tuple[str, ...]:
        if isinstance(question, Item):
            other = question.scale.not_applicable
            return tuple(point.code for point in question.scale.points) + ((other.code,) if other else ())
        if isinstance(question, Background) and question.kind == "grade":
            return tuple(
                grade.code
                for category in self.instrument.categories
                if category in self.categories
                for grade in self.categories[category].grades
            )
        return tuple(option.code for option in question.options) if isinstance(question, Background) else ()

    def _condition(
        self, owner: str, condition: Condition, earlier: dict[str, tuple[str, ...]], finished: set[str]
    ) -> None:
        place = self.places.conditions.get(owner)
        for leaf in leaves(condition):
            if isinstance(leaf, Comparison):
                self._comparison(place, leaf, earlier)
            else:
                self._any_at_most(place, leaf, finished)

    def _comparison(self, place: Place | None, leaf: Comparison, earlier: dict[str, tuple[str, ...]]) -> None:
        if leaf.question not in earlier:
            exists = leaf.question in set(self.instrument.ids())
            why = message("排在后面或就是本题") if exists else message("不存在")
            self.fault(place, message("条件里的题号“{id}”{why}；只能引用前面的题", id=leaf.question, why=why))
            return
        for code in leaf.codes:
            if code not in earlier[leaf.question]:
                self.fault(place, message("条件里的选项“{code}”不在“{id}”的选项之中", code=code, id=leaf.question))

    def _any_at_most(self, place: Place | None, leaf: AnyAtMost, finished: set[str]) -> None:
        if leaf.dimension not in finished:
            self.fault(place, message("条件里的维度“{id}”不存在，或者没有全部排在前面", id=leaf.dimension))
            return
        dimension = next(found for found in self.instrument.dimensions if found.id == leaf.dimension)
        if not any(item.scale.position(leaf.code) is not None for item in dimension.items):
            self.fault(
                place, message("条件里的选项“{code}”不在维度“{id}”的量表之中", code=leaf.code, id=leaf.dimension)
            )
