"""White space leaves a template when it is loaded, and nothing that a reader sees changes."""

import jinja2
import pytest

from survey_app.foundation.templates import WhitespaceRemoval

CASES = [
    ("<ul>\n  <li>{{ a }}</li>\n  <li>二</li>\n</ul>\n", "<ul><li>一</li><li>二</li></ul>"),
    ("<p>\n  {{ a }} <b>2</b> / 3\n</p>", "<p>一 <b>2</b> / 3</p>"),
    ("<p>\n  one\n  two\n  {{ a }}\n  {{ a }}\n</p>", "<p>one two 一 一</p>"),
    ("<div>\n  {% if a %}\n    <b>{{ a }}</b>\n  {% endif %}\n</div>", "<div><b>一</b></div>"),
    ('<input type="radio"\n       name="x"{% if a %} checked{% endif %}>', '<input type="radio" name="x" checked>'),
    ('<p\n  {% if a %}class="b"{% endif %}\n>x</p>', '<p class="b">x</p>'),
    ('<i title="{{ a if 2 > 1 }}"\n   lang="zh">x</i>', '<i title="一" lang="zh">x</i>'),
    ("<textarea>{{ a }}\n\n  二\n</textarea>\n<p>x</p>", "<textarea>一\n\n  二\n</textarea><p>x</p>"),
    ("<pre>a\n  {{ a }}\n    b</pre>\n\n<p>c</p>", "<pre>a\n  一\n    b</pre><p>c</p>"),
    ("<script>a();\nb() > c\n</script>\n<p>\nd</p>", "<script>a();\nb() > c\n</script><p>d</p>"),
    ("<p>\n  {# why #}\n  {{ a }}\n</p>", "<p>一</p>"),
    ("{% macro m() %}\n  <i>m</i>\n{% endmacro %}\n\n<p>\n  {{ m() }}\n</p>", "<p><i>m</i></p>"),
]


@pytest.mark.parametrize(("source", "page"), CASES)
def test_line_breaks_between_elements_are_nothing_and_spaces_on_a_line_stay(source: str, page: str) -> None:
    environment = jinja2.Environment(extensions=[WhitespaceRemoval], autoescape=True)
    assert environment.from_string(source).render(a="一") == page


def test_what_was_typed_is_never_touched() -> None:
    environment = jinja2.Environment(extensions=[WhitespaceRemoval], autoescape=True)
    typed = "第一行\n\n   第二行 <b>\n"
    page = environment.from_string("<p>\n<textarea>{{ typed }}</textarea>\n</p>").render(typed=typed)
    assert page == f"<p><textarea>{typed.replace('<', '&lt;').replace('>', '&gt;')}</textarea></p>"


def test_an_error_names_the_line_of_the_file() -> None:
    environment = jinja2.Environment(extensions=[WhitespaceRemoval])
    with pytest.raises(jinja2.TemplateSyntaxError) as caught:
        environment.from_string("<p>\n  a\n</p>\n\n{% endfor %}\n")
    assert caught.value.lineno == 5
