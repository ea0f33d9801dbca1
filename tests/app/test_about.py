"""What About names in the product's own window."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from psf_monitor.sim.demo import Gateways
from tests.app.running_window import Trader, with_running_window


@pytest.mark.parametrize("is_read", [True, False])
def test_that_it_names_the_settings_file_where_one_is_read_and_the_log_always(
    qapp: QApplication, tmp_path: Path, is_read: bool
) -> None:
    path = tmp_path / "mine.toml"

    async def day(trader: Trader, _gateways: Gateways) -> None:
        trader.window.menus.about.trigger()
        (box,) = trader.window.findChildren(QMessageBox)
        assert (f"Settings: {path}" in box.informativeText()) is is_read
        assert ("Settings:" in box.informativeText()) is is_read
        assert "Log: " in box.informativeText()
        box.close()

    with_running_window(qapp, day, settings_file=path if is_read else None)
