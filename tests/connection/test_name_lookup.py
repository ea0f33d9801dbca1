"""A computer is found by its name, and a network that does not answer holds up nobody."""

import asyncio
import socket
import threading

import pytest

from psf_monitor.connection.name_lookup import look_up


def test_that_a_program_ends_while_the_network_does_not_answer(slow_names: threading.Event) -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(look_up("tws.slow", 0.01))
    assert not slow_names.is_set()


async def test_that_an_answer_that_nobody_waits_for_any_more_is_nothing(slow_names: threading.Event) -> None:
    with pytest.raises(TimeoutError):
        await look_up("tws.slow", 0.01)
    slow_names.set()
    with pytest.raises(socket.gaierror):
        await look_up("tws.slow", 60.0)


async def test_that_addresses_are_known_by_name_and_in_numbers() -> None:
    assert "127.0.0.1" in await look_up("localhost", 60.0)
    assert await look_up("127.0.0.1", 60.0) == ["127.0.0.1"]
    assert await look_up("::1", 60.0) == ["::1"]
