"""Whether the figures of a file have a decimal point or a decimal comma. Pure."""

import math
import re
from collections.abc import Iterable

_DECIMAL_POINT = re.compile(
    r"(?:[0-9]+|[1-9][0-9]{0,2}(?P<mark>[,'\u2019 \u00a0\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*)?"
    r"(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"
)
_DECIMAL_COMMA = re.compile(
    r"(?:[0-9]+|[1-9][0-9]{0,2}(?P<mark>[.'\u2019 \u00a0\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*)?"
    r"(?:,[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"
)
_NO_DIGIT = re.compile(r"[^0-9]*")


def has_decimal_comma(cells: Iterable[str], *, delimiter: str) -> bool | None:
    """Return whether more of these cells can be read with a decimal comma than with a point; ``None`` if
    unclear.

    If both are equal, a file with columns separated by commas has decimal points, like PSFALGO's files,
    unless every figure in it has a comma and is quoted.
    """
    points = commas = 0
    marks = set()
    for text in cells:
        by_point, by_comma = written(text, has_comma=False), written(text, has_comma=True)
        points += by_point is not None
        commas += by_comma is not None
        if None not in (by_point, by_comma) and by_point != by_comma:
            marks.add("," if "," in text else ".")
    if commas != points:
        return commas > points
    return None if delimiter != "," or marks == {","} else False


def meanings(text: str, has_comma: bool | None) -> tuple[float, ...]:
    """Return the numbers that a text may mean: none, one, or two if no other figure decides."""
    if has_comma is not None:
        found = [written(text, has_comma=has_comma)]
    else:
        found = [written(text, has_comma=False), written(text, has_comma=True)]
    return tuple(dict.fromkeys(number for number in found if number is not None))


def written(text: str, *, has_comma: bool) -> float | None:
    """Parse a number with sign, thousands, a leading currency sign or a percent sign; ``None`` if it is none.

    A number in brackets is negative.
    """
    sign, text = 1.0, text.replace("%", "").strip()
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1.0, text[1:-1].strip()
    if text[:1] in ("-", "\u2212", "+"):
        sign, text = (sign if text[0] == "+" else -sign), text[1:]
    text = text.removeprefix("$").strip()
    found = (_DECIMAL_COMMA if has_comma else _DECIMAL_POINT).fullmatch(text)
    if found is None or _NO_DIGIT.fullmatch(text):
        return None
    if found["mark"]:
        text = text.replace(found["mark"], "")
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return sign * number if math.isfinite(number) else None
