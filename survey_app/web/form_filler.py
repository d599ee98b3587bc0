"""A form of a page, filled in with what was sent from it before: the page as it is served, only the fields changed."""

from html import escape
from html.parser import HTMLParser

Fields = list[tuple[str, str]]
Attributes = list[tuple[str, str | None]]
CHOSEN, BUTTONS = ("checkbox", "radio"), ("submit", "button", "image", "reset")


def fill_form(page: str, path: str, action: str, fields: Fields, notice: str) -> str | None:
    """Return the page with ``notice`` at its head and its form filled in.

    None where no form of the page is sent to ``action`` and has a place for each of the ``fields``: the caller has to
    show them in another way. Passwords and files have no value that could be filled in.
    """
    survey = _Survey(path, action)
    survey.feed(page)
    names = {name for name, _value in fields}
    fitting = [form for form in survey.forms if names <= form.names]
    if not fitting:
        return None
    best = max(fitting, key=lambda form: len(form.fixed & set(fields)))
    filler = _Filler(best, fields, notice)
    filler.feed(page)
    filler.close()
    return "".join(filler.pieces)


class _Form:
    """``fixed``: hidden fields and buttons with their values: they tell forms with one action from each other.

    ``folded``: the numbers of the folded parts of the page around it, which are opened.
    """

    def __init__(self, number: int, folded: frozenset[int]) -> None:
        self.number, self.folded = number, folded
        self.names: set[str] = set()
        self.fixed: set[tuple[str, str]] = set()


class _Survey(HTMLParser):
    """The forms of a page that are sent to an address."""

    def __init__(self, path: str, action: str) -> None:
        super().__init__()
        self.path, self.action = path, action.partition("?")[0]
        self.forms: list[_Form] = []
        self._count = self._folds = 0
        self._around: list[int] = []
        self._current: _Form | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        known = dict(attrs)
        if tag == "details":
            self._folds += 1
            self._around.append(self._folds)
        elif tag == "form":
            self._count += 1
            is_ours = (known.get("method") or "").lower() == "post" and self._path_of(known) == self.action
            self._current = _Form(self._count, frozenset(self._around)) if is_ours else None
            if self._current:
                self.forms.append(self._current)
        elif self._current and tag in ("input", "select", "textarea", "button") and (name := known.get("name")):
            self._current.names.add(name)
            if tag == "button" or known.get("type") == "hidden":
                self._current.fixed.add((name, known.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._current = None
        elif tag == "details" and self._around:
            self._around.pop()

    def _path_of(self, known: dict[str, str | None]) -> str:
        return (known.get("action") or self.path).partition("?")[0]


class _Filler(HTMLParser):
    """Writes a page once more as it reads it. What is sent several times under one name is given out in its order."""

    def __init__(self, form: _Form, fields: Fields, notice: str) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._number, self._folded, self._notice = form.number, form.folded, notice
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            self._values.setdefault(name, []).append(value)
        self._count = self._folds = 0
        self._is_inside = self._skips = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "form":
            self._count += 1
            self._is_inside = self._count == self._number
        if tag == "details":
            self._folds += 1
        is_field = self._is_inside and tag in ("input", "textarea", "select", "option")
        if tag == "details" and self._folds in self._folded:
            self.pieces.append(_start(tag, dict(attrs) | {"open": None}))
        else:
            self.pieces.append(self._field(tag, dict(attrs)) if is_field else self.get_starttag_text() or "")
        if tag == "main":
            self.pieces.append(self._notice)

    def _field(self, tag: str, known: dict[str, str | None]) -> str:
        name, kind = known.get("name") or "", (known.get("type") or "text").lower()
        if tag == "select":
            self._select = name
        elif tag == "option":
            _mark(known, "selected", (known.get("value") or "") in self._values.get(self._select, ()))
        elif tag == "textarea":
            self._skips = bool(self._values.get(name))
            return self.get_starttag_text() + (f"\n{escape(self._next(name))}" if self._skips else "")  # type: ignore[operator]
        elif kind in CHOSEN:
            _mark(known, "checked", (known.get("value", "on") or "") in self._values.get(name, ()))
        elif kind not in (*BUTTONS, "password", "file") and name != "csrf_token" and self._values.get(name):
            known["value"] = self._next(name)
        return _start(tag, known)

    def _next(self, name: str) -> str:
        values = self._values[name]
        return values.pop(0) if len(values) > 1 else values[0]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._skips = False
        elif tag == "form":
            self._is_inside = False
        elif tag == "select":
            self._select = ""
        self.pieces.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.pieces.append(self.get_starttag_text() or "")

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.pieces.append(f"<!--{data}-->")


def _mark(known: dict[str, str | None], attribute: str, is_set: bool) -> None:
    known.pop(attribute, None)
    if is_set:
        known[attribute] = None


def _start(tag: str, known: dict[str, str | None]) -> str:
    return f"<{tag}{''.join(_attribute(*pair) for pair in known.items())}>"


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{escape(value)}"'
