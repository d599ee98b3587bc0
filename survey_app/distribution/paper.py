"""The blank form of an audience on paper, for people without a telephone; ``responses import`` takes it in."""

from survey_app.definition.form import Form, options_of
from survey_app.definition.kinds import kind_of
from survey_app.definition.languages import Text
from survey_app.definition.model import FACES, ClosedOption, Dimension, Item, Option, Scale
from survey_app.definition.school_name import with_school
from survey_app.foundation.pdf import A4_HEIGHT, A4_WIDTH, PdfDocument, TextBox
from survey_app.foundation.stored_settings import Office
from survey_app.foundation.translation import _, render

LEFT, TOP, BOTTOM = 18.0, 16.0, 18.0  # mm
OPTION_INDENT, OPTION_GAP, ANSWER_LINES, FACE_SIZE = 6.0, 5.0, 2, 4.8
QUESTION_SIZE, OPTION_SIZE, HELP_SIZE, TITLE_SIZE = 11.5, 10.5, 9.5, 17.0


def paper_pdf(
    form: Form, grades: tuple[Option, ...], office: Office, title: str, deadline: str, language: str
) -> bytes:
    """All questions of the form with boxes to tick, option codes beside them, pages numbered."""
    sheet = _PaperForm(title, language)
    sheet.heading(office, form, title, deadline)
    for section in form.sections:
        if section.dimension is not None:
            sheet.section(section.dimension, form.audience)
        for question in section.questions:
            options = options_of(question, grades)
            text = question.text_for_audience(form.audience)
            small_print = question.help_for_audience(form.audience)
            hint = kind_of(question).hint(question)
            notes = _notes(render(hint) if hint else "", question.show_if is not None)
            scale = question.scale if isinstance(question, Item) else None
            sheet.question(f"{question.id}  {sheet.words(text)}{notes}", small_print, options, scale)
    sheet.number_pages()
    return sheet.page.to_bytes()


def _notes(hint: str, is_conditional: bool) -> str:
    """What stands behind the text: how many may be ticked, and for whom it is."""
    stated = _("（{hint}）", hint=hint) if hint else ""
    return stated + (_("（符合前面情况的才填）") if is_conditional else "")


class _PaperForm:
    """Writes downwards and goes on on the next page."""

    def __init__(self, title: str, language: str) -> None:
        self.page = PdfDocument(title)
        self.language = language
        self.page.add_page()
        self.y = TOP

    def words(self, text: Text) -> str:
        """A text as it is read; every school has the same sheet, so none is named."""
        return with_school(text.in_language(self.language), _("这所学校"))

    def heading(self, office: Office, form: Form, title: str, deadline: str) -> None:
        self.write(
            form.instrument.title_for_audience(form.audience).in_language(self.language), TITLE_SIZE, bold=True, lines=2
        )
        self.write(" ".join(part for part in (office.name, office.contact, title) if part), 10, lines=2)
        self.write(
            _("匿名填写，不要写姓名。在方框里打√，没有注明可选几项的只选一项。请于 {when} 前交回", when=deadline),
            10,
            lines=3,
        )
        self.y += 2
        self.write(_("学校：________________________________"), QUESTION_SIZE)
        if (intro := form.instrument.intro_for_audience(form.audience)) is not None:
            self.write(self.words(intro), 10, lines=8)
        self.y += 2

    def section(self, dimension: Dimension, audience: str) -> None:
        """The name of a dimension and what is asked of all its items, with room for the first of them."""
        self.make_room(30)
        self.y += 2
        self.write(dimension.label_for_audience(audience).in_language(self.language), 12.5, bold=True, lines=2)
        if (lead := dimension.lead_for_audience(audience)) is not None:
            self.write(self.words(lead), QUESTION_SIZE, lines=2)

    def question(
        self, text: str, small_print: Text | None, options: tuple[Option, ...], scale: Scale | None = None
    ) -> None:
        self.make_room(22)
        self.write(text, QUESTION_SIZE, lines=4)
        if small_print is not None:
            self.write(self.words(small_print), HELP_SIZE, lines=3)
        if options:
            self.tick_boxes(options, scale)
        else:
            self.lines_to_write_on()
        self.y += 2

    def tick_boxes(self, options: tuple[Option, ...], scale: Scale | None = None) -> None:
        """Options side by side, on as many lines as they need; the code is what is typed in."""
        x = LEFT + OPTION_INDENT
        for option in options:
            line = " ____________" if isinstance(option, ClosedOption) and option.text_length else ""
            label = f"□ {option.label.in_language(self.language)} ({option.code}){line}"
            self.page.set_font_size(OPTION_SIZE)
            face = scale.face(option.code) if scale else None
            indent = 0.0 if face is None else FACE_SIZE + 1.5
            width = self.page.get_string_width(label) + OPTION_GAP + indent
            if x + width > A4_WIDTH - LEFT and x > LEFT + OPTION_INDENT:
                x, self.y = LEFT + OPTION_INDENT, self.y + 6
                self.make_room(8)
            if face is not None:
                self.face(face, x, self.y - 0.4)
            self.page.add_text(label, TextBox(x + indent, self.y, A4_WIDTH - LEFT - x - indent), OPTION_SIZE)
            x += width
        self.y += 6

    def face(self, number: int, x: float, y: float) -> None:
        """A face in a line of text, from 0 (sad) to the last (glad): as on the screen, the mouth tells them apart."""
        page, middle = self.page, x + FACE_SIZE / 2
        page.set_draw_color(0)
        page.set_line_width(0.25)
        page.ellipse(x, y, FACE_SIZE, FACE_SIZE)
        for eye in (-0.85, 0.85):
            page.line(middle + eye, y + 1.5, middle + eye, y + 2.0)
        bend = 1.1 * (number / (FACES - 1) * 2 - 1)
        steps = [step / 4 - 1 for step in range(9)]
        mouth = [(middle + 1.3 * step, y + 3.3 - bend * (step * step - 0.5) * 0.9) for step in steps]
        page.polyline(mouth, polygon=number in (0, FACES - 1))  # the strongest have an open mouth
        page.set_line_width(0.2)

    def lines_to_write_on(self) -> None:
        self.page.set_draw_color(150)
        for _line in range(ANSWER_LINES):
            self.y += 8
            self.page.line(LEFT + OPTION_INDENT, self.y, A4_WIDTH - LEFT, self.y)
        self.y += 2

    def write(self, text: str, size: float, *, bold: bool = False, lines: int = 1) -> None:
        box = TextBox(LEFT, self.y, A4_WIDTH - 2 * LEFT)
        self.y = self.page.add_text(text, box, size, bold=bold, lines=lines, min_size=size * 0.8) + 1.2

    def make_room(self, height: float) -> None:
        if self.y + height > A4_HEIGHT - BOTTOM:
            self.page.add_page()
            self.y = TOP

    def number_pages(self) -> None:
        count = len(self.page.pages)
        for number in range(1, count + 1):
            self.page.page = number
            self.page.add_fitted_line(f"{number} / {count}", A4_HEIGHT - 12, 9, grey=90)
