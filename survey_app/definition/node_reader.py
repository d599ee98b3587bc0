"""Typed access to the fields of a mapping node; every fault is noted and reading goes on."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .languages import DEFAULT_LANGUAGES, Text, is_language_tag
from .messages import Message, message
from .nodes import Issue, MappingNode, Node, ScalarNode, SequenceNode, SourcePosition
from .translated_words import has_untranslated_words

IDENTIFIER_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}\Z")
FILE_IDENTIFIER_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,47}\Z")
CODE_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")
VERSION_PATTERN = re.compile(r".{1,32}\Z")
_UNSTORABLE_CATEGORIES = ("Cc", "Co", "Cs", "Cn", "Zl", "Zp")  # YAML or a database would not give them back


@dataclass(frozen=True, slots=True)
class TextLanguages:
    """The languages that every text needs, and the others that may stand in it (None: any)."""

    required: tuple[str, ...] = DEFAULT_LANGUAGES
    tolerated: tuple[str, ...] | None = None

    def allows(self, tag: str) -> bool:
        if self.tolerated is None:
            return is_language_tag(tag)
        return tag in self.required or tag in self.tolerated

    def order(self, tags: Iterable[str]) -> list[str]:
        """Required languages first, the others as they stand."""
        tags = list(tags)
        return [tag for tag in self.required if tag in tags] + [tag for tag in tags if tag not in self.required]


class NodeReader:
    """The fields of one mapping. Unknown names are faults; so is everything that has the wrong shape."""

    def __init__(
        self,
        node: Node,
        issues: list[Issue],
        known_keys: Iterable[str],
        subject: Message,
        languages: TextLanguages = TextLanguages(),
    ) -> None:
        self.issues = issues
        self.languages = languages
        self.position = node.position
        self.subject = subject
        self.entries: dict[str, Node] = {}
        self.key_positions: dict[str, SourcePosition] = {}
        if isinstance(node, MappingNode):
            self.entries, self.key_positions = node.entries, node.key_positions
            self._report_unknown_keys(sorted(known_keys))
        else:
            self.add_issue(self.position, message("{what}应当是“键: 值”的形式", what=subject))
            if isinstance(node, ScalarNode) and "：" in node.value:
                self.add_issue(self.position, message("这里的冒号是全角“：”，请改用半角“:”加一个空格"))

    def _report_unknown_keys(self, known_keys: list[str]) -> None:
        for key, position in self.key_positions.items():
            if key in known_keys:
                continue
            close_matches = difflib.get_close_matches(unicodedata.normalize("NFKC", key), known_keys, 1)
            hint = message("，是不是“{near}”？", near=close_matches[0]) if close_matches else message("，请删去")
            self.add_issue(position, message("{what}没有“{key}”这一项{hint}", what=self.subject, key=key, hint=hint))

    def add_issue(self, position: SourcePosition, text: Message) -> None:
        self.issues.append(Issue(position, text))

    def has(self, key: str) -> bool:
        return key in self.entries

    def position_of(self, key: str) -> SourcePosition:
        return self.entries[key].position if key in self.entries else self.position

    def add_missing(self, key: str) -> None:
        self.add_issue(self.position, message("{what}缺少“{key}”", what=self.subject, key=key))

    def string(self, key: str, default: str | None = None) -> str:
        node = self.entries.get(key)
        if node is None:
            if default is None:
                self.add_missing(key)
            return default or ""
        if not isinstance(node, ScalarNode):
            self.add_issue(node.position, message("“{key}”应当是一段文字", key=key))
            return default or ""
        if default is None and not node.value.strip():
            self.add_issue(node.position, message("“{key}”是空的", key=key))
        if any(
            unicodedata.category(letter) in _UNSTORABLE_CATEGORIES and letter not in "\n\t" for letter in node.value
        ):
            self.add_issue(node.position, message("“{key}”里有看不见的控制字符，请删去后重新输入", key=key))
        elif default is None and node.value.strip() and not has_visible_letter(node.value):
            self.add_issue(node.position, message("“{key}”里没有看得见的字", key=key))
        return node.value.strip()

    def string_matching(self, key: str, pattern: re.Pattern[str], advice: Message, default: str | None = None) -> str:
        value = self.string(key, default)
        if value and not pattern.match(value):
            normalized = unicodedata.normalize("NFKC", value).strip("“”‘’")
            matches_normalized = pattern.match(normalized)
            hint: object = (
                message("（含全角字符，是不是“{normal}”？）", normal=normalized) if matches_normalized else ""
            )
            self.add_issue(
                self.position_of(key),
                message("“{key}”的值“{value}”不合规定：{advice}{hint}", key=key, value=value, advice=advice, hint=hint),
            )
        return value

    def identifier(self, key: str, default: str | None = None) -> str:
        return self.string_matching(
            key, IDENTIFIER_PATTERN, message("请用字母开头，只含字母、数字和下划线，最多 32 个字符"), default
        )

    def code(self, key: str) -> str:
        return self.string_matching(key, CODE_PATTERN, message("请用 1 到 16 个半角字母、数字、下划线或连字符"))

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.string(key, default)
        if value and value not in allowed:
            self.add_issue(
                self.position_of(key),
                message("“{key}”的值“{value}”不在 {allowed} 之中", key=key, value=value, allowed=", ".join(allowed)),
            )
            return allowed[0]
        return value

    def flag(self, key: str, default: bool) -> bool:
        if not self.has(key):
            return default
        value = self.string(key, "")
        if value not in ("true", "false"):
            self.add_issue(
                self.position_of(key), message("“{key}”只能是 true 或 false，不能是“{value}”", key=key, value=value)
            )
        return value == "true"

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        if not self.has(key) and default is not None:
            return default
        value = self.string(key)
        try:
            number = float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII) else float("nan")
        except ValueError:
            number = float("nan")
        if low <= number <= high:
            return number
        if value:
            self.add_issue(
                self.position_of(key),
                message("“{key}”应当是 {low:g} 到 {high:g} 之间的数，不能是“{value}”",
                        key=key, low=low, high=high, value=value),
            )  # fmt: skip
        return default if default is not None else low

    def integer(self, key: str, low: int, high: int, default: int | None) -> int:
        """A whole number; without a default it has to be there."""
        number = float(self.number(key, low, high, default))
        if not number.is_integer():
            self.add_issue(
                self.position_of(key), message("“{key}”应当是整数，不能是“{value}”", key=key, value=f"{number:g}")
            )
        return int(number)

    def of_value(self, key: str, node: Node) -> "NodeReader":
        """The same for one value of a list, which is then called ``key``."""
        return NodeReader(
            MappingNode(node.position, {key: node}, {key: node.position}), self.issues, (key,), self.subject
        )

    def text(self, key: str, required: bool = True) -> Text:
        node = self.entries.get(key)
        if node is None:
            if required:
                self.add_missing(key)
            return Text()
        return read_translated_text(node, self.issues, message("“{key}”", key=key), self.languages)

    def sequence(self, key: str, required: bool = True) -> list[Node]:
        node = self.entries.get(key)
        if node is None:
            if required:
                self.add_missing(key)
            return []
        if not isinstance(node, SequenceNode):
            self.add_issue(node.position, message("“{key}”应当是一个列表，写法如 [a, b]：半角方括号和逗号", key=key))
            return []
        if required and not node.items:
            self.add_issue(node.position, message("“{key}”是空的", key=key))
        return node.items

    def strings(self, key: str, required: bool = True) -> list[tuple[str, SourcePosition]]:
        strings = []
        for node in self.sequence(key, required):
            if isinstance(node, ScalarNode) and node.value.strip():
                strings.append((node.value.strip(), node.position))
            else:
                self.add_issue(node.position, message("“{key}”的每一项应当是一段文字", key=key))
        return strings

    def mapping(self, key: str, required: bool = True) -> Iterator[tuple[str, Node, SourcePosition]]:
        node = self.entries.get(key)
        if node is None:
            if required:
                self.add_missing(key)
        elif not isinstance(node, MappingNode):
            self.add_issue(node.position, message("“{key}”应当是“键: 值”的形式", key=key))
        else:
            for name, value in node.entries.items():
                yield name, value, node.key_positions[name]


def has_visible_letter(words: str) -> bool:
    """Whether there is anything to be seen in a text; ``~`` is what YAML authors write for nothing."""
    visible = [letter for letter in words if unicodedata.category(letter) not in ("Cf", "Zs", "Cc")]
    return bool(visible) and visible != ["~"]


def read_translated_text(node: Node, issues: list[Issue], subject: Message, languages: TextLanguages) -> Text:
    """A text in all languages that it needs; a translation that is empty or the same as the first text is a fault."""
    if not isinstance(node, MappingNode):
        NodeReader(node, issues, languages.required, subject)
        return Text()
    allowed = {tag for tag in node.entries if languages.allows(tag)}
    reader = NodeReader(node, issues, {*languages.required, *allowed}, subject)
    present = languages.order(tag for tag in node.entries if tag in allowed)
    words = {tag: reader.string(tag) for tag in present}
    for tag in languages.required:
        if tag not in words:
            reader.add_missing(tag)
    for tag in present:
        value = node.entries[tag]
        if isinstance(value, ScalarNode) and value.remark:
            reader.add_issue(value.remark, message("“#”和它后面的字被当作备注，不会显示：请给整段文字加引号"))
    first, *others = [tag for tag in present if words[tag]] or [""]
    for tag in others:
        if words[tag] == words[first] and any(ord(letter) > 0x2E7F for letter in words[tag]):
            reader.add_issue(
                reader.position_of(tag), message("“{tag}”的文字与“{first}”相同，请翻译", tag=tag, first=first)
            )
        elif has_untranslated_words(words[tag], tag):
            reader.add_issue(
                reader.position_of(tag),
                message("“{tag}”的文字里还有没译的汉字，请译完；原文可以放在括号或引号里", tag=tag),
            )
    return Text.of(words)
