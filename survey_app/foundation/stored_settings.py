"""Settings that the office may change: kept in the database, with the environment behind them.

They are what gets printed, so that every node, command and page prints the same.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.definition.messages import Message, message

from .db import Base
from .errors import UserError, user_error
from .retention_terms import KEEP, TERMS, check_months
from .settings import Settings

MAX_TEXT = 100
IMPROVEMENTS_LINK, SWITCH_ON = "improvements_link", "on"  # whether the form's last page leads to what was improved
LONG_ADDRESS = 60  # a slip's code gets too fine for a scanner beyond it


class StoredSetting(Base):
    """One row per setting; a setting without a row has the value of the environment."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks, as posters and slips state it; ``address`` is what QR codes begin with."""

    name: str
    contact: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A setting as a list shows it."""

    key: str
    value: str
    is_stored: bool


def check_address(text: str) -> str:
    """The address without a slash at the end. Raises :class:`UserError`."""
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or parts.query or parts.fragment or re.search(r"\s", address):
        raise user_error("网址“{text}”无效。请写成 https://survey.example.edu.cn", text=text)
    return address


def check_line(text: str) -> str:
    """One line of text. Raises :class:`UserError`."""
    line = text.strip()
    if len(line) > MAX_TEXT or any(ord(letter) < 32 for letter in line):
        raise user_error("“{text}”要写成一行，最多 {limit} 个字", text=text[:MAX_TEXT], limit=MAX_TEXT)
    return line


CHECKS: Mapping[str, Callable[[str], str]] = {
    "address": check_address, "office": check_line, "contact": check_line,
    **{key: partial(check_months, key) for key in TERMS},
}  # fmt: skip


def _from_environment(settings: Settings) -> dict[str, str]:
    return {"address": settings.base_url, "office": settings.office_name, "contact": settings.office_contact}


def list_settings(session: Session, settings: Settings) -> list[SettingValue]:
    """Every setting with its value, whether stored or from the environment; of terms, whether stored or the default."""
    stored = {row.key: row.value for row in session.scalars(select(StoredSetting))}
    unstored = _from_environment(settings) | {key: str(term.default) for key, term in TERMS.items()}
    return [SettingValue(key, stored.get(key, value), key in stored) for key, value in unstored.items()]


def load_terms(session: Session) -> dict[str, int | None]:
    """Return the months that each kind is kept; None is for ever."""
    stored = {row.key: row.value for row in session.scalars(select(StoredSetting)) if row.key in TERMS}
    texts = {key: stored.get(key, str(term.default)) for key, term in TERMS.items()}
    return {key: int(text) if text != KEEP else None for key, text in texts.items()}


def load_switch(session: Session, key: str) -> bool:
    """Return whether something is switched on."""
    row = session.get(StoredSetting, key)
    return row is not None and row.value == SWITCH_ON


def save_switch(session: Session, key: str, is_on: bool) -> None:
    row = session.get(StoredSetting, key)
    if row is not None and not is_on:
        session.delete(row)
    elif row is None and is_on:
        session.add(StoredSetting(key=key, value=SWITCH_ON))
    session.flush()


def load_office(session: Session, settings: Settings) -> Office:
    values = {entry.key: entry.value for entry in list_settings(session, settings)}
    return Office(values["office"], values["contact"], values["address"])


def lacks_office(session: Session, settings: Settings) -> bool:
    """Whether nobody has said yet who asks and under which address: nothing could be printed."""
    return (
        is_local_address(settings.base_url)
        and not settings.allow_local_address
        and not any(entry.is_stored for entry in list_settings(session, settings) if entry.key not in TERMS)
    )


def save_settings(session: Session, values: Mapping[str, str]) -> None:
    """Stores settings; an empty value goes back to the environment's, and an empty term keeps for ever.

    Raises :class:`UserError`, storing nothing.
    """
    if unknown := [key for key in values if key not in CHECKS]:
        raise user_error("没有设置“{keys}”；可用：{known}", keys=", ".join(unknown), known=", ".join(CHECKS))
    checked = {key: CHECKS[key](value) if value.strip() else "" for key, value in values.items()}
    for key, value in checked.items():
        row = session.get(StoredSetting, key)
        if not value and key not in TERMS:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(StoredSetting(key=key, value=value))
        else:
            row.value = value
    session.flush()


def is_local_address(address: str) -> bool:
    """Whether only this machine reaches the address."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    if host in ("", "localhost") or host.endswith((".localhost", ".localdomain")):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified or number.is_link_local


def require_reachable_address(address: str, allow_local: bool) -> None:
    """Refuses to print an address that no phone reaches. Raises :class:`UserError`."""
    if is_local_address(address) and not allow_local:
        raise UserError(
            message("网址 {address} 只有这台机器能打开，手机扫码打不开，所以没有打印", address=address),
            message("请先在设置里填写别人能打开的网址"),
        )


def address_warning(address: str) -> Message | None:
    """What is risky about printing this address."""
    if len(address) > LONG_ADDRESS:
        return message(
            "网址 {address} 超过 {limit} 个字符，纸条上的二维码会很密，不易扫开。请换一个短网址",
            address=address, limit=LONG_ADDRESS,
        )  # fmt: skip
    return None
