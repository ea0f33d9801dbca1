"""The no-trade guard of the HAMMER side, which reads every outgoing frame as Hammer Pro would read it.

A JSON reader may take the last of two equal keys, or the first, and may not distinguish ``CMD`` from ``cmd``.
A frame must therefore name its command exactly once, under a key that no other key resembles, and the command
has to be one that only reads.
"""

import json
import unicodedata
from collections.abc import Callable
from functools import lru_cache

COMMANDS = frozenset(
    {
        "connect",
        "enumDataStreamers",
        "startDataStreamer",
        "subscribe",
        "unsubscribe",
        "getSymbolSnapshot",
        "getTicks",
        "enumTradingAccounts",
        "startTradingAccount",
        "getPositions",
        "getTransactions",
        "getBalances",
    }
)
"""Every command that may be sent. They change nothing but what HAMMER sends to us."""

SUBSCRIPTIONS = frozenset({"L1", "L2", "positions", "transactions", "balances"})
"""What may be subscribed to and unsubscribed from."""

_KEY = "cmd"
_SUBSCRIBING = frozenset({"subscribe", "unsubscribe"})


class CommandRefusedError(Exception):
    """Code tried to send HAMMER a command that is not on the list; nothing was sent."""


class _Pairs(list[tuple[str, object]]):
    """A JSON object with every one of its keys, in order."""


_reader = json.JSONDecoder(object_pairs_hook=_Pairs)


def _checker(allowed: frozenset[str], subscriptions: frozenset[str]) -> Callable[[bytes], bytes]:
    """Return the function that checks a frame; nothing else has access to what is allowed."""

    def checked(frame: bytes) -> bytes:
        """Return the frame unchanged.

        Raises ``CommandRefusedError`` unless it is one command that only reads.
        """
        written = memoryview(frame).tobytes()
        try:
            found = _reader.decode(written.decode())
        except (ValueError, RecursionError):
            raise CommandRefusedError("what is no JSON was stopped: psf_monitor only reads.") from None
        if not isinstance(found, _Pairs):
            raise CommandRefusedError("what names no command was stopped: psf_monitor only reads.")
        names = [_as_read(key) for key, _value in found]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise CommandRefusedError(
                f"a frame that says {twice[:40]!r} twice was stopped: psf_monitor only reads."
            )
        fields = dict(found)
        command = fields.get(_KEY)
        if not isinstance(command, str) or command not in allowed:
            raise CommandRefusedError(f"{str(command)[:40]!r} was stopped: psf_monitor only reads.")
        what = fields.get("sub")
        if command in _SUBSCRIBING and not (isinstance(what, str) and what in subscriptions):
            raise CommandRefusedError(
                f"{command} to {str(what)[:40]!r} was stopped: psf_monitor only reads what it knows."
            )
        return written

    return checked


@lru_cache(maxsize=64)
def _as_read(key: str) -> str:
    """Return a key as the most lenient reader sees it: its letters and digits in one case and one form."""
    plain = unicodedata.normalize("NFKC", key).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


checked = _checker(COMMANDS, SUBSCRIPTIONS)
