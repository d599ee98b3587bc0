"""Reading the rules of a scheme of format 2: everything beyond weights and method, with every fault named."""

import re
from collections.abc import Mapping
from fractions import Fraction

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.definition.node_reader import NodeReader
from survey_app.definition.nodes import Issue, MappingNode, ScalarNode, SourcePosition
from survey_app.measurement.settings import MIN_N_FLOOR

from .mark_line_reader import read_mark_lines
from .scheme_rules import (
    AREA_UNIT,
    SCHOOL_UNIT,
    Awards,
    InterviewTrigger,
    LedgerTrigger,
    Marks,
    NoticeTrigger,
    Quota,
    Recognition,
    ReleaseLevel,
    ReminderTrigger,
    SchemeRules,
    Triggers,
    WatchListTrigger,
)

RULE_KEYS = ("marks", "awards", "triggers", "recognition", "release", "units")
DEDUCTION_KINDS = ("rectification_overdue", "rectification_failed")
AWARD_FACTS = ("notice_open", *DEDUCTION_KINDS)
RECOGNITION_GROUPS = ("parent", "student", "teacher", "principal", "deputy", "member", "public")
RELEASE_LEVELS = ("internal", "schools", "public")
RELEASED_RANKS = ("all", "own_and_sets", "none")
_QUOTA = re.compile(r"[1-9]\d{0,3}(/[1-9]\d{0,3})?\Z", re.ASCII)


class RuleReader:
    """Reads the blocks of :data:`RULE_KEYS`; a block that is not there has no effect."""

    def __init__(self, root: NodeReader, categories: Categories, assessed: Mapping[str, Mapping[str, float]]) -> None:
        self.root = root
        self.issues: list[Issue] = root.issues
        self.categories = categories
        self.assessed = assessed

    def rules(self) -> SchemeRules:
        return SchemeRules(
            self._marks(), self._awards(), self._triggers(), self._recognition(), self._release(), self._units()
        )

    def _units(self) -> dict[str, str]:
        """Which categories are ranked by area; what is not named is ranked by school."""
        categories = tuple(entry.id for entry in self.categories.all)
        fields = self._block(self.root, "units", categories)
        units = {}
        for category in categories if fields is not None else ():
            if fields is not None and fields.has(category):
                self._check_category(fields, category, fields.position_of(category))
                units[category] = fields.one_of(category, (SCHOOL_UNIT, AREA_UNIT))
        return units

    def _block(self, fields: NodeReader, key: str, known: tuple[str, ...]) -> NodeReader | None:
        if not fields.has(key):
            return None
        return NodeReader(fields.entries[key], self.issues, known, message("“{key}”", key=key))

    def _marks(self) -> Marks | None:
        fields = self._block(self.root, "marks", ("full", "lines", "deductions"))
        if fields is None:
            return None
        full = fields.number("full", 0.01, 100_000)
        lines = read_mark_lines(fields, {name for weights in self.assessed.values() for name in weights})
        deductions = self._block(fields, "deductions", (*DEDUCTION_KINDS, "most"))
        if deductions is None:
            return Marks(full, lines)
        points = {kind: deductions.number(kind, 0, full) for kind in DEDUCTION_KINDS if deductions.has(kind)}
        return Marks(full, lines, points, deductions.number("most", 0, full) if deductions.has("most") else None)

    def _awards(self) -> Awards:
        fields = self._block(self.root, "awards", ("quota", "excluded_by"))
        if fields is None:
            return Awards()
        quota = {}
        for category, node, position in fields.mapping("quota"):
            self._check_category(fields, category, position)
            text = node.value.strip() if isinstance(node, ScalarNode) else ""
            if not _QUOTA.match(text) or ("/" in text and Fraction(text) > 1):
                fields.add_issue(
                    node.position,
                    message(
                        '名额应当写成 "1/3" 这样的份额（不大于 1）或者一个整数，不能是“{value}”',
                        value=text,
                    ),
                )
                continue
            quota[category] = Quota(text)
        return Awards(quota, self._facts(fields))

    def _facts(self, fields: NodeReader) -> tuple[str, ...]:
        facts = fields.strings("excluded_by", required=False)
        for fact, position in facts:
            if fact not in AWARD_FACTS:
                fields.add_issue(
                    position,
                    message("“{key}”的值“{value}”不在 {allowed} 之中",
                            key="excluded_by", value=fact, allowed=", ".join(AWARD_FACTS)),
                )  # fmt: skip
        return tuple(dict.fromkeys(fact for fact, _ in facts))

    def _check_category(self, fields: NodeReader, category: str, position: SourcePosition) -> None:
        if category not in self.categories:
            known = ", ".join(entry.id for entry in self.categories.all)
            fields.add_issue(position, message("没有类别“{word}”；可用：{known}", word=category, known=known))
        elif category not in self.assessed:
            fields.add_issue(
                position,
                message(
                    "类别“{category}”没有权重，不参加考核：请在 categories 里写上，或者删去这一项", category=category
                ),
            )

    def _triggers(self) -> Triggers:
        fields = self._block(self.root, "triggers", ("notice", "reminder", "ledger", "interview", "watch_list"))
        if fields is None:
            return Triggers()
        return Triggers(
            notice=_notice(self._block(fields, "notice", ("line", "level", "tipping", "days"))),
            reminder=_reminder(self._block(fields, "reminder", ("line", "days"))),
            ledger=_ledger(self._block(fields, "ledger", ("item_dissatisfied", "n", "drop"))),
            interview=_interview(self._block(fields, "interview", ("outlier", "small_category"))),
            watch_list=_watch_list(self._block(fields, "watch_list", ("false_discovery",))),
        )

    def _recognition(self) -> Recognition | None:
        fields = self._block(self.root, "recognition", ("groups", "line", "quota_per_mille"))
        if fields is None:
            return None
        group_fields = self._block(fields, "groups", RECOGNITION_GROUPS)
        if group_fields is None:
            fields.add_missing("groups")
            return None
        groups = {name: group_fields.number(name, 0, 100) for name in RECOGNITION_GROUPS if group_fields.has(name)}
        total = sum(groups.values())
        if isinstance(fields.entries["groups"], MappingNode) and abs(total - 100) > 1e-9:
            group_fields.add_issue(
                group_fields.position, message("社会认可度各组的权重合计是 {total:g}，应当是 100", total=total)
            )
        return Recognition(groups, fields.number("line", 0, 1, 0.85), fields.number("quota_per_mille", 0.01, 1000, 1.5))

    def _release(self) -> dict[str, ReleaseLevel]:
        fields = self._block(self.root, "release", RELEASE_LEVELS)
        levels = {}
        for name in RELEASE_LEVELS if fields is not None else ():
            level = self._block(fields, name, ("ranks", "min_n")) if fields is not None else None
            if level is not None:
                levels[name] = ReleaseLevel(
                    level.one_of("ranks", RELEASED_RANKS), level.integer("min_n", MIN_N_FLOOR, 10_000, 10)
                )
        return levels


