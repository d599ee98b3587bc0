"""The answers of a drawn sample as a figure of everybody it stands for, with an error that knows how it was drawn.

One row per person (or unit): ``value``; ``weight``, or ``population`` (size of the row's stratum, for a sample that was
drawn at random within strata); ``stratum`` and ``cluster`` where there were any; any other columns may be groups whose
true counts are known.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy import special

from survey_app.foundation.errors import user_error
from survey_app.foundation.text_file import decode_text, parse_rows, read_bytes
from survey_app.measurement.statistics.calibration import post_stratify, rake
from survey_app.measurement.statistics.design_based import estimate_mean, estimate_total, kish_deff
from survey_app.measurement.statistics.sampling import SampleDesign, sample_design
from survey_app.measurement.strata import CONFIDENCE_LEVEL

ESTIMATE_COLUMNS = ("rows", "population", "mean", "se", "low", "high", "total", "total_se", "deff_weights", "df")
Records = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class SampleFigures:
    """Mean and total of ``value`` over the population; ``df`` is clusters less strata."""

    rows: int
    population: float
    mean: float
    se: float
    low: float
    high: float
    total: float
    total_se: float
    deff_weights: float
    df: int


def estimate_from_sample(sample_file: Path, counts_file: Path | None = None) -> SampleFigures:
    """The figures of a sample file; with known counts the weights are fitted to them first."""
    records = _read_records(sample_file, ("value",))
    values = _numbers(records, "value", sample_file)
    try:
        design = _design(records, sample_file)
        if counts_file is not None:
            design = _fit(design, records, counts_file, sample_file)
        mean, total = estimate_mean(design, values), estimate_total(design, values)
    except ValueError as error:
        raise user_error("{file}：{why}", file=sample_file.name, why=str(error)) from error
    df = len(set(design.clusters.tolist())) - len(set(design.strata.tolist()))
    half_width = float(special.stdtrit(df, (1 + CONFIDENCE_LEVEL) / 2)) * mean.error if df > 0 else float("nan")
    return SampleFigures(
        len(values), float(design.weights.sum()), mean.value, mean.error, mean.value - half_width,
        mean.value + half_width, total.value, total.error, kish_deff(design.weights), df,
    )  # fmt: skip


def _read_records(path: Path, required: Sequence[str]) -> Records:
    rows = parse_rows(decode_text(read_bytes(path), path.name), path.name)
    columns = [cell.strip() for cell in next(rows, (1, []))[1]]
    if missing := [column for column in required if column not in columns]:
        raise user_error("{file} 缺少列：{columns}", file=path.name, columns=", ".join(missing))
    records = [
        dict(zip(columns, [cell.strip() for cell in cells] + [""] * len(columns), strict=False)) | {"": str(line)}
        for line, cells in rows
        if any(cell.strip() for cell in cells)
    ]
    if not records:
        raise user_error("{file} 的表头下面没有数据", file=path.name)
    return records


def _numbers(records: Records, column: str, path: Path) -> list[float]:
    numbers = []
    for record in records:
        try:
            numbers.append(float(record[column]))
        except ValueError as error:
            raise user_error("{file} 第 {row} 行 {column} 列：“{text}”不是数。没有回答的人请删去整行",
                             file=path.name, row=record[""], column=column, text=record[column]) from error  # fmt: skip
    return numbers


def _design(records: Records, path: Path) -> SampleDesign:
    columns = records[0].keys()
    strata = [record["stratum"] for record in records] if "stratum" in columns else [""] * len(records)
    clusters = [record["cluster"] for record in records] if "cluster" in columns else None
    population = _numbers(records, "population", path) if "population" in columns else None
    if "weight" in columns:
        weights = _numbers(records, "weight", path)
    elif population is not None and clusters is None:
        sizes = Counter(strata)
        weights = [size / sizes[stratum] for size, stratum in zip(population, strata, strict=True)]
    else:
        raise user_error("{file} 要有 weight 列；按层简单随机抽样的也可以只写 population（该层总数）", file=path.name)
    return sample_design(weights, strata, clusters, population)


def _fit(design: SampleDesign, records: Records, counts_file: Path, sample_file: Path) -> SampleDesign:
    """Weights that meet the known counts: ``column, group, count``."""
    known: dict[str, dict[str, float]] = {}
    count_records = _read_records(counts_file, ("column", "group", "count"))
    for record, count in zip(count_records, _numbers(count_records, "count", counts_file), strict=True):
        known.setdefault(record["column"], {})[record["group"]] = count
    if missing := [column for column in known if column not in records[0]]:
        raise user_error("{file} 缺少列：{columns}", file=sample_file.name, columns=", ".join(missing))
    margins = [([record[column] for record in records], counts) for column, counts in known.items()]
    return post_stratify(design, *margins[0]) if len(margins) == 1 else rake(design, margins)
