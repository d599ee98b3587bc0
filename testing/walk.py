"""A district with one instrument of its own, walked from its file to the workbook and the poster."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pypdfium2
import zxingcpp

from survey_app.collection.models import Response
from survey_app.distribution.queries import list_links
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from survey_app.frame.queries import wave_by_name
from testing.application import START, make_app
from testing.district import District, token_in

INSTRUMENT = """
format: 1
id: quarter
version: "1"
title: {zh: 学校与社区, en: School and neighbourhood}
audiences: [parent]
categories: [primary]
scales:
  three:
    points:
      - {code: "3", points: 100, favourable: true, label: {zh: 好, en: Good}}
      - {code: "2", points: 50, label: {zh: 一般, en: Fair}}
      - {code: "1", points: 0, label: {zh: 差, en: Bad}}
dimensions:
  - id: open
    label: {zh: 开放程度, en: Openness}
    items:
      - {id: A1, text: {zh: 学校向邻里开放的程度, en: How open the school is}, scale: three}
comments:
  - {id: C1, text: {zh: 建议, en: Suggestions}}
"""
SCHEME = """
format: 1
id: trial
title: {{zh: 试用方案, en: Trial scheme}}
document: 测督〔2026〕1号
method: {{min_n: 10, main: {audience}, rank_unverified: 试行}}
categories:
  primary: {{{audience}: 100}}
"""


@dataclass
class Walk:
    """A district whose one instrument is the text under test."""

    home: Path
    district: District
    audience: str = "parent"

    def open(self, roster: str, access: str = "", *import_options: str) -> None:
        (self.home / "roster.csv").write_text(roster, "utf-8")
        command = self.district.command
        command("roster", "import", str(self.home / "roster.csv"), *import_options)
        command(
            "wave", "create", "2026秋", "--instrument", "quarter", "--opens", "2026-11-01", "--closes", "2026-11-20",
            "--access", access or f"{self.audience}=open",
        )  # fmt: skip
        command("wave", "open", "2026秋", "--yes")
        extensions = self.district.app.extensions
        with extensions["database"].read_session() as session:
            wave = wave_by_name(session, "2026秋")
            self.district.links = list_links(session, wave, extensions["categories"], "https://s.example.edu.cn")

    @property
    def slug(self) -> str:
        return next(link.slug for link in self.district.links if link.audience == self.audience)

    def page(self, query: str = "") -> str:
        response = self.district.client.get(f"/s/{self.slug}{query}")
        assert response.status_code == 200
        return response.text

    def answer(self, **fields: str) -> None:
        self.district.clock.advance(seconds=30)
        sent = {"_token": token_in(self.page()), "A1": "3", **fields}
        response = self.district.client.post(f"/s/{self.slug}", data=sent)
        assert response.status_code == 303, response.text

    def refused(self, **fields: str) -> str:
        sent = {"_token": token_in(self.page()), "A1": "3", **fields}
        response = self.district.client.post(f"/s/{self.slug}", data=sent)
        assert response.status_code == 422
        return response.text

    def strings(self) -> list[str]:
        with self.district.app.extensions["database"].read_session() as session:
            return sorted(row.answers for row in session.query(Response))

    def grades(self) -> list[str]:
        with self.district.app.extensions["database"].read_session() as session:
            return sorted(row.grade for row in session.query(Response))

    def seal(self) -> None:
        self.district.command("wave", "close", "2026秋", "--seal-now", "--lose-open-forms")

    def results_page(self) -> str:
        response = self.district.staff().get("/staff/waves/1/results/all")
        assert response.status_code == 200
        return response.text

    def workbook_cells(self) -> set[str]:
        path = self.home / "report.xlsx"
        self.district.command("results", "report", "--wave", "2026秋", "--out", str(path))
        book = openpyxl.load_workbook(path)
        return {
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        }

    def poster_text(self) -> str:
        """The text of the poster; its code leads to the form."""
        path = self.home / "posters.pdf"
        self.district.command("links", "posters", "--wave", "2026秋", "--out", str(path))
        document = pypdfium2.PdfDocument(path.read_bytes())
        page = next(page for page in document if self.slug in page.get_textpage().get_text_bounded())
        codes = zxingcpp.read_barcodes(page.render(scale=100 / 72).to_pil())
        assert [code.text for code in codes] == [f"https://s.example.edu.cn/s/{self.slug}"]
        text = str(page.get_textpage().get_text_bounded())
        document.close()
        return text


def prepare(tmp_path: Path, migrated: Path, instrument: str, audience: str = "parent") -> Walk:
    (tmp_path / "survey.db").write_bytes(migrated.read_bytes())
    questionnaires = tmp_path / "questionnaires"
    (questionnaires / "assessment").mkdir(parents=True)
    shutil.copy(PROJECT / "questionnaires" / "categories.yaml", questionnaires)
    (questionnaires / "quarter.yaml").write_text(instrument, "utf-8")
    (questionnaires / "assessment" / "default.yaml").write_text(SCHEME.format(audience=audience), "utf-8")
    app = make_app(f"sqlite:///{tmp_path / 'survey.db'}", tmp_path, ManualClock(START), questionnaires)
    return Walk(tmp_path, District(app, app.extensions["clock"]), audience)
