import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from psf_monitor.sim.hammer.client import StreamerList
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from tests.support.waiting import PATIENCE_S, until


class Client:
    """A plain client that shares nothing with the product."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._asked = 0

    async def next(self, cmd: str) -> dict[str, Any]:
        """The next frame of that name; what comes in between is skipped."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = json.loads(await self.socket.recv())
                if frame.get("cmd") == cmd:
                    return dict(frame)

    async def ask(self, cmd: str, **fields: Any) -> dict[str, Any]:
        self._asked += 1
        await self.socket.send(json.dumps({"cmd": cmd, "reqID": str(self._asked), **fields}))
        reply = await self.next(cmd)
        assert reply["reqID"] == str(self._asked)
        return reply

    async def subscribe(self, *symbols: str) -> dict[str, Any]:
        return await self.ask("subscribe", streamerID="ALARICQ", sub="L1", sym=symbols, transient=False)


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture
async def hammer(market: Market) -> AsyncIterator[SimHammer]:
    async with SimHammer(market) as sim:
        yield sim


@pytest.fixture
async def stranger(hammer: SimHammer) -> AsyncIterator[Client]:
    async with connect(f"ws://127.0.0.1:{hammer.port}") as socket:
        yield Client(await _greeted(socket))


@pytest.fixture
async def client(stranger: Client) -> Client:
    assert (await stranger.ask("connect", pwd="demo"))["success"] == "OK"
    reply = await stranger.ask("startDataStreamer", streamerID="ALARICQ")
    assert "starting" in reply["result"]
    state = await stranger.next("dataStreamerStateUpdate")
    assert state["result"] == {"streamerID": "ALARICQ", "state": "IdleOrStreaming"}
    return stranger


async def test_that_nothing_works_before_the_password(stranger: Client) -> None:
    reply = await stranger.ask("enumDataStreamers")
    assert reply["success"] != "OK"


async def test_that_a_wrong_password_is_refused(stranger: Client) -> None:
    reply = await stranger.ask("connect", pwd="guess")
    assert reply["success"] != "OK"
    assert (await stranger.subscribe("CIM-B"))["success"] != "OK"


async def test_that_the_sources_are_listed_as_real_versions_list_them(
    hammer: SimHammer, client: Client
) -> None:
    listed = (await client.ask("enumDataStreamers"))["result"]
    assert [entry["streamerID"] for entry in listed if entry["isSet"]] == ["ALARICQ"]
    hammer.streamer_list = StreamerList.STRINGS
    assert "ALARICQ" in (await client.ask("enumDataStreamers"))["result"]
    hammer.streamer_list = StreamerList.NEVER
    await client.socket.send(json.dumps({"cmd": "enumDataStreamers", "reqID": "9"}))
    # The next command is answered, that one was not.
    await client.ask("getSymbolSnapshot", sym="CIM-B")


async def test_that_the_frames_of_a_line_are_counted_when_they_have_been_dealt_with(
    hammer: SimHammer, stranger: Client
) -> None:
    assert hammer.frames == [(1, 0)]
    await stranger.ask("connect", pwd="demo")
    assert hammer.frames == [(2, 1)]
    await (await stranger.socket.ping())
    assert hammer.frames == [(3, 2)]
    # Its own pings measure no traffic of a client.
    await hammer.ping_all()
    assert hammer.frames == [(3, 2)]
    # Lost data was never sent.
    hammer.faults.is_mute, hammer.faults.answers_pings = True, False
    await stranger.socket.send(json.dumps({"cmd": "getSymbolSnapshot", "reqID": "9", "sym": "CIM-B"}))
    await stranger.socket.ping()
    await until(lambda: hammer.frames == [(3, 4)])


async def test_that_an_unknown_symbol_is_left_out_of_subbed(client: Client) -> None:
    assert (await client.subscribe("CIM-B", "TWO-B"))["result"] == {"subbed": ["CIM-B"]}


async def test_that_a_new_subscription_brings_one_full_update(client: Client, market: Market) -> None:
    await client.subscribe("CIM-B")
    update = (await client.next("L1Update"))["result"]
    security = market.security("CIM PRB")
    assert float(update["bid"]) == security.bid
    assert float(update["ask"]) == security.ask
    assert float(update["price"]) == security.last
    assert update["size"] == 0


async def test_that_a_moved_quote_is_reported_in_part(client: Client, market: Market) -> None:
    await client.subscribe("CIM-B")
    await client.next("L1Update")
    market.set_quote("CIM PRB", bid=24.55)
    update = (await client.next("L1Update"))["result"]
    assert float(update["bid"]) == 24.55
    assert update.get("ask", "") == ""


async def test_that_a_trade_is_reported_with_its_size(client: Client, market: Market) -> None:
    await client.subscribe("CIM-B")
    await client.next("L1Update")
    market.trade("CIM PRB", 24.56, 300)
    update = (await client.next("L1Update"))["result"]
    assert float(update.get("price") or update.get("last")) == 24.56
    assert float(update["size"]) == 300
    assert float(update["volume"]) == market.security("CIM PRB").volume


async def test_that_a_symbol_given_up_is_silent(hammer: SimHammer, client: Client, market: Market) -> None:
    await client.subscribe("CIM-B", "SPY")
    await client.ask("unsubscribe", streamerID="ALARICQ", sub="L1", sym=["CIM-B"])
    assert hammer.subscribed == {"SPY"}
    market.set_quote("CIM PRB", bid=24.55)
    market.set_quote("SPY", bid=662.03)
    assert (await client.next("L1Update"))["result"]["sym"] == "SPY"
    await client.ask("unsubscribe", streamerID="ALARICQ", sub="L1", sym="*")
    assert not hammer.subscribed


