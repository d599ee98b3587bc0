"""Published tables of counts: indices and rates of surveys of which only "how many chose what" is known.

One row per school, item and option. Options keep the order of the file; without a column ``points`` they are spread
evenly from 0 to 100, towards the end where the favourable ones stand. An option whose ``favourable`` is blank is no
opinion (don't know). Nothing is hidden: what comes in is published already.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from survey_app.definition.answer_string import DONT_KNOW
from survey_app.definition.languages import Text
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Dimension, Instrument, Item, Scale, ScalePoint
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.text_file import decode_text, parse_rows, read_bytes
from survey_app.frame.roster_columns import known_audiences, parse_audience
from survey_app.measurement.counts_only import CountsOnlySchool, estimate_from_counts, tally_from_counts
from survey_app.measurement.scoring import OVERALL, build_scoring
from survey_app.measurement.tally import TallyCell

REQUIRED_COLUMNS = ("school_code", "school_name", "category", "audience", "item", "option", "favourable", "count")
COUNT_COLUMNS = (
    "school_code", "school_name", "category", "audience", "dimension", "item", "n", "na", "index", "max_error",
    "index_low", "index_high", "rate", "rate_low", "rate_high", "dissatisfied_share", "flags",
)  # fmt: skip
MAX_LISTED_ERRORS = 20
FAVOURABLE_WORDS = {"1": True, "true": True, "yes": True, "是": True,
                    "0": False, "false": False, "no": False, "否": False, "": None}  # fmt: skip
SINGLE_DIMENSION = "ALL"


@dataclass(slots=True)
class _PublishedOption:
    favourable: bool | None
    points: float | None


@dataclass(slots=True)
class _AudienceTable:
    """What the file says of one audience: its items with their options, and the counts of each school."""

    options: dict[str, dict[str, _PublishedOption]] = field(default_factory=dict)
    dimensions: dict[str, str] = field(default_factory=dict)
    schools: dict[str, tuple[str, str]] = field(default_factory=dict)
    counts: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    lines: dict[tuple[str, str, str], int] = field(default_factory=dict)


def count_rows(path: Path) -> list[dict[str, Any]]:
    """Rows with :data:`COUNT_COLUMNS`: the items of each school and audience, its dimensions, then OVERALL.

    Raises :class:`UserError` with every faulty line.
    """
    tables: dict[str, _AudienceTable] = {}
    errors: list[Message] = []
    for line, record in _records(path):
        if problem := _add_record(tables, line, record):
            errors.append(message("第 {row} 行：{why}", row=line, why=problem))
    if errors:
        more = len(errors) - MAX_LISTED_ERRORS
        rest = [message("……另有 {n} 行", n=more)] if more > 0 else []
        raise UserError(*errors[:MAX_LISTED_ERRORS], *rest)
    if not tables:
        raise user_error("{file} 的表头下面没有计数", file=path.name)
    return [row for audience, table in tables.items() for row in _rows(audience, table)]


def _records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    rows = parse_rows(decode_text(read_bytes(path), path.name), path.name)
    columns = [cell.strip() for cell in next(rows, (1, []))[1]]
    if missing := [column for column in REQUIRED_COLUMNS if column not in columns]:
        raise user_error("{file} 缺少列：{columns}", file=path.name, columns=", ".join(missing))
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            values = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
            yield line, dict(zip(columns, values, strict=False))


def _add_record(tables: dict[str, _AudienceTable], line: int, record: Mapping[str, str]) -> Message | None:
    """Puts one row into its table; returns what is wrong with it."""
    audience, code, item, name = (record[key] for key in ("audience", "school_code", "item", "option"))
    audience_id = parse_audience(audience)
    if audience_id is None:
        return message("没有对象“{word}”；可用：{known}", word=audience, known=known_audiences())
    if not (code and item and name):
        return message("学校代码、题目或选项是空的")
    if not record["count"].isascii() or not record["count"].isdigit():
        return message("“{text}”不是 0 或正整数的份数", text=record["count"])
    word = record["favourable"].lower()
    if word not in FAVOURABLE_WORDS:
        return message("favourable 只能是 1、0 或空（不表态），不能是“{word}”", word=word)
    try:
        option = _PublishedOption(FAVOURABLE_WORDS[word], float(record["points"]) if record.get("points") else None)
    except ValueError:
        return message("points “{text}”不是数", text=record["points"])
    table = tables.setdefault(audience_id, _AudienceTable())
    if (earlier := table.lines.setdefault((code, item, name), line)) != line:
        return message("与第 {row} 行重复", row=earlier)
    if table.options.setdefault(item, {}).setdefault(name, option) != option:
        return message("题目 {item} 的选项“{option}”与前面写的不一致", item=item, option=name)
    dimension = record.get("dimension") or SINGLE_DIMENSION
    if table.dimensions.setdefault(item, dimension) != dimension:
        return message("题目 {item} 的维度与前面写的不一致", item=item)
    table.schools.setdefault(code, (record["school_name"], record["category"]))
    table.counts.setdefault(code, {}).setdefault(item, {})[name] = int(record["count"])
    return None


def _scale(item: str, options: Mapping[str, _PublishedOption]) -> Scale:
    """The options with an opinion as a scale. Raises :class:`UserError` if their direction cannot be told."""
    scored = {name: option for name, option in options.items() if option.favourable is not None}
    if len(scored) < 2:
        raise user_error("题目 {item} 至少要有两个表态的选项", item=item)
    if all(option.points is not None for option in scored.values()):
        points = {name: option.points or 0.0 for name, option in scored.items()}
    else:
        flags = [option.favourable for option in scored.values()]
        if len(set(flags)) < 2 or sum(a != b for a, b in pairwise(flags)) > 1:
            raise user_error("题目 {item} 的选项看不出从差到好的顺序：请按顺序写，或加一列 points（0–100）", item=item)
        order = list(scored) if flags[-1] else list(scored)[::-1]
        points = {name: 100.0 * at / (len(order) - 1) for at, name in enumerate(order)}
    return Scale(
        item,
        tuple(ScalePoint(name, _text(name), points[name], bool(option.favourable)) for name, option in scored.items()),
    )


def _text(name: str) -> Text:
    return Text.of(zh=name)


def _instrument(audience: str, table: _AudienceTable) -> Instrument:
    scales = {item: _scale(item, options) for item, options in table.options.items()}
    items = {item: Item(item, _text(item), scale, (audience,)) for item, scale in scales.items()}
    dimensions = tuple(
        Dimension(name, _text(name), 1.0, tuple(items[item] for item, of in table.dimensions.items() if of == name))
        for name in dict.fromkeys(table.dimensions.values())
    )
    return Instrument("published", "1", _text("published"), (audience,), ("other",), tuple(scales.values()), dimensions)


def _rows(audience: str, table: _AudienceTable) -> Iterator[dict[str, Any]]:
    scoring = build_scoring(_instrument(audience, table), audience)
    codes = list(table.schools)
    tables = {
        TallyCell(at): {
            item: _with_no_opinion(table.options[item], counts) for item, counts in table.counts[code].items()
        }
        for at, code in enumerate(codes)
    }
    tally = tally_from_counts(scoring, tables)
    for at, code in enumerate(codes):
        name, category = table.schools[code]
        school = {"school_code": code, "school_name": name, "category": category, "audience": audience}
        yield from (school | row for row in _school_rows(estimate_from_counts(tally, at), table))


def _with_no_opinion(options: Mapping[str, _PublishedOption], counts: Mapping[str, int]) -> dict[str, float]:
    """Counts as the tally takes them: all options without an opinion together are "don't know"."""
    result: dict[str, float] = {}
    for name, count in counts.items():
        key = DONT_KNOW if options[name].favourable is None else name
        result[key] = result.get(key, 0) + count
    return result


def _school_rows(school: CountsOnlySchool, table: _AudienceTable) -> Iterator[dict[str, Any]]:
    for item in school.items:
        yield {
            "dimension": table.dimensions[item.item], "item": item.item, "n": item.n, "na": item.not_applicable,
            "index": item.index, "rate": item.rate, "rate_low": item.rate_low, "rate_high": item.rate_high,
            "dissatisfied_share": item.dissatisfied, "flags": "",
        }  # fmt: skip
    single = len(set(table.dimensions.values())) == 1
    for estimate in school.estimates:
        if single and estimate.dimension != OVERALL:
            continue  # the same figures as OVERALL
        yield {
            "dimension": estimate.dimension, "item": "", "n": estimate.answers, "index": estimate.points,
            "max_error": estimate.max_error, "index_low": estimate.low, "index_high": estimate.high,
            "rate": estimate.rate.share, "dissatisfied_share": estimate.rate.dissatisfied,
            "flags": "|".join(sorted(estimate.flags)),
        }  # fmt: skip
