"""``flask codes``: one-time codes on slips, class codes on a notice."""

import io
import sys
import zipfile
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.collection.code_batches import (
    BatchSummary,
    count_from_roster,
    list_batches,
    schools_with_links,
    void_batch,
)
from survey_app.distribution.access_codes import MAX_COUNT, IssuedCodes, create_codes, wave_key_name
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.progress import progress_bar
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, language
from survey_app.frame.models import Wave
from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster_columns import parse_audience
from survey_app.frame.wave_states import close_time_of

from .output import CommandGroup, json_option, print_rows, write_file
from .printing import allow_local_option, check_office

group = CommandGroup("codes", help=_("邀请码与班级口令"))


wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))


@group.command("issue", help=_("印发邀请码（纸条）或班级口令；再次印发会使前一批作废，追加用 --top-up"))
@wave_option
@click.option("--school", help=_("学校代码；不写则为所有学校，写成 ZIP"))
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--count", type=int, help=_("纸条张数；班级口令为每班答卷上限。不写则按名册人数"))
@click.option("--reserve", default="0%", help=_("在名册人数上多印的比例，如 5%"))
@click.option("--top-up", is_flag=True, help=_("追加：前一批仍然有效"))
@click.option("--yes", is_flag=True, help=_("不再询问，前一批作废"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件，或 ZIP"))
@allow_local_option
def issue_command(
    wave_name: str, school: str | None, audience: str, count: int | None, reserve: str, top_up: bool, yes: bool,
    out: Path, allow_local: bool,
) -> None:  # fmt: skip
    now, audience = clock().now(), parse_audience(audience) or audience
    with database().write_session() as session:
        wave = wave_by_name(session, wave_name)
        if count is not None and count < 1:
            raise user_error("数量应在 1 到 {limit} 之间", limit=MAX_COUNT)
        if not top_up and not yes:
            _confirm_void(list_batches(session, wave, school, audience))
        schools = [school] if school else schools_with_links(session, wave, audience)
        printed = [
            _print_school(session, wave, code, audience, count, _parse_share(reserve), top_up, now, allow_local)
            for code in schools
        ]
        quantity = sum(len(batch.codes) for batches, _pdf in printed for batch in batches)
        voided = sum(batch.voided_batches for batches, _pdf in printed for batch in batches)
        detail = f"{wave_name} {school or '*'} {audience} {quantity} ({voided}){' top-up' if top_up else ''}"
        add_audit_entry(session, now, command_actor(), "codes.issue", detail)
        content = printed[0][1] if school else _zip_by_school(schools, [pdf for _batches, pdf in printed])
        write_file(content, out)
    click.echo(_("已印发 {n} 个码", n=quantity))
    if voided:
        click.echo(_("前一批已作废；已经用它提交的答卷仍然有效"))


def _confirm_void(batches: list[BatchSummary]) -> None:
    """Fault K4: printing again voided the slips of a school without a word."""
    live = [batch for batch in batches if batch.voided_at is None]
    if not live:
        return
    printed, used = sum(batch.printed for batch in live), sum(batch.used for batch in live)
    question = _("已经印发 {printed} 张，其中 {used} 张已用。再次印发后，没有用的 {left} 张全部作废",
                 printed=printed, used=used, left=max(printed - used, 0))  # fmt: skip
    if not sys.stdin.isatty():
        raise user_error("{question}。确实要作废请加 --yes；只是追加请用 --top-up", question=question)
    click.confirm(question, abort=True)


def _parse_share(text: str) -> float:
    try:
        share = float(text.replace("％", "%").removesuffix("%")) / 100
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise user_error("--reserve 写法如 5%，在 0% 到 100% 之间")
    return share


def _print_school(
    session: Any, wave: Wave, school: str, audience: str, count: int | None, reserve: float, top_up: bool,
    now: datetime, allow_local: bool,
) -> tuple[list[IssuedCodes], bytes]:  # fmt: skip
    """The codes of one school and their PDF."""
    categories, office = current_app.extensions["categories"], load_office(session, settings())
    counts = count or count_from_roster(session, wave, school, audience, reserve, categories)
    key = keys().read(wave_key_name(wave.id))
    batches = create_codes(session, wave, school, audience, counts, key, now, categories, language(), top_up)
    names = {wave.name, *(f"{batch.school_name}{batch.class_label}" for batch in batches)}
    check_office(office, allow_local, names)
    with progress_bar(_("纸条"), sum(len(batch.codes) for batch in batches)) as advance:
        return batches, slips_pdf(batches, office, wave.name, close_time_of(wave), advance)


def _zip_by_school(schools: list[str], documents: list[bytes]) -> bytes:
    if not documents:
        raise user_error("没有一所学校有这类对象的链接")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, document in zip(schools, documents, strict=True):
            archive.writestr(f"{code}.pdf", document)
    return buffer.getvalue()


@group.command("list", help=_("列出印发过的邀请码和口令：印了多少、用了多少、错误的次数"))
@wave_option
@click.option("--school", help=_("只列一所学校（学校代码）"))
@json_option
def list_command(wave_name: str, school: str | None, as_json: bool) -> None:
    with database().read_session() as session:
        batches = list_batches(session, wave_by_name(session, wave_name), school)
    rows = [
        asdict(batch) | {
            "issued_at": format_local(batch.issued_at),
            "voided_at": format_local(batch.voided_at) if batch.voided_at else "",
        }
        for batch in batches
    ]  # fmt: skip
    print_rows(rows, [field.name for field in fields(BatchSummary)], as_json)


@group.command("void", help=_("作废一次印发（编号见 flask codes list）；已经提交的答卷仍然有效"))
@wave_option
@click.argument("batch", type=int)
@click.option("--reason", required=True, help=_("理由，记入审计"))
def void_command(wave_name: str, batch: int, reason: str) -> None:
    now = clock().now()
    if not reason.strip():
        raise user_error("请写明理由")
    with database().write_session() as session:
        void_batch(session, wave_by_name(session, wave_name), batch, now)
        add_audit_entry(session, now, command_actor(), "codes.void", f"{wave_name} {batch}: {reason.strip()}")
    click.echo(_("编号为 {id} 的印发已作废", id=batch))
