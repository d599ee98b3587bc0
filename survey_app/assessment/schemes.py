"""Reading an assessment scheme: weights by category and the method's thresholds, with every fault named."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from survey_app.definition.audiences import AUDIENCES, STANDARD_MIN_N, AudienceId
from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.node_reader import FILE_IDENTIFIER_PATTERN, NodeReader
from survey_app.definition.nodes import (
    DefinitionError,
    Issue,
    MappingNode,
    Node,
    ScalarNode,
    SourcePosition,
    read_file,
    read_text,
)
from survey_app.measurement.scoring import CONDITIONAL_ITEMS
from survey_app.measurement.settings import MIN_N_FLOOR, POINT_MAPS, MeasurementSettings

from .rule_reader import RULE_KEYS, RuleReader
from .scheme_rules import SchemeRules

DEFAULT_SCHEME_FILE = "default.yaml"
_SCHEME_KEYS = ("format", "id", "title", "document", "method", "categories", "minimum_response")
_METHOD_KEYS = (
    "valid_share", "map", "min_n", "min_n_for", "stratify_from", "min_cell", "main", "rank_from", "rank_response",
    "rank_unverified", "decimals", "dimension_weights", "nonresponse", "class_correlation", "class_size", "rater_sd",
    "conditional_items",
)  # fmt: skip
FORMATS = ("1", "2")


@dataclass(frozen=True, slots=True)
class Scheme:
    """One assessment scheme. ``weights``: category to audience to weight; a category's weights add up to 100.

    A file of format 1 has no ``rules``: it says what satisfaction is, and gives no marks for it.
    """

    id: str
    title: Text
    document: str
    settings: MeasurementSettings
    weights: dict[str, dict[str, float]] = field(hash=False)
    minimum_response: dict[str, float] = field(hash=False)
    dimension_weights: dict[str, float] = field(hash=False)
    rules: SchemeRules | None = None

    @property
    def sha256(self) -> str:
        """Identifies the content, whatever the file looked like."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def content(self) -> dict[str, object]:
        """Everything that it states, as plain values; without rules the same as before there were any."""
        shared = {entry.name for entry in fields(self)} - ({"rules"} if self.rules is None else set())
        whole = asdict(self) | {"title": dict(self.title)}
        return {name: value for name, value in whole.items() if name in shared}

    def weights_for(self, category: str) -> dict[str, float]:
        return self.weights.get(category, {})


def read_scheme(path: Path, categories: Categories) -> Scheme:
    """Raises :class:`DefinitionError`."""
    return _read_root(read_file(path), categories)


def parse_scheme(content: str, name: str, categories: Categories) -> Scheme:
    """The scheme of a text; ``name`` stands in its faults. Raises :class:`DefinitionError`."""
    return _read_root(read_text(content, name), categories)


def _read_root(root: Node, categories: Categories) -> Scheme:
    reader = _SchemeReader(categories)
    scheme = reader.scheme(root)
    if reader.issues:
        raise DefinitionError(reader.issues)
    return scheme


def _format_of(root: Node) -> str:
    """Which keys to expect; an unreadable format is named by the reader."""
    node = root.entries.get("format") if isinstance(root, MappingNode) else None
    return node.value.strip() if isinstance(node, ScalarNode) else ""


