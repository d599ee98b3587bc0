"""Measures the house: lengths, largest folder, longest template line, types, import cycles, coverage of each room.

``python -m scripts.house_figures`` prints a table of this tree; ``--before FOLDER`` adds another (a ``git worktree``
of an older commit) beside it. Coverage is read from ``build/coverage.json`` of each, which the check command writes::

    git worktree add ../before 9e9177f
    python -m scripts.house_figures --before ../before
"""

import argparse
import ast
import statistics
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path

from testing.coverage_gate import by_room

ROOT = Path(__file__).parents[1]
PACKAGE = "survey_app"
FOLDERS = (PACKAGE, "launch", "tests", "testing", "drills", "exercises", "benchmarks", "scripts")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(root: Path, folders: Sequence[str]) -> list[Path]:
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def spread(lengths: list[int]) -> str:
    """Median / nine in ten are not longer / the longest."""
    ordered = sorted(lengths)
    return f"{statistics.median(ordered):.0f} / {ordered[int(0.9 * (len(ordered) - 1))]} / {ordered[-1]}"


def file_lengths(root: Path, folders: Sequence[str]) -> str:
    lines = (len(path.read_text("utf-8").splitlines()) for path in python_files(root, folders))
    return spread([length for length in lines if length > 1])


def functions(root: Path, folders: Sequence[str]) -> Iterator[Function]:
    for path in python_files(root, folders):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def function_lengths(root: Path, folders: Sequence[str]) -> str:
    return spread([(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions(root, folders)])


def longest_template_line(root: Path) -> str:
    """Of the HTML templates; CSS and scripts that are served as they are count too."""
    paths = [*(root / PACKAGE / "templates").rglob("*.*"), *(root / PACKAGE / "static").rglob("*.css")]
    return str(max(len(line) for path in paths for line in path.read_text("utf-8").splitlines()))


def typed_share(root: Path, folders: Sequence[str]) -> str:
    """Functions with a type for every argument and for the result."""
    found = [_is_typed(node) for node in functions(root, folders)]
    return f"{100 * sum(found) / len(found):.1f} %"


def _is_typed(node: Function) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    typed = all(argument.annotation or argument.arg in ("self", "cls") for argument in arguments)
    return typed and (node.returns is not None or node.name == "__init__")


def imports(root: Path) -> dict[str, set[str]]:
    """Module to the modules of the package that it imports when it is loaded; imports inside functions do not count."""
    names = {_module_name(root, path): path for path in python_files(root, [PACKAGE])}
    return {name: set(_imported(name, path, names.keys())) - {name} for name, path in names.items()}


def _module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(name: str, path: Path, known: Container[str]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            target = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:
                inner = f"{target}.{alias.name}"
                yield from (module for module in ((inner,) if inner in known else (target,)) if module in known)


def largest_folder(root: Path) -> str:
    """How many modules stand in one folder of the program at the most."""
    return str(max(Counter(path.parent for path in python_files(root, [PACKAGE])).values()))


def import_cycles(root: Path) -> str:
    """Groups of modules each of which needs all others, directly or not."""
    graph = imports(root)
    reach = {name: _reachable(graph, name) for name in graph}
    groups = {
        frozenset(other for other in reach[name] if name in reach[other]) for name in graph if name in reach[name]
    }
    return str(len(groups))


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in graph.get(waiting.pop(), set()) - seen:
            seen.add(name)
            waiting.append(name)
    return seen


def coverage(root: Path) -> dict[str, str]:
    report = root / "build" / "coverage.json"
    return {name: f"{room.percent:.1f} %" for name, room in by_room(report).items()} if report.exists() else {}


FIGURES: dict[str, Callable[[Path], str]] = {
    "程序文件行数 · lines of a file": lambda root: file_lengths(root, [PACKAGE]),
    "程序函数行数 · lines of a function": lambda root: function_lengths(root, [PACKAGE]),
    "全部文件行数 · lines of a file, all folders": lambda root: file_lengths(root, FOLDERS),
    "全部函数行数 · lines of a function, all folders": lambda root: function_lengths(root, FOLDERS),
    "最大的一间有几个文件 · files of the largest folder": largest_folder,
    "模板最长一行 · longest template line": longest_template_line,
    "有类型的函数，程序 · typed functions": lambda root: typed_share(root, [PACKAGE]),
    "有类型的函数，全部 · typed functions, all folders": lambda root: typed_share(root, FOLDERS),
    "循环引用 · import cycles": import_cycles,
}


def table(roots: list[Path]) -> list[str]:
    """Rows of Markdown: the figures, then every room that one of the trees has."""
    rows = [[name, *(figure(root) for root in roots)] for name, figure in FIGURES.items()]
    covered = [coverage(root) for root in roots]
    rows += [
        [f"覆盖率 · coverage `{room}`", *(tree.get(room, "–") for tree in covered)]
        for room in sorted({room for tree in covered for room in tree})
    ]
    return [f"| {' | '.join(row)} |" for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, help="a tree of an older commit")
    given = parser.parse_args()
    roots = [*([given.before] if given.before else []), ROOT]
    heads = ["以前 · before", "现在 · now"][-len(roots) :]
    print("\n".join([f"| | {' | '.join(heads)} |", "|---" * (len(roots) + 1) + "|", *table(roots)]))


if __name__ == "__main__":
    main()
