"""Reading the lines of the marks: of what, with which share, by which function."""

from collections.abc import Collection

from survey_app.definition.messages import message
from survey_app.definition.node_reader import IDENTIFIER_PATTERN, NodeReader
from survey_app.measurement.marks import Threshold

from .mark_sources import MARK_SOURCES, MarkSource, MarkSourceKind
from .scheme_rules import MarkLine

_LINE_KEYS = ("id", "of", "share", "function", "zero_at", "full_at")
MAX_ARGUMENT = 60  # characters of the name of an imported column


def read_mark_lines(fields: NodeReader, audiences: Collection[str]) -> tuple[MarkLine, ...]:
    """The lines; their shares add up to 100. ``audiences``: those that the scheme assesses."""
    nodes = fields.sequence("lines")
    lines: list[MarkLine] = []
    for node in nodes:
        line_fields = NodeReader(node, fields.issues, _LINE_KEYS, message("marks 的一行"))
        if not line_fields.entries:
            continue
        line = _read_line(line_fields, audiences)
        if line.id and any(line.id == other.id for other in lines):
            line_fields.add_issue(line_fields.position_of("id"), message("id“{id}”用了两次", id=line.id))
        lines.append(line)
    total = sum(line.share for line in lines)
    if nodes and abs(total - 100) > 1e-9:
        fields.add_issue(fields.position_of("lines"), message("各行的 share 合计是 {total:g}，应当是 100", total=total))
    return tuple(lines)


def _read_line(fields: NodeReader, audiences: Collection[str]) -> MarkLine:
    line_id = fields.identifier("id")
    source = _read_source(fields, audiences)
    share = fields.number("share", 0.01, 100)
    kind = MARK_SOURCES[source.kind]
    function = fields.string("function")
    if function and function not in kind.functions:
        fields.add_issue(
            fields.position_of("function"),
            message("{of} 不能用函数“{function}”；可用：{known}",
                    of=kind.id, function=function, known=", ".join(kind.functions)),
        )  # fmt: skip
        function = kind.functions[0] if not fields.has("zero_at") else Threshold.name
    if function != Threshold.name:
        for key in ("zero_at", "full_at"):
            if fields.has(key):
                fields.add_issue(
                    fields.position_of(key), message("只有函数 threshold 有“{key}”，请删去这一项", key=key)
                )
        return MarkLine(line_id, source, share, function)
    return MarkLine(line_id, source, share, function, *_read_thresholds(fields, kind))


def _read_thresholds(fields: NodeReader, kind: MarkSourceKind) -> tuple[float, float]:
    zero_at, full_at = (fields.number(key, kind.low, kind.high) for key in ("zero_at", "full_at"))
    if fields.has("zero_at") and fields.has("full_at") and zero_at >= full_at:
        fields.add_issue(
            fields.position_of("full_at"),
            message("full_at 是 {full_at:g}，zero_at 是 {zero_at:g}：full_at 应当大于 zero_at",
                    full_at=full_at, zero_at=zero_at),
        )  # fmt: skip
    return zero_at, full_at


def _read_source(fields: NodeReader, audiences: Collection[str]) -> MarkSource:
    text = fields.string("of")
    kind, slash, argument = text.partition("/")
    position, known = fields.position_of("of"), MARK_SOURCES.get(kind)
    if not text or known is None:
        if text:
            forms = ", ".join(k.id + (f"/{k.argument}" if k.argument else "") for k in MARK_SOURCES)
            fields.add_issue(position, message("没有“{of}”这样的一项；可用：{known}", of=text, known=forms))
        return MarkSource("composite")
    if not known.argument and slash:
        fields.add_issue(position, message("“{kind}”后面不要写“/”", kind=kind))
        return MarkSource(kind)
    is_good = not known.argument or (
        argument in audiences if known.argument == "audience"
        else IDENTIFIER_PATTERN.match(argument) is not None if known.argument == "dimension"
        else 0 < len(argument.strip()) <= MAX_ARGUMENT and argument == argument.strip()
    )  # fmt: skip
    if not is_good:
        advice = {
            "audience": message("方案里有权重的对象：{known}", known=", ".join(sorted(audiences))),
            "dimension": message("问卷里维度的 id"),
            "column": message("导入的 Excel 的列名，最多 {limit} 个字", limit=MAX_ARGUMENT),
        }[known.argument]
        fields.add_issue(position, message("“{of}”的“/”后面应当是{advice}", of=text, advice=advice))
    return MarkSource(kind, argument)
