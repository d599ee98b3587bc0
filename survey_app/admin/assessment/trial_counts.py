"""What a trial lacks of counted answers: a look says so and asks for nothing, a press of the button asks for it."""

from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import database
from survey_app.foundation.job import FAILED, latest_job
from survey_app.foundation.translation import _
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.reporting.build import TalliesMissing

from ..job_pages import is_active


class TrialCounts:
    """What the figures of one page wait for. ``is_lacking``: something is not counted and nobody asked for it."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.is_lacking = False
        self.is_running = False

    def explain(self, missing: UserError) -> str:
        """Return why a report is not there yet, in a sentence."""
        if not isinstance(missing, TalliesMissing):
            self.is_running = True
            return _("正在全部重算，算好以后本页会自己显示。")
        with database().read_session() as db:
            jobs = [latest_job(db, TALLY_JOB, parameters) for parameters in missing.parameters]
        if all(is_active(job) for job in jobs):
            self.is_running = True
            percent = sum(job.percent for job in jobs if job is not None) // max(1, len(jobs))
            return _("正在重新计数（{percent}%），算好以后本页会自己显示。", percent=percent)
        self.is_lacking = True
        failed = next((job.error for job in jobs if job is not None and job.state == FAILED), "")
        return _("重新计数没有成功：{why}。", why=failed) if failed else _("要按这份方案把答卷重新计数。")
