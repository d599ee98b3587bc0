"""Nodes to an :class:`Instrument`: every fault is reported with its place, not only the first."""

from pathlib import Path

from .categories import Categories
from .conditions import Condition, ConditionFaulty, read_condition
from .messages import message
from .model import (
    AUDIENCES,
    Background,
    CommentQuestion,
    Dimension,
    Instrument,
    Item,
    Option,
    Point,
    Retired,
    Scale,
    Text,
)
from .node_reader import FILE_IDENTIFIER, VERSION, Fields, text_of
from .nodes import DefinitionFaulty, Fault, Node, Place, Scalar, read_file, read_text
from .validate import Places, check_instrument

_INSTRUMENT = (
    "format", "id", "version", "title", "audiences", "categories", "grades_from", "intro", "scales", "dimensions",
    "overall", "background", "comments", "retired",
)  # fmt: skip
_ITEM = ("id", "concept", "text", "text_for", "audiences", "scale", "reverse", "required", "show_if")
_BACKGROUND = ("id", "kind", "text", "options", "audiences", "private", "required", "show_if")


def read_instrument(path: Path, categories: Categories) -> Instrument:
    """The instrument in a file. Raises :class:`DefinitionFaulty` with all faults."""
    return _Reading(categories).instrument(read_file(path))


def read_instrument_text(text: str, name: str, categories: Categories) -> Instrument:
    """The same from a text, for example the frozen one of a wave."""
    return _Reading(categories).instrument(read_text(text, name))


