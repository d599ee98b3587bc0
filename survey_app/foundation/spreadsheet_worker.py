"""Run as a program of its own: reads one workbook with calamine under limits and prints its cells as JSON.

A workbook from a stranger may unpack to any size; here it can only end this process.
"""

import json
import re
import sys
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
MAX_ROWS, MAX_COLUMNS = 100_000, 60
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(.*?)</(?:\w+:)?c>", re.S)
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")(?:[^>]*?\br=\"([0-9]{1,7})\")?")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]{0,500})")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')


def limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's timeout is the limit
        return
    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        _soft, hard = resource.getrlimit(kind)
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)  # the parent may have a lower one
        resource.setrlimit(kind, (lowest, lowest))


def to_json_value(cell: Any) -> Any:
    """A cell; a date is told from text, because "1-2" typed as a class becomes one."""
    if isinstance(cell, date | datetime):
        return {"date": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def read_workbook(path: str, with_hidden: bool = False) -> list[dict[str, Any]]:
    """The worksheets; of hidden ones only the name, unless ``with_hidden`` asks for their cells."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_path(path)
    parts = sheet_parts(path)
    sheets = []
    for metadata in workbook.sheets_metadata:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        last_row, last_column = sheet.end or (-1, -1)  # counted from 0; calamine's totals are one short
        entry: dict[str, Any] = {
            "name": metadata.name,
            "visible": metadata.visible == SheetVisibleEnum.Visible,
            "too_large": last_row >= MAX_ROWS or last_column >= MAX_COLUMNS,
            "rows": [], "merged": [], "valueless": {}, "hidden_rows": [],
        }  # fmt: skip
        if (entry["visible"] or with_hidden) and not entry["too_large"]:
            entry["rows"] = [[to_json_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            entry["merged"] = sheet.merged_cell_ranges or []
            entry |= look_into_part(path, parts.get(metadata.name, ""))
        sheets.append(entry)
    return sheets


def sheet_parts(path: str) -> dict[str, str]:
    """Sheet name to the member of the archive that holds it; none of a workbook of Excel 97."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        try:
            workbook = ElementTree.fromstring(archive.read(names["xl/workbook.xml"]))  # noqa: S314 - nothing here outlives this process
            relations = ElementTree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))  # noqa: S314
        except (KeyError, ElementTree.ParseError):
            return {}
    targets = {entry.get("Id"): entry.get("Target", "") for entry in relations}
    parts = {}
    for element in workbook.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation, "")
            full_name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts[element.get("name", "")] = names.get(full_name.lower(), "")
    return parts


def look_into_part(path: str, member: str) -> dict[str, Any]:
    """What the cells alone do not tell: formulas without a value, errors, and rows that a filter hides."""
    if not member:
        return {}
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(member)
    valueless: dict[str, str] = {}
    if re.search(rb"<(?:\w+:)?f\b", xml) or b't="e"' in xml:
        for attributes, content in _CELL.findall(xml):
            is_error = b't="e"' in attributes
            is_formula = re.search(rb"<(?:\w+:)?f\b", content) is not None
            has_value = re.search(rb"<(?:\w+:)?v[^/>]*>[^<]", content) is not None
            reference = _REFERENCE.search(attributes)
            if reference and (is_error or (is_formula and not has_value)):
                formula = _FORMULA.search(content)
                valueless[reference[1].decode()] = formula[1].decode("utf-8", "replace") if formula else ""
    hidden_rows = [int(number or 0) for number in _HIDDEN_ROW.findall(xml)]
    return {"valueless": valueless, "hidden_rows": hidden_rows}


if __name__ == "__main__":
    limit_resources()
    json.dump(read_workbook(sys.argv[1], "--with-hidden" in sys.argv[2:]), sys.stdout, ensure_ascii=True)
