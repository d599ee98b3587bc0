"""The questionnaire files of this installation."""

from dataclasses import dataclass
from pathlib import Path

from survey_app.definition.categories import Categories, read_categories
from survey_app.definition.messages import message
from survey_app.definition.model import Instrument
from survey_app.definition.nodes import DefinitionFaulty
from survey_app.definition.parse import read_instrument
from survey_app.foundation.errors import Refused, refused

CATEGORIES_FILE = "categories.yaml"


@dataclass(frozen=True, slots=True)
class InstrumentCatalogue:
    """Reads instruments by id from a directory; the file of an instrument is named after it."""

    directory: Path

    def categories(self) -> Categories:
        return read_categories(self.directory / CATEGORIES_FILE)

    def files(self) -> list[Path]:
        return sorted(path for path in self.directory.glob("*.yaml") if path.name != CATEGORIES_FILE)

    def ids(self) -> list[str]:
        return [path.stem for path in self.files()]

    def instrument(self, instrument_id: str) -> Instrument:
        """Raises :class:`Refused` if there is no such file or it is faulty."""
        path = self.directory / f"{instrument_id}.yaml"
        if instrument_id not in self.ids():
            known = ", ".join(self.ids())
            raise refused("没有问卷“{id}”；现有：{known}", id=instrument_id, known=known)
        try:
            found = read_instrument(path, self.categories())
        except DefinitionFaulty as error:
            lines = [message("{place}: {what}", place=str(fault.place), what=fault.message) for fault in error.faults]
            raise Refused(message("问卷文件有错误，请先改正"), *lines) from error
        if found.id != instrument_id:
            raise refused("文件 {file} 里的 id 是“{id}”，请让文件名与 id 相同", file=path.name, id=found.id)
        return found
