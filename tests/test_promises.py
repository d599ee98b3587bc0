"""Documents and pages promise what is true: each sentence that a trial found wrong is gone, or stands and is tested."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from survey_app.collection.access import LINK_WRONG_BURST
from survey_app.distribution.code_format import ALPHABET, CLASS_RANDOM_LENGTH, RANDOM_LENGTH
from survey_app.foundation.rate_limit import EMPTY_AFTER
from survey_app.foundation.settings import PROJECT
from survey_app.frame.wave_states import GRACE_PERIOD
from survey_app.integrity.lifecycle import SEAL_AFTER

TRIALS = PROJECT / "docs" / "trials.md"


def rows() -> list[tuple[str, str, str, str, str]]:
    """The table of docs/trials.md, section 文档: fault, where, before, now, tests."""
    section = TRIALS.read_text("utf-8").partition("\n## 文档")[2].partition("\n## ")[0]
    cells = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [(row[0].strip(), row[1].strip(" `"), row[2], row[3], row[4]) for row in cells[1:]]


@cache
def plain(path: str) -> str:
    """The text without line breaks: a sentence may run over the end of a line."""
    return re.sub(r"\s*\n\s*", "", (PROJECT / path).read_text("utf-8"))


def quotations(cell: str) -> list[str]:
    return re.findall(r"「(.+?)」", cell)


@cache
def names_of_tests(path: str) -> set[str]:
    tree = ast.parse((PROJECT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_of_the_trial_is_there() -> None:
    """Kind 12: thirteen sentences, some of them two faults, none left out."""
    faults = " ".join(row[0] for row in rows())
    for fault in ("S1", "S2", "S3", "S4", "S5", "S6", "S-M1", "S-M2", "S-M3", "S-M4", "S-M6", "S-M7", "S-M8", "S-M9",
                  "S-M10", "S-M13", "S-M15"):  # fmt: skip
        assert re.search(rf"{fault}\b", faults), fault


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_sentence_stands_as_it_is_quoted_and_the_old_one_is_gone(row: tuple[str, str, str, str, str]) -> None:
    _fault, where, before, now, _tests = row
    assert quotations(now), "a promise is quoted"
    for sentence in quotations(now):
        assert sentence in plain(where), f"{where} no longer says {sentence}"
    for sentence in quotations(before):
        assert sentence not in plain(where), f"{where} says again {sentence}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_sentence_has_tests_that_exist(row: tuple[str, str, str, str, str]) -> None:
    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", row[4])
    assert named
    for path, test in named:
        assert test in names_of_tests(path), f"{path} has no {test}"


def test_numbers_in_the_page_about_ways_in_are_those_of_the_program() -> None:
    page = plain("docs/ways-in.md")
    class_length, slip_length = CLASS_RANDOM_LENGTH + 1, RANDOM_LENGTH + 1
    hours, minutes = SEAL_AFTER.total_seconds() / 3600, GRACE_PERIOD.total_seconds() / 60
    assert (hours, minutes, EMPTY_AFTER) == (24, 10, 24 * 3600)
    for sentence in (
        f"再输入本班 {class_length} 位口令",
        f"the class's {class_length} characters",
        f"或输入 {slip_length} 位邀请码",
        f"its {slip_length} characters typed",
        f"{CLASS_RANDOM_LENGTH} 位随机字符（约 {len(ALPHABET) ** CLASS_RANDOM_LENGTH / 1e12:.1f} 万亿种）加 1 位校验",
        f"has {CLASS_RANDOM_LENGTH} random characters ({len(ALPHABET) ** CLASS_RANDOM_LENGTH / 1e12:.1f} trillion)",
        f"一天核对 {LINK_WRONG_BURST:.0f} 次错的",
        f"looks at {LINK_WRONG_BURST:,.0f} wrong ones a day",
        f"邀请码有 {RANDOM_LENGTH} 位随机字符",
        "截止后十分钟之内绝不封存",
        "封存在截止一天后进行",
        "每天清空",
    ):
        assert sentence in page, sentence


def test_every_page_that_is_named_exists() -> None:
    """Sec. Low: a docstring sent its reader to docs/anonymity.md, which nobody had written."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name] or [
        path.relative_to(PROJECT).as_posix() for path in (PROJECT / "survey_app").rglob("*.py")
    ]
    for name in names:
        if Path(name).suffix not in (".py", ".md", ".html", ".toml", ".conf", ".service", ".example", ".yaml"):
            continue
        if not (PROJECT / name).exists() or name == "tests/test_promises.py":
            continue
        text = (PROJECT / name).read_text("utf-8")
        for named in re.findall(r"(?<![\w/.-])docs/[\w./-]+\.(?:md|svg|png|txt)\b", text):
            assert (PROJECT / named).exists(), f"{name} names {named}"
        if name.endswith(".md"):
            for link in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text):
                assert (PROJECT / name).parent.joinpath(link).exists(), f"{name} links to {link}"
