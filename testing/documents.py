"""Reading our own documents: sections by anchor, tables, code, and sums that are printed in them."""

import ast
import math
import operator
import re
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


def document(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def anchors(text: str) -> list[str]:
    return re.findall(r"^#+ .*\{#([a-z-]+)\}$", text, re.M)


def section(text: str, anchor: str) -> str:
    """From the heading with this anchor to the next heading of the same or a higher level."""
    found = re.search(rf"^(#+) [^\n]*\{{#{anchor}\}}\n(.*?)(?=^#{{1,6}} |\Z)", text, re.M | re.S)
    assert found, f"there is no section {{#{anchor}}}"
    level = len(found[1])
    whole = re.search(rf"^#{{{level}}} [^\n]*\{{#{anchor}\}}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.M | re.S)
    assert whole
    return whole[1]


def tables(text: str) -> list[list[dict[str, str]]]:
    """Every table as rows by heading; cells without their backticks."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text + "\n", re.M):
        head, _rule, *rows = [
            [cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in block.strip().splitlines()
        ]
        found.append([dict(zip(head, row, strict=True)) for row in rows])
    return found


def complete_blocks(text: str) -> list[str]:
    return re.findall(r"^```yaml # complete\n(.*?)^```", text, re.M | re.S)


def sums(text: str) -> list[tuple[str, float, float, int]]:
    """Every code span ``a op b = c``: its text, the value of the left side, the printed value and its decimals."""
    found = []
    for span in re.findall(r"`([^`\n]+)`", text):
        left, sign, right = span.rpartition(" = ")
        if sign and re.fullmatch(r"[−-]?\d+(\.\d+)?( %)?", right) and re.search(r"[+−×/√²·]", left):
            number = right.removesuffix(" %").replace("−", "-")
            value = worked_out(left) * (100 if right.endswith("%") else 1)
            found.append((span, value, float(number), len(number.partition(".")[2])))
    return found


def worked_out(text: str) -> float:
    """The value of a sum as people write it: + − × / ² √(…) and brackets."""
    plain = re.sub(r"√\(", "sqrt(", text.replace("−", "-").replace("×", "*").replace("²", "**2"))
    plain = re.sub(r"√([\d.]+)", r"sqrt(\1)", plain)
    return _value(ast.parse(plain, mode="eval").body)


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sqrt":
        return math.sqrt(_value(node.args[0]))
    assert isinstance(node, ast.Constant), ast.dump(node)
    assert isinstance(node.value, int | float), ast.dump(node)
    return float(node.value)
