"""A window with the fills of a day."""

import pytest

from tests.support.records import GUN, PED
from tests.ui.fills.day_of_fills import DAY
from tests.ui.fills_tab import report
from tests.ui.window import ACCOUNTS, WindowUnderTest
from tests.ui.window import fill as fill_window


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    """Both logins are connected, and each has sent its list of the day."""
    fill_window(ui)
    report(ui, *DAY)
    for mode in (GUN, PED):
        ui.fills.fills_listed(mode, [ACCOUNTS[mode]])
    ui.window.section.show_fills(True)
    ui.window.show_now()
    return ui
