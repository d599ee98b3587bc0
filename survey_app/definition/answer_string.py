"""The alphabet of the answer string, and what each of its characters stands for."""

from dataclasses import dataclass

BLANK, NOT_SHOWN, DONT_KNOW = ".", "-", "?"
POSITIONS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHOSEN, NOT_CHOSEN = "1", "2"


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One character of the answer string: an item, a background question, or one option of several."""

    question: str
    codes: tuple[str, ...]
    dont_know: str = ""
    option: str = ""

    def code(self, symbol: str) -> str:
        """The code that a symbol stands for; empty for blank, not shown, and an option that was not chosen."""
        if symbol in (BLANK, NOT_SHOWN):
            return ""
        if self.option:
            return self.option if symbol == CHOSEN else ""
        return self.dont_know if symbol == DONT_KNOW else self.codes[POSITIONS.index(symbol)]
