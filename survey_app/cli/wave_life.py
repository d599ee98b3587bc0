"""``flask wave close / extend / reopen / seal``: how a wave ends, and how an end is taken back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.distribution.opening_check import overlap_doubts
from survey_app.foundation.clock import deadline_weekday, format_deadline, parse_local_end
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.lifecycle import (
    close_and_seal,
    close_by_hand,
    extend_wave,
    finish_seal,
    reopen_wave,
    seal_by_hand,
)

from .output import print_warning
from .wave_group import group

reason_option = click.option("--reason", required=True, help=_("理由，记入更正记录"))
until_option = click.option("--closes", required=True, help=_("新的截止时间；只写日期表示到当天结束"))


@group.command("close", help=_("截止批次；一天后由 flask run-due 封存并计数，封存前可以重新开放"))
@click.argument("name")
@click.option("--seal-now", is_flag=True, help=_("立即封存并计数；最近 10 分钟有人打开过表单时拒绝"))
@click.option("--lose-open-forms", is_flag=True, help=_("与 --seal-now 同用：放弃正在填写的答卷"))
def close_command(name: str, seal_now: bool, lose_open_forms: bool) -> None:
    now, actor = clock().now(), command_actor()
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        if seal_now:
            close_and_seal(session, wave, current_app.extensions["categories"], actor, now, lose_open_forms)
        else:
            close_by_hand(session, wave, actor, now)
        detail = name + (" lose-open-forms" if seal_now and lose_open_forms else "")
        add_audit_entry(session, now, actor, "wave.close", detail)
        if seal_now:
            add_audit_entry(session, now, actor, "wave.seal", detail)
    _finish(now)
    done = (
        _("已截止并封存，可以查看结果")
        if seal_now
        else _("已截止；一天后由 flask run-due 封存。提前封存：flask wave seal；继续收卷：flask wave reopen")
    )
    click.echo(_("批次“{name}”{done}", name=name, done=done))


@group.command("seal", help=_("提前封存已截止的批次（截止 10 分钟以后）并计数"))
@click.argument("name")
def seal_command(name: str) -> None:
    now, actor = clock().now(), command_actor()
    with database().write_session() as session:
        seal_by_hand(session, wave_by_name(session, name), current_app.extensions["categories"], actor, now)
        add_audit_entry(session, now, actor, "wave.seal", name)
    _finish(now)
    click.echo(_("批次“{name}”已封存，可以查看结果", name=name))


def _finish(now: datetime) -> None:
    _cleaned, is_log_kept = finish_seal(database(), keys(), now)
    if is_log_kept:
        click.echo(
            _("有程序正在读数据库，旧的页面还没有清除，flask run-due 下一次运行再试。请结束正在进行的导出、备份或查询"),
            err=True,
        )


@group.command("extend", help=_("推迟或提前还没有截止的批次的截止时间"))
@click.argument("name")
@until_option
@reason_option
def extend_command(name: str, closes: str, reason: str) -> None:
    _move_end(name, closes, reason, "wave.extend", extend_wave)


@group.command("reopen", help=_("重新开放已截止、尚未封存的批次"))
@click.argument("name")
@until_option
@reason_option
def reopen_command(name: str, closes: str, reason: str) -> None:
    _move_end(name, closes, reason, "wave.reopen", reopen_wave)


def _move_end(name: str, closes: str, reason: str, action: str, move: Callable[..., Any]) -> None:
    now, actor, closes_at = clock().now(), command_actor(), parse_local_end(closes)
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        move(session, wave, closes_at, reason, actor, now)
        doubts = list(overlap_doubts(session, wave))
        add_audit_entry(session, now, actor, action, f"{name} {format_deadline(closes_at)}: {reason}")
    when = f"{format_deadline(closes_at)} {render(deadline_weekday(closes_at))}"
    click.echo(_("批次“{name}”现在的截止时间：{when}", name=name, when=when))
    click.echo(_("已经贴出的海报上印的是原来的时间，请通知学校"))
    for doubt in doubts:
        print_warning(render(doubt))
