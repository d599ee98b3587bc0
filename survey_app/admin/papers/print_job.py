"""The job that prints for a whole district: a ZIP with a folder a school, kept for a day on this machine."""

import secrets
import zipfile
from collections.abc import Mapping
from typing import Any

from survey_app.accounts.audit import add_audit_entry
from survey_app.collection.code_batches import count_from_roster
from survey_app.definition.audiences import AUDIENCES
from survey_app.distribution.access_codes import IssuedCodes, create_codes, wave_key_name
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.print_files import delete_old_prints, print_directory
from survey_app.distribution.queries import list_links
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import keys, settings
from survey_app.foundation.job import JobContext
from survey_app.foundation.pdf import printable_language
from survey_app.foundation.private_files import make_private_directory, make_private_file
from survey_app.foundation.stored_settings import Office, load_office, require_reachable_address
from survey_app.foundation.translation import _, language, render, use_language
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_schools, wave_by_id
from survey_app.frame.wave_states import close_time_of
from survey_app.web.download import file_name

from ..waves.group_texts import school_text


def make_prints(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Print posters and what codes were asked for, school by school.

    ``codes``: audience to the schools that get some. Doing it again voids what a run that was killed had issued: its
    file was never handed out.
    """
    delete_old_prints()
    with use_language(parameters["language"]), context.database.read_session() as session:
        wave = wave_by_id(session, parameters["wave_id"])
        if wave is None or wave.opened_at is None or wave.sealed_at is not None:
            raise user_error("批次要在开放之后、封存之前才能印发")
        office, schools = load_office(session, settings()), frozen_schools(session, wave.id)
    require_reachable_address(office.address, settings().allow_local_address)
    name = f"{wave.id}-{secrets.token_hex(8)}.zip"
    make_private_directory(print_directory())
    make_private_file(print_directory() / name)
    issued = 0
    with zipfile.ZipFile(print_directory() / name, "w", zipfile.ZIP_DEFLATED) as archive:
        printer = _Printer(context, parameters, wave, office, archive)
        for number, school in enumerate(schools, start=1):
            with use_language(parameters["language"]):
                issued += printer.print_school(school)
            context.report_percent(number * 100 // len(schools))
    return {"file": name, "schools": len(schools), "codes": issued}


class _Printer:
    """Prints the folder of one school after the other."""

    def __init__(
        self, context: JobContext, parameters: Mapping[str, Any], wave: Wave, office: Office, archive: zipfile.ZipFile
    ) -> None:
        self.context, self.parameters, self.wave, self.office = context, parameters, wave, office
        self.archive = archive

    def print_school(self, school: WaveSchool) -> int:
        """Return how many codes were issued."""
        folder = file_name(f"{school.code} {school.name}")
        if school.code not in self.parameters["schools"]:
            return 0
        tag = printable_language(language())
        with self.context.database.read_session() as session:
            links = list_links(session, self.wave, self.context.categories, self.office.address, school.code, tag)
        self._add(f"{folder}/{_('海报.pdf')}", poster_pdf(links, self.office, self.wave.name))
        text = school_text(links, self.office, self.wave)
        if text:
            self._add(f"{folder}/{_('发群文字.txt')}", text.encode("utf-8-sig"))
        return sum(
            self._print_codes(folder, school, audience)
            for audience, codes in self.parameters["codes"].items()
            if school.code in codes
        )

    def _print_codes(self, folder: str, school: WaveSchool, audience: str) -> int:
        batches = self._issue(school, audience)
        pdf = slips_pdf(batches, self.office, self.wave.name, close_time_of(self.wave))
        is_class = ACCESS_MODES[self.wave.access[audience]].code_scope is CodeScope.CLASS
        kind = _("班级口令") if is_class else _("纸条")
        self._add(f"{folder}/{render(AUDIENCES[audience].label)} {kind}.pdf", pdf)
        return sum(len(batch.codes) for batch in batches)

    def _issue(self, school: WaveSchool, audience: str) -> list[IssuedCodes]:
        """The codes of one school in a transaction of their own: drawing them takes long."""
        parameters, now = self.parameters, self.context.clock.now()
        key = keys().read(wave_key_name(self.wave.id))
        with self.context.database.write_session() as session:
            counts = count_from_roster(
                session, self.wave, school.code, audience, parameters["reserve"], self.context.categories
            )
            batches = create_codes(
                session, self.wave, school.code, audience, counts, key, now, self.context.categories, language()
            )
            quantity = sum(len(batch.codes) for batch in batches)
            detail = f"{self.wave.name} {school.code} {audience} {quantity}"
            add_audit_entry(session, now, parameters["asked_by"], "codes.issue", detail)
        return batches

    def _add(self, name: str, content: bytes) -> None:
        self.archive.writestr(name, content)
