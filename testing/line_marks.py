"""Which lines of the application the tests run, marked by the lines themselves: ``pytest -p testing.line_marks``.

A tracer is asked at every line of every library, too, and made the tests half as slow again. Here each module of the
application is compiled with a mark before each statement, and everything else runs as it always does. What ran goes to
a file for each process; :mod:`testing.coverage_gate` hands the lines to coverage.py, which knows what a statement is.
"""

import ast
import importlib.machinery
import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType

import pytest

PACKAGE = "survey_app"
FOLDER = Path(__file__).resolve().parents[1] / "build" / "lines"
MARKS = "__lines_that_ran__"
_marks: dict[str, list[int]] = {}


class _Marker(ast.NodeTransformer):
    """Puts a mark before every statement: an item of a list, which is all that costs time."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for part in ("body", "orelse", "finalbody"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                first = _pattern_line(node) if part == "body" else None
                setattr(node, part, _marked(block, first, keeps_docstring=part == "body" and _has_docstring(node)))
        return node


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


def _pattern_line(node: ast.AST) -> int | None:
    """The line of an ``except`` or ``case``, which is no statement of its own."""
    if isinstance(node, ast.ExceptHandler):
        return node.lineno
    return node.pattern.lineno if isinstance(node, ast.match_case) else None


def _marked(block: list[ast.stmt], first: int | None, keeps_docstring: bool) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for place, statement in enumerate(block):
        decorators = getattr(statement, "decorator_list", [])
        lines = [*([first] if first and not place else []), *(each.lineno for each in decorators), statement.lineno]
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not is_future and not (keeps_docstring and not place):
            result += [_mark(line, statement) for line in dict.fromkeys(lines)]
        result.append(statement)
    return result


def _mark(line: int, before: ast.stmt) -> ast.stmt:
    marks = ast.Name(MARKS, ast.Load())
    mark = ast.Assign([ast.Subscript(marks, ast.Constant(line), ast.Store())], ast.Constant(1))
    for part in ast.walk(mark):
        ast.copy_location(part, before)
    return mark


class MarkingLoader(importlib.machinery.SourceFileLoader):
    """Compiles a module with marks, and keeps nothing of it beside the source."""

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path)
        tree = _Marker().visit(ast.parse(source, self.path))
        _marks[self.path] = [0] * (source.count(b"\n") + 2)
        code: CodeType = compile(tree, self.path, "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        code = self.get_code(module.__name__)
        setattr(module, MARKS, _marks[self.path])
        exec(code, module.__dict__)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] != PACKAGE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = MarkingLoader(fullname, spec.loader.path)
        return spec


def lines_that_ran() -> dict[str, list[int]]:
    return {path: [line for line, ran in enumerate(marks) if ran] for path, marks in _marks.items()}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before the first ``conftest.py``, which imports the application."""
    early = sorted(name for name in sys.modules if name.partition(".")[0] == PACKAGE)
    if early:
        raise pytest.UsageError(f"imported before the lines could be marked: {early}")
    sys.meta_path.insert(0, _Finder())


def pytest_unconfigure() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{os.getpid()}.json").write_text(json.dumps(lines_that_ran()))
