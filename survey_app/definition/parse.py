"""Nodes to an :class:`Instrument`: every fault is reported with its place, not only the first."""

from dataclasses import dataclass
from pathlib import Path

from .audiences import AUDIENCES
from .categories import Categories
from .kinds import KINDS, Block, kinds_in
from .kinds.background import BACKGROUND_KEYS
from .languages import DEFAULT_LANGUAGES, is_language_tag
from .messages import message
from .model import (
    BackgroundQuestion,
    CommentQuestion,
    Dimension,
    Instrument,
    Item,
    Occasion,
    RetiredId,
)
from .node_reader import FILE_IDENTIFIER_PATTERN, VERSION_PATTERN, NodeReader
from .nodes import (
    DefinitionError,
    Issue,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    read_file,
    read_text,
)
from .question_reader import QuestionReader, SourceMap
from .scale_reader import read_scale
from .validate import validate_instrument

INSTRUMENT_KEYS = (
    "format", "id", "version", "languages", "title", "title_for", "audiences", "categories", "grades_from",
    "intro", "intro_for", "scales", "dimensions", "overall", "background", "follow_up", "comments", "retired",
    "accepted", "occasion", "source",
)  # fmt: skip
DIMENSION_KEYS = ("id", "label", "label_for", "lead", "lead_for", "weight", "items")


@dataclass(frozen=True, slots=True)
class ReadInstrument:
    """An instrument, where its parts stand, and what is wrong with it."""

    instrument: Instrument
    source_map: SourceMap
    issues: tuple[Issue, ...] = ()


def read_instrument(path: Path, categories: Categories) -> Instrument:
    """The instrument in a file. Raises :class:`DefinitionError` with all faults."""
    return read_instrument_with_places(path, categories).instrument


def read_instrument_text(text: str, name: str, categories: Categories) -> Instrument:
    """The same from a text, for example the frozen one of a wave."""
    return _without_faults(read_node(read_text(text, name), categories)).instrument


def read_instrument_with_places(path: Path, categories: Categories) -> ReadInstrument:
    """The instrument in a file and where its parts stand. Raises :class:`DefinitionError` with all faults."""
    return _without_faults(read_node(read_file(path), categories))


def read_node(root: Node, categories: Categories) -> ReadInstrument:
    """What can be read of a file, with all its faults: a draft has gaps and is reviewed all the same."""
    return _InstrumentReader(categories).instrument(root)


def _without_faults(read: ReadInstrument) -> ReadInstrument:
    if read.issues:
        raise DefinitionError(list(read.issues))
    return read


