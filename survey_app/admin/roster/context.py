"""The roster as its pages show it: a searched list, a school's card, a preview in numbers."""

from dataclasses import dataclass

from survey_app.definition.audiences import Audience, roster_audiences
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message
from survey_app.foundation.paging import Paged, page_of
from survey_app.foundation.translation import language, render
from survey_app.frame.queries import RosterEntry
from survey_app.frame.roster_columns import column_label
from survey_app.frame.roster_uploads import UploadPreview

MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A school of the roster with the number of people of each audience."""

    code: str
    name: str
    category: str
    area: str
    people: tuple[int, ...]
    school_group: str = ""


@dataclass(frozen=True, slots=True)
class RosterList:
    """``totals`` and ``audiences`` in the same order as ``people`` of the rows."""

    schools: Paged[RosterRow]
    audiences: tuple[str, ...]
    totals: tuple[int, ...]
    size: int
    categories: tuple[tuple[str, str], ...]


def counted_audiences(roster: list[RosterEntry]) -> tuple[Audience, ...]:
    """The audiences with a column: the usual ones, and those that some school counts."""
    counted = {audience for entry in roster for audience in entry.populations}
    return tuple(row for row in roster_audiences() if row.is_usual or row.id in counted)


def roster_rows(roster: list[RosterEntry], categories: Categories, audiences: tuple[Audience, ...]) -> list[RosterRow]:
    return [
        RosterRow(
            entry.code, entry.name, categories[entry.category].label.in_language(language()), entry.area,
            tuple(sum(entry.populations.get(row.id, {}).values()) for row in audiences), entry.school_group,
        )
        for entry in roster
    ]  # fmt: skip


def roster_list(
    roster: list[RosterEntry], categories: Categories, words: str, category: str, page_text: str
) -> RosterList:
    """The schools whose code, name or area contains every word, and that are of the category."""
    wanted = words.lower().split()
    chosen = [
        entry for entry in roster
        if category in ("", entry.category)
        and all(word in f"{entry.code} {entry.name} {entry.area} {entry.school_group}".lower() for word in wanted)
    ]  # fmt: skip
    audiences = counted_audiences(roster)
    rows = roster_rows(chosen, categories, audiences)
    present = {entry.category for entry in roster}
    return RosterList(
        page_of(rows, page_text),
        tuple(render(row.count_label) for row in audiences),
        tuple(sum(row.people[index] for row in rows) for index in range(len(audiences))),
        len(roster),
        tuple((row.id, row.label.in_language(language())) for row in categories.all if row.id in present),
    )


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """One school of today's roster; ``grades`` are (label, people of each audience)."""

    row: RosterRow
    audiences: tuple[str, ...]
    grades: tuple[tuple[str, tuple[int, ...]], ...]


def school_card(entry: RosterEntry, categories: Categories) -> SchoolCard:
    category = categories[entry.category]
    audiences = counted_audiences([entry])
    codes = {code for by_grade in entry.populations.values() for code in by_grade}
    labels = [(grade.code, grade.label.in_language(language())) for grade in category.grades if grade.code in codes]
    known = {code for code, _label in labels}
    labels += [(code, code) for code in sorted(codes - known)]
    return SchoolCard(
        roster_rows([entry], categories, audiences)[0],
        tuple(render(row.count_label) for row in audiences),
        tuple(
            (label, tuple(entry.populations.get(audience.id, {}).get(code, 0) for audience in audiences))
            for code, label in labels
        ),
    )


@dataclass(frozen=True, slots=True)
class ChangedSchool:
    code: str
    name: str
    differences: tuple[tuple[str, str, str], ...]  # what, before, after


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What an upload would do, in numbers first; lists are cut at fifty."""

    schools: int
    totals: tuple[tuple[str, int, int, int], ...]  # label, now, afterwards, afterwards if nobody goes
    new: tuple[tuple[str, str, str], ...]  # code, name, category and people
    changed: tuple[ChangedSchool, ...]
    gone: tuple[tuple[str, str, str], ...]
    counts: tuple[int, int, int, int]  # new, changed, gone, unchanged
    errors: tuple[tuple[str, str, str], ...]  # row, column, what
    error_count: int
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    skipped: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    ignored: tuple[str, ...]  # columns that nobody reads
    is_stale: bool


def _people_of(preview: UploadPreview, code: str, categories: Categories) -> str:
    """What the file says of a school: its category and how many of each, so that a wrong digit is seen."""
    school = preview.roster.schools[code]
    totals: dict[str, int] = {}
    for (audience, *_rest), population in school.populations.items():
        totals[audience] = totals.get(audience, 0) + population
    counted = [f"{render(column_label(audience))} {number:,}" for audience, number in totals.items()]
    return " · ".join([categories[school.category].label.in_language(language()), *counted])


def preview_page(preview: UploadPreview, notes: list[Message], categories: Categories) -> PreviewPage:
    roster, change = preview.roster, preview.change
    return PreviewPage(
        schools=len(roster.schools),
        totals=tuple(
            (render(column_label(name)), *both, change.totals_kept.get(name, 0)) for name, both in change.totals.items()
        ),
        new=tuple((code, name, _people_of(preview, code, categories)) for code, name in change.new[:MAX_LISTED]),
        changed=tuple(
            ChangedSchool(
                code, name, tuple((render(each.label), each.before, each.after) for each in change.differences[code])
            )
            for code, name in change.changed[:MAX_LISTED]
        ),
        gone=tuple((code, name, "") for code, name in change.missing[:MAX_LISTED]),
        counts=(len(change.new), len(change.changed), len(change.missing), change.unchanged),
        errors=tuple(
            (render(issue.where()), render(issue.column), render(issue.message)) for issue in roster.errors[:MAX_LISTED]
        ),
        error_count=len(roster.errors),
        warnings=tuple(render(issue.to_message()) for issue in roster.warnings[:MAX_LISTED]),
        notes=tuple(render(note) for note in notes),
        skipped=tuple(f"{skipped.row} “{skipped.text}”" for skipped in roster.skipped[:MAX_LISTED]),
        columns=tuple(
            (letters, heading, render(meaning))
            for sheet in roster.sheets
            for letters, heading, meaning in sheet.columns
        ),
        ignored=tuple(render(column) for sheet in roster.sheets for column in sheet.ignored),
        is_stale=preview.is_stale,
    )
