"""The fields in which TWS and HAMMER name an account, a person, or the trader's own references.

Field numbers are those of TWS messages at the API's server version 176; 0 is the message id.
"""

import re
from collections.abc import Mapping
from enum import Enum, auto

from psf_monitor.recording.entry import Kind


class Private(Enum):
    """The kinds of private values."""

    ACCOUNT = auto()
    NAME = auto()
    REFERENCE = auto()
    """Of an order: the trader's own text, and the group in which one cancels the other."""
    HOST = auto()
    PATH = auto()


_Places = Mapping[str, tuple[int, ...]]

_ACCOUNTS_RECEIVED: _Places = {
    "5": (20,),
    "6": (5,),
    "7": (-1,),
    "11": (16,),
    "15": (2,),
    "54": (2,),
    "61": (2,),
    "63": (3,),
    "71": (3,),
    "73": (3,),
}
_ACCOUNTS_SENT: _Places = {"6": (3,), "7": (4,), "74": (3,), "76": (3,), "92": (2,), "94": (2,)}
_NAMES_RECEIVED: _Places = {"5": (31, 34, 35), "11": (29,), "71": (17,), "73": (4,)}
"""An advisor's groups and profiles, and model codes."""
_NAMES_SENT: _Places = {"62": (3,), "74": (4,), "76": (4,), "92": (3,), "94": (3,)}
_OCA_GROUP = 19
_REFERENCES_RECEIVED: _Places = {"5": (_OCA_GROUP, 23), "11": (26,)}

_STRUCTURED = frozenset({"3", "5", "7", "10", "11", "18", "61", "71", "59"})
"""Messages with fields of fixed vocabulary: a name that equals such a word is no secret there."""
TEXTS = frozenset({"4", "14"})
"""Messages that are whole sentences."""

ACCOUNT = re.compile(r"(?<![A-Za-z0-9])D?[UFI][A-Z]?[0-9]{6,}(?![0-9])", re.IGNORECASE)
"""An IBKR account number anywhere in a text."""
ADDRESS = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]?\w)"
)
"""An IPv4 address."""
PATH = re.compile(
    r"""(?:(?<![\w])[A-Za-z]:|\\)\\[^\r\n"'<>|?*;,]+"""
    r"""|(?<![\w./:~-])~?/(?:[\w.~+-]+/)+[\w.~+-]+"""
)
"""A path of Windows, a network share, or Linux and macOS, in a sentence."""
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_USERS_FOLDER = re.compile(r"[\\/](?:Users|home)[\\/]+([^\\/\r\n\"'<>|?*;,:]+)", re.IGNORECASE)

_ACCOUNT_KEYS = frozenset({"accountkey", "accountid", "account", "acctid", "accountnumber", "acctno"})
_NAME_KEYS = frozenset(
    (
        *("accountname", "accountnick", "owner", "ownername", "username", "user", "login"),
        *("email", "firstname", "lastname", "fullname", "displayname", "modelcode", "model"),
    )
)
_REFERENCE_KEYS = frozenset({"orderref", "orderreference", "clientorderid", "strategy", "ordertag", "note"})
_HOST_KEYS = frozenset({"host", "endpoint", "hostname"})
_PATH_KEYS = frozenset({"path", "file", "folder"})
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "0.0.0.0"})


def places(kind: int, fields: list[str]) -> list[tuple[int, Private]]:
    """Return which fields of a TWS message are private, and of which kind."""
    tables = (
        ((_ACCOUNTS_SENT, Private.ACCOUNT), (_NAMES_SENT, Private.NAME))
        if kind == Kind.SENT
        else (
            (_ACCOUNTS_RECEIVED, Private.ACCOUNT),
            (_NAMES_RECEIVED, Private.NAME),
            (_REFERENCES_RECEIVED, Private.REFERENCE),
        )
    )
    found = []
    for table, what in tables:
        for place in table.get(fields[0], ()):
            at = place if place >= 0 else len(fields) + place
            if 0 < at < len(fields) and fields[at] not in ("", "All") and not _is_numbered(fields, at):
                found.append((at, what))
    return found


def is_structured(kind: int, fields: list[str]) -> bool:
    """Return whether the fields of this TWS message have a fixed vocabulary."""
    return kind == Kind.RECEIVED and fields[0] in _STRUCTURED


def private_key(key: object) -> Private | None:
    """Return the kind of value under a JSON key; HAMMER's brokers write keys in many ways."""
    plain = "".join(filter(str.isalnum, str(key))).lower()
    for keys, what in (
        (_ACCOUNT_KEYS, Private.ACCOUNT),
        (_NAME_KEYS, Private.NAME),
        (_REFERENCE_KEYS, Private.REFERENCE),
        (_HOST_KEYS, Private.HOST),
        (_PATH_KEYS, Private.PATH),
    ):
        if plain in keys:
            return what
    return None


def host_of(endpoint: str) -> str:
    """Return the host of an endpoint, without its port; empty if it reveals nothing."""
    host = re.sub(r":[0-9]+$", "", endpoint) if endpoint.count(":") == 1 or "]" in endpoint else endpoint
    host = host.strip("[]")
    return "" if host.lower() in _LOCAL or host.startswith("127.") else host


def user_in(path: str) -> str:
    """Return the user whose folder a path leads through; empty if unknown."""
    found = _USERS_FOLDER.search(path)
    return found[1].strip() if found else ""


def _is_numbered(fields: list[str], at: int) -> bool:
    """Return whether it is an order group numbered by IBKR rather than named by the trader."""
    return (fields[0], at) == ("5", _OCA_GROUP) and fields[at].isdecimal()