class _InstrumentReader:
    """Reads the parts of the file; questions are read by their kinds."""

    def __init__(self, categories: Categories) -> None:
        self.categories = categories
        self.reader = QuestionReader()
        self.issues = self.reader.issues
        self.source_map = self.reader.source_map

    def instrument(self, root: Node) -> ReadInstrument:
        fields = self._head(root)
        scales = tuple(
            read_scale(self.reader, name, node, position) for name, node, position in fields.mapping("scales")
        )
        self.reader.scales = {scale.id: scale for scale in scales}
        known_categories = tuple(category.id for category in self.categories.all)
        instrument = Instrument(
            id=fields.string_matching(
                "id", FILE_IDENTIFIER_PATTERN, message("请用字母开头，只含字母、数字、下划线和连字符，最多 48 个字符")
            ),
            version=fields.string_matching("version", VERSION_PATTERN, message("最多 32 个字符，写在一行")),
            languages=self.reader.languages,
            title=fields.text("title"),
            title_for=self.reader.texts_for(fields, "title_for", self.reader.audiences),
            audiences=self.reader.audiences,
            categories=self.reader.names(fields, "categories", known_categories),
            grades_from=self._grades_from(fields),
            intro=fields.text("intro") if fields.has("intro") else None,
            intro_for=self.reader.texts_for(fields, "intro_for", self.reader.audiences),
            scales=scales,
            dimensions=tuple(self._dimension(node) for node in fields.sequence("dimensions")),
            overall=self._overall(fields),
            background=self._closed_questions(fields, Block.BACKGROUND),
            follow_up=self._closed_questions(fields, Block.FOLLOW_UP),
            comments=tuple(self._comment(node) for node in fields.sequence("comments", False)),
            retired=tuple(self._retired(node) for node in fields.sequence("retired", False)),
            accepted=self._accepted(fields),
            source=self._source(fields),
            occasion=fields.one_of("occasion", tuple(Occasion), Occasion.YEARLY.value),
        )
        validate_instrument(instrument, self.categories, self.source_map, fields.position, self.issues)
        return ReadInstrument(instrument, self.source_map, tuple(self.issues))

    def _head(self, root: Node) -> NodeReader:
        """The fields of the file; languages and audiences, which all that is read below needs, are known by then."""
        self.reader.languages = self._languages(root)
        fields = self.reader.fields(root, INSTRUMENT_KEYS, message("问卷文件"))
        self.source_map.keys = dict(fields.key_positions)
        if fields.string("format") not in ("", "1"):
            fields.add_issue(fields.position_of("format"), message("只支持 format: 1，请改为 1"))
        self.reader.audiences = self.reader.names(fields, "audiences", AUDIENCES.ids())
        if isinstance(stated := fields.entries.get("audiences"), SequenceNode):
            named = [node for node in stated.items if isinstance(node, ScalarNode)]
            self.source_map.audiences = {node.value.strip(): node.position for node in named}
        return fields

    def _accepted(self, fields: NodeReader) -> dict[str, dict[str, str]]:
        """What the checker reports and somebody accepted, each with a reason."""
        accepted: dict[str, dict[str, str]] = {}
        for subject, node, position in fields.mapping("accepted", required=False):
            rules = tuple(node.entries) if isinstance(node, MappingNode) else ()
            reasons = self.reader.fields(node, rules, message("“{key}”", key=subject))
            accepted[subject] = {rule: reasons.string(rule) for rule in rules}
            self.source_map.accepted[subject] = position
        return accepted

    def _source(self, fields: NodeReader) -> dict[str, str]:
        """What the source of an import calls questions and options."""
        names: dict[str, str] = {}
        for subject, node, position in fields.mapping("source", required=False):
            names[subject] = fields.of_value("source", node).string("source")
            self.source_map.source[subject] = position
        return names

    def _languages(self, root: Node) -> tuple[str, ...]:
        """The languages of the file; they are read first, because every text is checked against them."""
        node = root.entries.get("languages") if isinstance(root, MappingNode) else None
        if node is None or not isinstance(root, MappingNode):
            return DEFAULT_LANGUAGES
        only_languages = MappingNode(root.position, {"languages": node}, {"languages": root.key_positions["languages"]})
        fields = NodeReader(only_languages, self.issues, ("languages",), message("问卷文件"))
        languages: list[str] = []
        for tag, position in fields.strings("languages"):
            if not is_language_tag(tag):
                fields.add_issue(position, message("“{word}”不是语言标签；写法如 zh、en、ug、zh-Hant", word=tag))
            elif tag in languages:
                fields.add_issue(position, message("“{word}”写了两次", word=tag))
            else:
                languages.append(tag)
        return tuple(languages) or DEFAULT_LANGUAGES

    def _grades_from(self, fields: NodeReader) -> dict[str, str]:
        grades = {}
        for audience, node, position in fields.mapping("grades_from", required=False):
            if audience not in self.reader.audiences:
                fields.add_issue(position, message("“{word}”不是本问卷的对象", word=audience))
            elif isinstance(node, ScalarNode):
                grades[audience] = node.value
                self.source_map.grades_from[audience] = node.position
            else:
                fields.add_issue(node.position, message("“{key}”应当是一段文字", key=audience))
        return grades

    def _dimension(self, node: Node) -> Dimension:
        fields = self.reader.fields(node, DIMENSION_KEYS, message("维度"))
        items = tuple(self._item(item_node) for item_node in fields.sequence("items"))
        asked = tuple(audience for item in items for audience in item.audiences)
        dimension = Dimension(
            id=fields.identifier("id"),
            label=fields.text("label"),
            label_for=self.reader.texts_for(fields, "label_for", asked),
            lead=fields.text("lead") if fields.has("lead") else None,
            lead_for=self.reader.texts_for(fields, "lead_for", asked),
            weight=fields.number("weight", 0, 1000, 1.0),
            items=items,
        )
        self.source_map.dimensions.append((dimension.id, fields.position_of("id")))
        if dimension.weight == 0:
            fields.add_issue(fields.position_of("weight"), message("维度权重必须大于 0"))
        return dimension

    def _overall(self, fields: NodeReader) -> Item | None:
        node = fields.entries.get("overall")
        return self._item(node) if node else None

    def _item(self, node: Node) -> Item:
        """Items are ratings until a file may say otherwise."""
        (kind,) = kinds_in(Block.ITEMS)
        item: Item = KINDS[kind].read_definition(node, self.reader)
        return item

    def _closed_questions(self, fields: NodeReader, block: Block) -> tuple[BackgroundQuestion, ...]:
        """The closed questions of a block, which bears its name in the file."""
        nodes = fields.sequence(block.value, False)
        questions = tuple(self._closed_question(node, kinds_in(block)) for node in nodes)
        for node, question in zip(nodes, questions, strict=True):
            if question.private and block is Block.FOLLOW_UP:
                reason = message("follow_up 里的题不能写 private：要保密的题请放在 background")
                fields.add_issue(node.position, reason)
        return questions

    def _closed_question(self, node: Node, allowed: tuple[str, ...]) -> BackgroundQuestion:
        stated = node.entries.get("kind") if isinstance(node, MappingNode) else None
        name = stated.value.strip() if isinstance(stated, ScalarNode) else ""
        if name in allowed:
            question: BackgroundQuestion = KINDS[name].read_definition(node, self.reader)
            return question
        return self._unknown_kind(node, allowed)

    def _unknown_kind(self, node: Node, allowed: tuple[str, ...]) -> BackgroundQuestion:
        """One fault, not one for each key that its kind might have had."""
        every_key = {*BACKGROUND_KEYS, *(key for kind in KINDS for key in kind.keys)}
        fields = self.reader.fields(node, tuple(every_key), message("不计分的题"))
        if isinstance(node, MappingNode):
            fields.one_of("kind", allowed)
        question_id = self.reader.question_id(fields)
        return BackgroundQuestion(question_id, allowed[0], fields.text("text"), self.reader.audiences_of(fields))

    def _comment(self, node: Node) -> CommentQuestion:
        (kind,) = kinds_in(Block.COMMENTS)
        comment: CommentQuestion = KINDS[kind].read_definition(node, self.reader)
        return comment

    def _retired(self, node: Node) -> RetiredId:
        fields = self.reader.fields(node, ("id", "last_version"), message("停用的题号"))
        retired = RetiredId(fields.identifier("id"), fields.string("last_version"))
        self.source_map.retired.append((retired.id, fields.position_of("id")))
        return retired
