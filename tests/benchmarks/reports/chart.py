"""The figures as one picture: bars on a logarithmic or a plain scale, drawn as SVG. It knows no benchmark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH = 860
_LEFT = 190
_BAR_HEIGHT, _BAR_STEP = 16, 22
_TITLE_HEIGHT = 34
_OURS, _OTHERS, _LIMIT = "#2a78d6", "#9aa3ad", "#e34948"
_INK, _GROUND = "#171c23", "#ffffff"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``is_ours`` is the one that the picture is about."""

    name: str
    value: float
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars of one unit beside each other. ``limit`` is a target, drawn as a line across them.

    ``is_logarithmic`` where the values differ by orders of magnitude; such an axis begins at a power of ten.
    """

    title: str
    unit: str
    bars: Sequence[Bar]
    limit: float | None = None
    is_logarithmic: bool = False


def svg(title: str, panels: Sequence[Panel]) -> str:
    """The picture; panels without bars are left out."""
    parts = [_text(16, 26, title, 17, bold=True)]
    y = 44
    for panel in panels:
        if panel.bars:
            parts += _panel(panel, y)
            y += _TITLE_HEIGHT + _BAR_STEP * len(panel.bars) + 10
    size = f'width="{_WIDTH}" height="{y}" viewBox="0 0 {_WIDTH} {y}"'
    ground = f'<rect width="100%" height="100%" fill="{_GROUND}"/>'
    body = "\n".join([ground, *parts])
    font = "font-family=\"'Segoe UI', 'DejaVu Sans', sans-serif\""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>\n{body}\n</svg>\n'


def _panel(panel: Panel, y: int) -> list[str]:
    room = _WIDTH - _LEFT - 110
    values = [bar.value for bar in panel.bars]
    most = max([*values, panel.limit or 0.0]) or 1.0
    floor = (
        10 ** math.floor(math.log10(min(value for value in values if value > 0) / 2)) if any(values) else 1.0
    )

    def length(value: float) -> float:
        if not panel.is_logarithmic:
            return room * max(value, 0.0) / most
        return room * math.log10(max(value, floor) / floor) / math.log10(most / floor)

    scale = ", logarithmic" if panel.is_logarithmic else ""
    if panel.limit is not None:
        scale += f"; target {_number(panel.limit)}"
    parts = [_text(16, y + 18, f"{panel.title} ({panel.unit}{scale})", 13, bold=True)]
    top = y + _TITLE_HEIGHT - 6
    for number, bar in enumerate(panel.bars):
        at = top + number * _BAR_STEP
        long = max(length(bar.value), 1.0)
        colour = _OURS if bar.is_ours else _OTHERS
        parts.append(_text(_LEFT - 8, at + 12, bar.name, 12, anchor="end", bold=bar.is_ours))
        parts.append(
            f'<rect x="{_LEFT}" y="{at}" width="{long:.1f}" height="{_BAR_HEIGHT}" rx="2" fill="{colour}"/>'
        )
        parts.append(_text(_LEFT + long + 6, at + 12, _number(bar.value), 12))
    if panel.limit is not None:
        x = _LEFT + length(panel.limit)
        bottom = top + len(panel.bars) * _BAR_STEP - 4
        parts.append(
            f'<line x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{bottom}" '
            f'stroke="{_LIMIT}" stroke-width="1.5" stroke-dasharray="4 3"/>'
        )
    return parts


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    *,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    action = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{_INK}"{action}>'
        f"{escape(text)}</text>"
    )
