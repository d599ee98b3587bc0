"""Nodes to an :class:`Instrument`: every fault is reported with its place, not only the first."""

from pathlib import Path

from .categories import Categories
from .conditions import Condition, ConditionError, read_condition
from .messages import message
from .model import (
    AUDIENCES,
    BackgroundQuestion,
    CommentQuestion,
    Dimension,
    Instrument,
    Item,
    Option,
    RetiredId,
    Scale,
    ScalePoint,
    Text,
)
from .node_reader import FILE_IDENTIFIER_PATTERN, VERSION_PATTERN, NodeReader, read_translated_text
from .nodes import DefinitionError, Issue, Node, ScalarNode, SourcePosition, read_file, read_text
from .validate import SourceMap, validate_instrument

_INSTRUMENT_KEYS = (
    "format", "id", "version", "title", "audiences", "categories", "grades_from", "intro", "scales", "dimensions",
    "overall", "background", "comments", "retired",
)  # fmt: skip
_ITEM_KEYS = ("id", "concept", "text", "text_for", "audiences", "scale", "reverse", "required", "show_if")
_BACKGROUND_KEYS = ("id", "kind", "text", "options", "audiences", "private", "required", "show_if")


def read_instrument(path: Path, categories: Categories) -> Instrument:
    """The instrument in a file. Raises :class:`DefinitionError` with all faults."""
    return _InstrumentReader(categories).instrument(read_file(path))


def read_instrument_text(text: str, name: str, categories: Categories) -> Instrument:
    """The same from a text, for example the frozen one of a wave."""
    return _InstrumentReader(categories).instrument(read_text(text, name))


