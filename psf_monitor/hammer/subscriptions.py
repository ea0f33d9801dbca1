"""What is still to be said to HAMMER about symbols, in doses that it can take. Pure: it does not send."""

from collections import deque
from collections.abc import Collection
from typing import Any, NamedTuple

from psf_monitor.hammer.trade_cache import history_fields

SYMBOLS_PER_BATCH = 50
SNAPSHOTS_PER_DOSE = 10
PAUSE_S = 0.1
"""HAMMER drops the line of a client that asks for much more at once than this."""

SUBSCRIBE = "subscribe"
UNSUBSCRIBE = "unsubscribe"
SNAPSHOT = "getSymbolSnapshot"
TICKS = "getTicks"

L1 = "L1"
L2 = "L2"

DEPTH_ROWS = 40
"""How many rows of a side are asked for."""


class Request(NamedTuple):
    """One command about some HAMMER symbols; ``again`` when they were subscribed before.

    ``sub`` is what is subscribed: quotes (L1) or depth (L2).
    """

    command: str
    symbols: tuple[str, ...]
    again: bool = False
    sub: str = L1

    @property
    def is_about_prices(self) -> bool:
        """Whether quotes are not complete without its answer."""
        return bool(self.symbols) and self.command != TICKS and self.sub == L1

    def fields(self, streamer: str) -> dict[str, Any]:
        """What the command says besides its name."""
        if self.command == SNAPSHOT:
            return {"sym": self.symbols[0]}
        if self.command == TICKS:
            return history_fields(self.symbols[0])
        asked: dict[str, Any] = {"streamerID": streamer, "sub": self.sub, "sym": self.symbols}
        if self.sub == L2:
            return {**asked, "changes": False, "maxRows": DEPTH_ROWS}
        return {**asked, "transient": False}


class Subscriptions:
    """The requests of one session in order: a symbol is subscribed once, then its snapshot is asked.

    Prices go first, then depth; trades so far, where wanted, are asked for when nothing else is to be said.
    """

    def __init__(self, *, with_ticks: bool = False) -> None:
        self._with_ticks = with_ticks
        self.refused: set[str] = set()
        """Nothing more is asked of these: a snapshot that no stream follows would grow old unseen."""
        self._subscribed: set[str] = set()
        self._requests: deque[Request] = deque()
        self._ticks: deque[Request] = deque()
        self._depths: set[str] = set()
        self._depth_requests: deque[Request] = deque()

    def __len__(self) -> int:
        return len(self._requests) + len(self._depth_requests) + len(self._ticks)

    @property
    def has_prices_to_ask(self) -> bool:
        """Whether anything but depth and trades so far is still to be asked."""
        return bool(self._requests)

    def want(self, symbols: Collection[str], depths: Collection[str] = ()) -> None:
        """Exactly these are to be subscribed, and the depth of ``depths``: ask for the new, drop the gone."""
        self._want_depth(set(depths))
        wanted = set(symbols)
        gone, new = sorted(self._subscribed - wanted), sorted(wanted - self._subscribed)
        self._subscribed = wanted
        self.refused &= wanted
        self._batch(UNSUBSCRIBE, gone)
        self._batch(SUBSCRIBE, new)
        self._ask_snapshots(new)
        self._ask_ticks(new)

    def _want_depth(self, wanted: set[str]) -> None:
        gone, new = sorted(self._depths - wanted), sorted(wanted - self._depths)
        self._depths = wanted
        self._batch(UNSUBSCRIBE, gone, sub=L2)
        self._batch(SUBSCRIBE, new, sub=L2)

    def ask_depth_again(self) -> None:
        """Ask once more for the depth of all that is subscribed."""
        self._batch(SUBSCRIBE, sorted(self._depths), again=True, sub=L2)

    def answer(self, accepted: Collection[str], refused: Collection[str]) -> None:
        """HAMMER took some of the symbols and not the others."""
        self.refused.difference_update(accepted)
        self.refused.update(refused)

    def subscribe_again(self) -> None:
        """Ask once more for all that is subscribed, and for what was missed: the day's range and trades."""
        symbols = sorted(self._subscribed)
        self._batch(SUBSCRIBE, symbols, again=True)
        self.ask_depth_again()
        self._ask_snapshots(symbols)
        self._ask_ticks(symbols)

    def ask_snapshots(self) -> None:
        """Ask for the snapshot of all that is subscribed."""
        self._ask_snapshots(sorted(self._subscribed))

    def next_batch(self) -> list[Request]:
        """What may go out now: one batch, or a few requests for one symbol each."""
        dose: list[Request] = []
        queue = self._requests or self._depth_requests or self._ticks
        while queue and len(dose) < SNAPSHOTS_PER_DOSE:
            is_batch = queue[0].command not in (SNAPSHOT, TICKS)
            if is_batch and dose:
                break
            request = queue.popleft()
            if is_batch:
                return [request]
            if request.symbols[0] in self._subscribed - self.refused:
                dose.append(request)
        return dose

    def _batch(self, command: str, symbols: list[str], *, again: bool = False, sub: str = L1) -> None:
        requests = self._requests if sub == L1 else self._depth_requests
        for start in range(0, len(symbols), SYMBOLS_PER_BATCH):
            batch = tuple(symbols[start : start + SYMBOLS_PER_BATCH])
            requests.append(Request(command, batch, again, sub))

    def _ask_snapshots(self, symbols: list[str]) -> None:
        self._requests.extend(Request(SNAPSHOT, (symbol,)) for symbol in symbols)

    def _ask_ticks(self, symbols: list[str]) -> None:
        if self._with_ticks:
            self._ticks.extend(Request(TICKS, (symbol,)) for symbol in symbols)
