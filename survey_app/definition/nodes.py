"""YAML text to nodes that know where they stand.

Only strings, lists and mappings exist here: ``no``, ``2025.10`` and ``012`` stay what the author typed. Tags, anchors,
duplicate keys, deep nesting and large files are faults, not surprises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .messages import Message, message
from .yaml_reasons import find_remark_in_braces, reason_of

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12

_FULL_WIDTH_COLON = re.compile(r"^\s*(?:- )?[{\[]?\s*[\w\"']+\s*：|[{,]\s*[\w\"']+\s*：")
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class SourcePosition:
    """Where something stands: file, line and column, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong in a definition file, and where."""

    position: SourcePosition
    message: Message

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class DefinitionError(Exception):
    """A definition file cannot be used; ``faults`` names everything that is wrong with it."""

    def __init__(self, issues: list[Issue]) -> None:
        self.issues = sorted(issues, key=lambda issue: issue.position)
        super().__init__("\n".join(map(str, self.issues)))


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """``remark``: where a ``#`` ends the text on its last line, because nothing quotes it."""

    position: SourcePosition
    value: str
    remark: SourcePosition | None = None


@dataclass(frozen=True, slots=True)
class SequenceNode:
    position: SourcePosition
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MappingNode:
    position: SourcePosition
    entries: dict[str, "Node"] = field(default_factory=dict)
    key_positions: dict[str, SourcePosition] = field(default_factory=dict)


Node = ScalarNode | SequenceNode | MappingNode


def read_file(path: Path) -> Node:
    """The root node of a file. Raises :class:`DefinitionError`."""
    try:
        return read_text(path.read_bytes(), str(path))
    except OSError as error:
        issue = Issue(
            SourcePosition(str(path), 1, 1),
            message("无法读取文件：{reason}。请检查文件名和权限", reason=error.strerror),
        )
        raise DefinitionError([issue]) from error


def read_text(raw: bytes | str, file: str) -> Node:
    """The root node of a YAML (or JSON) text. Raises :class:`DefinitionError`."""
    start_of_file = SourcePosition(file, 1, 1)
    if len(raw) > MAX_BYTES:
        raise DefinitionError([Issue(start_of_file, message("文件超过 {limit} KB，请拆分", limit=MAX_BYTES // 1024))])
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1 if isinstance(raw, bytes) else 1
        issue = Issue(SourcePosition(file, line, 1), message("文件不是 UTF-8 编码，请另存为 UTF-8"))
        raise DefinitionError([issue]) from error
    try:
        return _Composer(text, file).root()
    except yaml.YAMLError as error:
        raise DefinitionError([_syntax_issue(error, text, file)]) from error


def _syntax_issue(error: yaml.YAMLError, text: str, file: str) -> Issue:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    nearby_text = " ".join(lines[max(0, line - 1) : line + 1])
    position = SourcePosition(file, line + 1, column + 1)
    if isinstance(error, yaml.reader.ReaderError):
        return Issue(_position_of_offset(text, file), message("文件里有看不见的控制字符，请删去后重新输入"))
    for number in (line - 1, line):
        found = _FULL_WIDTH_COLON.search(lines[number]) if 0 <= number < len(lines) else None
        if found:
            position = SourcePosition(file, number + 1, found.end())
            break
    if _FULL_WIDTH_COLON.search(nearby_text):
        return Issue(position, message("这里写不成 YAML：键后面的冒号是全角“：”，请改用半角“:”加一个空格"))
    if "\t" in nearby_text:
        return Issue(position, message("这里写不成 YAML：缩进里有制表符，请改用空格"))
    if remark := find_remark_in_braces(lines, line):
        position = SourcePosition(file, remark[0] + 1, remark[1] + 1)
        return Issue(position, message("“#”和它后面的字被当作备注，不会显示：请给整段文字加引号"))
    reason = reason_of(getattr(error, "problem", None) or str(error))
    return Issue(position, message("这里写不成 YAML：{reason}。请检查缩进、引号和冒号", reason=reason))


def _position_of_offset(text: str, file: str) -> SourcePosition:
    """Where the first character stands that YAML does not take."""
    found = _NOT_PRINTABLE.search(text)
    before = text[: found.start()] if found else ""
    return SourcePosition(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


class _Composer:
    """Builds nodes from parser events, so that depth, anchors and tags are seen before anything grows."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = text.splitlines()
        self.issues: list[Issue] = []
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_YAML_LOADER))

    def root(self) -> Node:
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                node = self.node(event, 1)
                self.expect_no_second_document()
                if self.issues:
                    raise DefinitionError(self.issues)
                return node
        raise DefinitionError([Issue(SourcePosition(self.file, 1, 1), message("文件是空的"))])

    def expect_no_second_document(self) -> None:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.add_issue(event, message("一个文件只能有一份文档，请删去“---”之后的部分"))

    def position(self, event: yaml.Event) -> SourcePosition:
        mark = event.start_mark
        return SourcePosition(self.file, mark.line + 1, mark.column + 1) if mark else SourcePosition(self.file, 1, 1)

    def add_issue(self, event: yaml.Event, text: Message) -> None:
        self.issues.append(Issue(self.position(event), text))

    def node(self, event: yaml.Event, depth: int) -> Node:
        if depth > MAX_DEPTH:
            too_deep = message("嵌套超过 {limit} 层", limit=MAX_DEPTH)
            raise DefinitionError([*self.issues, Issue(self.position(event), too_deep)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.add_issue(event, message("不支持 YAML 锚点和引用（& 和 *），请把内容写全"))
        if getattr(event, "tag", None) not in (None, "!"):
            self.add_issue(event, message("不支持 YAML 标签（!），请只写文字、列表和键值"))
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, depth)
        return ScalarNode(self.position(event), getattr(event, "value", ""), self.remark_after(event))

    def remark_after(self, event: yaml.Event) -> SourcePosition | None:
        mark = event.end_mark if isinstance(event, yaml.ScalarEvent) and not event.style else None
        rest = self.lines[mark.line][mark.column :] if mark and mark.line < len(self.lines) else ""
        if not mark or not rest[:1].isspace() or not rest.lstrip().startswith("#"):
            return None
        return SourcePosition(self.file, mark.line + 1, mark.column + rest.index("#") + 1)

    def sequence(self, event: yaml.Event, depth: int) -> SequenceNode:
        sequence = SequenceNode(self.position(event))
        while not isinstance(item_event := next(self.events), yaml.SequenceEndEvent):
            sequence.items.append(self.node(item_event, depth + 1))
        return sequence

    def mapping(self, event: yaml.Event, depth: int) -> MappingNode:
        mapping = MappingNode(self.position(event))
        while not isinstance(key_event := next(self.events), yaml.MappingEndEvent):
            key = self.node(key_event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, ScalarNode):
                self.add_issue(key_event, message("键必须是文字"))
            elif key.value == "<<":
                self.add_issue(key_event, message("不支持 YAML 合并键（<<），请把内容写全"))
            elif key.value in mapping.entries:
                first_position = mapping.key_positions[key.value]
                self.add_issue(
                    key_event, message("键“{key}”重复，第 {line} 行已经有了", key=key.value, line=first_position.line)
                )
            else:
                mapping.entries[key.value] = value
                mapping.key_positions[key.value] = key.position
        return mapping
