"""What all documents share: links lead somewhere, the glossary points to real code, no promise too much."""

import re
import tomllib

import pytest

from scripts.architecture_picture import LAYERS, picture
from survey_app.foundation.settings import PROJECT
from testing.documents import DOCS, anchors, document, tables

DECISIONS = tuple(f"decisions/{path.name}" for path in sorted((DOCS / "decisions").glob("*.md")))
OURS = (
    "architecture.md", "architecture.en.md", "glossary.md", "instrument.md", "instrument.en.md", "method.md",
    "method.en.md", "review.md", "review.en.md", "ways-in.md", "../CONTRIBUTING.md", "../SECURITY.md", *DECISIONS,
)  # fmt: skip
LINK = re.compile(r"!?\[[^]]*\]\(([^)#\s]*)(?:#([\w-]+))?\)")
each = pytest.mark.parametrize("name", OURS)


def headings(text: str) -> set[str]:
    """Anchors that we gave, and those that a reader of Markdown makes of a heading."""
    made = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in re.findall("^#+ (.*)$", text, re.M)
    }
    return made | set(anchors(text))


@each
def test_links_lead_somewhere(name: str) -> None:
    links = LINK.findall(document(name))
    assert links
    for target, anchor in links:
        if target.startswith("http"):
            continue
        page = (DOCS / name).parent / target if target else DOCS / name
        assert page.is_file(), target
        assert not anchor or anchor in headings(page.read_text("utf-8")), f"{target}#{anchor}"


@each
def test_nothing_is_promised_that_cannot_be_kept(name: str) -> None:
    assert not re.search(r"绝对匿名|完全匿名|absolutely anonymous|completely anonymous", document(name))


def glossary_terms() -> list[dict[str, str]]:
    """Rows about words; those about tables and commands have other columns (test_glossary)."""
    return [row for table in tables(document("glossary.md")) for row in table if "English" in row]


def test_the_glossary_points_to_real_code() -> None:
    rows = glossary_terms()
    assert len(rows) >= 50
    for row in rows:
        for place in re.findall(r"[a-z_]+(?:/[a-z_]+)+\.py", row["代码位置 · In code"]):
            text = (PROJECT / "survey_app" / place).read_text("utf-8")
            names = re.findall(r"[A-Za-z_]+", re.sub(r"[a-z_]+(?:/[a-z_]+)+\.py", "", row["代码位置 · In code"]))
            assert not [word for word in names if word not in text and word != "planned"], (place, names)


def test_the_picture_is_drawn_from_the_rooms_of_the_contract() -> None:
    assert document("architecture.svg") == picture(), "run: python -m scripts.architecture_picture"
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"].startswith("Rooms import"))
    drawn = [re.split(r" [·|] ", layer.rooms) for layer in LAYERS if "." not in layer.rooms]
    rooms = [re.split(r" \| ", layer) for layer in layers]
    places = {room: number for number, row in enumerate(drawn) for room in row}
    order = [places[room] for row in rooms for room in row]
    assert order == sorted(order), "a room stands above one that it may not import"
    assert not {room for row in rooms for room in row} - places.keys()


@pytest.mark.parametrize("name", ["architecture.md", "architecture.en.md"])
def test_every_room_is_described(name: str) -> None:
    described = document(name)
    rooms = [path.name for path in (PROJECT / "survey_app").iterdir() if (path / "__init__.py").exists()]
    assert len(rooms) >= 13
    assert not [room for room in rooms if f"`{room}`" not in described]


CORE = (
    "instrument, dimension, item, scale, option, code, audience, wave, roster, link, submission, response, answer, "
    "answer string, tally, score, index, estimate, rank set, band, suppressed, publishable, scheme, mark function, "
    "submission receipt, response speed, preview, group commit, write lock, rate limit, raw transaction, user error, "
    "route table, audit trail, seal, signal, report, workbook, role"
)


def test_the_words_of_the_field_and_of_the_program_are_in_the_glossary() -> None:
    words = {row["English"].partition(" (")[0] for row in glossary_terms()}
    assert not [word for word in CORE.split(", ") if word not in words]


def test_every_row_of_the_glossary_is_complete() -> None:
    rows = glossary_terms()
    assert not [row["中文"] for row in rows if not all(row.values())]
    assert not [row["中文"] for row in rows if "planned" in row["代码位置 · In code"]]


def test_every_english_word_of_the_glossary_stands_once() -> None:
    words = [row["English"] for row in glossary_terms()]
    assert len(words) == len(set(words))
