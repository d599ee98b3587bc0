"""A whole workbook to a draft: which sheet holds what, then options, settings and questions, then the account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message

from ..draft import Draft, DraftFault, Fate, FormHead, Severity
from ..text.guesses import audience_named
from .cells import SheetCells, cell_place, cell_text, fold_word, spoken_rows
from .choices import ChoicesReader, settle_lists
from .conditions import ConditionReader
from .form import FormInProgress, ReadQuestion, join_texts
from .headings import Heading, SheetRole, find_heading
from .languages import guess_language
from .office_sheet import OfficeSheetReader
from .options import OptionList
from .report import SheetReport
from .row import Languages
from .settings import Settings, SettingsReader, read_languages
from .survey import SurveyReader
from .types import read_type

MAX_ROWS = 2000
_SURVEY_NAMES = ("survey", "问卷", "题目", "问卷题目")
_CHOICES_NAMES = ("choices", "选项", "选项表", "select", "cascades", "options")
_SETTINGS_NAMES = ("settings", "设置", "setting")


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Which sheets are read as what; the others are left out."""

    surveys: tuple[tuple[SheetCells, Heading], ...]
    choices: SheetCells | None = None
    settings: SheetCells | None = None

    @property
    def uses_lists(self) -> bool:
        """Whether options stand on a sheet of their own, or in the words of a type."""
        return any(_is_form(sheet, heading) for sheet, heading in self.surveys)


def _is_form(sheet: SheetCells, heading: Heading) -> bool:
    column = heading.first("type")
    if column is None:
        return False
    if heading.has("list"):
        return True
    if heading.has("options") or heading.has("option"):
        return False
    cells = [cell_text(row[column.index]) for row in sheet.rows[heading.row + 1 :] if column.index < len(row)]
    return column.word.isascii() or any(read_type(cell).list_name for cell in cells)


def read_workbook(
    sheets: Sequence[SheetCells], categories: Categories, audience: str = "", sheet_name: str = ""
) -> Draft:  # fmt: skip
    """Return the draft of a workbook. ``audience`` is asked where the workbook does not say who."""
    report = SheetReport(sheets)
    plan = _plan(sheets, sheet_name)
    used = {sheet.name for sheet, _heading in plan.surveys}
    used |= {sheet.name for sheet in (plan.choices, plan.settings) if sheet}
    for sheet in sheets:
        if sheet.name not in used:
            report.leave_sheet(sheet)
    if not plan.surveys:
        return _nothing(report)
    if long := [sheet for sheet, _heading in plan.surveys if len(sheet.rows) > MAX_ROWS]:
        return _too_long(report, long[0])
    reader = _BookReader(plan, categories, report, audience)
    return reader.forms() if plan.uses_lists else reader.office_forms()


def _plan(sheets: Sequence[SheetCells], sheet_name: str) -> SheetPlan:
    visible = [sheet for sheet in sheets if not sheet.is_hidden and not sheet.too_large]
    choices = _named(visible, _CHOICES_NAMES, SheetRole.CHOICES)
    settings = _named(visible, _SETTINGS_NAMES, SheetRole.SETTINGS)
    others = [sheet for sheet in visible if sheet not in (choices, settings)]
    if sheet_name:
        others = [sheet for sheet in visible if sheet.name == sheet_name]
    found = [(sheet, heading) for sheet in others if (heading := find_heading(sheet, SheetRole.SURVEY))]
    found = [(sheet, heading) for sheet, heading in found if len(sheet.rows) > heading.row + 1]
    main = [entry for entry in found if fold_word(entry[0].name) in _SURVEY_NAMES and _is_form(*entry)]
    if main:
        return SheetPlan((main[0],), choices, settings)
    forms = [entry for entry in found if _is_form(*entry)]
    if forms and (choices or len(forms) == len(found)):
        return SheetPlan(tuple(forms), choices, settings)
    return SheetPlan(tuple(found), None, settings)


def _named(sheets: Sequence[SheetCells], names: tuple[str, ...], role: SheetRole) -> SheetCells | None:
    """The sheet that has one of the names, else the first with headings that only this role has."""
    by_name = [sheet for sheet in sheets if fold_word(sheet.name) in names]
    if by_name and (role is SheetRole.SETTINGS or find_heading(by_name[0], role)):
        return by_name[0]
    if role is SheetRole.SETTINGS:
        return None
    fitting = [sheet for sheet in sheets if find_heading(sheet, role) and not find_heading(sheet, SheetRole.SURVEY)]
    return fitting[0] if fitting else None


def _too_long(report: SheetReport, sheet: SheetCells) -> Draft:
    """No questionnaire has thousands of rows; the limit keeps a file from taking the machine's time."""
    text = message("工作表“{sheet}”超过 {n} 行，不会是一份问卷；请分成几份", sheet=sheet.name, n=MAX_ROWS)
    fault = DraftFault("too_many_rows", Severity.ERROR, text, cell_place(sheet, 0))
    for row in spoken_rows(sheet):
        report.account.file(cell_place(sheet, row), Fate.LEFT, code="too_many_rows")
    return Draft((FormHead(),), (), report.account.entries(), (*report.faults, fault))


def _nothing(report: SheetReport) -> Draft:
    text = message("找不到问卷：前 15 行里没有“题目”“题型”这样的表头。可以先下载模板，或者把题目粘贴成文字")
    fault = DraftFault("no_question_found", Severity.ERROR, text)
    return Draft((FormHead(),), (), report.account.entries(), (*report.faults, fault))


