"""``flask links``: addresses and posters."""

from pathlib import Path

import click
from flask import current_app

from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.queries import ListedLink, list_links
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.progress import progress_bar
from survey_app.foundation.stored_settings import Office, load_office
from survey_app.foundation.translation import _, language
from survey_app.frame.queries import wave_by_name

from .output import CommandGroup, json_option, print_rows, write_file
from .printing import allow_local_option, check_office

group = CommandGroup("links", help=_("链接与海报"))
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))


def _links(wave_name: str, school: str | None) -> tuple[list[ListedLink], Office]:
    with database().read_session() as session:
        wave = wave_by_name(session, wave_name)
        office = load_office(session, settings())
        categories = current_app.extensions["categories"]
        return list_links(session, wave, categories, office.address, school, language()), office


@group.command("list", help=_("列出链接"))
@wave_option
@click.option("--school", help=_("只列一所学校（学校代码）"))
@json_option
def list_command(wave_name: str, school: str | None, as_json: bool) -> None:
    rows = [
        {"school_code": link.school_code, "school_name": link.school_name, "audience": link.audience,
         "class": link.class_label, "slug": link.slug, "url": link.url}
        for link in _links(wave_name, school)[0]
    ]  # fmt: skip
    print_rows(rows, ("school_code", "school_name", "audience", "class", "slug", "url"), as_json)


@group.command("posters", help=_("生成海报 PDF，每个链接一页 A4"))
@wave_option
@click.option("--school", help=_("只要一所学校（学校代码）"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件"))
@allow_local_option
def posters_command(wave_name: str, school: str | None, out: Path, allow_local: bool) -> None:
    links, office = _links(wave_name, school)
    check_office(office, allow_local, {wave_name, *(f"{link.school_name}{link.class_label}" for link in links)})
    with progress_bar(_("海报"), len(links)) as advance:
        content = poster_pdf(links, office, wave_name, advance)
    write_file(content, out)
