"""Why a line could not be opened, with the system's text instead of asyncio's."""

import errno

import pytest

from psf_monitor.connection.errors import is_refused, unreachable

NO_ROUTE = "[Errno 113] Connect call failed ('10.0.0.1', 7497)"
NO_NETWORK = "[Errno 101] Connect call failed ('2001:db8::1', 7497, 0, 0)"
REFUSED = "[Errno 111] Connect call failed ('::1', 7497, 0, 0)"
POSIX = pytest.mark.skipif(errno.EHOSTUNREACH != 113, reason="the numbers are Linux's")


@POSIX
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(113, "Connect call failed ('10.0.0.1', 7497)"), "No route to host"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
        (
            OSError(f"Multiple exceptions: {NO_NETWORK}, {NO_ROUTE}"),
            "Network is unreachable, No route to host",
        ),
        (OSError(f"Multiple exceptions: {NO_ROUTE}, {NO_ROUTE}"), "No route to host"),
        (
            OSError("Multiple exceptions: [WinError 1231] The network cannot be reached. "),
            "The network cannot be reached",
        ),
    ],
)
def test_that_an_unreachable_host_is_reported_in_the_systems_text(error: OSError, why: str) -> None:
    assert not is_refused(error)
    reported = unreachable("tws.local", 7497, error)
    assert reported.why == f"The system says: {why}."
    assert reported.what == "tws.local:7497 cannot be reached."


@POSIX
@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 7497)"),
        OSError(f"Multiple exceptions: {NO_NETWORK}, {REFUSED}"),
        OSError("Multiple exceptions: [WinError 1225] The remote computer refused the network connection"),
    ],
)
def test_that_an_address_where_nobody_listens_does_not_answer(error: OSError) -> None:
    assert is_refused(error)


def test_that_an_error_without_a_number_keeps_its_text() -> None:
    assert unreachable("h", 1, OSError("something else")).why == "The system says: something else."
