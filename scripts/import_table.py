"""Prints what the import makes of every file of a corpus: taken, asked, left out, furniture, seconds.

``python -m scripts.import_table ../shared/corpus > docs/import-corpus.md``; the files themselves are not part of the
project.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from survey_app.foundation.errors import UserError
from survey_app.frame.draft_import import import_source
from survey_app.frame.draft_readers import ReadOptions

FOLDERS = ("xlsform", "lss", "office", "pasted", "text-zh", "surveyjs", "redcap")
ENDINGS = (".xlsx", ".xls", ".lss", ".txt", ".json", ".csv")
SHOWN_CODES = 3
COLUMNS = (
    "文件 · file", "单位 · units", "读入 · taken", "要问 · asked", "没有读入 · left", "其余 · rest", "题 · items",
    "秒 · s", "原因 · reasons",
)  # fmt: skip
HEAD = """# 导入试过的文件 · Files that the import was tried on

别人发表的问卷和我们写的样本，每份一行：单位（行、题）、读入、要问、没有读入、页眉页脚、题数、秒，
以及没有读入的主要原因。`python -m scripts.import_table` 写出这张表；文件本身不在仓库里。

Published questionnaires and samples of ours: units (rows, lines, questions), taken, asked, left out, furniture,
questions, seconds in a process of its own, and the main reasons for what was left out. The table is written by
`python -m scripts.import_table`.
"""


def files_in(corpus: Path) -> Iterator[Path]:
    """The files of the corpus that are questionnaires; a .json beside another file says what is expected of it."""
    for folder in FOLDERS:
        for path in sorted((corpus / folder).glob("*")):
            is_expected = path.suffix == ".json" and folder != "surveyjs"
            if path.suffix.lower() in ENDINGS and not is_expected:
                yield path


def row_of(path: Path) -> str:
    start = time.perf_counter()
    try:
        content = import_source(path, ReadOptions()).content
    except UserError as error:
        seconds = time.perf_counter() - start
        said = str(error.messages[0]).replace(path.name, "").strip().split("。")[0]
        return f"| {path.parent.name}/{path.name} | – | – | – | – | – | – | {seconds:.1f} | {said} |"
    seconds = time.perf_counter() - start
    counts = content["counts"]
    reasons = Counter(entry.get("code", "") for entry in content["left"])
    named = ", ".join(f"{code} {n}" for code, n in reasons.most_common(SHOWN_CODES) if code)
    questions = sum(item["id"] is not None for item in content["items"])
    cells = [counts[key] for key in ("source", "taken", "asked", "left", "furniture")]
    numbers = " | ".join(map(str, [*cells, questions]))
    return f"| {path.parent.name}/{path.name} | {numbers} | {seconds:.1f} | {named} |"


def main() -> None:
    corpus = Path(sys.argv[1])
    print(HEAD)
    print(f"| {' | '.join(COLUMNS)} |")
    print("|" + "---|" * len(COLUMNS))
    for path in files_in(corpus):
        print(row_of(path), flush=True)


if __name__ == "__main__":
    main()
