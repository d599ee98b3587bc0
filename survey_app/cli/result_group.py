"""The group ``flask results``: what its commands have in common."""

from pathlib import Path

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _, frame_languages
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.reporting.build import TalliesMissing, build_report
from survey_app.reporting.disclosure.figures import DisclosurePolicy
from survey_app.reporting.wave_report import WaveReport

from .foreground import run_jobs_in_foreground
from .output import CommandGroup
from .scheme_group import load_scheme

group = CommandGroup("results", help=_("结果"))
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))
scheme_option = click.option(
    "--scheme", type=click.Path(dir_okay=False, path_type=Path), help=_("考核方案文件，不写则用默认方案")
)
headings_option = click.option(
    "--headings", type=click.Choice(frame_languages()),
    help=_("列名写成这种语言的词（csv、xlsx），不写则是供程序用的名字；json 总是名字"),
)  # fmt: skip
full_option = click.option("--full", is_flag=True, help=_("不隐藏小样本、10 位小数，仅供督导室内部；使用会记入审计"))


def load_report(wave_name: str, scheme: Path | None, full: bool, errors: str = "level") -> WaveReport:
    """The report of a wave; answers that were not counted for the scheme are counted first."""
    loaded_scheme = load_scheme(scheme)
    categories = current_app.extensions["categories"]
    if full:
        with database().write_session() as session:
            add_audit_entry(session, clock().now(), command_actor(), "results.full", wave_name)
    policy = DisclosurePolicy.FULL if full else DisclosurePolicy.PUBLIC

    def build() -> WaveReport:
        with database().read_session() as session:
            wave = wave_by_name(session, wave_name)
            return build_report(session, wave, categories, loaded_scheme, policy, errors=errors)

    try:
        wave_report = build()
    except TalliesMissing as missing:
        run_jobs_in_foreground(TALLY_JOB, missing.parameters, _("按这份方案计数"))
        wave_report = build()
    click.echo(_("考核方案：{id}（{document}）", id=loaded_scheme.id, document=loaded_scheme.document or "—"), err=True)
    return wave_report
