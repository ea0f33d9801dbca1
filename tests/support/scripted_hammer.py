"""A Hammer Pro that quotes what a script says. It shares no line with SimHammer."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

STREAMER = "ALARICQ"
PASSWORD = "demo"
OWN_ACCOUNT = "TOPI000000A1"
KEY = f"ALARIC:{OWN_ACCOUNT}"


class ScriptedHammer:
    """One Hammer Pro on 127.0.0.1, from ``async with`` to its end.

    ``quotes``: bid, ask, last and previous close by HAMMER's symbol; it knows no other symbol, and ``None``
    is a figure that it does not send. ``received`` are the commands that came. ``account`` are the positions,
    transactions and balances of its own account, in its own words; without one it has none. ``accounts`` is
    how it lists its accounts, ``None`` for the usual way. ``turns_away`` is
    what it says to who signs in, and lets nobody in; ``None`` for letting in who knows the password. When
    A line on which no request of HTTP comes is closed after ``open_timeout_s``, if that is set.
    ``refuses`` are commands that it turns down, and what it says then. ``ticks`` are its earlier trades by
    symbol. The answers to two commands named in ``mixes_up`` carry each other's number.
    ``answers_left`` more commands are answered, the next ends every line, with the code and reason of
    ``closes_with``. Nobody is let in before ``lets_in`` is set, as it is at first.
    """

    def __init__(
        self, quotes: Mapping[str, Sequence[float | None]], account: Mapping[str, Any] | None = None
    ) -> None:
        self.quotes = dict(quotes)
        self.account = account
        self.key = KEY
        self.accounts: object = None
        self.turns_away: object = None
        self.answers_left: int | None = None
        self.closes_with = 1000, ""
        self.lets_in = asyncio.Event()
        self.lets_in.set()
        self.received: list[dict[str, Any]] = []
        self.open_timeout_s: float | None = None
        self.refuses: dict[str, object] = {}
        self.ticks: dict[str, list[dict[str, Any]]] = {}
        self.mixes_up: frozenset[str] = frozenset()
        self._held: list[dict[str, Any]] = []
        self._clients: set[ServerConnection] = set()
        self._server: Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None, "it is not started"
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            0,
            ping_interval=None,
            close_timeout=1.0,
            open_timeout=self.open_timeout_s,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def asked_for(self) -> frozenset[str]:
        """The symbols that it was ever asked to stream."""
        subscribed = (command for command in self.received if command["cmd"] == "subscribe")
        return frozenset(symbol for command in subscribed for symbol in _symbols(command))

    def quote(
        self, symbol: str, bid: float | None, ask: float | None, last: float | None, close: float | None
    ) -> None:
        """Send every client that the market is open now."""
        self.quotes[symbol] = (bid, ask, last, close)
        broadcast(self._clients, _update(symbol, self.quotes[symbol]))

    def send(self, command: str, result: object) -> None:
        """Send every client anything at all."""
        broadcast(self._clients, json.dumps({"cmd": command, "result": result}))

    def send_bytes(self, sent: bytes) -> None:
        """Send every client bytes that need be no message."""
        for client in self._clients:
            client.transport.write(sent)

    def say(self, message: dict[str, Any]) -> None:
        """Send every client any message."""
        broadcast(self._clients, json.dumps(message))

    async def close_all(self, code: int = 1000, reason: str = "") -> None:
        """End every line."""
        for client in tuple(self._clients):
            await client.close(code, reason)

    async def _serve(self, client: ServerConnection) -> None:
        self._clients.add(client)
        try:
            await client.send("CONNECTED")
            async for frame in client:
                command = json.loads(frame)
                self.received.append(command)
                if self.answers_left == 0:
                    self.answers_left = None
                    await self.close_all(*self.closes_with)
                    return
                if self.answers_left is not None:
                    self.answers_left -= 1
                if command["cmd"] == "connect":
                    await self.lets_in.wait()
                await self._answer(client, command)
        except ConnectionClosed:
            return
        finally:
            self._clients.discard(client)

    async def _answer(self, client: ServerConnection, command: dict[str, Any]) -> None:
        if command["cmd"] not in self.mixes_up:
            await self._reply(client, command)
            return
        self._held.append(command)
        if len(self._held) == 2:
            one, other = self._held
            self._held = []
            await self._reply(client, {**one, "reqID": other["reqID"]})
            await self._reply(client, {**other, "reqID": one["reqID"]})

    async def _reply(self, client: ServerConnection, command: dict[str, Any]) -> None:
        is_taken, result = self._result(command)
        reply = {"cmd": command["cmd"], "reqID": command.get("reqID"), "result": result}
        outcome = {"success": "OK", "resultcode": 200} if is_taken else {"success": "fail", "resultcode": 401}
        await client.send(json.dumps({**reply, **outcome}))
        if command["cmd"] == "subscribe":
            for symbol in _symbols(command):
                if symbol in self.quotes:
                    await client.send(_update(symbol, self.quotes[symbol]))

    def _result(self, command: dict[str, Any]) -> tuple[bool, object]:
        symbol = command.get("sym")
        match command["cmd"]:
            case name if name in self.refuses:
                return False, self.refuses[name]
            case "connect" if self.turns_away is not None:
                return False, self.turns_away
            case "connect":
                is_known = command.get("pwd") == PASSWORD
                reason = "connected" if is_known else "wrong password"
                return is_known, {"time": 1790000000, "ver": "1.0", "reason": reason}
            case "enumDataStreamers":
                return True, [{"streamerID": STREAMER, "name": STREAMER, "isSet": True}]
            case "startDataStreamer":
                return True, "started"
            case "subscribe" if "accountKey" in command:
                return True, "ok"
            case "subscribe":
                return True, {"subbed": [known for known in _symbols(command) if known in self.quotes]}
            case "unsubscribe":
                return True, {"unsubbed": _symbols(command)}
            case "getSymbolSnapshot" if symbol in self.quotes:
                figures = zip(("bid", "ask", "last", "prevClose"), self.quotes[symbol], strict=True)
                return True, {"sym": symbol, **{key: value for key, value in figures if value is not None}}
            case "getTicks" if symbol in self.quotes:
                return True, {"sym": symbol, "data": self.ticks.get(str(symbol), [])}
            case "enumTradingAccounts" if self.accounts is not None:
                return True, self.accounts
            case "enumTradingAccounts":
                _, _, number = self.key.partition(":")
                return True, [] if self.account is None else [{"accountKey": self.key, "accountID": number}]
            case "startTradingAccount":
                return self.account is not None, "started"
            case "getPositions" | "getTransactions" | "getBalances" if self.account is not None:
                name = str(command["cmd"]).removeprefix("get").lower()
                answer = self.account.get(name, {} if name == "balances" else [])
                return True, {"accountKey": self.key, **answer} if name == "balances" else answer
        return False, "unknown"


def _update(symbol: str, quote: Sequence[float | None]) -> str:
    figures = zip(("bid", "ask", "price"), quote, strict=False)
    fields = {key: value for key, value in figures if value is not None}
    return json.dumps({"cmd": "L1Update", "result": {"sym": symbol, **fields}})


def _symbols(command: Mapping[str, Any]) -> list[str]:
    asked = command.get("sym", ())
    return [asked] if isinstance(asked, str) else [str(symbol) for symbol in asked]
