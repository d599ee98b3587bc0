"""What somebody does on a page, counted: clicks, fields and letters typed, and about how long that takes a person."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext

# The keystroke-level model (Card, Moran & Newell 1980): to think, to point and press, to type a letter, in seconds.
THINK, POINT, LETTER, CHOOSE_A_FILE = 1.35, 1.3, 0.28, 10.0
_WATCH = """
document.addEventListener('click', event => {
  if (event.target.closest('a, button, label, summary, input[type=checkbox], input[type=radio]')) counted('click', 0);
}, true);
document.addEventListener('change', event => {
  const field = event.target;
  if (field.matches('input[type=file]')) counted('file', 0);
  else if (!field.matches('input[type=checkbox], input[type=radio]')) counted('field', field.value.length);
}, true);
"""


@dataclass(slots=True)
class Actions:
    """``clicks`` include those on links to the pages that a test opens by their address (``opened``)."""

    clicks: int = 0
    fields: int = 0
    letters: int = 0
    files: int = 0
    opened: int = 0

    def watch(self, context: BrowserContext) -> "Actions":
        context.expose_function("counted", lambda kind, letters: self._count(kind, letters))
        context.add_init_script(_WATCH)
        return self

    def _count(self, kind: str, letters: int) -> None:
        self.clicks += kind == "click"
        self.files += kind == "file"
        self.fields += kind == "field"
        self.letters += letters

    @property
    def minutes(self) -> float:
        """About how long a person needs who knows what to do; waiting and reading are not in it."""
        pressed = self.clicks + self.opened + self.fields
        return (pressed * (THINK + POINT) + self.letters * LETTER + self.files * CHOOSE_A_FILE) / 60

    def __str__(self) -> str:
        pressed = self.clicks + self.opened
        return f"{pressed} clicks, {self.fields} fields, {self.files} files, about {self.minutes:.1f} minutes"
