"""From the sockets of both servers to everything that the trader and other programs read."""

import pytest

from tests.conftest import ExpectedErrors


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs what TWS says as errors of its own."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
