"""Texts that a school copies into a class group: what, until when, where, and what is not asked."""

from collections.abc import Sequence

from survey_app.definition.audiences import AUDIENCES
from survey_app.distribution.queries import ListedLink
from survey_app.foundation.clock import format_deadline
from survey_app.foundation.stored_settings import Office
from survey_app.foundation.translation import _, render
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from survey_app.frame.models import Wave
from survey_app.frame.wave_states import close_time_of


def link_text(link: ListedLink, office: Office, wave_name: str) -> str:
    """The words for one link; where a code is needed, where it comes from instead of only the address."""
    audience = render(AUDIENCES[link.audience].label)
    to = " ".join(part for part in (link.school_name, link.class_label, audience) if part)
    lines = [
        _("【{wave}】{to}：请填写《{title}》。", wave=wave_name, to=to, title=link.title),
        _way_line(link),
        _("截止：{when}（北京时间）。匿名填写，学校看不到谁填了什么；不问姓名、身份证号、银行卡号和验证码。",
          when=format_deadline(link.closes_at)),
        " ".join(part for part in (office.name, office.contact) if part),
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def _way_line(link: ListedLink) -> str:
    scope = ACCESS_MODES[link.access].code_scope
    if scope is CodeScope.PERSON:
        return _("请扫学校发的纸条上的二维码，一张纸条填一次。")
    if scope is CodeScope.CLASS:
        return _("网址：{url} ，输入班级口令（由班主任发）。", url=link.url)
    return _("网址：{url}", url=link.url)


def school_text(links: Sequence[ListedLink], office: Office, wave: Wave) -> str:
    """All texts of one school, one under the other."""
    return "\n\n".join(link_text(link, office, wave.name) for link in links)


def reminder_text(school_name: str, wave: Wave, behind: Sequence[str], office: Office) -> str:
    """To a school that is behind: friendly, with the figures and the end."""
    return _(
        "{school}：《{wave}》将于 {when} 截止。目前{parts}。请再提醒一次，谢谢。{office}",
        school=school_name, wave=wave.name, when=format_deadline(close_time_of(wave)), parts=_("，").join(behind),
        office=office.name,
    )  # fmt: skip
