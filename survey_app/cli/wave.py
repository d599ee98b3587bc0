"""``flask wave``: from draft to closing."""

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.distribution.open_wave import open_wave
from survey_app.foundation.clock import format_local, parse_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.translation import _
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.models import Wave
from survey_app.frame.queries import list_waves, wave_by_name
from survey_app.frame.wave_states import state_of
from survey_app.frame.waves import create_wave
from survey_app.integrity.seal import close_wave_now, finish_seal
from survey_app.reporting.live_counts import count_live

from .output import CommandGroup, json_option, print_rows

group = CommandGroup("wave", help=_("测评批次"))


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
@click.option("--closes", required=True, help=_("截止时间"))
@click.option("--access", default="", help=_("参与方式，如 parent=open,teacher=open"))
def create_command(name: str, instruments: tuple[str, ...], opens: str, closes: str, access: str) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    definitions = [catalogue.instrument(instrument) for instrument in instruments]
    with database().write_session() as session:
        create_wave(session, name, definitions, parse_local(opens), parse_local(closes), parse_access(access))
        add_audit_entry(session, clock().now(), command_actor(), "wave.create", name)
    click.echo(_("已新建批次“{name}”（草稿）。下一步：flask wave open {name}", name=name))


@group.command("open", help=_("开放批次：冻结问卷和名册，生成链接"))
@click.argument("name")
def open_command(name: str) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        instruments = [catalogue.instrument(instrument) for instrument in wave.instrument_ids]
        links = open_wave(session, wave, instruments, current_app.extensions["categories"], clock().now())
        add_audit_entry(session, clock().now(), command_actor(), "wave.open", name)
    click.echo(_("批次“{name}”已开放，共 {n} 个链接。海报：flask links posters --wave {name} --out 海报.pdf",
                 name=name, n=len(links)))  # fmt: skip


@group.command("close", help=_("截止批次；10 分钟后封存并计数（flask run-due），或立即封存"))
@click.argument("name")
@click.option("--seal-now", is_flag=True, help=_("不等 10 分钟，立即封存并计数"))
def close_command(name: str, seal_now: bool) -> None:
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        close_wave_now(session, wave, current_app.extensions["categories"], clock().now(), seal_now)
        add_audit_entry(session, clock().now(), command_actor(), "wave.close", name)
    finish_seal(database(), keys(), clock().now())
    done = _("已截止并封存，可以查看结果") if seal_now else _("已截止；10 分钟后由 flask run-due 封存")
    click.echo(_("批次“{name}”{done}", name=name, done=done))


def _row(wave: Wave) -> dict[str, str]:
    return {
        "name": wave.name, "state": str(state_of(wave, clock().now())), "opens_at": format_local(wave.opens_at),
        "closes_at": format_local(wave.closes_at), "instruments": ",".join(wave.instrument_ids),
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
            "manifest_sha256": wave.manifest_hash or "",
            "received": str(count_live(session, wave, current_app.extensions["categories"]).total()),
        }
    print_rows([row], tuple(row), as_json)
