"""A4 posters, one page a link: what a school hangs up."""

from collections.abc import Sequence

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.clock import format_deadline
from survey_app.foundation.pdf import A4_WIDTH, PdfDocument, printable_language
from survey_app.foundation.progress import AdvanceSteps, ignore_progress
from survey_app.foundation.stored_settings import Office
from survey_app.foundation.translation import _, language, render, use_language
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope

from .qr import qr_matrix
from .queries import ListedLink

QR_WIDTH = 116.0  # mm, quiet zone included: the code itself stays above 90 mm


def poster_pdf(
    links: Sequence[ListedLink], office: Office, title: str, advance: AdvanceSteps = ignore_progress
) -> bytes:
    """One document with a page for each link, in the language of this moment or the nearest that can be printed."""
    page = PdfDocument(title)
    with use_language(printable_language(language())):
        for link in links:
            page.add_page()
            _draw_poster(page, link, office)
            advance(1)
    return page.to_bytes()


def _draw_poster(page: PdfDocument, link: ListedLink, office: Office) -> None:
    page.add_fitted_line(office.name, 16, 15, grey=60)
    page.add_fitted_line(link.school_name, 28, 30, bold=True, lines=2)
    page.add_fitted_line(link.title, 45, 17)
    page.add_fitted_line(_audience_line(link), 57, 20, bold=True)
    page.draw_modules(qr_matrix(link.url), (A4_WIDTH - QR_WIDTH) / 2, 66, QR_WIDTH)
    page.add_fitted_line(link.url, 181, 15, bold=True)
    hint = (
        _("公用电脑专用：不留草稿，提交后显示“下一位”")
        if link.is_shared
        else _("不能扫码时，请在浏览器里输入上面的网址")
    )
    page.add_fitted_line(hint, 189, 11, grey=80)
    page.set_draw_color(170)
    page.line(30, 198, A4_WIDTH - 30, 198)
    y = 203.0
    for number, step in enumerate(_steps(link.access), start=1):
        page.add_fitted_line(f"{number}  {step}", y, 14)
        y += 10
    page.add_fitted_line(_("截止时间：{when}（北京时间）", when=format_deadline(link.closes_at)), 238, 16, bold=True)
    page.add_fitted_line(_("匿名填写，完全免费，学校看不到您选了什么"), 250, 13)
    page.add_fitted_line(_("不问姓名，不要身份证号、银行卡号和验证码"), 258, 13)
    page.add_fitted_line(_footer(link, office), 280, 9, grey=90)


def improvements_poster(address: str, office: Office) -> bytes:
    """One page that leads to what was said and what was done; whoever scans it is asked nothing."""
    with use_language(printable_language(language())):
        page = PdfDocument(_("你说我改"))
        page.add_page()
        page.add_fitted_line(office.name, 16, 15, grey=60)
        page.add_fitted_line(_("你说我改"), 30, 34, bold=True)
        page.add_fitted_line(_("大家在测评、意见和投诉里说的，学校做了什么"), 50, 17)
        page.draw_modules(qr_matrix(address), (A4_WIDTH - QR_WIDTH) / 2, 66, QR_WIDTH)
        page.add_fitted_line(address, 181, 15, bold=True)
        page.add_fitted_line(_("用微信或手机相机扫码，不用登录，也不用填写"), 196, 14)
        if office.contact:
            page.add_fitted_line(_("咨询 {contact}", contact=office.contact), 280, 9, grey=90)
        return page.to_bytes()


def _audience_line(link: ListedLink) -> str:
    line = render(AUDIENCES[link.audience].poster_line)
    return _("{line}（{label}）", line=line, label=link.class_label) if link.class_label else line


def _steps(access: str) -> tuple[str, ...]:
    """What to do; where a code is needed, where it comes from (fault K21)."""
    scope = ACCESS_MODES[access].code_scope
    scan = _("用微信或手机相机扫码")
    finish = _("提交后看到“已收到”即完成")
    if scope is CodeScope.PERSON:
        return (
            _("请先向学校领取纸条，扫纸条上的二维码；扫本海报则需输入邀请码"),
            _("每张纸条只能用一次；核对学校名称，逐题作答"),
            finish,
        )
    if scope is CodeScope.CLASS:
        return scan, _("输入学校发的班级口令，核对学校名称，逐题作答"), finish
    return scan, _("核对学校名称，逐题作答"), finish


def _footer(link: ListedLink, office: Office) -> str:
    parts = [_("问卷校验码 {code}", code=link.structure_hash[:8])]
    if office.contact:
        parts.append(_("咨询 {contact}", contact=office.contact))
    return " · ".join(parts)
