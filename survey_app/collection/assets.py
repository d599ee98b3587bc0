"""Style and scripts as they stand inside the pages, and the policy that allows these and nothing else."""

import base64
import hashlib
from pathlib import Path

from survey_app.foundation.templates import compact_script, compact_style, without_unused_tokens

APP_FOLDER = Path(__file__).parents[1]
TEMPLATE_FOLDER = APP_FOLDER / "templates" / "collection"


def _read_style() -> str:
    """The form's style behind the tokens that it uses."""
    style = compact_style((TEMPLATE_FOLDER / "form.css").read_text("utf-8"))
    tokens = compact_style((APP_FOLDER / "static" / "tokens.css").read_text("utf-8"))
    return without_unused_tokens(tokens, style) + style


def _read_script(name: str) -> str:
    return compact_script((TEMPLATE_FOLDER / name).read_text("utf-8"))


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CSS, FORM_JS, PAGE_JS = _read_style(), _read_script("form.js"), _read_script("page.js")
STYLE_SOURCE = _csp_hash(CSS)
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src {STYLE_SOURCE}; script-src {_csp_hash(FORM_JS)} {_csp_hash(PAGE_JS)}; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
