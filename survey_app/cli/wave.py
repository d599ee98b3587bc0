"""``flask wave``: from draft to closing."""

import sys
from collections.abc import Sequence
from datetime import datetime

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message
from survey_app.distribution.open_wave import open_wave
from survey_app.distribution.opening_check import OpeningOutlook, check_opening
from survey_app.foundation.clock import (
    deadline_weekday,
    format_deadline,
    format_local,
    parse_local,
    parse_local_end,
    weekday,
)
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.stored_settings import Office, is_local_address, load_office
from survey_app.foundation.translation import _, render
from survey_app.frame.access_modes import ACCESS_MODES, AccessModeId
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.look_backs import draft_instruments
from survey_app.frame.manifest import printable_hash
from survey_app.frame.models import Wave
from survey_app.frame.queries import list_waves, wave_by_name
from survey_app.frame.wave_states import close_time_of, state_of
from survey_app.frame.waves import create_wave
from survey_app.integrity.key_check import make_wave_key
from survey_app.reporting.live_counts import count_live

from . import wave_changes, wave_life  # noqa: F401  (they add their verbs to the group)
from .output import json_option, print_rows, print_warning
from .wave_group import group


def parse_access(text: str) -> dict[str, str]:
    """``parent=code,teacher=class`` as a mapping."""
    pairs = [part.partition("=") for part in text.replace("，", ",").split(",") if part.strip()]
    if any(not sign for _name, sign, _mode in pairs):
        raise user_error("--access 写法如 parent=open,teacher=open")
    return {name.strip(): mode.strip() for name, _sign, mode in pairs}


@group.command("create", help=_("新建批次（草稿）"))
@click.argument("name")
@click.option("--instrument", "instruments", multiple=True, required=True, help=_("问卷 id，可多次"))
@click.option("--opens", required=True, help=_("开始时间，如 2026-12-01 或 2026-12-01T08:00（北京时间）"))
@click.option("--closes", required=True, help=_("截止时间；只写日期表示到那一天结束（24:00）"))
@click.option("--access", default="", help=_("每类对象的参与方式，如 parent=code,teacher=class,student=open"))
def create_command(name: str, instruments: tuple[str, ...], opens: str, closes: str, access: str) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    definitions = [catalogue.instrument(instrument) for instrument in instruments]
    opens_at, closes_at = parse_local(opens), parse_local_end(closes)
    modes = parse_access(access)
    asked = {audience for instrument in definitions for audience in instrument.audiences} - {
        row.id for row in AUDIENCES if not row.is_on_roster
    }  # they evaluate by login
    if unstated := sorted(asked - modes.keys()):
        raise user_error(
            "请用 --access 写明每类对象的参与方式（缺 {missing}），如 --access {example}。"
            "open 开放链接（默认方案不排名）、class 班级口令、code 一次性邀请码",
            missing=", ".join(unstated), example=",".join(f"{audience}=code" for audience in unstated),
        )  # fmt: skip
    with database().write_session() as session:
        wave = create_wave(session, name, definitions, opens_at, closes_at, modes)
        add_audit_entry(session, clock().now(), command_actor(), "wave.create", name)
        modes = dict(wave.access)
    for audience in AUDIENCES:
        if any(audience.id in definition.audiences for definition in definitions):
            mode = ACCESS_MODES[modes[audience.id]]
            click.echo(_("{audience}：{mode}。{guarantee}", audience=audience.label, mode=mode.label,
                         guarantee=mode.guarantee))  # fmt: skip
    click.echo(_("已新建批次“{name}”（草稿）。下一步：flask wave open {name}", name=name))
    _print_moments(opens_at, closes_at)


@group.command("open", help=_("开放批次：冻结问卷和名册，生成链接；先说明问谁、不问谁"))
@click.argument("name")
@click.option(
    "--yes", is_flag=True,
    help=_("不再询问，即使核对时有疑问：没有人会被问到的学校、没有年级的名册、同时开放的批次"),
)  # fmt: skip
def open_command(name: str, yes: bool) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    categories = current_app.extensions["categories"]
    with database().read_session() as session:
        wave = wave_by_name(session, name)
        instruments = draft_instruments(session, wave, catalogue, categories)
        outlook = check_opening(session, wave, instruments, categories)
        _print_outlook(outlook, load_office(session, settings()))
        _print_moments(wave.opens_at, wave.closes_at)
        is_draft = wave.opened_at is None
    if outlook.doubts and is_draft and not yes:
        _confirm_doubts(outlook.doubts)
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        links = open_wave(session, wave, instruments, categories, clock().now())
        make_wave_key(session, keys(), wave)
        add_audit_entry(session, clock().now(), command_actor(), "wave.open", name)
    click.echo(_("批次“{name}”已开放，共 {n} 个链接。海报：flask links posters --wave {name} --out 海报.pdf",
                 name=name, n=len(links)))  # fmt: skip


def _print_outlook(outlook: OpeningOutlook, office: Office) -> None:
    for audience, total in outlook.audiences.items():
        meaning = render(ACCESS_MODES[outlook.access.get(audience, AccessModeId.OPEN)].opening_note)
        click.echo(
            _("{audience}：{schools} 所学校，{people} 人；{meaning}",
              audience=audience, schools=total.schools, people=total.population, meaning=meaning)
        )  # fmt: skip
        if total.roster > total.population:
            click.echo(_("    名册上有 {roster} 人，只问问卷所问的年级", roster=total.roster))
    click.echo(_("二维码里的网址：{address}", address=office.address))
    if is_local_address(office.address):
        print_warning(_("网址 {address} 只有这台机器能打开，不能用来打印", address=office.address))


def _confirm_doubts(doubts: Sequence[Message]) -> None:
    for doubt in doubts:
        print_warning(render(doubt))
    if not sys.stdin.isatty():
        raise user_error("请核对以上各项。确实要这样开放，请加上 --yes 再运行")
    click.confirm(_("仍要开放吗"), abort=True)


def _print_moments(opens_at: datetime, closes_at: datetime) -> None:
    """Both with weekday, so that a slip of the pen is seen."""
    click.echo(
        _("开始 {opens}（{opening_day}），截止 {closes}（{closing_day}），北京时间",
          opens=format_local(opens_at), opening_day=render(weekday(opens_at)), closes=format_deadline(closes_at),
          closing_day=render(deadline_weekday(closes_at)))
    )  # fmt: skip


def _row(wave: Wave) -> dict[str, str]:
    return {
        "name": wave.name, "state": str(state_of(wave, clock().now())), "opens_at": format_local(wave.opens_at),
        "closes_at": format_deadline(close_time_of(wave)), "instruments": ",".join(wave.instrument_ids),
    }  # fmt: skip


@group.command("list", help=_("列出批次"))
@json_option
def list_command(as_json: bool) -> None:
    with database().read_session() as session:
        rows = [_row(wave) for wave in list_waves(session)]
    print_rows(rows, ("name", "state", "opens_at", "closes_at", "instruments"), as_json)


@group.command("show", help=_("显示一个批次"))
@click.argument("name")
@json_option
def show_command(name: str, as_json: bool) -> None:
    with database().read_session() as session:
        wave = wave_by_name(session, name)
        row = _row(wave) | {
            "access": ",".join(f"{audience}={mode}" for audience, mode in wave.access.items()),
            "manifest_sha256": printable_hash(session, wave),
            "received": str(count_live(session, wave, current_app.extensions["categories"]).total()),
        }
    print_rows([row], tuple(row), as_json)
