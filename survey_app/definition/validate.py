"""What a single field cannot know: ids used twice, conditions that look forward, teachers asked for their grade."""

from dataclasses import dataclass
from functools import partial

from .audiences import AUDIENCES
from .categories import Categories, Grade
from .check_conditions import EarlierQuestions
from .check_reach import can_hold, grades_never_asked
from .check_scales import check_options_differ, check_scales
from .conditions import AnyAtMost, Condition, leaves
from .kinds import Counting, kind_of
from .messages import Message, message
from .model import Dimension, Instrument, Occasion, Question
from .nodes import Issue, SourcePosition
from .question_reader import SourceMap
from .reserved_ids import EXPORT_COLUMNS, FORM_WIDE, GRADE_COLUMN, RESERVED_DIMENSIONS
from .school_name import misplaced_school_names

MAX_ITEMS = 120


def validate_instrument(
    instrument: Instrument,
    categories: Categories,
    source_map: SourceMap,
    root_position: SourcePosition,
    issues: list[Issue],
) -> None:
    """Adds what is wrong across fields to ``faults``."""
    validator = _InstrumentValidator(instrument, categories, source_map, root_position, issues)
    validator.ids()
    validator.school_names()
    validator.scales()
    validator.audiences()
    validator.background()
    validator.grades()
    validator.conditions()
    validator.accepted()
    validator.source()
    validator.occasion()