class _BookReader:
    """Reads the sheets of a plan."""

    def __init__(self, plan: SheetPlan, categories: Categories, report: SheetReport, audience: str) -> None:
        self.plan, self.categories, self.report, self.audience = plan, categories, report, audience

    def forms(self) -> Draft:
        """Options on a sheet of their own: our template and XLSForm, which differ in their words only."""
        first_sheet, first_heading = self.plan.surveys[0]
        self.report.is_strict = _is_template(first_heading)
        languages = self.languages(first_sheet, first_heading, Settings())
        settings = self.settings(languages)
        stated = settings.default_language
        if (stated and stated != languages.default) or settings.languages:
            languages = self.languages(first_sheet, first_heading, settings)
            settings = self.settings(languages)
        lists = self.lists(languages)
        heads: list[FormHead] = []
        questions: list[ReadQuestion] = []
        for number, (sheet, heading) in enumerate(self.plan.surveys):
            form = self.new_form(number, languages, settings, lists)
            SurveyReader(sheet, heading, form).read()
            ConditionReader(form).read()
            heads.append(replace(self.head(form, settings.head, sheet), scale_order=tuple(lists)))
            questions += form.questions
        settle_lists(lists, self.report)
        return self.draft(heads, questions)

    def draft(self, heads: Sequence[FormHead], questions: Sequence[ReadQuestion]) -> Draft:
        items = tuple(question.item for question in questions)
        faults = list(self.report.faults)
        if not any(not item.is_left_out for item in items):
            text = message("没有一道题可以用")
            faults.append(DraftFault("no_question_found", Severity.ERROR, text))
        return Draft(tuple(heads), items, self.report.account.entries(), tuple(faults))

    def new_form(
        self, number: int, languages: Languages, settings: Settings, lists: dict[str, OptionList]
    ) -> FormInProgress:  # fmt: skip
        is_explicit = any(entry.has_points for entry in lists.values())
        grades = tuple(dict.fromkeys(grade.code for category in self.categories.all for grade in category.grades))
        return FormInProgress(number, languages, self.report, lists, dict(settings.sections), grades, is_explicit)

    def settings(self, languages: Languages) -> Settings:
        if self.plan.settings is None:
            return Settings()
        return SettingsReader(self.plan.settings, languages, self.categories, self.report).read()

    def lists(self, languages: Languages) -> dict[str, OptionList]:
        if self.plan.choices is None:
            return {}
        heading = find_heading(self.plan.choices, SheetRole.CHOICES)
        if heading is None:
            self.report.leave_sheet(self.plan.choices)
            return {}
        return ChoicesReader(self.plan.choices, heading, languages, self.report).read()

    def languages(self, sheet: SheetCells, heading: Heading, settings: Settings) -> Languages:
        """The default language is that of columns that name none: stated, or guessed from the texts."""
        tags = read_languages(heading, sheet)
        default = settings.default_language
        if "" in tags or not tags:
            column = heading.first("label")
            cells = (
                [row[column.index] for row in sheet.rows[heading.row + 1 :] if column.index < len(row)]
                if column
                else []
            )
            default = default or guess_language([text for cell in cells if (text := cell_text(cell))])
        default = default or tags[0]
        if settings.languages:
            return Languages(settings.languages, settings.default_language or settings.languages[0])
        named = [tag or default for tag in tags] or [default]
        ordered = sorted(dict.fromkeys(named), key=lambda tag: tag != default)
        return Languages(tuple(ordered), default)

    def head(self, form: FormInProgress, head: FormHead, sheet: SheetCells) -> FormHead:
        """What stands above the form; who is asked may be in its title or in the name of its sheet."""
        audiences = head.audiences or ((self.audience,) if self.audience else ())
        if not audiences:
            words = [*(head.title or {}).values(), sheet.name]
            guessed = next((found for word in words if (found := audience_named(word))), "")
            stated = dict.fromkeys(name for question in form.questions for name in question.item.audiences)
            audiences = tuple(stated) or ((guessed,) if guessed else ())
            if guessed and not stated:
                text = message("对象按标题认定，请核对")
                self.report.warn("audience_guessed", cell_place(sheet, 0, 0), text, guessed)
        intro = head.intro or join_texts(form.intro)
        return replace(head, audiences=audiences, intro=intro, languages=form.languages.tags)

    def office_forms(self) -> Draft:
        """A sheet with everything in it, or one for each audience."""
        heads: list[FormHead] = []
        questions: list[ReadQuestion] = []
        for number, (sheet, heading) in enumerate(self.plan.surveys):
            languages = self.languages(sheet, heading, Settings())
            settings = self.settings(languages) if number == 0 else Settings()
            form = self.new_form(number, languages, settings, {})
            reader = OfficeSheetReader(sheet, heading, form)
            head = reader.read(settings.head)
            heads.append(self.head(form, head, sheet))
            questions += form.questions
        return self.draft(heads, questions)


def _is_template(heading: Heading) -> bool:
    """Whether the office filled in our template: its headings are Chinese and say which list of options is meant."""
    words = [column.word for column in heading.columns if column.name in ("type", "list")]
    return heading.has("type", "list") and not any(word.isascii() for word in words)
