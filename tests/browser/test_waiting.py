"""Browser tests wait for what they look at: a page that is read right after a click is the old one, or half of one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

READ_AT_ONCE = {
    "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "count", "input_value", "inner_text",
    "text_content", "inner_html", "get_attribute", "content", "title", "all_inner_texts", "all_text_contents",
}  # fmt: skip
LEAVE = {"goto", "go_back", "go_forward", "reload", "evaluate"}


def hasty(source: str) -> Iterator[str]:
    """Assertions about a page that do not wait, and clicks of which nobody waits for what they lead to."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            names = {part.attr for part in ast.walk(node.test) if isinstance(part, ast.Attribute)}
            if _methods(node.test) & READ_AT_ONCE or "url" in names:
                yield f"line {node.lineno}: assert what a page shows with expect(…), which waits"
        if isinstance(node, (ast.FunctionDef, ast.For)):
            for click, after in zip(node.body, [*node.body[1:], None], strict=True):
                if _is_click(click) and (after is None or isinstance(after, ast.Assert) or _methods(after) & LEAVE):
                    yield f"line {click.lineno}: follow(page, …), or expect(…) after the click"


def _methods(node: ast.AST) -> set[str]:
    """The methods that are called; those of a district ask the database, which is not late."""
    calls = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
    methods = [call for call in calls if isinstance(call, ast.Attribute)]
    return {each.attr for each in methods if not (isinstance(each.value, ast.Name) and each.value.id == "district")}


def _is_click(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("click", "dblclick")
    )


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("*.py")), ids=lambda path: path.stem)
def test_no_test_reads_a_page_that_may_not_have_loaded(path: Path) -> None:
    """CI failed on a page of which the send button had not arrived yet."""
    assert list(hasty(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "lines",
    [
        "assert page.locator('#send').is_visible()", "assert not page.locator('#send').is_visible()",
        "assert page.locator('form').count() == 0", "assert 'x' in page.content()", "assert '/thanks' in page.url",
        "page.click('a')\n    assert checked(page) == 0", "page.click('a')\n    page.goto('/')", "page.click('a')",
    ],
)  # fmt: skip
def test_what_does_not_wait_is_seen(lines: str) -> None:
    assert len(list(hasty(f"def test(page):\n    {lines}\n"))) == 1
    assert not list(hasty("def test(page):\n    page.click('a')\n    expect(page.locator('h1')).to_be_visible()\n"))
    assert not list(hasty("def test(district):\n    assert district.count('response') == 1\n"))
