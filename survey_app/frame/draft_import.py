"""A source of a questionnaire to its draft, read in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.authoring.portable_messages import message_from_json
from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.spreadsheet_reader import Sheet

from .draft_readers import ReadOptions, reader_of
from .portable_sheets import sheets_from_json

TIMEOUT_SECONDS = 15  # of the clock; the process itself has five of the processor


@dataclass(frozen=True, slots=True)
class ImportedDraft:
    """What was read. ``content`` is the agreed JSON; the sentences of its faults are still to be put in words.

    ``sheets``: the rows of a workbook, where they were asked for.
    """

    content: dict[str, Any]
    sheets: tuple[Sheet, ...] = ()

    @property
    def is_refused(self) -> bool:
        return bool(self.content["outcome"] == "refused")

    @property
    def instruments(self) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = self.content["instruments"]
        return out

    @property
    def revision(self) -> dict[str, Any] | None:
        """What importing again found, if it was done again."""
        return self.content.get("revision")

    @property
    def goes_on_from_nothing(self) -> bool:
        """Whether an earlier file was named although there are several forms: none of its ids were kept."""
        return self.revision is not None and len(self.instruments) > 1

    def form_sheets(self) -> list[str]:
        """The sheet that each form stands in; empty where the source has no sheets."""
        sheets = {item.get("instrument", 0): str(item.get("sheet", "")) for item in reversed(self.content["items"])}
        return [sheets.get(number, "") for number in range(len(self.instruments))]

    @property
    def heading_rows(self) -> dict[str, int]:
        """The row with the headings of each sheet."""
        return {entry["sheet"]: entry["row"] for entry in self.content["taken"] if entry.get("as") == "heading"}

    def fault_messages(self) -> list[tuple[dict[str, Any], Message]]:
        """Each fault with its sentence."""
        return [(fault, message_from_json(fault["message"])) for fault in self.content["faults"]]


def import_source(
    path: Path, options: ReadOptions, name: str = "", previous: Path | None = None, with_sheets: bool = False
) -> ImportedDraft:
    """The draft of a file. Raises :class:`UserError` where the file cannot be read at all.

    ``name``: the id of the instrument where the source has none. ``previous``: the file of an earlier import.
    """
    content = _ask_worker(path, {
        "audience": options.audience, "sheet": options.sheet, "name": name, "directory": options.directory,
        "lines": options.lines, "previous": str(previous.resolve()) if previous else "", "with_sheets": with_sheets,
    })  # fmt: skip
    sheets = sheets_from_json(content.pop("sheets", ()))
    return ImportedDraft(content, tuple(sheets))


def source_lines(path: Path) -> list[str]:
    """The lines of a text or a document. Raises :class:`UserError` where the file cannot be read."""
    lines: list[str] = _ask_worker(path, {"only_lines": True})["lines"]
    return lines


def _ask_worker(path: Path, asked: dict[str, object]) -> dict[str, Any]:
    """What the limited process answers about a file. Raises :class:`UserError` with its reasons, or when it ended."""
    reader_of(path)
    if not path.is_file():
        raise user_error("没有文件 {file}", file=str(path))
    try:
        completed = subprocess.run(
            [sys.executable, "-m", "survey_app.frame.draft_worker", str(path.resolve())],
            input=json.dumps(asked).encode(), capture_output=True, timeout=TIMEOUT_SECONDS, check=True, cwd=PROJECT,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        if isinstance(error, subprocess.CalledProcessError) and error.returncode >= 0:
            raise user_error("{file} 无法读取，没有导入。请用原来的程序打开、另存后再试", file=path.name) from error
        raise user_error("{file} 读得太久，没有导入；请分成几份再试", file=path.name) from error
    content: dict[str, Any] = json.loads(completed.stdout)
    if "refused" in content:
        raise UserError(*(message_from_json(sentence) for sentence in content["refused"]))
    return content


def refused_content(name: str, error: UserError) -> dict[str, Any]:
    """What is printed of a file that cannot be read at all: nothing but the reasons."""
    lists: dict[str, Any] = {fate: [] for fate in ("items", "taken", "asked", "left", "furniture", "instruments")}
    counts = dict.fromkeys(("source", "taken", "asked", "left", "furniture"), 0)
    faults = [{"code": "cannot_be_read", "severity": "error", "message": sentence} for sentence in error.messages]
    return {"file": name, "outcome": "refused"} | lists | {"counts": counts, "faults": faults}


ONE_FORM_ONLY = message("文件里有几份问卷，接着原来的问卷改要一次一份：请只选一张工作表，或者把这一份单独存成一个文件")
OUTCOME_SENTENCES = {
    "instrument": message("可以直接使用"),
    "draft": message("草稿：答完下面的问题就能用"),
    "refused": message("没有导入"),
}
