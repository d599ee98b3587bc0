"""Everything that a reader gets of a wave, gathered so that nothing in it can be a hole of the arithmetic."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from survey_app.frame.queries import wave_by_name

from .district import District
from .time import seal_by_time
from .workbooks import cells

BAD = re.compile(r"\b(nan|inf|infinity|none|null)\b", re.I)


@dataclass(frozen=True)
class Published:
    """Everything that a reader gets of a wave."""

    page: str
    indices: list[dict[str, str]]
    tables: str
    workbook: dict[tuple[str, str], object]

    def flags(self) -> set[str]:
        return {flag for row in self.indices for flag in row["flags"].split("|") if flag}

    def sentences(self) -> str:
        return self.page + "\n".join(value for value in self.workbook.values() if isinstance(value, str))


def ended(district: District) -> District:
    """As it happens: the time comes, and ``flask run-due`` closes, seals and counts."""
    assert (district.wave, "sealed") in seal_by_time(district)
    return district


def published(district: District, home: Path) -> Published:
    """All of it, and nothing in it is a hole of the arithmetic."""
    out = home / f"{district.wave}.xlsx"
    district.command("results", "report", "--wave", district.wave, "--out", str(out))
    tables = [district.command("results", name, "--wave", district.wave) for name in ("indices", "items", "ranking")]
    with district.app.extensions["database"].read_session() as session:
        number = wave_by_name(session, district.wave).id
    staff = district.staff(name=f"王督导{number}")
    answer = staff.get(f"/staff/waves/{number}/results/all")
    assert answer.status_code == 200
    for name in ("indices", "items", "ranking"):
        assert staff.get(f"/staff/waves/{number}/{name}.csv").status_code == 200
    book = cells(out, values=True)
    for text in (*tables, re.sub(r"<[^>]+>", " ", answer.text), *(str(value) for value in book.values() if value)):
        assert not BAD.search(text), BAD.search(text)
    return Published(answer.text, list(csv.DictReader(tables[0].lstrip("\ufeff").splitlines())), "".join(tables), book)


def imported(district: District, home: Path, rows: list[dict[str, str]]) -> None:
    path = home / f"{district.wave}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    district.command("responses", "import", "--wave", district.wave, str(path))