class _InstrumentReader:
    """One file being read: collects faults and remembers where ids stand, for the checks across fields."""

    def __init__(self, categories: Categories) -> None:
        self.categories = categories
        self.issues: list[Issue] = []
        self.source_map = SourceMap()
        self.audiences: tuple[str, ...] = ()
        self.scales: dict[str, Scale] = {}

    def instrument(self, root: Node) -> Instrument:
        reader = NodeReader(root, self.issues, _INSTRUMENT_KEYS, message("问卷文件"))
        if reader.string("format") not in ("", "1"):
            reader.add_issue(reader.position_of("format"), message("只支持 format: 1，请改为 1"))
        self.audiences = self._names(reader, "audiences", AUDIENCES, AUDIENCES)
        scales = tuple(self._scale(name, node, position) for name, node, position in reader.mapping("scales"))
        self.scales = {scale.id: scale for scale in scales}
        known_categories = tuple(category.id for category in self.categories.all)
        instrument = Instrument(
            id=reader.string_matching(
                "id", FILE_IDENTIFIER_PATTERN, message("请用字母开头，只含字母、数字、下划线和连字符，最多 48 个字符")
            ),
            version=reader.string_matching("version", VERSION_PATTERN, message("最多 32 个字符，写在一行")),
            title=reader.text("title"),
            audiences=self.audiences,
            categories=self._names(reader, "categories", known_categories, ()),
            grades_from=self._grades_from(reader),
            intro=reader.text("intro") if reader.has("intro") else None,
            scales=scales,
            dimensions=tuple(self._dimension(node) for node in reader.sequence("dimensions")),
            overall=self._overall(reader),
            background=tuple(self._background(node) for node in reader.sequence("background", False)),
            comments=tuple(self._comment(node) for node in reader.sequence("comments", False)),
            retired=tuple(self._retired(node) for node in reader.sequence("retired", False)),
        )
        validate_instrument(instrument, self.categories, self.source_map, reader.position, self.issues)
        if self.issues:
            raise DefinitionError(self.issues)
        return instrument

    def _names(
        self, reader: NodeReader, key: str, allowed: tuple[str, ...], default: tuple[str, ...]
    ) -> tuple[str, ...]:
        """A list of known names; ``default`` when the key is absent (an empty default makes the key required)."""
        if not reader.has(key) and default and default is not AUDIENCES:
            return default
        names: list[str] = []
        for word, position in reader.strings(key):
            if word not in allowed:
                reader.add_issue(
                    position, message("“{word}”不在 {allowed} 之中", word=word, allowed=", ".join(allowed))
                )
            elif word in names:
                reader.add_issue(position, message("“{word}”写了两次", word=word))
            else:
                names.append(word)
        return tuple(names)

    def _grades_from(self, reader: NodeReader) -> dict[str, str]:
        grades = {}
        for audience, node, position in reader.mapping("grades_from", required=False):
            if audience not in self.audiences:
                reader.add_issue(position, message("“{word}”不是本问卷的对象", word=audience))
            elif isinstance(node, ScalarNode):
                grades[audience] = node.value
                self.source_map.grades_from[audience] = node.position
        return grades

    def _scale(self, name: str, node: Node, position: SourcePosition) -> Scale:
        reader = NodeReader(node, self.issues, ("points", "not_applicable"), message("量表“{name}”", name=name))
        points = tuple(self._point(point_node) for point_node in reader.sequence("points"))
        self.source_map.scales[name] = position
        not_applicable = reader.entries.get("not_applicable")
        return Scale(name, points, self._option(not_applicable) if not_applicable else None)

    def _point(self, node: Node) -> ScalePoint:
        reader = NodeReader(node, self.issues, ("code", "points", "favourable", "label"), message("量表点"))
        return ScalePoint(
            code=reader.code("code"),
            label=reader.text("label"),
            points=reader.number("points", 0, 100),
            favourable=reader.flag("favourable", False),
        )

    def _option(self, node: Node) -> Option:
        reader = NodeReader(node, self.issues, ("code", "label"), message("选项"))
        return Option(reader.code("code"), reader.text("label"))

    def _dimension(self, node: Node) -> Dimension:
        reader = NodeReader(node, self.issues, ("id", "label", "weight", "items"), message("维度"))
        dimension = Dimension(
            id=reader.identifier("id"),
            label=reader.text("label"),
            weight=reader.number("weight", 0, 1000, 1.0),
            items=tuple(self._item(item_node, message("条目")) for item_node in reader.sequence("items")),
        )
        self.source_map.dimensions.append((dimension.id, reader.position_of("id")))
        if dimension.weight == 0:
            reader.add_issue(reader.position_of("weight"), message("维度权重必须大于 0"))
        return dimension

    def _overall(self, reader: NodeReader) -> Item | None:
        node = reader.entries.get("overall")
        return self._item(node, message("总体满意度题")) if node else None

    def _item(self, node: Node, subject: object) -> Item:
        reader = NodeReader(node, self.issues, _ITEM_KEYS, message("{what}", what=subject))
        scale_id = reader.string("scale")
        if scale_id and scale_id not in self.scales:
            reader.add_issue(reader.position_of("scale"), message("没有名为“{name}”的量表", name=scale_id))
        item = Item(
            id=self._id(reader),
            concept=reader.identifier("concept", ""),
            text=reader.text("text"),
            text_for=self._text_for(reader),
            audiences=self._names(reader, "audiences", self.audiences, self.audiences),
            scale=self.scales.get(scale_id, Scale(scale_id, ())),
            reverse=reader.flag("reverse", False),
            required=reader.flag("required", True),
            show_if=self._condition(reader),
        )
        return item

    def _id(self, reader: NodeReader) -> str:
        identifier = reader.identifier("id")
        self.source_map.ids.append((identifier, reader.position_of("id")))
        return identifier

    def _text_for(self, reader: NodeReader) -> dict[str, Text]:
        texts = {}
        for audience, node, position in reader.mapping("text_for", required=False):
            if audience not in self.audiences:
                reader.add_issue(position, message("“{word}”不是本问卷的对象", word=audience))
            texts[audience] = read_translated_text(node, self.issues, message("“{key}”", key=audience))
        return texts

    def _condition(self, reader: NodeReader) -> Condition | None:
        if not reader.has("show_if"):
            return None
        text, position = reader.string("show_if"), reader.position_of("show_if")
        try:
            condition = read_condition(text)
        except ConditionError as error:
            reader.add_issue(position, message("条件第 {n} 个字符：{why}", n=error.offset + 1, why=error.message))
            return None
        self.source_map.conditions[reader.string("id", "")] = position
        return condition

    def _background(self, node: Node) -> BackgroundQuestion:
        reader = NodeReader(node, self.issues, _BACKGROUND_KEYS, message("背景题"))
        kind = reader.one_of("kind", ("grade", "choice", "choices"))
        question = BackgroundQuestion(
            id=self._id(reader),
            kind=kind,
            text=reader.text("text"),
            audiences=self._names(reader, "audiences", self.audiences, self.audiences),
            options=tuple(self._option(option_node) for option_node in reader.sequence("options", kind != "grade")),
            private=reader.flag("private", False),
            required=reader.flag("required", False),
            show_if=self._condition(reader),
        )
        if kind == "grade" and question.options:
            reader.add_issue(reader.position_of("options"), message("年级题的选项来自名册，请删去 options"))
        return question

    def _comment(self, node: Node) -> CommentQuestion:
        known_keys = ("id", "text", "max_length", "audiences", "show_if")
        reader = NodeReader(node, self.issues, known_keys, message("意见题"))
        return CommentQuestion(
            id=self._id(reader),
            text=reader.text("text"),
            max_length=reader.integer("max_length", 1, 2000, 500),
            audiences=self._names(reader, "audiences", self.audiences, self.audiences),
            show_if=self._condition(reader),
        )

    def _retired(self, node: Node) -> RetiredId:
        reader = NodeReader(node, self.issues, ("id", "last_version"), message("停用的题号"))
        retired = RetiredId(reader.identifier("id"), reader.string("last_version"))
        self.source_map.retired.append((retired.id, reader.position_of("id")))
        return retired