@dataclass(slots=True)
class _InstrumentValidator:
    instrument: Instrument
    categories: Categories
    source_map: SourceMap
    root_position: SourcePosition
    issues: list[Issue]

    def add_issue(self, position: SourcePosition | None, text: Message) -> None:
        self.issues.append(Issue(position or self.root_position, text))

    def ids(self) -> None:
        for subject, ids in ((message("题号"), self.source_map.ids), (message("维度"), self.source_map.dimensions)):
            first_positions: dict[str, SourcePosition] = {}
            for name, position in ids:
                if name in first_positions:
                    self.add_issue(
                        position,
                        message(
                            "{what}“{id}”重复，第 {line} 行已经有了",
                            what=subject,
                            id=name,
                            line=first_positions[name].line,
                        ),
                    )
                elif name:
                    first_positions[name] = position
        used_ids = {name for name, _ in self.source_map.ids}
        retired_ids: set[str] = set()
        for name, position in self.source_map.retired:
            if name in retired_ids:
                self.add_issue(position, message("停用的题号“{id}”写了两次", id=name))
            retired_ids.add(name)
            if name in used_ids:
                self.add_issue(position, message("题号“{id}”已停用，不能再用，请换一个新题号", id=name))
        items = self.instrument.scored_items()
        if len(items) > MAX_ITEMS:
            last_item = self.source_map.position_of(items[MAX_ITEMS].id)
            self.add_issue(last_item, message("计分条目超过 {limit} 个", limit=MAX_ITEMS))
        self._reserved_ids()
        self._concepts_and_labels()

    def school_names(self) -> None:
        for name, words in misplaced_school_names(self.instrument):
            reason = message("“{words}”：{{school}} 只能写在题目、小字、维度的问句和开头的说明里", words=words)
            self.add_issue(self.source_map.position_of(name) or dict(self.source_map.dimensions).get(name), reason)

    def _reserved_ids(self) -> None:
        """A name that an export uses itself would mean two things."""
        strata = {entry.id for entry in self.instrument.background if kind_of(entry).counting is Counting.STRATUM}
        for name, position in self.source_map.ids:
            if name in EXPORT_COLUMNS or (name == GRADE_COLUMN and name not in strata):
                self.add_issue(position, message("题号“{id}”是导出表自己的列名，请换一个", id=name))
        for name, position in self.source_map.dimensions:
            if name in RESERVED_DIMENSIONS:
                self.add_issue(position, message("维度不能叫“{id}”，这是结果表里总指数的名字，请换一个", id=name))

    def _concepts_and_labels(self) -> None:
        concepts: set[str] = set()
        for item in self.instrument.scored_items():
            if item.concept and item.concept in concepts:
                position = self.source_map.position_of(item.id)
                self.add_issue(position, message("concept“{name}”用了两次，一份问卷里只能有一题", name=item.concept))
            concepts.add(item.concept)
        labels: set[str] = set()
        positions = dict(self.source_map.dimensions)
        for dimension in self.instrument.dimensions:
            label = dimension.label.in_language(self.instrument.reference_language)
            if label and label in labels:
                self.add_issue(positions.get(dimension.id), message("两个维度都叫“{label}”，请换一个名称", label=label))
            labels.add(label)

    def accepted(self) -> None:
        """A reason for something that does not exist is a slip of the pen."""
        names = {*self.instrument.ids(), *(scale.id for scale in self.instrument.scales), FORM_WIDE}
        names |= {dimension.id for dimension in self.instrument.dimensions}
        for subject, position in self.source_map.accepted.items():
            if subject not in names:
                self.add_issue(
                    position,
                    message("accepted 里的“{id}”不是题号、维度或量表；整份问卷写 {form}", id=subject, form=FORM_WIDE),
                )

    def source(self) -> None:
        """An original name belongs to something that is there."""
        names = {*self.instrument.ids(), *(scale.id for scale in self.instrument.scales)}
        names |= {dimension.id for dimension in self.instrument.dimensions}
        names |= {f"{scale.id}.{option.code}" for scale in self.instrument.scales for option in scale.options()}
        closed = (*self.instrument.background, *self.instrument.follow_up)
        names |= {f"{question.id}.{option.code}" for question in closed for option in question.options}
        for subject, position in self.source_map.source.items():
            if subject not in names:
                self.add_issue(
                    position,
                    message(
                        "source 里的“{id}”不是题号、维度、量表，也不是“题号.选项代码”或“量表.选项代码”", id=subject
                    ),
                )

    def occasion(self) -> None:
        """An evaluation is signed; a form for a sample of people is not."""
        if self.instrument.occasion != Occasion.EVALUATION:
            return
        for audience in self.instrument.audiences:
            if AUDIENCES[audience].is_sample:
                reason = message(
                    "occasion: evaluation 的问卷由责任督学署名评价，不能问{label}", label=AUDIENCES[audience].label
                )
                self.add_issue(self.source_map.audiences.get(audience), reason)

    def scales(self) -> None:
        check_scales(self.instrument, self.source_map, self.add_issue)

    def audiences(self) -> None:
        for audience in self.instrument.audiences:
            if not self.instrument.dimensions_for(audience):
                position = self.source_map.audiences.get(audience)
                self.add_issue(position, message("对象“{audience}”没有任何计分条目", audience=audience))

    def background(self) -> None:
        for question in self.instrument.background:
            position = self.source_map.position_of(question.id)
            if not question.private:
                self._check_openly_asked(question, position)
        for entry in self.instrument.questions():
            position = self.source_map.position_of(entry.id)
            kind_of(entry).check_definition(entry, partial(self.add_issue, position))
            if kind_of(entry).counting is not Counting.SCORED:
                options = kind_of(entry).options(entry, ())
                check_options_differ(options, self.source_map.options.get(entry.id, ()), position, self.add_issue)
        all_strata = [entry for entry in self.instrument.questions() if kind_of(entry).counting is Counting.STRATUM]
        for audience in self.instrument.audiences:
            strata = [question for question in all_strata if audience in question.audiences]
            if strata and not AUDIENCES[audience].has_grades:
                self.add_issue(
                    self.source_map.position_of(strata[0].id),
                    message("“{label}”不分年级，不能问年级", label=AUDIENCES[audience].label),
                )
            if len(strata) > 1:
                self.add_issue(self.source_map.position_of(strata[1].id), message("同一对象只能有一道年级题"))

    def _check_openly_asked(self, question: Question, position: SourcePosition | None) -> None:
        for audience in question.audiences:
            if not AUDIENCES[audience].may_be_asked_background:
                self.add_issue(
                    position,
                    message(
                        "背景题“{id}”问了{label}：{label}不问任何背景信息，请在 audiences 中去掉 {audience}",
                        id=question.id, label=AUDIENCES[audience].label, audience=audience,
                    ),
                )  # fmt: skip

    def grades(self) -> None:
        for audience, first_grade in self.instrument.grades_from.items():
            if first_grade not in {grade.code for grade in self._all_grades()}:
                self.add_issue(
                    self.source_map.grades_from.get(audience),
                    message("年级“{grade}”不在本问卷的学校类别里", grade=first_grade),
                )

    def conditions(self) -> None:
        earlier = EarlierQuestions(self.instrument, {}, set())
        for question, dimension in self._questions_in_form_order():
            if question.show_if is not None:
                issues_before = len(self.issues)
                for reason in filter(None, map(earlier.fault, leaves(question.show_if))):
                    self.add_issue(self.source_map.conditions.get(question.id), reason)
                self._check_somebody_sees(question, question.show_if)
                if len(self.issues) == issues_before:
                    self._check_condition_can_hold(question, question.show_if)
            earlier.codes[question.id] = self._codes_of(question)
            if dimension is not None and question is dimension.items[-1]:
                earlier.dimensions.add(dimension.id)

    def _questions_in_form_order(self) -> list[tuple[Question, Dimension | None]]:
        questions: list[tuple[Question, Dimension | None]] = []
        questions += [(question, None) for question in self.instrument.background if not question.private]
        questions += [(item, dimension) for dimension in self.instrument.dimensions for item in dimension.items]
        questions += [(self.instrument.overall, None)] if self.instrument.overall else []
        questions += [(question, None) for question in self.instrument.follow_up]
        questions += [(question, None) for question in self.instrument.background if question.private]
        questions += [(comment, None) for comment in self.instrument.comments]
        return questions

    def _codes_of(self, question: Question) -> tuple[str, ...]:
        return tuple(option.code for option in kind_of(question).options(question, self._all_grades()))

    def _all_grades(self) -> tuple[Grade, ...]:
        return tuple(
            grade
            for category in self.instrument.categories
            if category in self.categories
            for grade in self.categories[category].grades
        )

    def _check_somebody_sees(self, question: Question, condition: Condition) -> None:
        """A condition on nothing that an audience is asked hides the question from all of it, or from nobody."""
        asked_of = {entry.id: set(entry.audiences) for entry in self.instrument.questions()}
        asked_of |= {
            dimension.id: {audience for item in dimension.items for audience in item.audiences}
            for dimension in self.instrument.dimensions
        }
        names = {leaf.dimension if isinstance(leaf, AnyAtMost) else leaf.question for leaf in leaves(condition)}
        for audience in question.audiences:
            if names <= asked_of.keys() and not any(audience in asked_of[name] for name in names):
                self.add_issue(
                    self.source_map.conditions.get(question.id),
                    message("条件里的题都不问{label}，而“{id}”问他们：请改条件，或在 audiences 中去掉 {audience}",
                            label=AUDIENCES[audience].label, id=question.id, audience=audience),
                )  # fmt: skip

    def _check_condition_can_hold(self, question: Question, condition: Condition) -> None:
        position = self.source_map.conditions.get(question.id)
        for code in grades_never_asked(condition, self.instrument, self.categories, question.audiences):
            self.add_issue(
                position,
                message(
                    "条件里的年级“{code}”不问（见 grades_from 和 audiences），这一部分永远不成立：请删去", code=code
                ),
            )
            return
        blind = [
            audience
            for audience in question.audiences
            if not can_hold(condition, self.instrument, self.categories, audience)
        ]
        if blind == list(question.audiences):
            self.add_issue(
                position, message("这个条件永远不成立，谁也看不到“{id}”：几个部分互相矛盾，请改条件", id=question.id)
            )
            return
        for audience in blind:
            self.add_issue(
                position,
                message("这个条件对{label}永远不成立，他们看不到“{id}”：请改条件，或在 audiences 中去掉 {audience}",
                        label=AUDIENCES[audience].label, id=question.id, audience=audience),
            )  # fmt: skip
