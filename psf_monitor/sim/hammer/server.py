"""SimHammer: a WebSocket server that speaks HAMMER over a simulated market, and can be made to misbehave.

It shares no line with the package that reads the real one. Where Hammer Pro is not documented it assumes that
a new subscription is answered with one full update, and that sizes are named ``bidSize`` and ``askSize``.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from psf_monitor.sim.hammer.account import COMMANDS, OwnAccount, OwnAccounts
from psf_monitor.sim.hammer.client import CONNECTED, Client, StreamerList, symbols_in
from psf_monitor.sim.hammer.depth import NO_DEPTH, SimDepth, moved_by
from psf_monitor.sim.hammer.faults import Faults, SentPrice
from psf_monitor.sim.hammer.figure_format import FigureFormat
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import Event, QuoteMoved


class SimHammer:
    """A simulated Hammer Pro on 127.0.0.1.

    ``received`` are all commands received, ``refused`` those that this product must never send:
    unknown ones and everything that trades. Commands named in ``unanswered`` it ignores. While ``is_dry`` it
    answers and streams nothing; what is in ``not_streamed`` it knows and does not accept. ``seed`` is that
    of the formats of figures: one comes as a number, as a number in a string, or not at all, as real ones do.
    ``faults`` are what else can be wrong with it. Everything it sends comes ``delay_s`` late. ``sent_prices``
    are the last prices of each symbol, and when they were sent (UTC). ``accounts`` are the trading accounts
    of its user.
    """

    def __init__(
        self,
        market: Market,
        *,
        streamer: str = "ALARICQ",
        seed: int = 7,
        heartbeat_every_s: float = 5.0,
        accounts: Iterable[OwnAccount] = (),
    ) -> None:
        self.password = "demo"
        self.is_dry = False
        self.has_rough_ticks = False
        self._heals = False
        self.not_streamed: set[str] = set()
        self.unanswered: set[str] = set()
        self.streamer_list = StreamerList.OBJECTS
        self.delay_s = 0.0
        self.faults = Faults()
        self.sent_prices: dict[str, dict[str, SentPrice]] = {}
        self.accounts = OwnAccounts(accounts, self._notify_followers)
        self.received: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self._market = market
        self._streamer = streamer
        self.starting_s = 0.02
        self._heartbeat_every_s = heartbeat_every_s
        self._rng = random.Random(seed)
        self._dresser = FigureFormat(self._rng, lambda: self.faults.stamped(market.clock()))
        self._by_name = {s.hammer_symbol: s for s in market.securities.values() if s.hammer_symbol}
        self._depth = SimDepth(market, self._by_name, self.accounts, self._rng)
        self.depth = self._depth.faults
        self._is_streaming = False
        self._clients: dict[ServerConnection, Client] = {}
        self._held: list[tuple[ServerConnection, str]] | None = None
        self._server: Server | None = None
        self._heart: asyncio.Task[None] | None = None
        self._starting: asyncio.TimerHandle | None = None
        self._leave_market: Callable[[], None] = lambda: None
        self._commands: dict[str, Callable[[Client, dict[str, Any]], None]] = {
            "connect": self._on_connect,
            "enumDataStreamers": self._on_enum_streamers,
            "startDataStreamer": self._on_start_streamer,
            "subscribe": self._on_subscribe,
            "unsubscribe": self._on_unsubscribe,
            "getSymbolSnapshot": self._on_snapshot,
            "getTicks": self._on_ticks,
            **dict.fromkeys(COMMANDS, self._on_account),
        }

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 means any free one."""
        self._server = await serve(self._serve, "127.0.0.1", port, ping_interval=None, close_timeout=1.0)
        self._leave_market = self._market.subscribe(self._on_market)
        self._heart = asyncio.create_task(self._tick(), name="HAMMER heartbeat")

    async def stop(self) -> None:
        """Close every connection and the port; nothing is left running."""
        self._leave_market()
        if self._starting is not None:
            self._starting.cancel()
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.gather(self._heart, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        """The port that it listens on. Raises ``RuntimeError`` before ``start``."""
        if self._server is None:
            raise RuntimeError("SimHammer is not started")
        return int(next(iter(self._server.sockets)).getsockname()[1])

    @property
    def connections(self) -> int:
        """The number of connected clients."""
        return len(self._clients)

    @property
    def frames(self) -> list[tuple[int, int]]:
        """Of every open line, the frames that were sent and dealt with, our pings and their answers aside."""
        return [(client.sent, client.handled) for client in self._clients.values()]

    @property
    def depth_subscribed(self) -> frozenset[str]:
        """The HAMMER symbols of which any client is sent the depth."""
        return frozenset(symbol for client in self._clients.values() for symbol in client.depths)

    @property
    def subscribed(self) -> frozenset[str]:
        """The HAMMER symbols that any client is subscribed to."""
        return frozenset(symbol for client in self._clients.values() for symbol in client.symbols)

    def commands(self, name: str) -> list[dict[str, Any]]:
        """Return the received commands of one name, in order."""
        return [command for command in self.received if command["cmd"] == name]

    async def ping_all(self) -> None:
        """Return once every client has read everything sent to it, and everything it had sent has arrived."""
        for connection in tuple(self._clients):
            await (await connection.ping())

    # -- faults -----------------------------------------------------------------------------------------

    def stall(self) -> None:
        """Send nothing more, not even answers, while the line stays up and pings are answered."""
        if self._held is None:
            self._held = []

    def dry_up(self) -> None:
        """Stream nothing until the next subscription; answers and heartbeats go on."""
        self.is_dry = self._heals = True

    def stop_streamer(self, state: str = "Stopped") -> None:
        """Stop the data source, which reports it, until it is started again; answers and heartbeats go on."""
        self._is_streaming = False
        self._send_streamer_state(state)

    def resume(self) -> None:
        """Send what was held back, in order, and continue."""
        held, self._held = self._held or [], None
        for connection, frame in held:
            broadcast([connection], frame)

    def restart(self, streamer: str) -> None:
        """Restart Hammer Pro with another data source: every line drops."""
        self._streamer = streamer
        self._is_streaming = False
        self.close_all()

    def drop_mid_frame(self) -> None:
        """Drop every line in the middle of a frame."""
        for client in self._clients.values():
            client.drop_mid_frame()

    def forget(self, hammer_symbol: str) -> None:
        """Forget a symbol."""
        del self._by_name[hammer_symbol]

    def close_all(self) -> None:
        """Drop every line without a message."""
        for connection in self._clients:
            connection.transport.abort()

    def announce_closing(self) -> None:
        """Send what Hammer Pro sends when its user closes it."""
        self.send_raw(json.dumps({"cmd": "closing"}))

    def send_raw(self, frame: str | bytes) -> None:
        """Send any frame, even an invalid one, to every client."""
        broadcast(list(self._clients), frame)

    async def flood(self, frames: Sequence[str], *, per_s: float | None = None) -> None:
        """Send prepared frames to every client, at a rate or as fast as they are taken."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for sent, frame in enumerate(frames):
            if per_s is not None and (ahead := began + sent / per_s - loop.time()) > 0:
                await asyncio.sleep(ahead)
            for connection in tuple(self._clients):
                await connection.send(frame)

    def prepared_updates(self, count: int) -> list[str]:
        """Return this many updates of one price each, over the known symbols in turn; the market is
        unchanged.
        """
        names = sorted(self._by_name)
        frames = []
        for number in range(count):
            security = self._by_name[names[number % len(names)]]
            bid = security.on_tick(security.bid + self._rng.randrange(-3, 4) * security.tick)
            result = {"sym": security.hammer_symbol, "bid": bid, "ask": security.on_tick(bid + security.tick)}
            frames.append(json.dumps({"cmd": "L1Update", "result": result}))
        return frames

    # -- a client's commands ----------------------------------------------------------------------------

    async def _serve(self, connection: ServerConnection) -> None:
        client = self._clients[connection] = Client(connection, self.faults)
        try:
            self._send(client, "CONNECTED")
            async for frame in connection:
                self._on_frame(client, frame)
                client.handled += 1
        except ConnectionClosed:
            return
        finally:
            del self._clients[connection]

    def _on_frame(self, client: Client, frame: str | bytes) -> None:
        try:
            command = json.loads(frame)
        except ValueError:
            command = None
        if not isinstance(command, dict) or not isinstance(command.get("cmd"), str):
            self.refused.append({"cmd": "", "frame": frame})
            self._send(client, json.dumps({"success": "fail", "result": {"reason": "not a command"}}))
            return
        self.received.append(command)
        handler = self._commands.get(command["cmd"])
        if handler is None:
            self.refused.append(command)
            self._fail(client, command, {"reason": f"{command['cmd']} is not available"})
        elif not client.is_signed_in and command["cmd"] != "connect":
            self._fail(client, command, {"reason": "connect first"})
        elif command["cmd"] not in self.unanswered:
            handler(client, command)

    def _on_connect(self, client: Client, command: dict[str, Any]) -> None:
        if command.get("pwd") != self.password:
            self._fail(client, command, {"reason": "wrong password"})
            return
        client.is_signed_in = True
        self._answer(client, command, CONNECTED)

    def _on_enum_streamers(self, client: Client, command: dict[str, Any]) -> None:
        others = ("GSMQUOTES", self._streamer)
        if self.streamer_list is StreamerList.STRINGS:
            self._answer(client, command, list(others))
        elif self.streamer_list is StreamerList.OBJECTS:
            listed = [{"streamerID": n, "name": n.title(), "isSet": n == self._streamer} for n in others]
            self._answer(client, command, listed)

    def _on_start_streamer(self, client: Client, command: dict[str, Any]) -> None:
        if self.faults.start_answer is not None:
            self._is_streaming = True
            self._reply(client, command, *self.faults.start_answer)
        elif command.get("streamerID") != self._streamer:
            self._fail(client, command, "no such data streamer")
        elif self._is_streaming:
            self._answer(client, command, "started")
        else:
            self._answer(client, command, "data streamer is starting")
            self._starting = asyncio.get_running_loop().call_later(self.starting_s, self._streaming)

    def _streaming(self) -> None:
        self._is_streaming = True
        self._send_streamer_state("IdleOrStreaming")

    def _send_streamer_state(self, state: str) -> None:
        result = {"streamerID": self._streamer, "state": state}
        for client in self._clients.values():
            self._send(client, json.dumps({"cmd": "dataStreamerStateUpdate", "result": result}))

    def _on_subscribe(self, client: Client, command: dict[str, Any]) -> None:
        if "accountKey" in command:
            self._on_account(client, command)
            return
        symbols = symbols_in(command)
        if client.exceeds_limit(len(symbols)):
            client.connection.transport.abort()
        elif command.get("sub") not in ("L1", "L2") or command.get("streamerID") != self._streamer:
            self._fail(client, command, {"reason": "only L1 and L2 of the data streamer"})
        elif command["sub"] == "L1" and self.faults.is_busy():
            self._fail(client, command, {"reason": self.faults.busy_reason})
        elif not self._is_streaming:
            self._fail(client, command, {"reason": "the data streamer is not started"})
        elif command["sub"] == "L2":
            accepted = self._depth.subscribe(client.depths, symbols, command.get("maxRows"))
            (self._fail if accepted is None else self._answer)(client, command, accepted or NO_DEPTH)
            self._send_depth(client, client.depths.keys() & set(symbols))
        else:
            known = [s for s in symbols if s in self._by_name and s not in self.not_streamed]
            client.symbols.update(known)
            if self._heals:
                self.is_dry = self._heals = False
            self._answer(client, command, {"subbed": known})
            for symbol in known:
                self._send_update(client, self._dresser.full_update(self._by_name[symbol]))

    def _on_unsubscribe(self, client: Client, command: dict[str, Any]) -> None:
        if command.get("sub") == "L2":
            self._depth.unsubscribe(client.depths, symbols_in(command))
            self._answer(client, command, {"unsubbed": symbols_in(command)})
            return
        gone = set(client.symbols) if command.get("sym") == "*" else set(symbols_in(command))
        client.symbols -= gone
        self._answer(client, command, {"unsubbed": sorted(gone)})

    def _on_snapshot(self, client: Client, command: dict[str, Any]) -> None:
        security = self._by_name.get(str(command.get("sym")))
        if security is None:
            self._fail(client, command, "unknown symbol")
        elif security.hammer_symbol not in self.faults.unanswered_symbols:
            snapshot = self._dresser.snapshot(security)
            self._answer(client, command, snapshot)
            self.faults.note(self.sent_prices, snapshot, self._market.clock())

    def _on_ticks(self, client: Client, command: dict[str, Any]) -> None:
        security = self._by_name.get(str(command.get("sym")))
        if security is None:
            self._fail(client, command, "unknown symbol")
        else:
            few = int(command.get("lastFew") or 0)
            data = self._dresser.ticks(security, few, is_rough=self.has_rough_ticks)
            self._answer(client, command, {"sym": security.hammer_symbol, "data": data})

    def _on_account(self, client: Client, command: dict[str, Any]) -> None:
        by = {True: partial(self._answer, client, command), False: partial(self._fail, client, command)}
        self.accounts.serve(command, client.follows, lambda is_taken, result: by[is_taken](result))

    def _notify_followers(self, key: str, command: str, result: object) -> None:
        followed = (key, command.removesuffix("Update"))
        for client in self._clients.values():
            if followed in client.follows:
                self._send(client, json.dumps({"cmd": command, "result": result}))

    # -- messages -----------------------------------------------------------------------------------

    def _on_market(self, event: Event) -> None:
        for client in self._clients.values():
            self._send_depth(client, moved_by(event))
        if not isinstance(event, QuoteMoved) or event.security.hammer_symbol is None:
            return
        readers = [c for c in self._clients.values() if event.security.hammer_symbol in c.symbols]
        if readers and (update := self._dresser.update(event)):
            for client in readers:
                self._send_update(client, update)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_every_s)
            for client in self._clients.values():
                self._send(client, json.dumps({"cmd": "heartbeat"}))

    def _answer(self, client: Client, command: dict[str, Any], result: object) -> None:
        self._reply(client, command, "OK", result)

    def _fail(self, client: Client, command: dict[str, Any], result: object) -> None:
        self._reply(client, command, "fail", result)

    def _reply(self, client: Client, command: dict[str, Any], success: str, result: object) -> None:
        reply = {"cmd": command["cmd"], "reqID": command.get("reqID"), "success": success, "result": result}
        self._send(client, json.dumps(reply))

    def _send_depth(self, client: Client, symbols: Iterable[str]) -> None:
        for frame in () if self.is_dry else self._depth.frames(client.depths, symbols):
            self._send(client, frame)

    def _send_update(self, client: Client, result: dict[str, Any]) -> None:
        frame = self.faults.update_frame(result)
        if frame is not None and self._is_streaming and not self.is_dry:
            self._send(client, frame)
            self.faults.note(self.sent_prices, result, self._market.clock())

    def _send(self, client: Client, frame: str) -> None:
        if self.faults.is_mute:
            return
        if self._held is not None:
            self._held.append((client.connection, frame))
        elif self.delay_s:
            asyncio.get_running_loop().call_later(self.delay_s, broadcast, [client.connection], frame)
        else:
            broadcast([client.connection], frame)
