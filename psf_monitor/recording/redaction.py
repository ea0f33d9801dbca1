"""Removes passwords from data before it is written."""

import json
import re

from psf_monitor.formatting import REDACTED

_NAMES = (b"pass", b"pwd", b"PWD", b"Pass", b"PASS", b"Pwd")
_SHORTEST_TEXT = 4
"""A shorter password is removed only as a whole JSON text: otherwise half of all numbers would go."""
_REDACTED = json.dumps(REDACTED).encode()[1:-1]
_NAMED = re.compile(rb'("(?:pwd|password|passwd|pass)"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)


class Redaction:
    """The passwords known so far. ``masked`` may be called by another thread than ``add``."""

    def __init__(self) -> None:
        self._texts: tuple[bytes, ...] = ()
        self._pattern: re.Pattern[bytes] | None = None

    def add(self, secret: str) -> None:
        """Keep this text out of every entry from now on, plain or JSON-encoded."""
        if not secret:
            return
        variants = {
            secret.encode(),
            json.dumps(secret)[1:-1].encode(),
            json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        }
        self._texts = tuple(sorted({*self._texts, *variants}, key=len, reverse=True))
        whole = b"|".join(
            re.escape(text) if len(text) >= _SHORTEST_TEXT else b'(?<=")' + re.escape(text) + b'(?=")'
            for text in self._texts
        )
        self._pattern = re.compile(rb"(?<![A-Za-z0-9_])(?:" + whole + rb")(?![A-Za-z0-9_])")

    def may_be_in(self, data: bytes) -> bool:
        """Return whether a closer look is worthwhile, given many entries joined."""
        return any(name in data for name in _NAMES) or any(text in data for text in self._texts)

    def masked(self, data: bytes) -> bytes:
        """Return the data without any of them, and without any value under a password's name."""
        if any(name in data for name in _NAMES):
            data = _NAMED.sub(rb'\1"' + _REDACTED.replace(b"\\", rb"\\") + b'"', data)
        pattern = self._pattern
        if pattern is not None and any(text in data for text in self._texts):
            data = pattern.sub(lambda _found: _REDACTED, data)
        return data