def _notice(fields: NodeReader | None) -> NoticeTrigger | None:
    if fields is None:
        return None
    return NoticeTrigger(
        fields.number("line", 0.01, 0.99, 0.85), fields.number("level", 0.0001, 0.5, 0.025),
        fields.number("tipping", 1, 100, 1.25), fields.integer("days", 1, 366, 30),
    )  # fmt: skip


def _reminder(fields: NodeReader | None) -> ReminderTrigger | None:
    if fields is None:
        return None
    return ReminderTrigger(fields.number("line", 0.01, 0.99, 0.85), fields.integer("days", 1, 366, 30))


def _ledger(fields: NodeReader | None) -> LedgerTrigger | None:
    if fields is None:
        return None
    return LedgerTrigger(
        fields.number("item_dissatisfied", 0.01, 0.99, 0.10), fields.integer("n", MIN_N_FLOOR, 10_000, 30),
        fields.number("drop", 0, 100, 3.0),
    )  # fmt: skip


def _interview(fields: NodeReader | None) -> InterviewTrigger | None:
    if fields is None:
        return None
    return InterviewTrigger(
        fields.number("outlier", 0.00001, 0.5, 0.001), fields.number("small_category", 0.00001, 0.5, 0.025)
    )


def _watch_list(fields: NodeReader | None) -> WatchListTrigger | None:
    if fields is None:
        return None
    return WatchListTrigger(fields.number("false_discovery", 0.001, 0.5, 0.10))
