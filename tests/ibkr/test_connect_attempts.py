"""Attempts at a TWS that is closed, unknown, taken, waiting, or something else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import (
    NEVER,
    QUICK,
    Login,
    profile,
    serving,
)
from tests.support.scripted_hammer import ScriptedHammer
from tests.support.waiting import until


@pytest.fixture
async def login(market: Market, tws: SimTws) -> AsyncIterator[Login]:
    async with serving(Login(market, profile(tws.port), QUICK)) as one:
        yield one


async def test_that_a_client_id_in_use_is_reported_long_before_the_handshake_times_out(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    async with serving(Login(market, profile(tws.port), replace(QUICK, handshake_s=NEVER))) as second:
        second.link.connect()
        await second.reach(LinkState.FAILED)
        assert second.problem_text.startswith("Client id 1 is already used on this TWS.")
        assert second.problem_text.endswith("(326)")
    assert login.state is LinkState.READY


async def test_that_a_closed_port_names_what_to_start(market: Market, tws: SimTws) -> None:
    port = tws.port
    await tws.stop()
    async with serving(Login(market, profile(port), QUICK)) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert login.problem_text.startswith(f"Nothing answers at 127.0.0.1:{port}.")
        assert login.link.status.retry_at is None


async def test_that_an_unknown_computer_is_named(market: Market) -> None:
    async with serving(Login(market, profile(4001, host="no-such-host.invalid"), QUICK)) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert login.problem_text.startswith("Cannot find the computer 'no-such-host.invalid'.")


@pytest.mark.usefixtures("slow_names")
async def test_that_a_slow_network_is_no_silence_of_tws(market: Market) -> None:
    timing = replace(QUICK, handshake_s=0.1)
    async with serving(Login(market, profile(4001, host="tws.slow"), timing)) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert login.problem_text.startswith("Looking for the computer 'tws.slow' took longer than 0.1 s.")


async def test_that_a_tws_that_waits_for_a_person_is_reported(market: Market, tws: SimTws) -> None:
    tws.faults.silent = True
    async with serving(Login(market, profile(tws.port), replace(QUICK, handshake_s=0.1))) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert "did not finish the handshake" in login.problem_text
        assert "Look for a question window in TWS" in login.problem_text


async def test_that_a_line_that_ends_while_the_rows_are_first_loaded_is_opened_again(
    market: Market, tws: SimTws
) -> None:
    tws.faults.withheld.add(62)
    async with serving(Login(market, profile(tws.port), replace(QUICK, answer_s=NEVER))) as login:
        login.link.connect()
        await login.reach(LinkState.LOADING)
        tws.faults.withheld.clear()
        tws.close_all()
        await login.reach(LinkState.READY)


async def test_that_cancel_ends_a_handshake_at_once(market: Market, tws: SimTws) -> None:
    tws.faults.silent = True
    async with serving(Login(market, profile(tws.port), replace(QUICK, handshake_s=NEVER))) as login:
        login.link.connect()
        await until(lambda: tws.connections == 1)
        login.link.disconnect()
        await login.reach(LinkState.IDLE)
        await until(lambda: tws.connections == 0)


@pytest.mark.parametrize("withheld", [9, 15])
async def test_that_a_handshake_that_stops_half_way_times_out(
    withheld: int, market: Market, tws: SimTws
) -> None:
    tws.faults.withheld.add(withheld)
    async with serving(Login(market, profile(tws.port), replace(QUICK, handshake_s=0.1))) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert "did not finish the handshake" in login.problem_text


async def listener(answer: bytes) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    return await asyncio.start_server(serve, "127.0.0.1", 0)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "Something answers on port"),
        (b"", "What listens on port"),
        (b"\0\0\0\x1a156\x0020260918 14:26:00 EST\0", "This TWS is too old."),
    ],
)
async def test_that_another_program_on_the_port_is_not_taken_for_tws(
    answer: bytes, text: str, market: Market
) -> None:
    async with await listener(answer) as server:
        port = server.sockets[0].getsockname()[1]
        async with serving(Login(market, profile(port), replace(QUICK, handshake_s=NEVER))) as login:
            login.link.connect()
            await login.reach(LinkState.FAILED)
            assert login.problem_text.startswith(text)


@pytest.mark.parametrize("handshake_s", [NEVER, 0.1])
async def test_that_a_login_on_hammers_port_is_warned_that_it_may_not_be_that_of_tws(
    handshake_s: float, market: Market
) -> None:
    timing = replace(QUICK, handshake_s=handshake_s)
    hammer = ScriptedHammer({})
    hammer.open_timeout_s = 0.5
    async with hammer, serving(Login(market, profile(hammer.port), timing)) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        text = login.problem_text
        assert "Hammer Pro" in text or text.startswith("Something answers on port")
        assert "Socket port" in text
        assert "TWS closed the line" not in text
