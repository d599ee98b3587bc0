"""Categories of schools and their grades: the one place where they have ids, labels and synonyms."""

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .messages import message
from .model import Option, Text
from .node_reader import Fields
from .nodes import DefinitionFaulty, Fault, Node, read_file


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

    def grades_from(self, first: str | None) -> tuple[Grade, ...]:
        """The grades from ``first`` on; all of them if it is not one of this category's."""
        codes = [grade.code for grade in self.grades]
        return self.grades[codes.index(first) :] if first in codes else self.grades


def plain(word: str) -> str:
    """A word as it is compared: NFKC, no spaces, no marks that cannot be seen."""
    folded = unicodedata.normalize("NFKC", word)
    return "".join(
        letter for letter in folded if not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Cc")
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
            for word in (category.id, category.label.zh, category.label.en, *category.synonyms):
                words.setdefault(plain(word), category)
        return words

    def __contains__(self, category_id: str) -> bool:
        return category_id in self._by_id

    def __getitem__(self, category_id: str) -> Category:
        return self._by_id[category_id]

    def named(self, word: str) -> Category | None:
        """The category that a roster calls ``word``."""
        return self._by_word.get(plain(word))

    def grade_named(self, category_id: str, word: str) -> Grade | None:
        """The grade that a roster or an imported answer calls ``word``, in this category."""
        wanted = plain(word)
        for grade in self._by_id[category_id].grades:
            if wanted in {plain(name) for name in (grade.code, grade.label.zh, grade.label.en, *grade.synonyms)}:
                return grade
        return None


def read_categories(path: Path) -> Categories:
    """Raises :class:`DefinitionFaulty`."""
    faults: list[Fault] = []
    root = Fields(read_file(path), faults, ("format", "categories"), message("类别文件"))
    if root.string("format", "1") != "1":
        root.fault(root.place_of("format"), message("只支持 format: 1，请改为 1"))
    found = tuple(_category(node, faults) for node in root.sequence("categories"))
    _words_are_unique(found, root, faults)
    if faults:
        raise DefinitionFaulty(faults)
    return Categories(found)


def _category(node: Node, faults: list[Fault]) -> Category:
    fields = Fields(node, faults, ("id", "label", "synonyms", "grades"), message("类别"))
    grades = tuple(_grade(inner, faults) for inner in fields.sequence("grades", required=False))
    synonyms = tuple(word for word, _ in fields.strings("synonyms", required=False))
    return Category(fields.identifier("id"), fields.text("label"), synonyms, grades)


def _grade(node: Node, faults: list[Fault]) -> Grade:
    fields = Fields(node, faults, ("code", "label", "synonyms"), message("年级"))
    synonyms = tuple(word for word, _ in fields.strings("synonyms", required=False))
    return Grade(fields.code("code"), fields.text("label"), synonyms)


def _words_are_unique(categories: tuple[Category, ...], root: Fields, faults: list[Fault]) -> None:
    owner: dict[str, str] = {}
    for category in categories:
        for word in {plain(word) for word in (category.id, category.label.zh, *category.synonyms)}:
            if owner.setdefault(word, category.id) != category.id:
                faults.append(
                    Fault(root.place_of("categories"),
                          message("“{word}”同时属于类别 {first} 和 {second}", word=word, first=owner[word],
                                  second=category.id))
                )  # fmt: skip
