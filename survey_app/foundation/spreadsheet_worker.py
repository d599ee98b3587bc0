"""Run as a program of its own: reads one workbook with calamine under limits and prints its cells as JSON.

A workbook from a stranger may unpack to any size; here it can only end this process.
"""

import json
import sys
from typing import Any

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
MAX_ROWS, MAX_COLUMNS = 5000, 30


def limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's timeout is the limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def to_json_value(cell: Any) -> Any:
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def read_workbook(path: str) -> list[dict[str, Any]]:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    sheets = []
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        last_row, last_column = sheet.end or (-1, -1)  # counted from 0; calamine's totals are one short
        too_large = last_row >= MAX_ROWS or last_column >= MAX_COLUMNS
        rows = (
            []
            if too_large
            else [[to_json_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        )
        sheets.append({"name": name, "too_large": too_large, "rows": rows, "merged": sheet.merged_cell_ranges or []})
    return sheets


if __name__ == "__main__":
    limit_resources()
    json.dump(read_workbook(sys.argv[1]), sys.stdout, ensure_ascii=True)
