"""Reading an assessment scheme: weights by category and the method's thresholds, with every fault named."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.definition.model import AUDIENCES, Text
from survey_app.definition.node_reader import FILE_IDENTIFIER, Fields
from survey_app.definition.nodes import DefinitionFaulty, Fault, Node, Place, Scalar, read_file
from survey_app.measurement.settings import LEAST_MIN_N, MAPS, Method

DEFAULT = "default.yaml"
_SCHEME = ("format", "id", "title", "document", "method", "categories", "minimum_response")
_METHOD = (
    "valid_share", "map", "min_n", "min_n_for", "stratify_from", "min_cell", "main", "rank_from", "rank_response",
    "rank_unverified", "decimals", "dimension_weights",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scheme:
    """One assessment scheme. ``weights``: category to audience to weight; a category's weights add up to 100."""

    id: str
    title: Text
    document: str
    method: Method
    weights: dict[str, dict[str, float]] = field(hash=False)
    minimum_response: dict[str, float] = field(hash=False)
    dimension_weights: dict[str, float] = field(hash=False)

    @property
    def sha256(self) -> str:
        """Identifies the content, whatever the file looked like."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def weights_for(self, category: str) -> dict[str, float]:
        return self.weights.get(category, {})


def read_scheme(path: Path, categories: Categories) -> Scheme:
    """Raises :class:`DefinitionFaulty`."""
    reading = _Reading(categories)
    scheme = reading.scheme(read_file(path))
    if reading.faults:
        raise DefinitionFaulty(reading.faults)
    return scheme


class _Reading:
    def __init__(self, categories: Categories) -> None:
        self.categories = categories
        self.faults: list[Fault] = []

    def scheme(self, root: Node) -> Scheme:
        fields = Fields(root, self.faults, _SCHEME, message("考核方案"))
        if fields.string("format") not in ("", "1"):
            fields.fault(fields.place_of("format"), message("只支持 format: 1，请改为 1"))
        method = Fields(fields.entries.get("method", root), self.faults, _METHOD, message("method")) \
            if fields.has("method") else None  # fmt: skip
        return Scheme(
            id=fields.matching(
                "id", FILE_IDENTIFIER, message("请用字母开头，只含字母、数字、下划线和连字符，最多 48 个字符")
            ),
            title=fields.text("title"),
            document=fields.string("document", ""),
            method=self.method(method) if method else Method(),
            weights={name: self.weights(name, node, place) for name, node, place in fields.mapping("categories")},
            minimum_response=self.by_audience(fields, "minimum_response", 0, 1),
            dimension_weights=self.dimension_weights(method) if method else {},
        )

    def method(self, fields: Fields) -> Method:
        return Method(
            valid_share=fields.number("valid_share", 0, 1, 0.5),
            map=fields.one_of("map", tuple(MAPS), "linear"),
            min_n=fields.whole("min_n", LEAST_MIN_N, 10_000, 10),
            min_n_for={key: int(n) for key, n in self.by_audience(fields, "min_n_for", LEAST_MIN_N, 10_000).items()},
            stratify_from=fields.whole("stratify_from", 1, 1_000_000, 30),
            min_cell=fields.whole("min_cell", 2, 10_000, 5),
            main=fields.one_of("main", AUDIENCES, "parent"),
            rank_from=fields.whole("rank_from", 2, 1_000_000, 20),
            rank_response=fields.number("rank_response", 0, 1, 0.3),
            rank_unverified=fields.string("rank_unverified", ""),
            decimals=fields.whole("decimals", 0, 4, 2),
        )

    def by_audience(self, fields: Fields, key: str, low: float, high: float) -> dict[str, float]:
        if not fields.has(key):
            return {}
        inner = Fields(fields.entries[key], self.faults, AUDIENCES, message("“{key}”", key=key))
        return {audience: inner.number(audience, low, high) for audience in AUDIENCES if inner.has(audience)}

    def dimension_weights(self, fields: Fields) -> dict[str, float]:
        found = {}
        names = [name for name, _, _ in fields.mapping("dimension_weights", required=False)]
        for name in names:
            inner = Fields(fields.entries["dimension_weights"], self.faults, names, message("dimension_weights"))
            found[name] = inner.number(name, 0.0001, 1000)
        return found

    def weights(self, category: str, node: Node, place: Place) -> dict[str, float]:
        fields = Fields(node, self.faults, AUDIENCES, message("类别“{category}”的权重", category=category))
        if category not in self.categories:
            known = ", ".join(known.id for known in self.categories.all)
            fields.fault(place, message("没有类别“{word}”；可用：{known}", word=category, known=known))
        found = {
            name: fields.number(name, 0, 100) for name in AUDIENCES if isinstance(fields.entries.get(name), Scalar)
        }
        if abs(sum(found.values()) - 100) > 1e-9:
            fields.fault(
                node.place,
                message(
                    "类别“{category}”的权重合计是 {total:g}，应当是 100", category=category, total=sum(found.values())
                ),
            )
        return found
