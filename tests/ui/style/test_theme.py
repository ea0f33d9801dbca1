"""Contrast, computed from the palettes themselves (WCAG 2.1)."""

import gc
import weakref
from collections.abc import Iterable
from itertools import product

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from pytestqt.qtbot import QtBot

from psf_monitor.ui.style.theme import (
    BLUE_ORANGE,
    CHIP_TONES,
    DARK,
    LIGHT,
    Palette,
    Scheme,
    Theme,
    Tone,
    high_contrast,
)
from tests.ui.style.contrast import contrast

PALETTES = [
    pytest.param(DARK, id="dark"),
    pytest.param(LIGHT, id="light"),
    pytest.param(replace(DARK, **BLUE_ORANGE["dark"]), id="dark, blue and orange"),
    pytest.param(replace(LIGHT, **BLUE_ORANGE["light"]), id="light, blue and orange"),
]
ROW_GROUNDS = ("base", "alt", "selection")


def of(palette: Palette, name: str) -> str:
    return str(getattr(palette, name.strip()))


def below(least: float, palette: Palette, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """The contrast of each pair of colours that has less than ``least``."""
    found = {pair: contrast(of(palette, pair[0]), of(palette, pair[1])) for pair in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio < least}


def test_that_black_on_white_has_the_contrast_that_wcag_demands() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("palette", PALETTES)
def test_that_every_text_of_a_row_is_readable(palette: Palette) -> None:
    texts = ("text", "text2", "stale", "gain", "loss", "warn")
    assert below(4.5, palette, product(texts, ROW_GROUNDS)) == {}


@pytest.mark.parametrize("palette", PALETTES)
def test_that_every_text_beside_the_tables_is_readable(palette: Palette) -> None:
    grounds = ("window", "card", "header", "near_fill")
    assert below(4.5, palette, product(("text", "text2", "warn"), grounds)) == {}


@pytest.mark.parametrize("palette", PALETTES)
def test_that_a_price_is_readable_while_it_flashes(palette: Palette) -> None:
    assert below(4.5, palette, product(["text"], ("tick_up", "tick_down"))) == {}


@pytest.mark.parametrize("palette", PALETTES)
def test_that_every_chip_and_banner_is_readable(palette: Palette) -> None:
    tones = CHIP_TONES | {Tone.DEMO, Tone.WARN, Tone.ERROR}
    assert below(4.5, palette, ((tone.value, f"{tone.value.strip()}_bg") for tone in tones)) == {}


@pytest.mark.parametrize("palette", PALETTES)
def test_that_a_filled_button_is_readable(palette: Palette) -> None:
    assert contrast(palette.accent_text, palette.accent) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
def test_that_every_order_mark_stands_out(palette: Palette) -> None:
    marks = ("submitted", "held", "pending", "cancelling", "cancelled", "stale")
    assert below(3, palette, product(marks, ("base", "alt"))) == {}


@pytest.mark.parametrize("palette", PALETTES)
def test_that_every_light_and_border_stands_out(palette: Palette) -> None:
    names = ("gain", "warn", "error_light", "text2", "control", "accent")
    assert below(3, palette, product(names, ("card", "window"))) == {}


def test_that_a_pair_of_too_little_contrast_is_named() -> None:
    grey = replace(DARK, text2=DARK.base)
    assert list(below(4.5, grey, product(("text", "text2"), ["base"]))) == [("text2", "base")]


@pytest.mark.usefixtures("qapp")
def test_that_every_tone_has_a_colour_and_every_chip_a_ground() -> None:
    theme = Theme(Scheme.DARK)
    for tone in Tone:
        assert theme.colour(tone).isValid()
    for tone in CHIP_TONES:
        assert theme.ground(tone).isValid()


@pytest.mark.parametrize(("ground", "text"), [("#000000", "#ffffff"), ("#ffffff", "#000000")])
def test_that_high_contrast_is_the_systems_own_two_colours(ground: str, text: str) -> None:
    system = QPalette()
    system.setColor(QPalette.ColorRole.Base, QColor(ground))
    system.setColor(QPalette.ColorRole.Text, QColor(text))
    palette = high_contrast(system)
    for tone in set(Tone) - CHIP_TONES:
        assert contrast(of(palette, tone), palette.base) == pytest.approx(21)
        assert contrast(of(palette, tone), palette.selection) == pytest.approx(21)
    for tone in CHIP_TONES:
        assert contrast(of(palette, tone), of(palette, f"{tone.value.strip()}_bg")) == pytest.approx(21)
    for name in ("near_fill", "tick_up", "tick_down", "header", "card", "window"):
        assert contrast(palette.text, of(palette, name)) == pytest.approx(21)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_that_high_contrast_comes_and_goes_whatever_scheme_was_chosen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, scheme: Scheme
) -> None:
    theme = Theme(scheme)
    chosen = theme.palette
    for is_on in (True, False):
        monkeypatch.setattr("psf_monitor.ui.style.theme.is_high_contrast", lambda is_on=is_on: is_on)
        with qtbot.waitSignal(theme.changed):
            theme.follow_system()
        assert (theme.palette == high_contrast(QGuiApplication.palette())) is is_on
    assert theme.palette == chosen


def test_that_a_chosen_scheme_stays_when_the_system_turns_dark_or_light(qtbot: QtBot) -> None:
    theme = Theme(Scheme.LIGHT)
    with qtbot.assertNotEmitted(theme.changed):
        theme.follow_system()


@pytest.mark.usefixtures("qapp")
def test_that_nothing_keeps_the_theme_of_a_window_that_is_gone() -> None:
    theme = Theme(Scheme.DARK)
    gone = weakref.ref(theme)
    del theme
    gc.collect()
    assert gone() is None
