"""Replaces words in texts in every form of writing: escaped, in another case, in UTF-16, in base64."""

import base64
import binascii
import re
from collections.abc import Iterable
from functools import lru_cache, partial

from psf_monitor.recording.anonymous.private_fields import Private

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{10,}={0,2}")
_BASE64_BYTES = re.compile(_BASE64.pattern.encode())
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0){6,}|(?:\0[\x20-\x7e]){6,}")
_ENCODINGS = ("utf-16-le", "utf-16-be")
_REMEMBERED = 100_000

Pair = tuple[str, str, Private]


class TextReplacement:
    """Originals and their pseudonyms. A word in another case gets its pseudonym in that case."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        known = {original: (made, what) for original, made, what in pairs}
        self._made = {original.casefold(): made for original, (made, _) in known.items()}
        ordered = sorted(known, key=len, reverse=True)
        self._pattern = _pattern_of("|".join(_bounded(original, known[original][1]) for original in ordered))
        self._wide = {
            encoding: re.compile(b"|".join(re.escape(o.encode(encoding)) for o in ordered), re.IGNORECASE)
            for encoding in _ENCODINGS
            if ordered
        }
        plain = {form for o in ordered for form in (o.encode(), o.lower().encode(), o.upper().encode())}
        pattern = b"|".join(re.escape(word) for word in sorted(plain, key=len, reverse=True))
        self._quick = re.compile(pattern, re.IGNORECASE) if pattern else None
        self._is_packed = lru_cache(_REMEMBERED)(self._is_packed_text)

    def may_be_in(self, payload: bytes) -> bool:
        """Return whether a closer look is worthwhile: most messages are prices."""
        if self._quick is None:
            return False
        return (
            b"\\u" in payload
            or b"\0" in payload
            or self._quick.search(payload) is not None
            or any(map(self._is_packed, _BASE64_BYTES.findall(payload)))
        )

    def bytes_of(self, payload: bytes) -> bytes:
        """Return the bytes with words in two-byte encoding replaced."""
        if b"\0" in payload:
            for encoding, pattern in self._wide.items():
                payload = pattern.sub(partial(self._wide_substitute, encoding), payload)
        return payload

    def text(self, text: str) -> str:
        """Return the text with pseudonyms, in its original form of writing."""
        if self._pattern is None:
            return text
        plain = unescaped(text)
        replaced = self._packed(self._replaced(plain))
        return text if replaced == plain else escaped(replaced) if plain != text else replaced

    def number(self, number: int) -> int:
        """Return the same for a bare number."""
        replaced = self.text(str(number))
        return int(replaced) if replaced.isdecimal() else number

    def _replaced(self, text: str) -> str:
        assert self._pattern is not None
        return self._pattern.sub(self._substitute, text)

    def _substitute(self, found: re.Match[str]) -> str:
        made = self._made[found[0].casefold()]
        if found[0].islower():
            return made.lower()
        return made

    def _wide_substitute(self, encoding: str, found: re.Match[bytes]) -> bytes:
        original = found[0].decode(encoding)
        made = self._made[original.casefold()]
        return (made.lower() if original.islower() else made).encode(encoding)

    def _packed(self, text: str) -> str:
        return _BASE64.sub(lambda found: self._repacked(found[0]), text)

    def _repacked(self, word: str) -> str:
        raw = unpacked(word)
        if raw is None:
            return word
        replaced = self._raw(raw)
        if replaced == raw:
            return word
        packed = base64.b64encode(replaced).decode()
        if "-" in word or "_" in word:
            packed = packed.replace("+", "-").replace("/", "_")
        return packed if word.endswith("=") or len(word) % 4 == 0 else packed.rstrip("=")

    def _raw(self, raw: bytes) -> bytes:
        raw = self.bytes_of(raw)
        text = raw.decode("utf-8", "surrogateescape")
        return self._replaced(text).encode("utf-8", "surrogateescape")

    def _is_packed_text(self, word: bytes) -> bool:
        text = word.decode("ascii")
        return self._repacked(text) != text


def texts_in(payload: bytes) -> list[str]:
    """Return the texts in these bytes that are in base64 or a two-byte encoding."""
    found = [_narrow(wide) for wide in _WIDE.findall(payload)] if b"\0" in payload else []
    for word in _BASE64_BYTES.findall(payload):
        raw = unpacked(word.decode("ascii"))
        if raw is not None:
            found.append(raw.decode("utf-8", "replace"))
            found += map(_narrow, _WIDE.findall(raw))
    return found


@lru_cache(_REMEMBERED)
def unpacked(word: str) -> bytes | None:
    """Return the content of base64 with either alphabet; ``None`` if it is none."""
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    if bare.isdecimal() or len(bare) % 4 == 1:
        return None
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def unescaped(text: str) -> str:
    """Return the text without TWS's and JSON's character escapes."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text


def escaped(text: str) -> str:
    """Return the text with every non-ASCII character escaped again."""
    return "".join(sign if sign.isascii() and sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def _narrow(wide: bytes) -> str:
    return wide.replace(b"\0", b"").decode("ascii")


def _pattern_of(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def _bounded(original: str, what: Private) -> str:
    """Return a pattern that ends an account number at its digits, and any other word at a word boundary."""
    word = re.escape(original)
    if what is Private.ACCOUNT and original.isdecimal():
        # Not part of a longer or decimal number.
        return rf"(?<![0-9])(?<![0-9]\.){word}(?![0-9]|\.[0-9])"
    if what is Private.ACCOUNT and original[-1:].isdigit():
        return rf"{word}(?![0-9])"
    left = r"(?<![A-Za-z0-9])" if original[:1].isalnum() else ""
    right = r"(?![A-Za-z0-9])" if original[-1:].isalnum() else ""
    return f"{left}{word}{right}"
