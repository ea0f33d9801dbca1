"""The feed of changes: every change of the snapshot, for each client as fast as it reads and no faster.

Nothing is queued. A record carries the number of the update in which it last changed, a client the number up
to which it was served; what it has not read is everything changed since, in its latest state.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from psf_monitor.api import alert_routes as alerts
from psf_monitor.api import snapshot_records
from psf_monitor.api.errors import ApiError
from psf_monitor.api.source import Source
from psf_monitor.api.transport.limits import DEFAULT, Limits
from psf_monitor.connection.pacing import STREAM_EVERY_S


@dataclass(slots=True)
class _Sent:
    """A record and when it last changed; ``None`` is one that left."""

    record: Any
    number: int


@dataclass(slots=True)
class Client:
    """How far one reader is up to date."""

    number: int = 0


class ChangeFeed:
    """The changes, looked for only while somebody reads."""

    def __init__(self, source: Source, limits: Limits = DEFAULT) -> None:
        self._source = source
        self._limits = limits
        self._sent: dict[str, dict[str, _Sent]] = {
            kind: {} for kind in ("positions", "orders", "summaries", "alerts", "links")
        }
        # Rows are replaced when they change, so the same row has the same record.
        self._records: dict[Any, tuple[Any, Any]] = {}
        self._clients: list[Client] = []
        self._events: dict[int, bytes] = {}
        self._number = 0
        self._has_clients = asyncio.Event()
        self._differs = asyncio.Event()
        self._is_closed = False

    @property
    def number(self) -> int:
        """The number of the newest state; 0 before the first update."""
        return self._number

    def remembered(self, kind: str) -> int:
        """Return how many records of ``kind`` are kept: current ones, and those gone that have not been
        reported to every client.
        """
        return len(self._sent[kind])

    @property
    def clients(self) -> int:
        return len(self._clients)

    async def run(self) -> None:
        """Update a few times a second while there are clients; until cancelled."""
        while True:
            await self._has_clients.wait()
            # Calculating the book and its records takes two turns: in one they would block the loop too long.
            self._source.book.position_rows()
            await asyncio.sleep(0)
            self.update()
            await asyncio.sleep(STREAM_EVERY_S)

    def close(self) -> None:
        """End every stream."""
        self._is_closed = True
        self._wake()

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Add a reader until the block ends. Raises ``ApiError`` if there are too many."""
        if len(self._clients) >= self._limits.most_readers:
            raise ApiError(
                503,
                "There are too many readers.",
                f"{self._limits.most_readers} programs read the stream already.",
                "End one of them, or ask for the positions when they are needed.",
            )
        client = Client()
        self._clients.append(client)
        self._has_clients.set()
        try:
            yield client
        finally:
            self._clients = [each for each in self._clients if each is not client]
            if not self._clients:
                self._has_clients.clear()

    async def next(self, client: Client) -> bytes | None:
        """Return the next piece for this client, as sent over the line; ``None`` if the stream has ended."""
        if client.number == 0 and not self._is_closed:
            self.update()
        try:
            async with asyncio.timeout(self._limits.keep_alive_s):
                while client.number == self._number and not self._is_closed:
                    await self._differs.wait()
        except TimeoutError:
            return b": keep-alive\n\n"
        if self._is_closed:
            return None
        event = self._event_since(client.number)
        client.number = self._number
        return event

    def update(self) -> None:
        """Number what has changed since the last update, and wake the readers."""
        number = self._number + 1
        differs = number == 1
        for kind, present in self._present().items():
            sent = self._sent[kind]
            for key, record in present.items():
                known = sent.get(key)
                if known is None or (known.record is not record and known.record != record):
                    sent[key] = _Sent(record, number)
                    differs = True
            for key, known in sent.items():
                if key not in present and known.record is not None:
                    sent[key] = _Sent(None, number)
                    differs = True
        if differs:
            self._number = number
            self._events.clear()
            self._forget_gone()
            self._wake()

    def _present(self) -> dict[str, dict[str, Any]]:
        book, links = self._source.book, self._source.links
        before, self._records = self._records, {}

        def record_of(row: Any, make: Callable[[Any], Any]) -> Any:
            known = before.get(row.key)
            record = known[1] if known is not None and known[0] is row else make(row)
            self._records[row.key] = (row, record)
            return record

        positions = (record_of(row, snapshot_records.position) for row in book.position_rows())
        orders = (record_of(row, snapshot_records.order) for row in book.order_rows())
        summaries = (record for mode in links for record in snapshot_records.summaries(book, links, mode))
        return {
            "positions": {record.key: record for record in positions},
            "orders": {record.key: record for record in orders},
            "summaries": {record.key: record for record in summaries},
            "alerts": {record.key: record for record in alerts.last_fired(self._source.alerts)},
            "links": {
                mode.value: snapshot_records.link(book, mode, link.status) for mode, link in links.items()
            },
        }

    def _forget_gone(self) -> None:
        """Forget records that left, once that was reported to every client."""
        sent_to_all = min((client.number for client in self._clients if client.number), default=self._number)
        for sent in self._sent.values():
            gone = [
                key for key, known in sent.items() if known.record is None and known.number <= sent_to_all
            ]
            for key in gone:
                del sent[key]

    def _event_since(self, number: int) -> bytes:
        if number not in self._events:
            self._events[number] = self._encoded(number)
        return self._events[number]

    def _encoded(self, number: int) -> bytes:
        newer = {
            kind: {key: known.record for key, known in sent.items() if known.number > number}
            for kind, sent in self._sent.items()
        }
        body: dict[str, Any] = {
            kind: [record for record in records.values() if record is not None]
            for kind, records in newer.items()
        }
        body["links"] = newer["links"]
        if number:
            body["gone"] = {
                kind: [key for key, record in records.items() if record is None]
                for kind, records in newer.items()
                if kind != "links"
            }
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (
            self._number,
            b"change" if number else b"snapshot",
            msgspec.json.encode(body),
        )

    def _wake(self) -> None:
        self._differs.set()
        self._differs = asyncio.Event()
