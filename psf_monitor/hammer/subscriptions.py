"""What is still to be said to HAMMER about symbols, in doses that it can take. Pure: it does not send."""

from collections import deque
from collections.abc import Collection
from typing import NamedTuple

SYMBOLS_PER_BATCH = 50
SNAPSHOTS_PER_DOSE = 10
PAUSE_S = 0.1
"""HAMMER drops the line of a client that asks for much more at once than this."""

SUBSCRIBE = "subscribe"
UNSUBSCRIBE = "unsubscribe"
SNAPSHOT = "getSymbolSnapshot"
TICKS = "getTicks"


class Request(NamedTuple):
    """One command about some HAMMER symbols; ``again`` when they were subscribed before."""

    command: str
    symbols: tuple[str, ...]
    again: bool = False


class Subscriptions:
    """The requests of one session in order: a symbol is subscribed once, then its snapshot is asked.

    Prices go first: trades so far, where they are wanted, are asked for when nothing else is to be said.
    """

    def __init__(self, *, with_ticks: bool = False) -> None:
        self._with_ticks = with_ticks
        self.refused: set[str] = set()
        """Nothing more is asked of these: a snapshot that no stream follows would grow old unseen."""
        self._subscribed: set[str] = set()
        self._requests: deque[Request] = deque()
        self._ticks: deque[Request] = deque()

    def __len__(self) -> int:
        return len(self._requests) + len(self._ticks)

    @property
    def has_prices_to_ask(self) -> bool:
        """Whether anything but trades so far is still to be asked."""
        return bool(self._requests)

    def want(self, symbols: Collection[str]) -> None:
        """Exactly these are to be subscribed: ask for the new and give up the gone."""
        wanted = set(symbols)
        gone, new = sorted(self._subscribed - wanted), sorted(wanted - self._subscribed)
        self._subscribed = wanted
        self.refused &= wanted
        self._batch(UNSUBSCRIBE, gone)
        self._batch(SUBSCRIBE, new)
        self._ask_snapshots(new)
        self._ask_ticks(new)

    def answer(self, accepted: Collection[str], refused: Collection[str]) -> None:
        """HAMMER took some of the symbols and not the others."""
        self.refused.difference_update(accepted)
        self.refused.update(refused)

    def subscribe_again(self) -> None:
        """Ask once more for all that is subscribed, and for what was missed: the day's range and trades."""
        symbols = sorted(self._subscribed)
        self._batch(SUBSCRIBE, symbols, again=True)
        self._ask_snapshots(symbols)
        self._ask_ticks(symbols)

    def ask_snapshots(self) -> None:
        """Ask for the snapshot of all that is subscribed."""
        self._ask_snapshots(sorted(self._subscribed))

    def next_batch(self) -> list[Request]:
        """What may go out now: one batch, or a few requests for one symbol each."""
        dose: list[Request] = []
        queue = self._requests or self._ticks
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

    def _batch(self, command: str, symbols: list[str], *, again: bool = False) -> None:
        for start in range(0, len(symbols), SYMBOLS_PER_BATCH):
            batch = tuple(symbols[start : start + SYMBOLS_PER_BATCH])
            self._requests.append(Request(command, batch, again))

    def _ask_snapshots(self, symbols: list[str]) -> None:
        self._requests.extend(Request(SNAPSHOT, (symbol,)) for symbol in symbols)

    def _ask_ticks(self, symbols: list[str]) -> None:
        if self._with_ticks:
            self._ticks.extend(Request(TICKS, (symbol,)) for symbol in symbols)