class _Reading:
    """One file being read: collects faults and remembers where ids stand, for the checks across fields."""

    def __init__(self, categories: Categories) -> None:
        self.categories = categories
        self.faults: list[Fault] = []
        self.places = Places()
        self.audiences: tuple[str, ...] = ()
        self.scales: dict[str, Scale] = {}

    def instrument(self, root: Node) -> Instrument:
        fields = Fields(root, self.faults, _INSTRUMENT, message("问卷文件"))
        if fields.string("format") not in ("", "1"):
            fields.fault(fields.place_of("format"), message("只支持 format: 1，请改为 1"))
        self.audiences = self._names(fields, "audiences", AUDIENCES, AUDIENCES)
        scales = tuple(self._scale(name, node, place) for name, node, place in fields.mapping("scales"))
        self.scales = {scale.id: scale for scale in scales}
        known_categories = tuple(category.id for category in self.categories.all)
        found = Instrument(
            id=fields.matching(
                "id", FILE_IDENTIFIER, message("请用字母开头，只含字母、数字、下划线和连字符，最多 48 个字符")
            ),
            version=fields.matching("version", VERSION, message("最多 32 个字符，写在一行")),
            title=fields.text("title"),
            audiences=self.audiences,
            categories=self._names(fields, "categories", known_categories, ()),
            grades_from=self._grades_from(fields),
            intro=fields.text("intro") if fields.has("intro") else None,
            scales=scales,
            dimensions=tuple(self._dimension(node) for node in fields.sequence("dimensions")),
            overall=self._overall(fields),
            background=tuple(self._background(node) for node in fields.sequence("background", False)),
            comments=tuple(self._comment(node) for node in fields.sequence("comments", False)),
            retired=tuple(self._retired(node) for node in fields.sequence("retired", False)),
        )
        check_instrument(found, self.categories, self.places, fields.place, self.faults)
        if self.faults:
            raise DefinitionFaulty(self.faults)
        return found

    def _names(self, fields: Fields, key: str, allowed: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of known names; ``default`` when the key is absent (an empty default makes the key required)."""
        if not fields.has(key) and default and default is not AUDIENCES:
            return default
        found: list[str] = []
        for word, place in fields.strings(key):
            if word not in allowed:
                fields.fault(place, message("“{word}”不在 {allowed} 之中", word=word, allowed=", ".join(allowed)))
            elif word in found:
                fields.fault(place, message("“{word}”写了两次", word=word))
            else:
                found.append(word)
        return tuple(found)

    def _grades_from(self, fields: Fields) -> dict[str, str]:
        found = {}
        for audience, node, place in fields.mapping("grades_from", required=False):
            if audience not in self.audiences:
                fields.fault(place, message("“{word}”不是本问卷的对象", word=audience))
            elif isinstance(node, Scalar):
                found[audience] = node.value
                self.places.grades_from[audience] = node.place
        return found

    def _scale(self, name: str, node: Node, place: Place) -> Scale:
        fields = Fields(node, self.faults, ("points", "not_applicable"), message("量表“{name}”", name=name))
        points = tuple(self._point(inner) for inner in fields.sequence("points"))
        self.places.scales[name] = place
        other = fields.entries.get("not_applicable")
        return Scale(name, points, self._option(other) if other else None)

    def _point(self, node: Node) -> Point:
        fields = Fields(node, self.faults, ("code", "points", "favourable", "label"), message("量表点"))
        return Point(
            code=fields.code("code"),
            label=fields.text("label"),
            points=fields.number("points", 0, 100),
            favourable=fields.flag("favourable", False),
        )

    def _option(self, node: Node) -> Option:
        fields = Fields(node, self.faults, ("code", "label"), message("选项"))
        return Option(fields.code("code"), fields.text("label"))

    def _dimension(self, node: Node) -> Dimension:
        fields = Fields(node, self.faults, ("id", "label", "weight", "items"), message("维度"))
        found = Dimension(
            id=fields.identifier("id"),
            label=fields.text("label"),
            weight=fields.number("weight", 0, 1000, 1.0),
            items=tuple(self._item(inner, message("条目")) for inner in fields.sequence("items")),
        )
        self.places.dimensions.append((found.id, fields.place_of("id")))
        if found.weight == 0:
            fields.fault(fields.place_of("weight"), message("维度权重必须大于 0"))
        return found

    def _overall(self, fields: Fields) -> Item | None:
        node = fields.entries.get("overall")
        return self._item(node, message("总体满意度题")) if node else None

    def _item(self, node: Node, what: object) -> Item:
        fields = Fields(node, self.faults, _ITEM, message("{what}", what=what))
        scale = fields.string("scale")
        if scale and scale not in self.scales:
            fields.fault(fields.place_of("scale"), message("没有名为“{name}”的量表", name=scale))
        found = Item(
            id=self._id(fields),
            concept=fields.identifier("concept", ""),
            text=fields.text("text"),
            text_for=self._text_for(fields),
            audiences=self._names(fields, "audiences", self.audiences, self.audiences),
            scale=self.scales.get(scale, Scale(scale, ())),
            reverse=fields.flag("reverse", False),
            required=fields.flag("required", True),
            show_if=self._condition(fields),
        )
        return found

    def _id(self, fields: Fields) -> str:
        found = fields.identifier("id")
        self.places.ids.append((found, fields.place_of("id")))
        return found

    def _text_for(self, fields: Fields) -> dict[str, Text]:
        found = {}
        for audience, node, place in fields.mapping("text_for", required=False):
            if audience not in self.audiences:
                fields.fault(place, message("“{word}”不是本问卷的对象", word=audience))
            found[audience] = text_of(node, self.faults, message("“{key}”", key=audience))
        return found

    def _condition(self, fields: Fields) -> Condition | None:
        if not fields.has("show_if"):
            return None
        text, place = fields.string("show_if"), fields.place_of("show_if")
        try:
            condition = read_condition(text)
        except ConditionFaulty as error:
            fields.fault(place, message("条件第 {n} 个字符：{why}", n=error.offset + 1, why=error.message))
            return None
        self.places.conditions[fields.string("id", "")] = place
        return condition

    def _background(self, node: Node) -> Background:
        fields = Fields(node, self.faults, _BACKGROUND, message("背景题"))
        kind = fields.one_of("kind", ("grade", "choice", "choices"))
        found = Background(
            id=self._id(fields),
            kind=kind,
            text=fields.text("text"),
            audiences=self._names(fields, "audiences", self.audiences, self.audiences),
            options=tuple(self._option(inner) for inner in fields.sequence("options", kind != "grade")),
            private=fields.flag("private", False),
            required=fields.flag("required", False),
            show_if=self._condition(fields),
        )
        if kind == "grade" and found.options:
            fields.fault(fields.place_of("options"), message("年级题的选项来自名册，请删去 options"))
        return found

    def _comment(self, node: Node) -> CommentQuestion:
        names = ("id", "text", "max_length", "audiences", "show_if")
        fields = Fields(node, self.faults, names, message("意见题"))
        return CommentQuestion(
            id=self._id(fields),
            text=fields.text("text"),
            max_length=fields.whole("max_length", 1, 2000, 500),
            audiences=self._names(fields, "audiences", self.audiences, self.audiences),
            show_if=self._condition(fields),
        )

    def _retired(self, node: Node) -> Retired:
        fields = Fields(node, self.faults, ("id", "last_version"), message("停用的题号"))
        found = Retired(fields.identifier("id"), fields.string("last_version"))
        self.places.retired.append((found.id, fields.place_of("id")))
        return found
