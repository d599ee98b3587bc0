"""Slips: 24 on A4, each with a code that lets one person in once. No class, no name, no number."""

from collections.abc import Sequence

from survey_app.foundation.pdf import FONT_FAMILY, PdfDocument, printable_language
from survey_app.foundation.translation import _, language, use_language
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope

from .access_codes import IssuedCodes
from .code_format import format_code
from .qr import qr_matrix

COLUMNS, ROWS = 3, 8
WIDTH, HEIGHT = 70.0, 37.0  # mm
QR_WIDTH = 26.0 * 37 / 29  # quiet zone included: the code itself is at least 26 mm wide


def slips_pdf(batches: Sequence[IssuedCodes], base_url: str, title: str) -> bytes:
    """Slips of one-time codes, or one notice a class for class codes."""
    page = PdfDocument(title)
    with use_language(printable_language(language())):
        for batch in batches:
            if ACCESS_MODES[batch.access].code_scope is CodeScope.CLASS:
                _draw_class_notice(page, batch, base_url, title)
            else:
                _draw_slips(page, batch, base_url, title)
    return page.to_bytes()


def _draw_slips(page: PdfDocument, batch: IssuedCodes, base_url: str, title: str) -> None:
    for number, code in enumerate(batch.codes):
        position = number % (COLUMNS * ROWS)
        if position == 0:
            page.add_page()
        row, column = divmod(position, COLUMNS)
        _draw_slip(page, column * WIDTH, row * HEIGHT, batch, code, base_url, title)


def _draw_slip(page: PdfDocument, x: float, y: float, batch: IssuedCodes, code: str, base_url: str, title: str) -> None:
    address = f"{base_url}/s/{batch.slug}"
    page.set_draw_color(190)
    page.set_line_width(0.1)
    page.rect(x, y, WIDTH, HEIGHT)
    page.draw_modules(qr_matrix(f"{address}#{code}", "slip"), x + 0.5, y + 1, QR_WIDTH)
    left = x + QR_WIDTH + 1
    _draw_text(page, left, y + 4, batch.school_name, 8.5, bold=True)
    _draw_text(page, left, y + 9, title, 7)
    _draw_text(page, left, y + 14, _("邀请码（只能用一次）"), 6.5)
    first, second = format_code(code)[:9], format_code(code)[10:]
    _draw_text(page, left, y + 18, first, 12, bold=True)
    _draw_text(page, left, y + 23, second, 12, bold=True)
    _draw_text(page, left, y + 29, _("匿名：不问姓名"), 6.5)
    _draw_text(page, x + 2, y + 33, address, 6)


def _draw_text(page: PdfDocument, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
    max_width = WIDTH - (x % WIDTH) - 1.5
    page.set_font(FONT_FAMILY, "B" if bold else "", size)
    while size > 4.5 and page.get_string_width(text) > max_width:
        size -= 0.25
        page.set_font(FONT_FAMILY, "B" if bold else "", size)
    page.set_text_color(0)
    page.set_xy(x, y)
    page.cell(max_width, size * 0.4, text)


def _draw_class_notice(page: PdfDocument, batch: IssuedCodes, base_url: str, title: str) -> None:
    page.add_page()
    page.add_fitted_line(batch.school_name, 30, 26, bold=True)
    page.add_fitted_line(f"{title} {batch.class_name}".strip(), 48, 16)
    address = f"{base_url}/s/{batch.slug}"
    page.draw_modules(qr_matrix(f"{address}#{batch.codes[0]}"), 55, 65, 100)
    page.add_fitted_line(address, 172, 14)
    page.add_fitted_line(_("班级口令"), 190, 14, grey=60)
    page.add_fitted_line(format_code(batch.codes[0]), 200, 40, bold=True)
    page.add_fitted_line(_("本口令最多接收 {n} 份答卷，请不要转给其他班级", n=batch.cap), 225, 13)
