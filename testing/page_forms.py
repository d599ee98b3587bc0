"""The forms of a page as a browser would send them, read by the tests' own reader."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FormOnPage:
    """A form as a browser would send it, with the kinds of its fields."""

    action: str
    is_post: bool
    sent: list[list[str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class FormReader(HTMLParser):
    """The test's own reading of a page: what a browser would send, untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[FormOnPage] = []
        self._form: FormOnPage | None = None
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name, kind = known.get("name", ""), known.get("type", "text" if tag == "input" else tag)
        if tag == "form":
            self._form = FormOnPage(known.get("action", ""), known.get("method", "").lower() == "post")
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "option" and self._select:
            if "selected" in known or self._select not in dict(self._form.sent):
                self._form.sent = [entry for entry in self._form.sent if entry[0] != self._select]
                self._form.sent.append([self._select, known.get("value", "")])
        elif tag == "button" and name:
            self._form.buttons.append((name, known.get("value", "")))
        elif tag in ("input", "select", "textarea") and name:
            self._form.kinds[name] = kind
            self._select = name if tag == "select" else self._select
            self._area = name if tag == "textarea" else ""
            is_sent = kind not in ("checkbox", "radio", "file", "submit") or "checked" in known
            if tag != "select" and is_sent and kind not in ("file", "submit"):
                self._form.sent.append([name, known.get("value", "")])

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            self._form.sent[-1][1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self._select, self._area = ("" if tag == "select" else self._select), ""
        if tag == "form":
            self._form = None


def forms_of(page: str) -> list[FormOnPage]:
    """The forms of the page itself that are posted and have something to fill in."""
    found = FormReader(page.partition("<main")[2]).forms
    return [form for form in found if form.is_post and any(kind != "hidden" for kind in form.kinds.values())]
