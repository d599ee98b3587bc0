"""What opening a wave would do, in words: who is asked, the ways in, the moments, the doubts, the address."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.model import Instrument
from survey_app.distribution.opening_check import OpeningOutlook
from survey_app.foundation.clock import days_touched, deadline_weekday, format_deadline, format_local, weekday
from survey_app.foundation.stored_settings import Office, is_local_address
from survey_app.foundation.translation import render
from survey_app.frame.access_modes import ACCESS_MODES, AccessModeId
from survey_app.frame.models import Wave

from ..questionnaires.context import MatrixPage, title_of


@dataclass(frozen=True, slots=True)
class AskedAudience:
    label: str
    schools: int
    people: int
    roster: int
    way: str
    meaning: str


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """``digest`` is of everything that is shown: whoever opens, opens this."""

    audiences: tuple[AskedAudience, ...]
    instruments: tuple[tuple[str, str], ...]
    opens: str
    closes: str
    days: int
    office: Office
    is_local: bool
    doubts: tuple[str, ...]
    matrix: MatrixPage
    digest: str


def opening_page(
    wave: Wave, outlook: OpeningOutlook, office: Office, instruments: list[Instrument], matrix: MatrixPage,
    now: datetime,
) -> OpeningPage:  # fmt: skip
    audiences = tuple(
        AskedAudience(
            render(AUDIENCES[name].label), total.schools, total.population, total.roster, render(mode.label),
            render(mode.opening_note),
        )
        for name, total in outlook.audiences.items()
        for mode in [ACCESS_MODES[outlook.access.get(name, AccessModeId.OPEN)]]
    )  # fmt: skip
    doubts = tuple(map(render, outlook.doubts))
    facts = [
        [(row.label, row.schools, row.people, row.way) for row in audiences], doubts, wave.instrument_ids,
        [(label, schools, [(cell.people, cell.titles) for cell in cells]) for label, schools, cells in matrix.rows],
    ]  # fmt: skip
    return OpeningPage(
        audiences=audiences,
        instruments=tuple((instrument.id, title_of(instrument)) for instrument in instruments),
        opens=f"{format_local(wave.opens_at)}（{render(weekday(wave.opens_at))}）",
        closes=f"{format_deadline(wave.closes_at)}（{render(deadline_weekday(wave.closes_at))}）",
        days=days_touched(max(wave.opens_at, now), wave.closes_at),
        office=office,
        is_local=is_local_address(office.address),
        doubts=doubts,
        matrix=matrix,
        digest=hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:16],
    )
