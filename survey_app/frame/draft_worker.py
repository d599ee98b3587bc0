"""Run as a process of its own under limits: reads one source of a questionnaire and prints its draft as JSON.

``python -m survey_app.frame.draft_worker FILE`` with the options as JSON on its input. A file from a stranger may take
any time and memory; here it can only end this process.
"""

import json
import sys
from pathlib import Path

from survey_app.authoring.draft_json import draft_json, with_faults_of_the_format
from survey_app.authoring.portable_messages import message_to_json
from survey_app.authoring.previous import previous_file
from survey_app.authoring.revision import revise
from survey_app.definition.categories import CATEGORIES_FILE, read_categories
from survey_app.definition.nodes import DefinitionError, read_file
from survey_app.foundation.errors import UserError

from .draft_readers import ReadOptions, lines_of, reader_of, sheets_of
from .portable_sheets import sheets_to_json

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 5


def limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's timeout is the limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def read_source(path: Path, options: ReadOptions, name: str, previous: str) -> dict[str, object]:
    """The draft of a file as JSON, or the sentences that say why there is none.

    ``previous``: the file that an earlier import became; its ids, codes and answers are kept.
    """
    try:
        categories = read_categories(Path(options.directory) / CATEGORIES_FILE)
        draft, revision = reader_of(path)(path, options), None
        if previous:
            draft, revision = revise(draft, previous_file(read_file(Path(previous))))
    except (UserError, DefinitionError) as error:
        sentences = error.messages if isinstance(error, UserError) else [issue.message for issue in error.issues]
        return {"refused": [message_to_json(sentence) for sentence in sentences]}
    content = with_faults_of_the_format(
        draft_json(draft, path.name, message_to_json, name), categories, message_to_json
    )
    return content | ({"revision": revision.written()} if revision else {})


def read_lines_only(path: Path) -> dict[str, object]:
    """What the source says line by line, before anybody asks what it means."""
    try:
        return {"lines": lines_of(path)}
    except UserError as error:
        return {"refused": [message_to_json(sentence) for sentence in error.messages]}


def main() -> None:
    limit_resources()
    path, asked = Path(sys.argv[1]), json.load(sys.stdin)
    if asked.get("only_lines"):
        json.dump(read_lines_only(path), sys.stdout)
        return
    lines = tuple((int(line), str(role)) for line, role in asked["lines"])
    options = ReadOptions(asked["audience"], asked["sheet"], asked["directory"], lines)
    read = read_source(path, options, asked["name"], asked["previous"])
    if asked["with_sheets"] and "refused" not in read:
        read["sheets"] = sheets_to_json(sheets_of(path))
    json.dump(read, sys.stdout)


if __name__ == "__main__":
    main()
