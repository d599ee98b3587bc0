"""What the readers of all kinds of questions share: the file being read, its languages, audiences and scales."""

from dataclasses import dataclass, field

from .audiences import AUDIENCES
from .condition_reader import ConditionError, read_condition
from .conditions import Condition
from .languages import DEFAULT_LANGUAGES, Text
from .messages import Message, message
from .model import ClosedOption, Option, Scale
from .node_reader import NodeReader, TextLanguages, read_translated_text
from .nodes import Issue, Node, ScalarNode, SourcePosition

MAX_OPTION_TEXT = 200


@dataclass(slots=True)
class SourceMap:
    """Where ids stand in the file, for faults that concern several fields."""

    ids: list[tuple[str, SourcePosition]] = field(default_factory=list)
    dimensions: list[tuple[str, SourcePosition]] = field(default_factory=list)
    retired: list[tuple[str, SourcePosition]] = field(default_factory=list)
    scales: dict[str, SourcePosition] = field(default_factory=dict)
    conditions: dict[str, SourcePosition] = field(default_factory=dict)
    grades_from: dict[str, SourcePosition] = field(default_factory=dict)
    audiences: dict[str, SourcePosition] = field(default_factory=dict)
    options: dict[str, list[SourcePosition]] = field(default_factory=dict)
    accepted: dict[str, SourcePosition] = field(default_factory=dict)
    source: dict[str, SourcePosition] = field(default_factory=dict)
    keys: dict[str, SourcePosition] = field(default_factory=dict)

    def position_of(self, question_id: str) -> SourcePosition | None:
        """Where a question's id stands."""
        return dict(self.ids).get(question_id)


@dataclass(slots=True)
class QuestionReader:
    """One file being read: collects faults and remembers where ids stand, for the checks across fields."""

    issues: list[Issue] = field(default_factory=list)
    source_map: SourceMap = field(default_factory=SourceMap)
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    audiences: tuple[str, ...] = ()
    scales: dict[str, Scale] = field(default_factory=dict)

    def fields(self, node: Node, keys: tuple[str, ...], subject: Message | None = None) -> NodeReader:
        """The fields of a mapping, whose texts are in the languages of the file."""
        known = subject or message("条目")
        return NodeReader(node, self.issues, keys, known, TextLanguages(self.languages, DEFAULT_LANGUAGES))

    def names(
        self, fields: NodeReader, key: str, allowed: tuple[str, ...], default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """A list of known names; ``default`` where the key is absent (without a default it is required)."""
        if not fields.has(key) and default:
            return default
        names: list[str] = []
        for word, position in fields.strings(key):
            if word not in allowed:
                fields.add_issue(
                    position, message("“{word}”不在 {allowed} 之中", word=word, allowed=", ".join(allowed))
                )
            elif word in names:
                fields.add_issue(position, message("“{word}”写了两次", word=word))
            else:
                names.append(word)
        return tuple(names)

    def audiences_of(self, fields: NodeReader) -> tuple[str, ...]:
        """Who is asked a question; everybody the file is for, unless it says otherwise.

        Where the file itself names nobody that is known, that is one fault and not one per question.
        """
        return self.names(fields, "audiences", self.audiences or AUDIENCES.ids(), self.audiences or AUDIENCES.ids())

    def question_id(self, fields: NodeReader) -> str:
        identifier = fields.identifier("id")
        self.source_map.ids.append((identifier, fields.position_of("id")))
        return identifier

    def help(self, fields: NodeReader) -> Text | None:
        """The small print below a question, if it has any."""
        return fields.text("help") if fields.has("help") else None

    def question_texts_for(self, fields: NodeReader, key: str) -> dict[str, Text]:
        """The other wordings of one text of a question, for audiences that it is put to."""
        asked = self.audiences
        if fields.has("audiences"):
            asked = tuple(node.value.strip() for node in fields.sequence("audiences") if isinstance(node, ScalarNode))
        return self.texts_for(fields, key, asked)

    def texts_for(self, fields: NodeReader, key: str, asked: tuple[str, ...]) -> dict[str, Text]:
        """The texts that stand in another's place, by audience; nobody else reads them than who is ``asked``."""
        texts = {}
        for audience, node, position in fields.mapping(key, required=False):
            if audience in self.audiences and audience not in asked:
                fields.add_issue(position, message("这里不问“{word}”，请删去这种说法", word=audience))
            if self.audiences and audience not in self.audiences:
                fields.add_issue(position, message("“{word}”不是本问卷的对象", word=audience))
            subject = message("“{key}”", key=audience)
            texts[audience] = read_translated_text(node, self.issues, subject, fields.languages)
        return texts

    def condition(self, fields: NodeReader) -> Condition | None:
        if not fields.has("show_if"):
            return None
        text, position = fields.string("show_if"), fields.position_of("show_if")
        if not text:
            return None
        try:
            condition = read_condition(text)
        except ConditionError as error:
            fields.add_issue(position, message("条件第 {n} 个字符：{why}", n=error.offset + 1, why=error.message))
            return None
        self.source_map.conditions[fields.string("id", "")] = position
        return condition

    def option(self, node: Node) -> Option:
        fields = self.fields(node, ("code", "label"), message("选项"))
        return Option(fields.code("code"), fields.text("label"))

    def options(self, fields: NodeReader, keys: tuple[str, ...] = ()) -> tuple[ClosedOption, ...]:
        """The options of a closed question; ``keys`` are what they may state beside code and label."""
        nodes = fields.sequence("options")
        self.source_map.options[fields.string("id", "")] = [node.position for node in nodes]
        return tuple(self._closed_option(node, keys) for node in nodes)

    def _closed_option(self, node: Node, keys: tuple[str, ...]) -> ClosedOption:
        fields = self.fields(node, ("code", "label", *keys), message("选项"))
        return ClosedOption(
            fields.code("code"),
            fields.text("label"),
            exclusive=fields.flag("exclusive", False),
            text_length=fields.integer("text", 1, MAX_OPTION_TEXT, 0) if fields.has("text") else 0,
        )
