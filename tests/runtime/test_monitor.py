"""What the running monitor does between its parts."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings, SettingsError
from tests.support.records import GUN, Clock, position
from tests.support.waiting import until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "symbols.csv"


@pytest.fixture
async def monitor(file: Path) -> AsyncIterator[Monitor]:
    """A running monitor without connections; its table has one valid line."""
    write(file, "AGNCM,AGNC-M\n")
    settings = Settings(
        {mode: IbkrProfile(mode, "127.0.0.1", 1, 1) for mode in IBKR_MODES},
        HammerProfile("127.0.0.1", 1),
        file,
    )
    monitor = Monitor(settings, Clock(), timing=MonitorTiming(look_every_s=0.01))
    monitor.book.positions_replaced(GUN, [position("AGNCM"), position("CIM PRB")])
    running = asyncio.create_task(monitor.run())
    yield monitor
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def asked(monitor: Monitor) -> dict[str, str | None]:
    monitor.book.drain()
    return {row.symbol: row.hammer_symbol for row in monitor.book.position_rows()}


async def test_that_the_traders_table_names_the_symbols(monitor: Monitor) -> None:
    await until(lambda: asked(monitor) == {"AGNCM": "AGNC-M", "CIM PRB": "CIM-B"})


async def test_that_hammer_is_asked_for_new_symbols_once_the_book_has_all_that_came_with_them(
    monitor: Monitor,
) -> None:
    await until(lambda: asked(monitor)["CIM PRB"] == "CIM-B")
    monitor.book.position_changed(GUN, position("CIM PRB", 0))
    monitor.book.position_changed(GUN, position("MS PRK", con_id=3))
    assert asked(monitor) == {"AGNCM": "AGNC-M", "MS PRK": None}
    await until(lambda: asked(monitor) == {"AGNCM": "AGNC-M", "MS PRK": "MS-K"})


async def test_that_an_edit_by_hand_counts_without_a_restart(
    monitor: Monitor, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    write(file, "AGNCM,AGNC.M\nSPY\n")
    await until(lambda: asked(monitor)["AGNCM"] == "AGNC.M")
    assert monitor.symbol_problems == ("line 2: has no HAMMER symbol for SPY.",)
    assert caplog.messages == ["symbols.csv: line 2: has no HAMMER symbol for SPY."]


async def test_that_a_name_set_in_the_window_is_asked_and_written_at_once(
    monitor: Monitor, file: Path
) -> None:
    monitor.set_hammer_symbol("CIM PRB", "CIMpB")
    assert asked(monitor) == {"AGNCM": "AGNC-M", "CIM PRB": "CIMpB"}
    assert read(file) == "AGNCM,AGNC-M\nCIM PRB,CIMpB\n"
    monitor.set_hammer_symbol("CIM PRB", "")
    assert asked(monitor)["CIM PRB"] == "CIM-B"


async def test_that_a_name_that_cannot_be_used_changes_nothing(monitor: Monitor) -> None:
    with pytest.raises(SettingsError):
        monitor.set_hammer_symbol("CIM PRB", "X" * 99)
    assert asked(monitor)["CIM PRB"] == "CIM-B"
