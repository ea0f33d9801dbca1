"""A window whose settings can be changed."""

from collections.abc import Callable

import pytest

from tests.ui.service import Service
from tests.ui.window import WindowUnderTest

Opener = Callable[..., WindowUnderTest]


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def served(open_window: Opener, service: Service) -> WindowUnderTest:
    return open_window(service=service)
