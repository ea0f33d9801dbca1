"""A picture to show around: where it goes, what stands under it, and what it must not show."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from psf_monitor import __version__
from psf_monitor.formatting import DASH
from psf_monitor.ui.journal.pnl_curve_window import PnlCurveWindow
from psf_monitor.ui.shell import screenshot
from psf_monitor.ui.shell.layout.detached_panels import PanelWindow
from psf_monitor.ui.shell.screenshot import FOOTER_HEIGHT
from tests.endurance.disk.test_bad_disks import disk, needs_mount
from tests.ui.window import WindowUnderTest, fill, has_keys, quote, total

Opener = Callable[..., WindowUnderTest]


def shoot(qtbot: QtBot, ui: WindowUnderTest) -> None:
    qtbot.mouseClick(ui.window.top_bar.screenshot, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def test_that_the_button_saves_at_once_with_a_footer_and_copies(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    ui = open_window(pictures=[tmp_path / "Pictures"])
    shoot(qtbot, ui)
    path = tmp_path / "Pictures" / "psf_monitor_20260918_120000.png"
    picture = QImage(str(path))
    ratio = ui.window.devicePixelRatio()
    assert (picture.width(), picture.height()) == (1280 * ratio, (720 + FOOTER_HEIGHT) * ratio)
    assert QGuiApplication.clipboard().image().size() == picture.size()
    assert str(path) in ui.window.status.news.text


def test_that_the_keys_do_the_same_and_no_picture_replaces_another(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    ui = open_window(pictures=[tmp_path])
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _time in range(2):
        qtbot.keyClick(ui.window.positions.view, Qt.Key.Key_S, modifiers)  # type: ignore[no-untyped-call]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["psf_monitor_20260918_120000.png", "psf_monitor_20260918_120000_2.png"]


def test_that_the_keys_take_the_window_that_has_them(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    ui = open_window(pictures=[tmp_path])
    fill(ui)
    window, ratio = ui.window, ui.window.devicePixelRatio()
    window.menus.detach_positions.trigger()
    window.menus.curve.trigger()
    (positions,) = window.findChildren(PanelWindow)
    (curve,) = window.findChildren(PnlCurveWindow)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for each, size in ((positions, (900, 500)), (curve, (700, 400)), (window, (1280, 720))):
        each.resize(*size)
        each.activateWindow()
        qtbot.waitUntil(partial(has_keys, each))
        before = set(tmp_path.iterdir())
        qtbot.keyClick(each, Qt.Key.Key_S, modifiers)  # type: ignore[no-untyped-call]
        (path,) = set(tmp_path.iterdir()) - before
        picture = QImage(str(path))
        assert picture.width() == size[0] * ratio
        assert picture.height() - size[1] * ratio in (FOOTER_HEIGHT * ratio, 2 * FOOTER_HEIGHT * ratio)
    curve.close()


def test_that_values_are_hidden_by_key_in_the_window_of_the_days_pnl(
    open_window: Opener, qtbot: QtBot
) -> None:
    ui = open_window()
    ui.window.menus.curve.trigger()
    (curve,) = ui.window.findChildren(PnlCurveWindow)
    qtbot.waitUntil(partial(has_keys, curve))
    qtbot.keyClick(curve, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    assert ui.window.menus.hide_values.isChecked()
    curve.close()


def test_that_the_folder_is_one_click_away_until_something_else_is_reported(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    ui = open_window(pictures=[tmp_path])
    assert not ui.window.status.link.isVisible()
    shoot(qtbot, ui)
    qtbot.mouseClick(ui.window.status.link, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]
    fill(ui)
    assert not ui.window.status.link.isVisible()


def test_that_a_folder_that_refuses_is_reported_and_another_one_takes_the_picture(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    ui = open_window(pictures=[tmp_path / "file" / "shots", tmp_path / "home"])
    shoot(qtbot, ui)
    text = ui.window.status.news.text
    assert f"Could not save to {tmp_path / 'file' / 'shots'}" in text
    assert f"Saved to {tmp_path / 'home'} instead" in text
    assert len(list((tmp_path / "home").iterdir())) == 1


def test_that_a_picture_that_no_folder_takes_is_still_on_the_clipboard(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    ui = open_window(pictures=[tmp_path / "file" / "shots"])
    shoot(qtbot, ui)
    assert "The picture is on the clipboard." in ui.window.status.news.text
    assert not ui.window.status.link.isVisible()
    assert QGuiApplication.clipboard().image().width() >= 1280


def test_that_the_footer_shows_when_by_what_and_of_which_connections(ui: WindowUnderTest) -> None:
    fill(ui)
    (text,) = ui.window.screenshot_maker.footer()
    assert text.startswith("Captured 2026-09-18 12:00:00 ET (")
    assert f"psf_monitor {__version__}" in text
    assert "IBKR_GUN Connected, LIVE  ·  IBKR_PED Connected, LIVE  ·  HAMMER Connected, 2/2 symbols" in text
    assert "values hidden" not in text
    ui.window.menus.hide_values.trigger()
    assert ui.window.screenshot_maker.footer()[-1].endswith("values hidden")


def test_that_a_narrow_picture_has_the_whole_footer_on_two_lines(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.menus.hide_values.trigger()
    ui.window.resize(940, 480)
    ratio = ui.window.devicePixelRatio()
    picture = ui.window.screenshot_maker.picture(has_footer=True)
    assert picture.height() == (480 + 2 * FOOTER_HEIGHT) * ratio
    lines = ui.window.screenshot_maker.footer(lambda line: len(line) < 120)
    assert len(lines) == 2
    assert "  ·  ".join(lines) == ui.window.screenshot_maker.footer()[0]


def test_that_the_picture_of_the_command_line_has_a_footer_only_when_asked_for(ui: WindowUnderTest) -> None:
    ratio = ui.window.devicePixelRatio()
    assert ui.window.screenshot_maker.picture(has_footer=False).height() == 720 * ratio
    assert ui.window.screenshot_maker.picture(has_footer=True).height() == (720 + FOOTER_HEIGHT) * ratio


def test_that_a_missing_folder_is_reported(ui: WindowUnderTest, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        screenshot.write(
            ui.window.screenshot_maker.picture(has_footer=False), tmp_path / "nowhere" / "shot.png"
        )


@needs_mount
def test_that_a_full_disk_is_the_reason_and_keeps_no_half_picture(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    with disk(tmp_path / "disk", "size=64k") as folder:
        (folder / "ballast").write_bytes(bytes(60_000))
        ui = open_window(pictures=[folder])
        fill(ui)
        shoot(qtbot, ui)
        assert [each.name for each in folder.iterdir()] == ["ballast"]
    full = f"Could not save to {folder}: No space left on device: make room on that disk."
    assert ui.window.status.news.text.endswith(f"{full} The picture is on the clipboard.")


def test_that_all_figures_on_one_screenshot_agree(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    ui = open_window(pictures=[tmp_path])
    fill(ui)
    share = ui.window.symbol_windows.open(ui.window.positions.model.line(0).row)
    ui.book.quotes_changed({"CIM PRB": quote(ui.clock, 25.98, 26.02, 26.0)})
    shoot(qtbot, ui)
    rows = [ui.cell("unrealized_pnl", place) for place in range(ui.window.positions.model.shown_count)]
    known = [float(text.replace(",", "").replace("−", "-")) for text in rows if text != DASH]
    assert "+7,744" in rows
    assert total(ui)["unrealized_pnl"] == f"{sum(known):+,.0f}"
    assert "26.00" in [figure.text.text for figure in share.header.figures]
    share.close()
