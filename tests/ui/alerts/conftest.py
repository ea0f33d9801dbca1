"""A trader at a window that watches alerts."""

from collections.abc import Callable

import pytest

from tests.ui.alerts.trader import Trader
from tests.ui.window import WindowUnderTest

Opener = Callable[..., WindowUnderTest]


@pytest.fixture
def trader(open_window: Opener) -> Trader:
    played: list[str] = []
    return Trader(open_window(play=played.append), played)
