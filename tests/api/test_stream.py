"""The stream: every change arrives, in the latest state, at the reader's own pace and in bounded memory."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json, to_builtins

from psf_monitor.api import change_feed as feeds
from psf_monitor.api import snapshot_records
from psf_monitor.api.change_feed import ChangeFeed
from psf_monitor.api.transport.limits import Limits
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.quote import Quote
from psf_monitor.sim.demo import Gateways
from tests.api.client import ABook, ApiClient, Events, opened, over_servers, reading
from tests.conftest import ExpectedErrors
from tests.support.records import GUN, PED, order, position
from tests.support.waiting import until


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[ApiClient]:
    """A book with one position, that the test changes itself."""
    source = ABook()
    source.book.positions_replaced(GUN, [position()])
    async with opened(source, tmp_path) as api:
        yield api


async def test_that_the_stream_begins_with_everything_and_goes_on_with_what_differs(
    gateways: Gateways, tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    async with over_servers(gateways, tmp_path) as api, reading(api) as events:
        first = await events.next()
        modes = tuple(AccountMode)
        book = to_builtins(snapshot_records.snapshot(api.source.book, api.source.links, modes))
        for kind in ("positions", "orders", "summaries"):
            assert sorted(first[kind], key=str) == sorted(book[kind], key=str) != []
        assert first["links"].keys() == {mode.value for mode in AccountMode}
        gateways.market.set_quote("CIM PRB", bid=24.70, ask=24.80, last=24.75)
        await events.until(lambda: events.position("CIM PRB")["current_price"] == 24.75)
        number, kind, change = events.seen[-1]
        assert kind == "change"
        assert number > events.seen[0][0]
        assert {p["symbol"] for p in change["positions"]} == {"CIM PRB"}

        filled = next(o for o in gateways.market.orders.values() if o.order_id == 1043)
        gateways.market.fill_order(filled.perm_id, 400, 24.52)
        await events.until(lambda: events.position("CIM PRB")["qty"] == 3400)
        await events.until(lambda: events.state["orders"][f"U1240821/{filled.perm_id}"]["filled"] == 400)

        await api.post("account/ibkr/disconnect", params={"account_type": "IBKR_PED"})
        await events.until(lambda: not events.state["links"]["IBKR_PED"]["connected"])
        await events.until(lambda: {p["account"] for p in events.state["positions"].values()} == {"U1240821"})
        await events.until(lambda: {s["account"] for s in events.state["summaries"].values()} == {"U1240821"})


async def test_that_a_reader_who_comes_later_gets_everything_first(quiet: ApiClient) -> None:
    async with reading(quiet) as first:
        await first.next()
        quiet.source.book.position_changed(GUN, position("MS PRK", 300))
        await first.until(lambda: len(first.state["positions"]) == 2)
        async with reading(quiet) as second:
            assert len((await second.next())["positions"]) == 2
            assert second.seen[0][1] == "snapshot"


async def test_that_a_quiet_stream_is_kept_alive() -> None:
    feed = ChangeFeed(ABook(), Limits(keep_alive_s=0.02))
    with feed.client() as client:
        assert (await feed.next(client) or b"").startswith(b"id: 1\nevent: snapshot\ndata: {")
        assert await feed.next(client) == b": keep-alive\n\n"


async def test_that_twenty_readers_see_the_same_and_leave_nothing_behind(quiet: ApiClient) -> None:
    def has(reader: Events, quantity: float) -> bool:
        return bool(reader.position("MS PRK").get("qty") == quantity)

    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(reading(quiet)) for _ in range(20)]
        await asyncio.gather(*(reader.next() for reader in readers))
        assert (await quiet.get("/health")).json()["stream_clients"] == 20
        for quantity in (100, 200, 300):
            quiet.source.book.position_changed(GUN, position("MS PRK", quantity))
            await asyncio.gather(*(reader.until(partial(has, reader, quantity)) for reader in readers))
        assert len({tuple(number for number, _, _ in reader.seen) for reader in readers}) == 1
    await until(lambda: quiet.api.readers == 0, what="the end of every reader")


async def test_that_one_reader_too_many_is_refused_with_that_reason(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(most_readers=1)) as api, reading(api) as events:
        await events.next()
        answer = await api.get("stream")
        assert answer.status_code == 503
        assert answer.json()["what"] == "There are too many readers."


async def test_that_a_slow_reader_gets_the_latest_state_and_no_backlog(quiet: ApiClient) -> None:
    feed = ChangeFeed(quiet.source)
    with feed.client() as fast, feed.client() as slow:
        assert await feed.next(fast)
        assert await feed.next(slow)
        sizes = []
        for number in range(200):
            quiet.source.book.position_changed(GUN, position("MS PRK", number + 1))
            quiet.source.book.position_changed(GUN, position("GS PRA", 1 if number % 2 else 0))
            feed.update()
            sizes.append(len(await feed.next(fast) or b""))
        late = await feed.next(slow) or b""
        assert len(late) <= max(sizes)
        body = json.decode(late.partition(b"data: ")[2])
        assert {p["symbol"]: p["qty"] for p in body["positions"]} == {"MS PRK": 200, "GS PRA": 1}
        assert sum(map(feed.remembered, ("positions", "orders", "summaries", "links"))) < 10


async def test_that_removed_rows_are_forgotten_once_all_clients_have_them(quiet: ApiClient) -> None:
    feed = ChangeFeed(quiet.source)
    with feed.client() as client:
        await feed.next(client)
        for number in range(50):
            name = f"X{number}"
            quiet.source.book.position_changed(GUN, position(name, 1))
            feed.update()
            await feed.next(client)
            quiet.source.book.position_changed(GUN, position(name, 0))
            feed.update()
            gone = json.decode((await feed.next(client) or b"").partition(b"data: ")[2])["gone"]
            assert len(gone["positions"]) == 1
        assert feed.remembered("positions") <= 2


async def test_that_a_reader_who_never_reads_is_cut_off(tmp_path: Path) -> None:
    source = ABook()
    source.book.positions_replaced(GUN, [position(f"S{number}", con_id=number + 1) for number in range(900)])
    async with opened(source, tmp_path, limits=Limits(stuck_after_s=0.3)) as api:
        host, port = api.address.removeprefix("http://").split(":")
        loop = asyncio.get_running_loop()
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.setblocking(False)
            await loop.sock_connect(line, (host, int(port)))
            head = f"GET /api/psfalgo/stream HTTP/1.1\r\nHost: {host}:{port}\r\n"
            await loop.sock_sendall(line, f"{head}Authorization: Bearer {api.token}\r\n\r\n".encode())
            await until(lambda: api.api.readers == 1)
            number = 0

            def is_cut_off() -> bool:
                # Every row differs again and again, so that more waits for it than the line holds.
                nonlocal number
                number += 1
                source.book.positions_replaced(
                    GUN, [position(f"S{each}", number, con_id=each + 1) for each in range(900)]
                )
                return api.api.readers == 0

            await until(is_cut_off, what="the end of the reader")


async def test_that_the_streams_end_with_the_api(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        async with opened(ABook(), tmp_path) as api:
            reader = api.stranger(Authorization=f"Bearer {api.token}")
            client = await stack.enter_async_context(reader)
            stream = await stack.enter_async_context(client.stream("GET", "/api/psfalgo/stream"))
            lines = stream.aiter_lines()
            assert await anext(lines) == "id: 1"
        # The API has ended its part in good order: the reader sees an end, and not a broken line.
        assert [line async for line in lines][-1] == ""


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["position", "order", "quote", "lose", "link", "look"]),
            st.integers(0, 4),
            st.integers(0, 3),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_that_every_reader_ends_with_the_books_own_state(steps: list[tuple[str, int, int, bool]]) -> None:
    """Any events in any order, with any readers at any time."""

    async def story() -> None:
        source = ABook()
        feed = ChangeFeed(source)
        with feed.client() as eager, feed.client() as lazy:
            states = {id(eager): _Reader(), id(lazy): _Reader()}
            for what, which, amount, reads_both in steps:
                match what:
                    case "position":
                        source.book.position_changed(GUN, position(f"S{which}", amount, con_id=which + 1))
                    case "order":
                        known = order(f"S{which}", perm_id=100 + which, quantity=amount)
                        source.book.orders_replaced(GUN, [known] if amount else [])
                    case "quote":
                        source.book.quotes_live()
                        source.book.quotes_changed({f"S{which}": Quote(last=float(20 + amount))})
                    case "lose":
                        source.book.account_lost(GUN, source.clock())
                    case "link":
                        source.links[PED].report(LinkState.READY if amount else LinkState.LOADING)
                    case "look":
                        feed.update()
                        readers = (eager, lazy) if reads_both else (eager,)
                        for client in readers:
                            await states[id(client)].take(feed, client)
            feed.update()
            now = to_builtins(snapshot_records.snapshot(source.book, source.links, tuple(AccountMode)))
            for client in (eager, lazy):
                await states[id(client)].take(feed, client)
                state = states[id(client)].events.state
                for kind in ("positions", "orders", "summaries"):
                    assert state[kind] == {record["key"]: record for record in now[kind]}
                assert state["links"] == {
                    mode.value: to_builtins(snapshot_records.link(source.book, mode, link.status))
                    for mode, link in source.links.items()
                }

    asyncio.run(story())


class _Reader:
    def __init__(self) -> None:
        self.events = Events(_nothing())

    async def take(self, feed: ChangeFeed, client: feeds.Client) -> None:
        if client.number == feed.number and client.number:
            return
        piece = (await feed.next(client) or b"").decode()
        self.events.take(dict(line.split(": ", 1) for line in piece.splitlines() if line))


async def _nothing() -> AsyncIterator[str]:
    for line in list[str]():
        yield line
