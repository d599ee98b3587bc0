"""How many people a row of a roster states, of which audience, grade, class and sex."""

from collections.abc import Iterator

from survey_app.definition.audiences import AUDIENCES, audience_of_grade_columns
from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.foundation.translation import language

from .roster import PopulationKey
from .roster_columns import known_audiences, parse_audience, wide_audiences
from .roster_row import RosterRow

Count = tuple[PopulationKey, int, int]  # of whom, how many, in which column


def read_populations(row: RosterRow, category: str, categories: Categories) -> list[Count]:
    """The numbers of one row, whichever of the two layouts the heading has."""
    if row.heading.is_long:
        return _read_long_population(row, category, categories)
    populations = [
        ((audience, "", "", ""), population, row.columns[audience])
        for audience in wide_audiences()
        if audience in row.columns and (population := row.read_count(row.columns[audience]))
    ]
    counted = audience_of_grade_columns()
    by_grade = list(_read_grade_counts(row, counted.id, category, categories))
    total = next((population for (audience, *_), population, _index in populations if audience == counted.id), 0)
    if by_grade and total:
        grade_sum = sum(population for _key, population, _index in by_grade)
        if grade_sum != total:
            row.add_error(
                counted.id,
                message(
                    "{label} {total} 与各年级之和 {sum} 不一致", label=counted.count_label, total=total, sum=grade_sum
                ),
            )
        populations = [entry for entry in populations if entry[0][0] != counted.id]
    return [*populations, *by_grade]


def _read_grade_counts(row: RosterRow, audience: str, category: str, categories: Categories) -> Iterator[Count]:
    """The columns 一年级 … 六年级 of a statistics form: pupils of each grade."""
    for index, word in row.heading.grades.items():
        population = row.read_count(index)
        if not population or not category:
            continue
        grade = categories.find_grade(category, word)
        if grade is None:
            label = categories[category].label.in_language(language())
            row.add_error_at(index, message("类别“{category}”没有年级“{word}”", category=label, word=word))
        else:
            yield (audience, grade.code, "", ""), population, index


def _read_long_population(row: RosterRow, category: str, categories: Categories) -> list[Count]:
    word = row.cell_text("audience")
    audience = parse_audience(word)
    column = row.columns["population"]
    if audience is None:
        row.add_error("audience", message("没有对象“{word}”；可用：{known}", word=word, known=known_audiences()))
        return []
    population = row.read_count(column)
    grade = _read_grade(row, category, audience, categories)
    key = (audience, grade, row.cell_text("class_name"), row.cell_text("sex"))
    return [(key, population, column)] if population else []


def _read_grade(row: RosterRow, category: str, audience: str, categories: Categories) -> str:
    word = row.cell_text("grade")
    if not word or not category or not AUDIENCES[audience].has_grades:
        return ""
    grade = categories.find_grade(category, word)
    if grade is None:
        label = categories[category].label.in_language(language())
        row.add_error("grade", message("类别“{category}”没有年级“{word}”", category=label, word=word))
        return ""
    return grade.code