class _SchemeReader:
    def __init__(self, categories: Categories) -> None:
        self.categories = categories
        self.issues: list[Issue] = []

    def scheme(self, root: Node) -> Scheme:
        form = _format_of(root)
        keys = (*_SCHEME_KEYS, "dimension_weights", *RULE_KEYS) if form == "2" else _SCHEME_KEYS
        fields = NodeReader(root, self.issues, keys, message("考核方案"))
        if fields.string("format") not in ("", *FORMATS):
            fields.add_issue(fields.position_of("format"), message("只支持 format: 1 和 format: 2，请改正"))
        method_keys = tuple(key for key in _METHOD_KEYS if form != "2" or key != "dimension_weights")
        method = NodeReader(fields.entries.get("method", root), self.issues, method_keys, message("method")) \
            if fields.has("method") else None  # fmt: skip
        dimension_holder = fields if form == "2" else method
        weights = {name: self.weights(name, node, position) for name, node, position in fields.mapping("categories")}
        return Scheme(
            id=fields.string_matching(
                "id", FILE_IDENTIFIER_PATTERN, message("请用字母开头，只含字母、数字、下划线和连字符，最多 48 个字符")
            ),
            title=fields.text("title"),
            document=fields.string("document", ""),
            settings=self.settings(method) if method else MeasurementSettings(),
            weights=weights,
            minimum_response=self.by_audience(fields, "minimum_response", 0, 1),
            dimension_weights=self.dimension_weights(dimension_holder) if dimension_holder else {},
            rules=RuleReader(fields, self.categories, weights).rules() if form == "2" else None,
        )

    def settings(self, fields: NodeReader) -> MeasurementSettings:
        return MeasurementSettings(
            valid_share=fields.number("valid_share", 0, 1, 0.5),
            map=fields.one_of("map", tuple(POINT_MAPS), "linear"),
            min_n=fields.integer("min_n", MIN_N_FLOOR, 10_000, STANDARD_MIN_N),
            min_n_for=self.min_n_for(fields),
            stratify_from=fields.integer("stratify_from", 1, 1_000_000, 1),
            min_cell=fields.integer("min_cell", 2, 10_000, 5),
            main=fields.one_of("main", AUDIENCES.ids(), AudienceId.PARENT.value),
            rank_from=fields.integer("rank_from", 2, 1_000_000, 20),
            rank_response=fields.number("rank_response", 0, 1, 0.3),
            rank_unverified=fields.string("rank_unverified", ""),
            decimals=fields.integer("decimals", 0, 4, 2),
            nonresponse=fields.number("nonresponse", 1, 10, 1.1),
            class_correlation=self.by_audience(fields, "class_correlation", 0, 1),
            class_size=fields.integer("class_size", 1, 10_000, 40),
            rater_sd=fields.number("rater_sd", 0.01, 50, 6.0),
            conditional_items=fields.one_of("conditional_items", CONDITIONAL_ITEMS, "exclude"),
        )

    def min_n_for(self, fields: NodeReader) -> dict[str, int]:
        """What the scheme states; where it states no minimum at all, what is usual for an audience."""
        stated = {key: int(n) for key, n in self.by_audience(fields, "min_n_for", MIN_N_FLOOR, 10_000).items()}
        usual = {row.id: row.default_min_n for row in AUDIENCES if row.default_min_n != STANDARD_MIN_N}
        return stated if fields.has("min_n") else usual | stated

    def by_audience(self, fields: NodeReader, key: str, low: float, high: float) -> dict[str, float]:
        if not fields.has(key):
            return {}
        audience_fields = NodeReader(fields.entries[key], self.issues, AUDIENCES.ids(), message("“{key}”", key=key))
        return {
            audience: audience_fields.number(audience, low, high)
            for audience in AUDIENCES.ids()
            if audience_fields.has(audience)
        }

    def dimension_weights(self, fields: NodeReader) -> dict[str, float]:
        weights = {}
        names = [name for name, _, _ in fields.mapping("dimension_weights", required=False)]
        for name in names:
            weight_fields = NodeReader(
                fields.entries["dimension_weights"], self.issues, names, message("dimension_weights")
            )
            weights[name] = weight_fields.number(name, 0.0001, 1000)
        return weights

    def weights(self, category: str, node: Node, position: SourcePosition) -> dict[str, float]:
        fields = NodeReader(node, self.issues, AUDIENCES.ids(), message("类别“{category}”的权重", category=category))
        if category not in self.categories:
            known_category = ", ".join(known_category.id for known_category in self.categories.all)
            fields.add_issue(position, message("没有类别“{word}”；可用：{known}", word=category, known=known_category))
        weights = {
            name: fields.number(name, 0, 100)
            for name in AUDIENCES.ids()
            if isinstance(fields.entries.get(name), ScalarNode)
        }
        if abs(sum(weights.values()) - 100) > 1e-9:
            fields.add_issue(
                node.position,
                message(
                    "类别“{category}”的权重合计是 {total:g}，应当是 100", category=category, total=sum(weights.values())
                ),
            )
        return weights