async def test_that_the_snapshot_has_the_previous_close(client: Client, market: Market) -> None:
    snapshot = (await client.ask("getSymbolSnapshot", sym="CIM-B"))["result"]
    assert float(snapshot["prevClose"]) == market.security("CIM PRB").prev_close
    assert (await client.ask("getSymbolSnapshot", sym="TWO-B"))["success"] != "OK"


async def test_that_the_trades_so_far_are_reported_newest_first(client: Client, market: Market) -> None:
    for size in (100, 200, 300):
        market.trade("CIM PRB", 24.56, size)
    ticks = (await client.ask("getTicks", sym="CIM-B", lastFew=2, tradesOnly=True))["result"]
    assert [tick["s"] for tick in ticks["data"]] == [300, 200]


async def test_that_rows_that_are_no_trades_can_be_among_them(
    hammer: SimHammer, client: Client, market: Market
) -> None:
    hammer.has_rough_ticks = True
    market.trade("CIM PRB", 24.56, 100)
    data = (await client.ask("getTicks", sym="CIM-B", lastFew=1, tradesOnly=True))["result"]["data"]
    assert [row and (row["p"], row["s"], row.get("bf", False)) for row in data] == [
        (24.56, 100, False),
        (0, 0, False),
        (49.12, 90_000, True),
        ("n/a", 100, False),
        None,
    ]


@pytest.mark.parametrize("cmd", ["tradeCommandNew", "tradeCommandCancel", "addAlert", "nonsense"])
async def test_that_trading_and_unknown_commands_are_refused(
    hammer: SimHammer, client: Client, cmd: str
) -> None:
    assert (await client.ask(cmd, sym="CIM-B"))["success"] != "OK"
    assert [refused["cmd"] for refused in hammer.refused] == [cmd]


async def test_that_rubbish_is_answered_and_the_line_stays(hammer: SimHammer, client: Client) -> None:
    await client.socket.send("hello")
    await client.ask("getSymbolSnapshot", sym="CIM-B")
    assert len(hammer.refused) == 1


async def test_that_too_many_symbols_at_once_drop_the_line(client: Client) -> None:
    with pytest.raises(ConnectionClosed):
        await client.subscribe(*(f"S{n}" for n in range(51)))


async def test_that_a_stalled_hammer_keeps_the_line_and_sends_it_all_later(
    hammer: SimHammer, client: Client, market: Market
) -> None:
    await client.subscribe("CIM-B")
    await client.next("L1Update")
    hammer.stall()
    market.set_quote("CIM PRB", bid=24.53)
    market.set_quote("CIM PRB", bid=24.54)
    await (await client.socket.ping())
    hammer.resume()
    assert float((await client.next("L1Update"))["result"]["bid"]) == 24.53
    assert float((await client.next("L1Update"))["result"]["bid"]) == 24.54


async def test_that_a_dry_hammer_answers_and_streams_nothing(
    hammer: SimHammer, client: Client, market: Market
) -> None:
    await client.subscribe("CIM-B")
    await client.next("L1Update")
    hammer.is_dry = True
    market.set_quote("CIM PRB", bid=24.53)
    await client.ask("getSymbolSnapshot", sym="CIM-B")
    hammer.is_dry = False
    market.set_quote("CIM PRB", bid=24.54)
    assert float((await client.next("L1Update"))["result"]["bid"]) == 24.54


async def test_that_every_line_can_be_dropped(hammer: SimHammer, client: Client) -> None:
    hammer.close_all()
    with pytest.raises(ConnectionClosed):
        await client.next("nothing")


async def test_that_heartbeats_come_by_themselves(market: Market) -> None:
    async with (
        SimHammer(market, heartbeat_every_s=0.01) as hammer,
        connect(f"ws://127.0.0.1:{hammer.port}") as socket,
    ):
        assert await Client(await _greeted(socket)).next("heartbeat")


async def test_that_a_flood_brings_every_prepared_update(hammer: SimHammer, client: Client) -> None:
    frames = hammer.prepared_updates(200)
    flood = asyncio.create_task(hammer.flood(frames))
    for frame in frames:
        assert await client.next("L1Update") == json.loads(frame)
    await flood


async def test_that_the_same_seed_dresses_the_same_market_alike() -> None:
    reported = []
    for _ in range(2):
        market = Market(scenario("normal"))
        async with (
            SimHammer(market, seed=3) as hammer,
            connect(f"ws://127.0.0.1:{hammer.port}", max_queue=None) as socket,
        ):
            client = Client(await _greeted(socket))
            await client.ask("connect", pwd="demo")
            await client.ask("startDataStreamer", streamerID="ALARICQ")
            await client.next("dataStreamerStateUpdate")
            await client.subscribe("CIM-B", "SPY")
            market.step(5.0)
            reported.append([(await client.next("L1Update"))["result"] for _ in range(10)])
    assert reported[0] == reported[1]


async def test_that_stopping_frees_the_port_and_the_market(market: Market) -> None:
    hammer = SimHammer(market)
    await hammer.start()
    port = hammer.port
    await hammer.stop()
    with pytest.raises(RuntimeError):
        assert hammer.port
    with pytest.raises(OSError, match=r".*"):
        await connect(f"ws://127.0.0.1:{port}")
    async with SimHammer(market) as again:
        assert again.port


async def _greeted(socket: ClientConnection) -> ClientConnection:
    async with asyncio.timeout(PATIENCE_S):
        assert await socket.recv() == "CONNECTED"
    return socket
