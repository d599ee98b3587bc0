"""Why a text is no YAML, in words that can be translated: the parser itself speaks English."""

import re

from .messages import Message, message

_REASONS = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"',' or '\]'", message("方括号没有结束，或者里面缺逗号")),
        (r"',' or '\}'", message("花括号没有结束，或者里面缺逗号")),
        (r"end of stream|document indicator", message("引号没有成对")),
        (r"escape|hexdecimal|hexadecimal", message("双引号里的“\\”有特殊含义，请改用单引号")),
        (r"cannot start any token", message("这个符号不能放在开头，请给整段文字加引号")),
        (r"anchor|alias|alphabetic|tag|whitespace", message("以 &、*、! 开头的文字要加引号")),
        (r"directive|%", message("以 % 开头的文字要加引号")),
        (r"mapping|expected ':'|unexpected ':'", message("一行只能有一个“键: 值”；文字里有冒号，请加引号")),
        (r"node content", message("括号没有成对，或者少了内容")),
        (r"expected key|indicator|sequence|block end|document start", message("缩进与上面的行没有对齐")),
    )
)
_UNKNOWN = message("这里的写法不合规则")
_REMARK_IN_BRACES = re.compile(r"[{\[][^#\"']*[^\s#\"']\s+(#)")
_LINES_BEFORE = 3  # a remark that swallows a closing brace is noticed a line or two later


def reason_of(problem: str) -> Message:
    """What the parser's English sentence means for somebody who writes a questionnaire."""
    return next((reason for pattern, reason in _REASONS if pattern.search(problem)), _UNKNOWN)


def find_remark_in_braces(lines: list[str], line: int) -> tuple[int, int] | None:
    """Line and column, from 0, of a ``#`` at or shortly before ``line`` that swallowed the rest of a bracket."""
    for number in range(min(line, len(lines) - 1), max(-1, line - _LINES_BEFORE), -1):
        if found := _REMARK_IN_BRACES.search(lines[number]):
            return number, found.start(1)
    return None
