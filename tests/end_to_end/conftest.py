"""From the sockets of both servers to everything that the trader and other programs read."""

import pytest

from tests.conftest import ExpectedErrors


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """ib_insync logs TWS's messages as errors."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
