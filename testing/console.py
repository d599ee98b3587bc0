"""A clerk at work: forms that are fetched, filled in and sent as a browser would, and rosters as files."""

import io
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from testing.district import PASSWORD, District, csrf_in

HEADING = "学校代码,学校名称,类别,片区,家长数,教师数,学生数"


def roster_csv(*rows: str) -> bytes:
    return "\n".join((HEADING, *rows)).encode()


TWO_SCHOOLS = roster_csv("0101,河东小学,小学,东片,600,40,600", "0201,河东中学,初中,西片,500,40,600")


@dataclass
class Clerk:
    """Somebody of the office, with the page that was fetched last."""

    district: District
    name: str = "王督导"
    role: str = "office"
    client: FlaskClient = field(init=False)
    page: str = ""

    def __post_init__(self) -> None:
        self.client = self.district.staff(self.role, self.name)

    def log_in(self) -> "Clerk":
        """Again, after the session has ended."""
        token = {"csrf_token": csrf_in(self.client.get("/staff/login").text)}
        fields = token | {"username": self.name, "password": PASSWORD}
        assert self.client.post("/staff/login", data=fields).status_code == 303
        return self

    def open(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:2000])
        self.page = response.text
        return self.page

    def hidden(self, page: str = "") -> dict[str, str]:
        """The hidden fields of the page."""
        found = re.findall(r'<input type="hidden" name="([^"]+)"\s+value="([^"]*)"', page or self.page)
        return {name: unescape(value) for name, value in found if name != "back"}

    def send(self, path: str, **fields: Any) -> TestResponse:
        """The form of the page that was fetched last, with these fields filled in."""
        return self.client.post(path, data=self.hidden() | fields)

    def upload(self, path: str, name: str, content: bytes, **fields: Any) -> TestResponse:
        data = self.hidden() | fields | {"file": (io.BytesIO(content), name)}
        return self.client.post(path, data=data, content_type="multipart/form-data")

    def import_roster(self, content: bytes = TWO_SCHOOLS) -> TestResponse:
        """From the form over the preview to the roster."""
        self.open("/staff/roster/upload")
        place = self.upload("/staff/roster/upload", "名册.csv", content).headers["Location"]
        self.open(place)
        return self.send(f"{place}/apply")

    def start_draft(self, name: str = "2026年秋季", **fields: str) -> str:
        """A draft with dates; returns the beginning of its addresses."""
        self.open("/staff/waves/new")
        dates = {"opens_on": "2026-11-05", "opens_time": "08:00", "closes_on": "2026-11-18", "closes_time": ""}
        response = self.send("/staff/waves/new", name=name, **(dates | fields))
        assert response.status_code == 303, response.text[:2000]
        return response.headers["Location"].rpartition("/setup/")[0]
