"""What can only be seen when all rows of a roster have been read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from survey_app.definition.audiences import roster_audiences, usual_audiences
from survey_app.definition.messages import message

from .roster import CellIssue, PopulationKey, RosterSchool
from .roster_cells import STANDARD_CODE_DIGITS
from .roster_columns import column_label
from .roster_rows import RosterProgress

LONG_NAME = 36  # characters that a slip holds in two lines
LEVELS = (("grade", 1), ("class_name", 2), ("sex", 3))  # field and its place in the key


def check_roster(progress: RosterProgress) -> None:
    """Adds the faults and warnings of the whole."""
    roster = progress.roster
    _check_code_lengths(progress)
    for school in roster.schools.values():
        roster.errors += _mixed_levels(progress, school)
        if not school.populations:
            text = message("学校 {code} 没有任何人数，不会有人被问到", code=school.code)
            roster.warnings.append(replace(progress.name_cells[school.code], message=text))
        if len(school.name) > LONG_NAME:
            text = message("校名有 {n} 个字，纸条上只印得下前 {limit} 个左右", n=len(school.name), limit=LONG_NAME)
            roster.warnings.append(replace(progress.name_cells[school.code], message=text))
    if progress.numeric_codes:
        first, n = progress.numeric_codes[0], len(progress.numeric_codes)
        if n > 1:
            text = message("{what}（共 {n} 行）", what=first.message, n=n)
            first = replace(first, message=text)
        roster.warnings.append(first)
    _note_absent_audiences(progress)


def _check_code_lengths(progress: RosterProgress) -> None:
    """Where most codes have ten digits, another length is a typing error."""
    codes = list(progress.roster.schools)
    standard_count = sum(len(code) == STANDARD_CODE_DIGITS for code in codes)
    if standard_count * 2 <= len(codes):
        return
    for code in codes:
        if len(code) != STANDARD_CODE_DIGITS:
            text = message("学校代码“{code}”有 {n} 位，本表其他学校是 10 位", code=code, n=len(code))
            progress.roster.errors.append(replace(progress.code_cells[code], message=text))


def _mixed_levels(progress: RosterProgress, school: RosterSchool) -> Iterator[CellIssue]:
    """A grade with a number of its own beside its classes would be counted twice (fault X-F4)."""
    for field, depth in LEVELS:
        groups: dict[tuple[str, ...], list[PopulationKey]] = defaultdict(list)
        for key in school.populations:
            groups[key[:depth]].append(key)
        for keys in groups.values():
            blank = next((key for key in keys if not key[depth]), None)
            filled = next((key for key in keys if key[depth]), None)
            if blank is None or filled is None:
                continue
            cell, other = progress.count_cells[school.code, blank], progress.count_cells[school.code, filled]
            text = message(
                "学校 {code} 的同一对象有的行写了{level}（{other}），有的没写（{row}），人数会重复计算。请只留一种",
                code=school.code, level=column_label(field), other=other.where(), row=cell.where(),
            )  # fmt: skip
            yield replace(cell, message=text)


def _note_absent_audiences(progress: RosterProgress) -> None:
    """An audience for which there is no number at all is nobody's mistake only if somebody says so."""
    roster = progress.roster
    totals = roster.audience_totals()
    for row in usual_audiences():
        if roster.schools and not totals.get(row.id):
            roster.notes.append(message("名册里没有“{label}”：这类对象不会被问到", label=column_label(row.id)))
    for row in roster_audiences():
        if row.counted_like and totals.get(row.counted_like) and not totals.get(row.id):
            roster.notes.append(
                message("{label}按孩子计数时，{count}可以取{other}（每个学生一位）：读这个文件时选上这一项",
                        label=row.label, count=row.count_label, other=column_label(row.counted_like))
            )  # fmt: skip
