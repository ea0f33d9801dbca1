"""One login only, and two profiles that reach one TWS, from the settings to the window."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from psf_monitor.app.options import WindowOptions
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import IbkrProfile
from psf_monitor.sim.demo import Gateways
from tests.app.running_window import Trader, in_qt, opened
from tests.conftest import ExpectedErrors
from tests.support.records import GUN, PED
from tests.support.sim_servers import running_monitor, settings_for, standing_still
from tests.support.waiting import until

HAMMER = AccountMode.HAMMER_PRO


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs a lost line as an error of its own."""
    expected_errors.allow("ib_insync.client")
    expected_errors.allow("ib_insync.wrapper")


def day_of(
    qapp: QApplication,
    logins: Callable[[Gateways], Mapping[AccountMode, IbkrProfile]],
    day: Callable[[Trader], Coroutine[Any, Any, None]],
) -> None:
    async def story() -> None:
        async with standing_still() as gateways:
            settings = replace(settings_for(gateways), ibkr=logins(gateways))
            options = WindowOptions(settings, "normal", 7, "dark", (1280, 720), None, 0)
            async with opened(qapp, options) as window:
                await day(Trader(window))

    in_qt(qapp, story)


def test_that_a_login_that_is_switched_off_is_missed_nowhere(qapp: QApplication) -> None:
    async def day(trader: Trader) -> None:
        window = trader.window
        assert list(window.links_panel.cards) == [GUN, HAMMER]
        await trader.connect_all()
        assert len(trader.rows(window.positions)) == 12
        total = window.links_panel.strips[HAMMER]
        shown = " ".join((total.accessibleName(), total.accessibleDescription(), total.toolTip()))
        assert "PED" not in shown
        window.show_now()
        row = window.positions.frame.total
        assert row is not None
        assert row.figures.title == "Total"
        window.section.show_fills(True)
        window.show_now()

    day_of(qapp, lambda gateways: {GUN: settings_for(gateways).ibkr[GUN]}, day)


def test_that_a_table_of_a_login_that_is_switched_off_is_reported(qapp: QApplication) -> None:
    async def day(trader: Trader) -> None:
        window = trader.window
        window.positions.choose(2)
        window.show_now()
        assert window.positions.frame.empty.shown.title == "IBKR_PED is switched off"
        window.section.show_fills(True)
        window.show_now()

    day_of(qapp, lambda gateways: {GUN: settings_for(gateways).ibkr[GUN]}, day)


def test_that_the_kind_of_login_that_answers_is_expected_after_one_click(qapp: QApplication) -> None:
    async def day(trader: Trader) -> None:
        banners = trader.window.banners
        trader.click(PED)
        await until(lambda: trader.state(PED) == "expected PAPER", what="a login of the other kind")
        (expect,) = [
            button
            for banner in banners.banners
            if banner.title.text == "IBKR_PED is a LIVE account."
            for button in banner.buttons
            if button.text() == "Expect live"
        ]
        expect.click()
        await until(lambda: trader.is_connected(PED), what="a login as expected")
        trader.window.show_now()
        assert "IBKR_PED is a LIVE account." not in [banner.title.text for banner in banners.banners]

    def logins(gateways: Gateways) -> Mapping[AccountMode, IbkrProfile]:
        ibkr = settings_for(gateways).ibkr
        return {**ibkr, PED: replace(ibkr[PED], expects_paper=True)}

    day_of(qapp, logins, day)


async def test_that_the_same_id_at_the_same_place_is_blamed_on_nobody_else() -> None:
    async with standing_still() as gateways:
        port = gateways.gun.port
        twins = {GUN: IbkrProfile(GUN, "127.0.0.1", port, 5), PED: IbkrProfile(PED, "localhost", port, 5)}
        async with running_monitor(Monitor(replace(settings_for(gateways), ibkr=twins))) as monitor:
            monitor.links[GUN].connect()
            await until(lambda: monitor.links[GUN].status.state is LinkState.READY)
            monitor.links[PED].connect()
            await until(lambda: monitor.links[PED].status.state is LinkState.FAILED)
            problem = monitor.links[PED].status.problem
            assert problem is not None
            assert problem.what == "Client id 5 is already used by IBKR_GUN."
            assert "switch this profile off" in problem.to_do
            assert problem.code == 326


async def test_that_an_id_that_another_program_holds_is_not_blamed_on_our_own() -> None:
    async with standing_still() as gateways:
        port = gateways.gun.port
        other = Monitor(replace(settings_for(gateways), ibkr={GUN: IbkrProfile(GUN, "127.0.0.1", port, 5)}))
        twins = {mode: IbkrProfile(mode, "127.0.0.1", port, 5) for mode in (GUN, PED)}
        mine = Monitor(replace(settings_for(gateways), ibkr=twins))
        async with running_monitor(other), running_monitor(mine):
            other.links[GUN].connect()
            await until(lambda: other.links[GUN].status.state is LinkState.READY)
            mine.links[PED].connect()
            await until(lambda: mine.links[PED].status.state is LinkState.FAILED)
            problem = mine.links[PED].status.problem
            assert problem is not None
            assert problem.what == "Client id 5 is already used on this TWS."
