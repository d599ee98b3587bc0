"""``flask links``: addresses and posters."""

from pathlib import Path

import click
from flask import current_app

from survey_app.definition.form import form_for
from survey_app.definition.model import Instrument
from survey_app.distribution.paper import paper_pdf
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.queries import ListedLink, for_shared_devices, list_links, school_grades
from survey_app.foundation.clock import format_deadline
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.pdf import printable_language
from survey_app.foundation.progress import progress_bar
from survey_app.foundation.stored_settings import Office, load_office
from survey_app.foundation.translation import _, language
from survey_app.frame.queries import frozen_instruments, wave_by_name
from survey_app.frame.roster_columns import parse_audience
from survey_app.frame.wave_states import close_time_of

from .output import CommandGroup, json_option, print_rows, write_file
from .printing import allow_local_option, check_office

group = CommandGroup("links", help=_("链接与海报"))
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))


def _links(wave_name: str, school: str | None, tag: str) -> tuple[list[ListedLink], Office]:
    with database().read_session() as session:
        wave = wave_by_name(session, wave_name)
        office = load_office(session, settings())
        categories = current_app.extensions["categories"]
        return list_links(session, wave, categories, office.address, school, tag), office


@group.command("list", help=_("列出链接"))
@wave_option
@click.option("--school", help=_("只列一所学校（学校代码）"))
@json_option
def list_command(wave_name: str, school: str | None, as_json: bool) -> None:
    rows = [
        {"school_code": link.school_code, "school_name": link.school_name, "audience": link.audience,
         "class": link.class_label, "slug": link.slug, "url": link.url}
        for link in _links(wave_name, school, language())[0]
    ]  # fmt: skip
    print_rows(rows, ("school_code", "school_name", "audience", "class", "slug", "url"), as_json)


@group.command("posters", help=_("生成海报 PDF，每个链接一页 A4"))
@wave_option
@click.option("--school", help=_("只要一所学校（学校代码）"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件"))
@click.option("--shared-devices", is_flag=True, help=_("机房等公用电脑用的海报（学生、教师）：不留草稿"))
@allow_local_option
def posters_command(wave_name: str, school: str | None, out: Path, shared_devices: bool, allow_local: bool) -> None:
    links, office = _links(wave_name, school, printable_language(language()))
    links = for_shared_devices(links) if shared_devices else links
    check_office(office, allow_local, {wave_name, *(f"{link.school_name}{link.class_label}" for link in links)})
    with progress_bar(_("海报"), len(links)) as advance:
        content = poster_pdf(links, office, wave_name, advance)
    write_file(content, out)


@group.command("paper", help=_("生成纸质空白问卷 PDF，供没有手机的人填写；收回后用 responses import 录入"))
@wave_option
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--instrument", "instrument_id", help=_("问卷 id；这类对象有几份问卷时必须写"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件"))
def paper_command(wave_name: str, audience: str, instrument_id: str | None, out: Path) -> None:
    categories = current_app.extensions["categories"]
    audience = parse_audience(audience) or audience
    with database().read_session() as session:
        wave = wave_by_name(session, wave_name)
        office, deadline = load_office(session, settings()), format_deadline(close_time_of(wave))
        frozen = [entry.instrument for entry in frozen_instruments(session, wave.id, categories)]
    instrument = choose_instrument(frozen, audience, instrument_id)
    grades = school_grades({}, instrument, categories, instrument.categories[0], audience)
    content = paper_pdf(form_for(instrument, audience), grades, office, wave_name, deadline, language())
    write_file(content, out)


def choose_instrument(instruments: list[Instrument], audience: str, instrument_id: str | None) -> Instrument:
    """The one that asks this audience. Raises :class:`UserError` if there is none, or a choice."""
    asking = [instrument for instrument in instruments if audience in instrument.audiences]
    chosen = [instrument for instrument in asking if instrument_id in (None, instrument.id)]
    known = ", ".join(instrument.id for instrument in asking) or "—"
    if not chosen:
        raise user_error(
            "批次里没有问对象“{audience}”的这份问卷（批次要先开放）；现有：{known}", audience=audience, known=known
        )
    if len(chosen) > 1:
        raise user_error("对象“{audience}”有几份问卷：{known}。请用 --instrument 写明", audience=audience, known=known)
    return chosen[0]
