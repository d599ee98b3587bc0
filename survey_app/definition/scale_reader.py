"""Scales as files state them: every point with its words, or numbers between two ends."""

from dataclasses import replace

from .languages import Text
from .messages import message
from .model import NumericScale, Scale, ScalePoint
from .node_reader import NodeReader, read_translated_text
from .nodes import Node, SourcePosition
from .question_reader import QuestionReader

NUMERIC_KEYS = ("from", "to", "ends", "favourable_from", "unfavourable_to", "also")
SCALE_KEYS = ("points", "not_applicable", "show", *NUMERIC_KEYS)
SHOWN_AS, WORDS_SHOWN_AS, ALSO = ("numbers", "words", "stars"), ("words", "faces"), ("nps",)
MAX_NUMBER = 99


def read_scale(reader: QuestionReader, name: str, node: Node, position: SourcePosition) -> Scale:
    """The scale that a node states; faults are noted and reading goes on."""
    fields = reader.fields(node, SCALE_KEYS, message("量表“{name}”", name=name))
    reader.source_map.scales[name] = position
    stated = fields.entries.get("not_applicable")
    if fields.has("from") or fields.has("to"):
        scale = _numeric_scale(reader, name, fields)
        reader.source_map.options[name] = [position] * len(scale.points)
    else:
        _refuse_numeric_keys(fields)
        nodes = fields.sequence("points")
        has_faces = fields.has("show") and fields.one_of("show", WORDS_SHOWN_AS, "words") == "faces"
        scale = Scale(name, tuple(_point(reader, point) for point in nodes), faces=has_faces)
        reader.source_map.options[name] = [point.position for point in nodes]
    if stated is None:
        return scale
    reader.source_map.options[name].append(stated.position)
    return replace(scale, not_applicable=reader.option(stated))


def _point(reader: QuestionReader, node: Node) -> ScalePoint:
    fields = reader.fields(node, ("code", "points", "favourable", "label"), message("量表点"))
    return ScalePoint(
        code=fields.code("code"),
        label=fields.text("label"),
        points=fields.number("points", 0, 100),
        favourable=fields.flag("favourable", False),
    )


def _refuse_numeric_keys(fields: NodeReader) -> None:
    for key in NUMERIC_KEYS:
        if fields.has(key):
            fields.add_issue(fields.key_positions[key], message("“{key}”只用于写了 from 和 to 的量表", key=key))


def _numeric_scale(reader: QuestionReader, name: str, fields: NodeReader) -> Scale:
    low, high = fields.integer("from", 0, MAX_NUMBER, None), fields.integer("to", 0, MAX_NUMBER, None)
    if low >= high:
        fields.add_issue(fields.position, message("量表“{name}”的 to 应当比 from 大", name=name))
        high = low + 1
    ends = _ends(reader, fields)
    favourable_from = fields.integer("favourable_from", low + 1, high, None)
    unfavourable_to = fields.integer("unfavourable_to", low, high - 1, low + high - favourable_from)
    also = fields.one_of("also", ALSO, "") if fields.has("also") else ""
    if also and not fields.has("unfavourable_to"):
        fields.add_issue(fields.position_of("also"), message("also: nps 要写 unfavourable_to，通常是 6"))
    if unfavourable_to >= favourable_from:
        fields.add_issue(fields.position_of("unfavourable_to"), message("unfavourable_to 应当比 favourable_from 小"))
    listed = _listed_points(fields, high - low + 1)
    points = tuple(
        ScalePoint(
            str(number),
            _label(number, {low: ends[0], high: ends[1]}.get(number), reader.languages),
            listed[number - low] if listed else 100 * (number - low) / (high - low),
            number >= favourable_from,
        )
        for number in range(low, high + 1)
    )
    show = fields.one_of("show", SHOWN_AS, SHOWN_AS[0])
    return Scale(name, points, None, NumericScale(ends, show, bool(also), unfavourable_to, bool(listed)))


def _ends(reader: QuestionReader, fields: NodeReader) -> tuple[Text, Text]:
    nodes = fields.sequence("ends")
    if nodes and len(nodes) != 2:
        fields.add_issue(fields.position_of("ends"), message("“ends”应当是两段文字：最小的和最大的各一段"))
    texts = [read_translated_text(node, reader.issues, message("“ends”"), fields.languages) for node in nodes[:2]]
    low, high = [*texts, Text(), Text()][:2]
    return low, high


def _listed_points(fields: NodeReader, count: int) -> tuple[float, ...]:
    """Points that are not spread evenly; empty where they are."""
    if not fields.has("points"):
        return ()
    values = []
    for node in fields.sequence("points"):
        values.append(fields.of_value("points", node).number("points", 0, 100))
    if len(values) != count or values != sorted(values):
        fields.add_issue(fields.position_of("points"), message("“points”应当是 {n} 个从小到大的分值", n=count))
        return ()
    return tuple(values)


def _label(number: int, end: Text | None, languages: tuple[str, ...]) -> Text:
    """The number, and at an end what it means."""
    if not end:
        return Text.of({tag: str(number) for tag in languages})
    return Text.of({tag: f"{number} {words}" for tag, words in end.items()})
