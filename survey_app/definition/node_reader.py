"""Typed access to the fields of a mapping node; every fault is noted and reading goes on."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator

from .messages import Message, message
from .model import Text
from .nodes import Fault, Mapping, Node, Place, Scalar, Sequence

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}\Z")
FILE_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,47}\Z")
CODE = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")
LANGUAGES = ("zh", "en")
VERSION = re.compile(r".{1,32}\Z")
_UNSTORABLE = ("Cc", "Cs", "Cn", "Zl", "Zp")  # YAML or a database would not give them back


class Fields:
    """The fields of one mapping. Unknown names are faults; so is everything that has the wrong shape."""

    def __init__(self, node: Node, faults: list[Fault], known: Iterable[str], what: Message) -> None:
        self.faults = faults
        self.place = node.place
        self.what = what
        self.entries: dict[str, Node] = {}
        self.key_places: dict[str, Place] = {}
        if isinstance(node, Mapping):
            self.entries, self.key_places = node.entries, node.key_places
            self._name_unknown(sorted(known))
        else:
            self.fault(self.place, message("{what}应当是“键: 值”的形式", what=what))
            if isinstance(node, Scalar) and "：" in node.value:
                self.fault(self.place, message("这里的冒号是全角“：”，请改用半角“:”加一个空格"))

    def _name_unknown(self, known: list[str]) -> None:
        for key, place in self.key_places.items():
            if key in known:
                continue
            near = difflib.get_close_matches(unicodedata.normalize("NFKC", key), known, 1)
            hint = message("，是不是“{near}”？", near=near[0]) if near else message("，请删去")
            self.fault(place, message("{what}没有“{key}”这一项{hint}", what=self.what, key=key, hint=hint))

    def fault(self, place: Place, text: Message) -> None:
        self.faults.append(Fault(place, text))

    def has(self, key: str) -> bool:
        return key in self.entries

    def place_of(self, key: str) -> Place:
        return self.entries[key].place if key in self.entries else self.place

    def missing(self, key: str) -> None:
        self.fault(self.place, message("{what}缺少“{key}”", what=self.what, key=key))

    def string(self, key: str, default: str | None = None) -> str:
        node = self.entries.get(key)
        if node is None:
            if default is None:
                self.missing(key)
            return default or ""
        if not isinstance(node, Scalar):
            self.fault(node.place, message("“{key}”应当是一段文字", key=key))
            return default or ""
        if default is None and not node.value.strip():
            self.fault(node.place, message("“{key}”是空的", key=key))
        if any(unicodedata.category(letter) in _UNSTORABLE and letter not in "\n\t" for letter in node.value):
            self.fault(node.place, message("“{key}”里有看不见的控制字符，请删去后重新输入", key=key))
        return node.value.strip()

    def matching(self, key: str, pattern: re.Pattern[str], advice: Message, default: str | None = None) -> str:
        value = self.string(key, default)
        if value and not pattern.match(value):
            normal = unicodedata.normalize("NFKC", value).strip("“”‘’")
            wide = pattern.match(normal)
            hint: object = message("（含全角字符，是不是“{normal}”？）", normal=normal) if wide else ""
            self.fault(
                self.place_of(key),
                message("“{key}”的值“{value}”不合规定：{advice}{hint}", key=key, value=value, advice=advice, hint=hint),
            )
        return value

    def identifier(self, key: str, default: str | None = None) -> str:
        return self.matching(key, IDENTIFIER, message("请用字母开头，只含字母、数字和下划线，最多 32 个字符"), default)

    def code(self, key: str) -> str:
        return self.matching(key, CODE, message("请用 1 到 16 个半角字母、数字、下划线或连字符"))

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.string(key, default)
        if value and value not in allowed:
            self.fault(
                self.place_of(key),
                message("“{key}”的值“{value}”不在 {allowed} 之中", key=key, value=value, allowed=", ".join(allowed)),
            )
            return allowed[0]
        return value

    def flag(self, key: str, default: bool) -> bool:
        if not self.has(key):
            return default
        value = self.string(key, "")
        if value not in ("true", "false"):
            self.fault(
                self.place_of(key), message("“{key}”只能是 true 或 false，不能是“{value}”", key=key, value=value)
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
            self.fault(
                self.place_of(key),
                message("“{key}”应当是 {low:g} 到 {high:g} 之间的数，不能是“{value}”",
                        key=key, low=low, high=high, value=value),
            )  # fmt: skip
        return default if default is not None else low

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        number = float(self.number(key, low, high, default))
        if not number.is_integer():
            self.fault(self.place_of(key), message("“{key}”应当是整数，不能是“{value}”", key=key, value=f"{number:g}"))
        return int(number)

    def text(self, key: str, required: bool = True) -> Text:
        node = self.entries.get(key)
        if node is None:
            if required:
                self.missing(key)
            return Text("", "")
        return text_of(node, self.faults, message("“{key}”", key=key))

    def sequence(self, key: str, required: bool = True) -> list[Node]:
        node = self.entries.get(key)
        if node is None:
            if required:
                self.missing(key)
            return []
        if not isinstance(node, Sequence):
            self.fault(node.place, message("“{key}”应当是一个列表", key=key))
            return []
        if required and not node.items:
            self.fault(node.place, message("“{key}”是空的", key=key))
        return node.items

    def strings(self, key: str, required: bool = True) -> list[tuple[str, Place]]:
        found = []
        for node in self.sequence(key, required):
            if isinstance(node, Scalar) and node.value.strip():
                found.append((node.value.strip(), node.place))
            else:
                self.fault(node.place, message("“{key}”的每一项应当是一段文字", key=key))
        return found

    def mapping(self, key: str, required: bool = True) -> Iterator[tuple[str, Node, Place]]:
        node = self.entries.get(key)
        if node is None:
            if required:
                self.missing(key)
        elif not isinstance(node, Mapping):
            self.fault(node.place, message("“{key}”应当是“键: 值”的形式", key=key))
        else:
            for name, value in node.entries.items():
                yield name, value, node.key_places[name]


def text_of(node: Node, faults: list[Fault], what: Message) -> Text:
    """A text in both languages; an English text that is empty or the same as the Chinese one is a fault."""
    fields = Fields(node, faults, LANGUAGES, what)
    if not isinstance(node, Mapping):
        return Text("", "")
    zh, en = fields.string("zh"), fields.string("en")
    if zh and zh == en and any(ord(letter) > 0x2E7F for letter in zh):
        fields.fault(fields.place_of("en"), message("英文与中文相同，请翻译"))
    return Text(zh, en)
