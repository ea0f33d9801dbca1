"""Parse a figure typed by a person: the one number that it can mean, or an error that says what to write."""

import math
import re
from collections.abc import Sequence

from psf_monitor.problem import shown

_MINUS = "\u2212"
"""The window's own minus sign, which is part of a copied figure."""

_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]*|(?:,[0-9]{3}){2,})")
"""Commas that can only separate thousands: a decimal point or another comma follows."""
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+),[0-9]+")
_LONGEST = 400
"""In characters; no finite number needs more."""


class NoFigureError(ValueError):
    """A text is no figure: the sentence names it; ``meanings`` are the numbers that it may stand for."""

    def __init__(self, text: str, wrong: str, *meanings: str) -> None:
        self.meanings = meanings
        advice = what_to_write(meanings) or "Write one such as 25.125."
        super().__init__(f"{shown(text)} {wrong}. {advice}")


def what_to_write(meanings: Sequence[str]) -> str:
    """Return advice for a text with these possible meanings; empty if there are none."""
    which = ", whichever is meant" if len(meanings) > 1 else ""
    return f"Write {' or '.join(meanings)}{which}." if meanings else ""


def figure_of(text: str) -> float:
    """Return the number that a text gives with a decimal point, surrounding blanks and a sign allowed.

    Raises ``NoFigureError`` if it has another meaning in another country, or none; nothing is guessed.
    """
    plain = text.strip().replace(_MINUS, "-")
    if len(plain) <= _LONGEST and _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if len(plain) > _LONGEST or not _PLAIN.fullmatch(plain):
        raise _refusal(text, plain[:_LONGEST])
    number = float(plain)
    if not math.isfinite(number):
        raise NoFigureError(text, "is too large for a number")
    return number + 0.0


def _refusal(text: str, plain: str) -> NoFigureError:
    if _EITHER.fullmatch(plain):
        point, none = plain.replace(",", "."), plain.replace(",", "")
        return NoFigureError(text, f"may mean {point} or {none}", point, none)
    if _DECIMAL_COMMA.fullmatch(plain):
        return NoFigureError(text, "has a decimal comma", plain.replace(".", "").replace(",", "."))
    return NoFigureError(text, "is no number")
