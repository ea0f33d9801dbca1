"""A TWS that says what a script says, word for word, over a real socket. It shares no line with SimTws.

A script is one JSON object. ``to_61``, ``to_16``, ``to_7``, ``to_74``, ``to_76`` and ``to_9`` are the
messages that answer that request, before its end marker; ``to_62`` are the rows of the account summary.
``greetings`` come right after the handshake; ``turns_away`` come instead of it, and end the line; ``later``
is a list of moments and what is sent then, when ``send_next`` is called. A message is a list of fields, or
one text with ``|`` between them. ``{req}`` and ``<reqId>`` stand for the id of the request, ``{today}`` for
New York's date. ``accounts``, ``server_version`` and ``handshake_time`` are those of the handshake,
``handshake`` are other messages that finish it; ``code_page`` is how letters are sent.
"""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

Script = Mapping[str, Any]
Message = str | Sequence[str]

SCRIPTS = Path(__file__).parent / "scripts"
ACCOUNT = "U1240821"

_ENDS: dict[str, tuple[str, ...]] = {
    "61": ("62", "1"),
    "16": ("53", "1"),
    "7": ("55", "1", "{req}"),
    "9": ("52", "1", "{req}"),
    "62": ("64", "1", "{req}"),
    "74": ("72", "1", "{req}"),
    "76": ("74", "1", "{req}"),
}
"""The end marker of an answer, by the id of the request."""
_PLACE_OF_ID = {"7": 2, "62": 2, "74": 2, "76": 2, "9": 2}
_START, _CURRENT_TIME, _SUMMARY = "71", "49", "62"


def script(name: str) -> dict[str, Any]:
    """One of the scripts that are kept beside the tests."""
    answer: dict[str, Any] = json.loads((SCRIPTS / f"{name}.json").read_text(encoding="utf-8"))
    return answer


class ScriptedTws:
    """One TWS on 127.0.0.1, from ``async with`` to its end.

    ``answers`` are the messages before each end marker, by the id of the request, and may be changed at any
    time; what is not there is not answered. ``refusals`` are the code and the sentence with which a request
    is turned down instead. ``received`` are the fields of every request. ``spoilt_time`` is what is sent in
    the place of the time.
    """

    def __init__(self, of: Script, clock: Callable[[], datetime]) -> None:
        self.port = 0
        self.accounts: str = of.get("accounts", ACCOUNT)
        self.answers: dict[str, list[Message]] = {
            key: list(of.get(f"to_{key}", ())) for key in _ENDS if key != _SUMMARY
        }
        rows: list[Message] = list(of.get("to_62", self._some_worth()))
        self.answers[_SUMMARY] = [("63", "1", "{req}", *fields_of(row)) for row in rows]
        self.later: deque[list[Message]] = deque(_messages(text) for _seconds, text in of.get("later", ()))
        self.refusals: dict[str, tuple[int, str]] = {}
        self.received: list[list[str]] = []
        self._greetings: list[Message] = list(of.get("greetings", ()))
        self._handshake: list[Message] = list(of.get("handshake", ()))
        self._version: int = of.get("server_version", 176)
        self._handshake_time: str = of.get("handshake_time", "{today} 12:00:00 US/Eastern")
        self._code_page: str = of.get("code_page", "ascii")
        self.clock = clock
        self.spoilt_time: list[str] | None = None
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._is_held = False
        self.turns_away: list[Message] = list(of.get("turns_away", ()))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1")
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.close_all()
        await self._server.wait_closed()

    def asked(self, request: int) -> int:
        """How often this request has come."""
        return sum(fields[0] == str(request) for fields in self.received)

    def send(self, *messages: Message) -> None:
        """Send every client these messages."""
        for line in self._lines:
            self._write(line, messages)

    def send_next(self) -> None:
        """Send what the script has for its next moment."""
        self.send(*self.later.popleft())

    def greet(self, *messages: Message) -> None:
        """Send these right after the next handshakes, instead of the earlier ones."""
        self._greetings = list(messages)

    def hold(self) -> None:
        """Say nothing more while every line stays open, and finish no handshake."""
        self._is_held = True

    def close_all(self) -> None:
        """End every line."""
        for line in self._lines:
            line.close()

    def _some_worth(self) -> list[Message]:
        return [(account, "NetLiquidation", "250000.00", "USD") for account in self.accounts.split(",")]

    async def _serve(self, reader: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(len(b"API\0"))
            await _frame(reader)
            self._write(line, [(str(self._version), self._handshake_time)])
            while True:
                fields = (await _frame(reader)).decode("utf-8").split("\0")[:-1]
                self.received.append(fields)
                if fields[0] == _START and self.turns_away:
                    self._write(line, self.turns_away)
                    return
                if fields[0] == _START:
                    handshake = self._handshake or [("15", "1", self.accounts), ("9", "1", "1")]
                    self._write(line, [*handshake, *self._greetings])
                    self._lines.add(line)
                else:
                    self._answer(line, fields)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._lines.discard(line)
            line.close()

    def _answer(self, line: asyncio.StreamWriter, fields: list[str]) -> None:
        request = fields[0]
        if request == _CURRENT_TIME:
            seconds = [str(int(self.clock().timestamp()))]
            self._write(line, [("49", "1", *(seconds if self.spoilt_time is None else self.spoilt_time))])
        elif request in self.refusals or request in self.answers:
            place = _PLACE_OF_ID.get(request)
            request_id = "-1" if place is None else fields[place]
            if request in self.refusals:
                code, sentence = self.refusals[request]
                self._write(line, [("4", "2", request_id, str(code), sentence, "")])
            else:
                self._write(line, [*self.answers[request], _ENDS[request]], request_id)

    def _write(self, line: asyncio.StreamWriter, messages: Iterable[Message], request_id: str = "-1") -> None:
        if self._is_held:
            return
        today = f"{self.clock().astimezone(ZoneInfo('America/New_York')):%Y%m%d}"
        known = {"{req}": request_id, "<reqId>": request_id}
        for message in messages:
            reported = [known.get(field, field).replace("{today}", today) for field in fields_of(message)]
            payload = "".join(f"{field}\0" for field in reported).encode(self._code_page)
            line.write(struct.pack(">I", len(payload)) + payload)


def fields_of(message: Message) -> list[str]:
    """The fields of a message in either of its two forms."""
    return message.split("|") if isinstance(message, str) else list(message)


def _messages(text: Any) -> list[Message]:
    """One message or a list of them."""
    is_one = isinstance(text, str) or (bool(text) and isinstance(text[0], str) and "|" not in text[0])
    return [text] if is_one else list(text)


async def _frame(reader: asyncio.StreamReader) -> bytes:
    (length,) = struct.unpack(">I", await reader.readexactly(4))
    return await reader.readexactly(length)
