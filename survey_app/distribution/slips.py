"""Slips: 24 on A4, each with a code that lets one person in once. No class, no name, no number.

Nothing stands in the outer 10 mm, which many printers leave white (fault X-F10).
"""

from collections.abc import Sequence
from datetime import datetime

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import message
from survey_app.foundation.clock import format_deadline
from survey_app.foundation.pdf import A4_HEIGHT, A4_WIDTH, PdfDocument, TextBox, printable_language
from survey_app.foundation.progress import AdvanceSteps, ignore_progress
from survey_app.foundation.stored_settings import Office
from survey_app.foundation.translation import _, language, render, use_language
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope

from .access_codes import IssuedCodes
from .code_format import format_code
from .qr import qr_matrix

MARGIN = 10.3  # mm
COLUMNS, ROWS = 3, 8
SLIPS_A_PAGE = COLUMNS * ROWS
WIDTH, HEIGHT = (A4_WIDTH - 2 * MARGIN) / COLUMNS, (A4_HEIGHT - 2 * MARGIN) / ROWS
CODE_WIDTH = 26.0  # of the code itself, without the quiet zone
QUIET_MODULES = 4
SCHOOL_NOTICE_LIMIT = message("本口令最多接收 {n} 份答卷，请不要转给其他学校")


def slips_pdf(
    batches: Sequence[IssuedCodes], office: Office, title: str, closes_at: datetime,
    advance: AdvanceSteps = ignore_progress,
) -> bytes:  # fmt: skip
    """Slips of one-time codes, or one notice a class for class codes."""
    page = PdfDocument(title)
    with use_language(printable_language(language())):
        for batch in batches:
            if ACCESS_MODES[batch.access].code_scope is CodeScope.CLASS:
                _draw_class_notice(page, batch, office, title, closes_at)
                advance(1)
                continue
            for number, code in enumerate(batch.codes):
                row, column = divmod(number % SLIPS_A_PAGE, COLUMNS)
                if row == column == 0:
                    page.add_page()
                x, y = MARGIN + column * WIDTH, MARGIN + row * HEIGHT
                _draw_slip(page, x, y, batch, code, office, title, closes_at)
                advance(1)
    return page.to_bytes()


def _draw_slip(
    page: PdfDocument, x: float, y: float, batch: IssuedCodes, code: str, office: Office, title: str,
    closes_at: datetime,
) -> None:  # fmt: skip
    address = f"{office.address}/s/{batch.slug}"
    matrix = qr_matrix(f"{address}#{code}", "slip")
    qr_width = CODE_WIDTH * len(matrix) / (len(matrix) - 2 * QUIET_MODULES)
    page.set_draw_color(190)
    page.set_line_width(0.1)
    page.rect(x, y, WIDTH, HEIGHT)
    page.draw_modules(matrix, x, y + (HEIGHT - qr_width) / 2, qr_width)
    audience = render(AUDIENCES[batch.audience].label)
    lines = (  # text, size, bold, lines at most
        (batch.school_name, 8.0, True, 2),
        (_("{audience}问卷 {title}", audience=audience, title=title), 6.0, False, 2),
        (_("邀请码（只能用一次，不记名）"), 5.5, False, 1),
        (format_code(code), 9.0, True, 1),
        (_("截止 {when}", when=format_deadline(closes_at)), 6.0, False, 1),
        (" ".join(part for part in (office.name, office.contact) if part), 5.5, False, 2),
        (address, 5.5, False, 2),
    )
    left, top = x + qr_width - 0.5, y + 2
    for text, size, bold, most in lines:
        box = TextBox(left, top, x + WIDTH - left - 1)
        top = page.add_text(text, box, size, bold=bold, lines=most) + 0.5


def _draw_class_notice(page: PdfDocument, batch: IssuedCodes, office: Office, title: str, closes_at: datetime) -> None:
    page.add_page()
    page.add_fitted_line(office.name, 16, 14, grey=60)
    page.add_fitted_line(batch.school_name, 30, 26, bold=True, lines=2)
    audience = _("{audience}问卷", audience=render(AUDIENCES[batch.audience].label))
    page.add_fitted_line(" ".join(part for part in (title, audience, batch.class_label) if part), 48, 16)
    address = f"{office.address}/s/{batch.slug}"
    page.draw_modules(qr_matrix(f"{address}#{batch.codes[0]}"), 55, 65, 100)
    page.add_fitted_line(address, 172, 14)
    page.add_fitted_line(_("班级口令") if batch.class_label else _("学校口令"), 190, 14, grey=60)
    page.add_fitted_line(format_code(batch.codes[0]), 200, 40, bold=True)
    limit = AUDIENCES[batch.audience].class_notice if batch.class_label else SCHOOL_NOTICE_LIMIT
    page.add_fitted_line(_(limit.template, n=batch.cap), 225, 13)
    page.add_fitted_line(_("截止时间：{when}（北京时间）", when=format_deadline(closes_at)), 238, 16, bold=True)
    if office.contact:
        page.add_fitted_line(_("咨询 {contact}", contact=office.contact), 252, 13)
