"""The wires recorded from the window: by the menu, by the command line, by the settings."""

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from psf_monitor.app.options import WindowOptions
from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.entry import LINKS, Kind
from psf_monitor.recording.reader import Reader
from psf_monitor.settings import RecordSettings, user_paths
from psf_monitor.sim.demo import Gateways
from tests.app.running_window import Trader, in_qt, opened, with_running_window
from tests.support.sim_servers import settings_for, standing_still


def kinds_of(path: Path) -> set[tuple[int, int]]:
    return {(r.entry.link, r.entry.kind) for r in Reader(path)}


EVERY_LINK = {(link, kind) for link in LINKS.values() for kind in (Kind.OPENED, Kind.SENT, Kind.RECEIVED)}


def test_that_the_menu_records_what_is_connected_and_the_chip_shows_it(qapp: QApplication) -> None:
    async def day(trader: Trader, _gateways: Gateways) -> None:
        window = trader.window
        await trader.connect_all()
        assert window.top_bar.recording.text == ""
        window.menus.record.trigger()
        assert window.top_bar.recording.text == "● REC"
        assert "are recorded into" in window.status.news.text
        trader.click(AccountMode.IBKR_PED)
        window.menus.record.trigger()
        assert window.top_bar.recording.text == ""
        assert "the recording is ended" in window.status.news.text

    with_running_window(qapp, day)
    path = max(user_paths().recordings.glob("*.wires"))
    assert kinds_of(path) >= EVERY_LINK | {(0, Kind.GAP), (2, Kind.ACT), (0, Kind.END)}


def test_that_a_file_named_at_the_start_has_everything_from_the_first_click(
    qapp: QApplication, tmp_path: Path
) -> None:
    path = tmp_path / "morning.wires"

    async def day(trader: Trader, _gateways: Gateways) -> None:
        assert trader.window.menus.record.isChecked()
        await trader.connect_all()

    with_running_window(qapp, day, record=path)
    assert kinds_of(path) >= EVERY_LINK | {(0, Kind.END)}
    assert (0, Kind.GAP) not in kinds_of(path)


def test_that_the_settings_record_every_start_and_a_bad_folder_stops_nothing(
    qapp: QApplication, tmp_path: Path
) -> None:
    (tmp_path / "folder").write_text("in the way", encoding="utf-8")

    async def story() -> None:
        async with standing_still() as gateways:
            settings = replace(settings_for(gateways), record=RecordSettings(enabled=True))
            options = WindowOptions(
                settings, "normal", 7, "dark", None, None, 0, record=tmp_path / "folder" / "a.wires"
            )
            async with opened(qapp, options) as window:
                trader = Trader(window)
                await trader.connect_all()
                window.show_now()
                assert window.top_bar.recording.text == "REC · NOT WRITTEN"
                assert "cannot be written" in window.top_bar.recording.toolTip()

    in_qt(qapp, story)
