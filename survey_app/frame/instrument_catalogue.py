"""The questionnaire files of this installation."""

from dataclasses import dataclass
from pathlib import Path

from survey_app.authoring.review.file_review import review_file
from survey_app.definition.categories import CATEGORIES_FILE, Categories, read_categories
from survey_app.definition.messages import message
from survey_app.definition.model import Instrument, Occasion
from survey_app.definition.nodes import Issue, SourcePosition
from survey_app.foundation.errors import UserError, user_error


@dataclass(frozen=True, slots=True)
class InstrumentCatalogue:
    """Reads instruments by id from a directory; the file of an instrument is named after it."""

    directory: Path

    def categories(self) -> Categories:
        return read_categories(self.directory / CATEGORIES_FILE)

    def files(self) -> list[Path]:
        """By id, so that a variant with a longer id comes after the one that is proposed."""
        files = (path for path in self.directory.glob("*.yaml") if path.name != CATEGORIES_FILE)
        return sorted(files, key=lambda path: path.stem)

    def ids(self) -> list[str]:
        return [path.stem for path in self.files()]

    def misnamed_files(self) -> list[Path]:
        """Files that look like questionnaires and are not used, because of their ending."""
        return sorted(path for path in self.directory.glob("*.y*ml") if path.suffix != ".yaml")

    def file_name_issues(self, path: Path, instrument: Instrument) -> list[Issue]:
        """A file of this directory must be called after the instrument, or no wave can use it."""
        if path.resolve().parent != self.directory.resolve() or path.stem == instrument.id:
            return []
        what = message("文件 {file} 里的 id 是“{id}”，请让文件名与 id 相同", file=path.name, id=instrument.id)
        return [Issue(SourcePosition(str(path), 1, 1), what)]

    def instrument(self, instrument_id: str) -> Instrument:
        """What a wave may ask. Raises :class:`UserError` if there is no such file or something in it stops a wave."""
        path = self.directory / f"{instrument_id}.yaml"
        if instrument_id not in self.ids():
            known = ", ".join(self.ids())
            raise user_error("没有问卷“{id}”；现有：{known}", id=instrument_id, known=known)
        review = review_file(path, self.categories())
        if faults := review.stopping():
            messages = [message("{place}: {what}", place=str(issue.position), what=issue.message) for issue in faults]
            raise UserError(message("问卷文件有错误，请先改正"), *messages)
        instrument = review.instrument
        if instrument is None:
            raise user_error("问卷文件有错误，请先改正")
        if instrument.id != instrument_id:
            raise user_error("文件 {file} 里的 id 是“{id}”，请让文件名与 id 相同", file=path.name, id=instrument.id)
        if instrument.occasion == Occasion.EVALUATION:
            raise user_error("“{id}”是责任督学登录以后署名评价用的，不能放进批次", id=instrument.id)
        return instrument
