"""YAML as authors write it: everything stays text, and what is wrong is named by line and column."""

from pathlib import Path

import pytest

from survey_app.definition.nodes import (
    MAX_BYTES,
    DefinitionError,
    MappingNode,
    ScalarNode,
    SequenceNode,
    read_file,
    read_text,
)


def entries(text: str | bytes) -> dict[str, str]:
    root = read_text(text, "q.yaml")
    assert isinstance(root, MappingNode)
    return {key: node.value for key, node in root.entries.items() if isinstance(node, ScalarNode)}


def only_fault(text: str | bytes) -> str:
    with pytest.raises(DefinitionError) as caught:
        read_text(text, "q.yaml")
    assert len(caught.value.issues) == 1
    return str(caught.value.issues[0])


@pytest.mark.parametrize(
    "written", ["no", "yes", "true", "on", "2025.10", "012", "0o14", "1e3", "2026-11-02", "~", "null", "1_000", "12:30"]
)
def test_everything_stays_what_was_typed(written: str) -> None:
    assert entries(f"a: {written}") == {"a": written}


def test_json_is_read_too_and_the_mark_at_the_beginning_is_no_letter() -> None:
    assert entries(b'\xef\xbb\xbf{"a": "1", "b": 2}') == {"a": "1", "b": "2"}


def test_nodes_know_where_they_stand() -> None:
    root = read_text("a: 1\nb:\n  - x\n  - y: z\n", "q.yaml")
    assert isinstance(root, MappingNode)
    listed = root.entries["b"]
    assert isinstance(listed, SequenceNode)
    assert [str(node.position) for node in listed.items] == ["q.yaml:3:5", "q.yaml:4:5"]
    assert str(root.key_positions["b"]) == "q.yaml:2:1"


FAULTY = {
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "q.yaml:3:1: 键“a”重复，第 1 行"),
    "anchor": ("a: &x 1\n", "q.yaml:1:4: 不支持 YAML 锚点"),
    "tag": ("a: 1\nb: !!python/name:os.system x\n", "q.yaml:2:4: 不支持 YAML 标签"),
    "merge key": ("a:\n  <<: {b: 1}\n", "q.yaml:2:3: 不支持 YAML 合并键"),
    "key that is no text": ("[1, 2]: 3\n", "q.yaml:1:1: 键必须是文字"),
    "brackets": ("[" * 6000, "q.yaml:1:13: 嵌套超过 12 层"),
    "tab": ("a:\n\tb: 1\n", "q.yaml:2:1: 这里写不成 YAML：缩进里有制表符"),
    "full-width colon": ("a: 1\nb：2\nc: 3\n", "键后面的冒号是全角"),
    "unclosed quote": ('a: "1\nb: 2\n', "q.yaml:"),
    "two documents": ("a: 1\n---\nb: 2\n", "q.yaml:2:1: 一个文件只能有一份文档"),
    "empty": ("", "q.yaml:1:1: 文件是空的"),
    "only a remark": ("# nothing yet\n", "q.yaml:1:1: 文件是空的"),
    "too large": ("a: " + "x" * MAX_BYTES, "q.yaml:1:1: 文件超过 256 KB"),
    "NUL": ("a: 1\nb: \x00\n", "q.yaml:"),
}


@pytest.mark.parametrize(("text", "expected"), FAULTY.values(), ids=FAULTY)
def test_what_is_no_plain_yaml_is_named_once_with_its_place(text: str, expected: str) -> None:
    assert expected in only_fault(text)


def test_every_duplicate_and_every_anchor_is_named() -> None:
    with pytest.raises(DefinitionError) as caught:
        read_text("a: &x 1\na: 2\nb: *x\nb: 3\n", "q.yaml")
    places = [str(fault.position) for fault in caught.value.issues]
    assert places == ["q.yaml:1:4", "q.yaml:2:1", "q.yaml:3:4", "q.yaml:4:1"]


def test_a_full_width_colon_is_named_in_its_line() -> None:
    assert only_fault("a: 1\nb：2\nc: 3\n").startswith(("q.yaml:2:", "q.yaml:3:"))


def test_another_encoding_is_named_with_its_line() -> None:
    assert only_fault(b"a: 1\nb: " + "好".encode("gbk")).startswith("q.yaml:2:1: 文件不是 UTF-8 编码")


def test_a_bomb_of_references_does_not_grow() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    with pytest.raises(DefinitionError) as caught:
        read_text("\n".join(lines), "q.yaml")
    assert len(caught.value.issues) == 60 + 2 * 59


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="无法读取文件"):
        read_file(tmp_path / "nothing.yaml")
