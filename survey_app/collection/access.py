"""The three ways in: open link, class code, one-time code. Says whether what was typed lets somebody in.

A one-time code (60 bits) is never refused because of an address: a whole school sits behind one. A class code (40 bits)
is looked at only together with complete answers, and only so many wrong ones are looked at per link and day; beyond
that, addresses that sent wrong ones wait. Who sent none is let in: nobody can lock a computer room out.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.distribution.access_codes import is_class_code, is_invitation, wave_key_name
from survey_app.distribution.code_format import is_well_formed, normalize_code
from survey_app.distribution.models import Link
from survey_app.distribution.queries import FormLink
from survey_app.foundation.db import Database
from survey_app.foundation.keys import KeyStore, keyed_hash
from survey_app.foundation.rate_limit import SharedTokenBuckets
from survey_app.foundation.settings import Settings
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from survey_app.frame.models import Wave

WRONG_BURST, WRONG_PER_SECOND = 20.0, 0.1
LINK_WRONG_BURST = 1_000.0
LINK_WRONG_PER_SECOND = LINK_WRONG_BURST / (24 * 3600)


class CodeCheck(StrEnum):
    """What the typed code is good for."""

    ADMITTED = "admitted"
    NOT_CHECKED = "not_checked"  # the answers are not complete yet
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
    """Checks codes and limits; a valid one-time code is never refused because of an address."""

    def __init__(self, database: Database, keys: KeyStore, buckets: SharedTokenBuckets, settings: Settings) -> None:
        self.database = database
        self.keys = keys
        self.buckets = buckets
        self.open_rate = (settings.open_link_per_second, settings.open_link_burst)

    def check(self, link: FormLink, code_text: str, address: str, is_complete: bool = True) -> AccessDecision:
        """``is_complete``: whether the answers that came with the code could be stored."""
        if not ACCESS_MODES[link.access].needs_code:
            return AccessDecision(CodeCheck.ADMITTED)
        code = normalize_code(code_text)
        if not code:
            return AccessDecision(CodeCheck.MISSING)
        if not is_well_formed(code):
            return AccessDecision(CodeCheck.BAD_CHECKSUM)
        if ACCESS_MODES[link.access].code_scope is CodeScope.CLASS:
            if not is_complete:
                return AccessDecision(CodeCheck.NOT_CHECKED)
            if self._is_guesser(link, address):
                return AccessDecision(CodeCheck.TOO_MANY)
        code_hash = keyed_hash(self.keys.read(wave_key_name(link.wave_id)), code.encode())
        if self.database.retry_on_disconnect(lambda: self._is_valid(link, code_hash)):
            scope = ACCESS_MODES[link.access].code_scope
            used_hash = code_hash if scope is CodeScope.PERSON else None
            return AccessDecision(CodeCheck.ADMITTED, used_hash, scope is CodeScope.CLASS)
        return AccessDecision(CodeCheck.WRONG if self._count_wrong_code(link, address) else CodeCheck.TOO_MANY)

    def _is_guesser(self, link: FormLink, address: str) -> bool:
        """Whether this link had its wrong codes of the day, and some of them came from this address."""
        has_left = self.buckets.has_token(f"wrong:{link.link_id}", LINK_WRONG_PER_SECOND, LINK_WRONG_BURST)
        return not has_left and self.buckets.count(f"sent-wrong:{address}:{link.link_id}") > 0

    def _count_wrong_code(self, link: FormLink, address: str) -> bool:
        """Whether the address has sent few enough."""
        self.buckets.add(_count_key(link.link_id))
        self.buckets.add(f"sent-wrong:{address}:{link.link_id}")
        self.buckets.acquire(f"wrong:{link.link_id}", LINK_WRONG_PER_SECOND, LINK_WRONG_BURST)
        return self.buckets.acquire(f"wrong:{address}:{link.link_id}", WRONG_PER_SECOND, WRONG_BURST)

    def code_hash(self, link: FormLink, code_text: str) -> bytes | None:
        """What a one-time code is kept as, whether it is valid or not; None on other ways in."""
        if ACCESS_MODES[link.access].code_scope is not CodeScope.PERSON:
            return None
        return keyed_hash(self.keys.get(wave_key_name(link.wave_id)), normalize_code(code_text).encode())

    def _is_valid(self, link: FormLink, code_hash: bytes) -> bool:
        with self.database.read_session() as session:
            if ACCESS_MODES[link.access].code_scope is CodeScope.CLASS:
                return is_class_code(session, link.link_id, code_hash)
            return is_invitation(session, link.wave_id, link.school_id, link.link_id, code_hash)

    def within_rate(self, link: FormLink) -> bool:
        """Whether an open link is not flooded at this moment."""
        return ACCESS_MODES[link.access].needs_code or self.buckets.acquire(f"open:{link.link_id}", *self.open_rate)


def _count_key(link_id: int) -> str:
    return f"wrong-codes:{link_id}"


def save_wrong_code_counts(session: Session, buckets: SharedTokenBuckets) -> None:
    """Moves what this machine counted of wrong codes to the links, where the office sees it."""
    unsealed_links = select(Link).join(Wave, Wave.id == Link.wave_id).where(Wave.sealed_at.is_(None))
    for link in session.scalars(unsealed_links):
        link.wrong_codes += buckets.take_count(_count_key(link.id))
    session.flush()
