"""The three ways in: open link, class code, one-time code. Says whether what was typed lets somebody in."""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.distribution.access_codes import is_class_code, is_invitation, wave_key_name
from survey_app.distribution.code_format import is_well_formed, normalize_code
from survey_app.distribution.queries import FormLink
from survey_app.foundation.db import Database
from survey_app.foundation.keys import KeyStore, keyed_hash
from survey_app.foundation.rate_limit import SharedTokenBuckets
from survey_app.foundation.settings import Settings

OPEN, CLASS, CODE = "open", "class", "code"
WRONG_BURST, WRONG_PER_SECOND = 20.0, 0.1


class CodeCheck(StrEnum):
    """What the typed code is good for."""

    ADMITTED = "admitted"
    MISSING = "missing"
    BAD_CHECKSUM = "mistyped"  # the check character does not fit: nobody was asked
    WRONG = "wrong"
    TOO_MANY = "too_many"  # too many wrong codes from one address for this link


@dataclass(frozen=True, slots=True)
class AccessDecision:
    code_check: CodeCheck
    code_hash: bytes | None = None
    capped: bool = False


class AccessControl:
    """Checks codes and limits; a valid code is never refused because of an address."""

    def __init__(self, database: Database, keys: KeyStore, buckets: SharedTokenBuckets, settings: Settings) -> None:
        self.database = database
        self.keys = keys
        self.buckets = buckets
        self.open_rate = (settings.open_link_per_second, settings.open_link_burst)

    def check(self, link: FormLink, code_text: str, address: str) -> AccessDecision:
        if link.access == OPEN:
            return AccessDecision(CodeCheck.ADMITTED)
        code = normalize_code(code_text)
        if not code:
            return AccessDecision(CodeCheck.MISSING)
        if not is_well_formed(code):
            return AccessDecision(CodeCheck.BAD_CHECKSUM)
        code_hash = keyed_hash(self.keys.get(wave_key_name(link.wave_id)), code.encode())
        if self.database.retry_on_disconnect(lambda: self._is_valid(link, code_hash)):
            return AccessDecision(CodeCheck.ADMITTED, code_hash if link.access == CODE else None, link.access == CLASS)
        within_limit = self.buckets.acquire(f"wrong:{address}:{link.link_id}", WRONG_PER_SECOND, WRONG_BURST)
        return AccessDecision(CodeCheck.WRONG if within_limit else CodeCheck.TOO_MANY)

    def code_hash(self, link: FormLink, code_text: str) -> bytes | None:
        """What a one-time code is kept as, whether it is valid or not; None on other ways in."""
        if link.access != CODE:
            return None
        return keyed_hash(self.keys.get(wave_key_name(link.wave_id)), normalize_code(code_text).encode())

    def _is_valid(self, link: FormLink, code_hash: bytes) -> bool:
        with self.database.read_session() as session:
            if link.access == CLASS:
                return is_class_code(session, link.link_id, code_hash)
            return is_invitation(session, link.wave_id, link.school_id, link.link_id, code_hash)

    def within_rate(self, link: FormLink) -> bool:
        """Whether an open link is not flooded at this moment."""
        return link.access != OPEN or self.buckets.acquire(f"open:{link.link_id}", *self.open_rate)
