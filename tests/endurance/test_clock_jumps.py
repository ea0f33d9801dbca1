"""The computer's clock is put right, sleeps, or changes its season: what is shown stays sane."""

from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from psf_monitor import formatting
from psf_monitor.domain.market_hours import new_york, session_of
from tests.ui.window import WindowUnderTest, fill, quote

JUMPS_S = (-1.0, -3600.0, 3600.0, 12 * 3600.0, -12 * 3600.0, 3 * 86400.0, -400 * 86400.0, 400 * 86400.0)


@pytest.fixture
def monitor(qtbot: QtBot) -> WindowUnderTest:
    monitor = WindowUnderTest()
    qtbot.addWidget(monitor.window)
    monitor.window.resize(1280, 720)
    monitor.window.show()
    return monitor


@pytest.mark.parametrize("jump_s", JUMPS_S)
def test_that_a_jump_of_the_clock_changes_ages_and_nothing_else(
    monitor: WindowUnderTest, jump_s: float
) -> None:
    fill(monitor)
    keys = ("quantity", "bid", "last", "market_value", "unrealized_pnl", "day_pnl")
    before = [monitor.cell(key) for key in keys]
    assert formatting.DASH not in before
    monitor.wait(jump_s)
    if session_of(new_york(monitor.clock()).date()) is None:
        # No price moved on a day without a session.
        before[keys.index("day_pnl")] = formatting.DASH
    assert [monitor.cell(key) for key in keys] == before
    # What comes from ahead of the clock has no age yet.
    assert monitor.cell("age") == (formatting.age(jump_s) if jump_s > 0 else "0s")
    monitor.quote(CIM_PRB=quote(monitor.clock, bid=24.53))
    monitor.wait()
    assert monitor.cell("bid") == "24.53"
    assert monitor.cell("age") == "1s"


@pytest.mark.parametrize(
    "night", [datetime(2026, 11, 1, 5, 59, 59, tzinfo=UTC), datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC)]
)
def test_that_the_change_of_the_season_is_survived(monitor: WindowUnderTest, night: datetime) -> None:
    fill(monitor)
    monitor.clock.now = night
    monitor.quote(CIM_PRB=quote(monitor.clock, bid=24.53))
    monitor.wait()
    monitor.wait(2)
    assert monitor.cell("age") == "3s"
    assert monitor.cell("bid") == "24.53"
