"""Categories of schools and their grades: the one place where they have ids, labels and synonyms."""

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .languages import Text
from .messages import message
from .model import Option
from .node_reader import NodeReader
from .nodes import DefinitionError, Issue, Node, read_file

CATEGORIES_FILE = "categories.yaml"


@dataclass(frozen=True, slots=True)
class Grade(Option):
    """A grade of a category; ``synonyms`` are what rosters write."""

    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of school, with its grades in order."""

    id: str
    label: Text
    synonyms: tuple[str, ...]
    grades: tuple[Grade, ...]

    def is_before(self, code: str, other: str) -> bool:
        """Whether this category has both grades, the first before the other."""
        codes = [grade.code for grade in self.grades]
        return code in codes and other in codes and codes.index(code) < codes.index(other)


def fold(word: str) -> str:
    """A word as it is compared: NFKC, no spaces, no marks that cannot be seen."""
    normalized = unicodedata.normalize("NFKC", word)
    return "".join(
        letter for letter in normalized if not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Cc")
    ).casefold()


@dataclass(frozen=True)
class Categories:
    """All categories of the district."""

    all: tuple[Category, ...] = field(default=())

    @cached_property
    def _by_id(self) -> dict[str, Category]:
        return {category.id: category for category in self.all}

    @cached_property
    def _by_word(self) -> dict[str, Category]:
        words: dict[str, Category] = {}
        for category in self.all:
            for word in (category.id, *category.label.values(), *category.synonyms):
                words.setdefault(fold(word), category)
        return words

    def __contains__(self, category_id: str) -> bool:
        return category_id in self._by_id

    def __getitem__(self, category_id: str) -> Category:
        return self._by_id[category_id]

    def grades_from(self, category_id: str, first: str | None) -> tuple[Grade, ...]:
        """The grades of a category from ``first`` on, wherever that one stands.

        A grade is left out if some category has it before ``first``; so a primary school has none from the seventh on,
        and a senior school all of its from the fourth.
        """
        grades = self[category_id].grades
        if first is None:
            return grades
        return tuple(
            grade for grade in grades if not any(category.is_before(grade.code, first) for category in self.all)
        )

    def find(self, word: str) -> Category | None:
        """The category that a roster calls ``word``."""
        return self._by_word.get(fold(word))

    def find_grade(self, category_id: str, word: str) -> Grade | None:
        """The grade that a roster or an imported answer calls ``word``, in this category."""
        folded = fold(word)
        for grade in self._by_id[category_id].grades:
            if folded in {fold(name) for name in (grade.code, *grade.label.values(), *grade.synonyms)}:
                return grade
        return None


def read_categories(path: Path) -> Categories:
    """Raises :class:`DefinitionError`."""
    issues: list[Issue] = []
    reader = NodeReader(read_file(path), issues, ("format", "categories"), message("类别文件"))
    if reader.string("format", "1") != "1":
        reader.add_issue(reader.position_of("format"), message("只支持 format: 1，请改为 1"))
    categories = tuple(_read_category(node, issues) for node in reader.sequence("categories"))
    _check_ids_unique(categories, reader, issues)
    _check_words_unique(categories, reader, issues)
    if issues:
        raise DefinitionError(issues)
    return Categories(categories)


def _read_category(node: Node, issues: list[Issue]) -> Category:
    reader = NodeReader(node, issues, ("id", "label", "synonyms", "grades"), message("类别"))
    grades = tuple(_read_grade(grade_node, issues) for grade_node in reader.sequence("grades", required=False))
    synonyms = tuple(word for word, _ in reader.strings("synonyms", required=False))
    return Category(reader.identifier("id"), reader.text("label"), synonyms, grades)


def _read_grade(node: Node, issues: list[Issue]) -> Grade:
    reader = NodeReader(node, issues, ("code", "label", "synonyms"), message("年级"))
    synonyms = tuple(word for word, _ in reader.strings("synonyms", required=False))
    return Grade(reader.code("code"), reader.text("label"), synonyms)


def _check_ids_unique(categories: tuple[Category, ...], reader: NodeReader, issues: list[Issue]) -> None:
    position = reader.position_of("categories")
    ids = [category.id for category in categories]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        issues.append(Issue(position, message("类别“{id}”写了两次", id=name)))
    for category in categories:
        codes = [grade.code for grade in category.grades]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            issues.append(Issue(position, message("类别“{id}”的年级代码“{code}”用了两次", id=category.id, code=code)))


def _check_words_unique(categories: tuple[Category, ...], reader: NodeReader, issues: list[Issue]) -> None:
    category_by_word: dict[str, str] = {}
    for category in categories:
        for word in {fold(word) for word in (category.id, *category.label.values(), *category.synonyms)}:
            if category_by_word.setdefault(word, category.id) != category.id:
                issues.append(
                    Issue(reader.position_of("categories"),
                          message("“{word}”同时属于类别 {first} 和 {second}", word=word, first=category_by_word[word],
                                  second=category.id))
                )  # fmt: skip
