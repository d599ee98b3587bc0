"""What is noted while a workbook is read: the account of its rows, and faults by cell."""

from collections.abc import Iterable

from survey_app.definition.messages import Message, message

from ..account import AccountBook
from ..draft import DraftFault, Fate, Place, Severity
from .cells import SheetCells, cell_place, spoken_rows


class SheetReport:
    """One for a workbook. In our own template a mistake is an error; in other people's files the row is left out."""

    def __init__(self, sheets: Iterable[SheetCells]) -> None:
        places = [cell_place(sheet, row) for sheet in sheets for row in spoken_rows(sheet)]
        self.account = AccountBook(places)
        self._faults: dict[tuple[str, Place | None, str], DraftFault] = {}
        self.is_strict = False

    def note(self, code: str, severity: Severity, place: Place | None, text: Message, value: str = "") -> None:
        self._faults.setdefault((code, place, value), DraftFault(code, severity, text, place, value[:200]))

    @property
    def faults(self) -> tuple[DraftFault, ...]:
        """Everything noted, each once."""
        return tuple(self._faults.values())

    def mistake(self, code: str, place: Place, text: Message, value: str = "") -> None:
        """Note something that must be mended: an error where the file is ours to mend."""
        self.note(code, Severity.ERROR if self.is_strict else Severity.WARNING, place, text, value)

    def warn(self, code: str, place: Place | None, text: Message, value: str = "") -> None:
        self.note(code, Severity.WARNING, place, text, value)

    def hint(self, code: str, place: Place, text: Message, value: str = "") -> None:
        self.note(code, Severity.HINT, place, text, value)

    def take(self, place: Place, role: str) -> None:
        self.account.file(place, Fate.TAKEN, role)

    def ask(self, place: Place, role: str = "", code: str = "") -> None:
        self.account.file(place, Fate.ASKED, role, code)

    def leave(self, place: Place, code: str, text: Message, value: str = "") -> None:
        """Leave a row out, for a reason that is shown beside it."""
        self.account.file(place, Fate.LEFT, code=code)
        self.warn(code, place, text, value)

    def furnish(self, place: Place) -> None:
        self.account.file(place, Fate.FURNITURE)

    def leave_sheet(self, sheet: SheetCells) -> None:
        """Leave a whole sheet out: one remark, every row in the account."""
        if sheet.too_large:
            text = message("工作表“{sheet}”太大，没有读", sheet=sheet.name)
        elif sheet.is_hidden:
            text = message("工作表“{sheet}”是隐藏的，没有用", sheet=sheet.name)
        else:
            text = message("工作表“{sheet}”不像问卷，没有用", sheet=sheet.name)
        self.warn("sheet_not_used", cell_place(sheet, 0, 0), text)
        for row in spoken_rows(sheet):
            self.account.file(cell_place(sheet, row), Fate.LEFT, code="sheet_not_used")
