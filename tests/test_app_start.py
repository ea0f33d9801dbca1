"""The order in which the product comes up: the window first, then what takes long, then the links."""

import asyncio
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QApplication

from psf_monitor import app
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.window import MainWindow
from tests.conftest import ExpectedErrors
from tests.far_sides import settings_for, standing_still
from tests.test_app import Trader, in_qt
from tests.waiting import until

HAMMER = AccountMode.HAMMER_PRO


def test_that_the_password_is_looked_up_once_the_window_is_there_and_before_hammer_is_signed_in_to(
    qapp: QApplication, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")

    def window() -> MainWindow | None:
        found = (w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
        return next(found, None)

    async def story() -> None:
        async with standing_still() as gateways:
            settings = settings_for(gateways)
            seen: list[bool] = []

            def look_up() -> str:
                shown = window()
                seen.append(
                    shown is not None and not shown.links_panel.cards[HAMMER].visibleRegion().isEmpty()
                )
                return gateways.hammer.password

            without = replace(settings, hammer=replace(settings.hammer, password=""))
            options = app.WindowOptions(without, "normal", 7, "dark", (1280, 720), None, 0, password=look_up)
            showing = asyncio.create_task(app.show(qapp, options))
            await until(lambda: window() is not None, what="the window")
            shown = window()
            assert shown is not None
            trader = Trader(shown)
            # Before the password is there: the click waits for it.
            trader.click(HAMMER)
            await until(partial(trader.is_connected, HAMMER), what="HAMMER connected")
            assert seen == [True]
            shown.close()
            async with asyncio.timeout(10):
                assert await showing == 0

    in_qt(qapp, story)
