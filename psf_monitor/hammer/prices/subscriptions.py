"""The requests about symbols that are still to be sent, in batches that HAMMER can take. Pure: sends
nothing.
"""

from collections import deque
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from psf_monitor.hammer.prices.trade_cache import history_fields

SYMBOLS_PER_BATCH = 50
SNAPSHOTS_PER_BATCH = 10
"""HAMMER drops the line of a client that requests much more than this at once."""
TRY_AGAIN_AFTER_S = (2.0, 5.0, 10.0, 30.0)
"""How long to wait before each new attempt at a subscription that HAMMER did not take."""

REFUSED_AGAIN_AFTER_S = 900.0
"""HAMMER may learn a symbol later, such as a share on its first day."""

SUBSCRIBE = "subscribe"
UNSUBSCRIBE = "unsubscribe"
SNAPSHOT = "getSymbolSnapshot"
TICKS = "getTicks"
START = "startDataStreamer"

L1 = "L1"
L2 = "L2"

DEPTH_ROWS = 40
"""The number of rows requested for each side."""


class Request(NamedTuple):
    """One command about some HAMMER symbols. ``again``: they were subscribed before. ``tries`` failed so far.

    ``sub`` is the kind of subscription: quotes (L1) or depth (L2).
    """

    command: str
    symbols: tuple[str, ...]
    again: bool = False
    sub: str = L1
    tries: int = 0

    @property
    def is_about_prices(self) -> bool:
        """Whether quotes are incomplete without its answer."""
        return bool(self.symbols) and self.command != TICKS and self.sub == L1

    def fields(self, streamer: str) -> dict[str, Any]:
        """Return the fields of the command besides its name."""
        if self.command == START:
            return {"streamerID": streamer}
        if self.command == SNAPSHOT:
            return {"sym": self.symbols[0]}
        if self.command == TICKS:
            return history_fields(self.symbols[0])
        requested: dict[str, Any] = {"streamerID": streamer, "sub": self.sub, "sym": self.symbols}
        if self.sub == L2:
            return {**requested, "changes": False, "maxRows": DEPTH_ROWS}
        return {**requested, "transient": False}


class Subscriptions:
    """The requests of one session in order: each symbol is subscribed once, then its snapshot is requested.

    Prices come first: everything wanted is subscribed before any snapshot is requested, of which there may be
    thousands. Earlier trades, if wanted, are requested when nothing else is pending.
    """

    def __init__(self, *, with_ticks: bool = False) -> None:
        self._with_ticks = with_ticks
        self.refused: set[str] = set()
        """Nothing more is requested for these: a snapshot without a stream would grow old unnoticed."""
        self._subscribed: set[str] = set()
        self._followed: frozenset[str] | None = None
        self._requests: deque[Request] = deque()
        self._snapshots: dict[str, None] = {}
        self._ticks: dict[str, None] = {}
        self._depths: set[str] = set()
        self._depth_requests: deque[Request] = deque()
        self._later: list[tuple[float, Request]] = []
        self._refused_later: list[tuple[float, frozenset[str]]] = []
        self.not_taken: set[str] = set()
        """The symbols whose subscription HAMMER did not take, and that will be requested again."""
        self.why_not_taken = ""

    def __len__(self) -> int:
        return len(self._requests) + len(self._snapshots) + len(self._depth_requests) + len(self._ticks)

    @property
    def has_prices_to_request(self) -> bool:
        """Return whether anything but depth and earlier trades is still to be requested."""
        return bool(self._requests or self._snapshots)

    @property
    def followed(self) -> frozenset[str]:
        """The symbols that are subscribed, as far as is known."""
        if self._followed is None:
            self._followed = frozenset(self._subscribed - self.refused)
        return self._followed

    def set_wanted(self, symbols: Collection[str], depths: Collection[str] = ()) -> None:
        """Set the symbols to subscribe, and those of ``depths``: request the new ones, drop the others."""
        self._want_depth(set(depths))
        wanted = set(symbols)
        if wanted == self._subscribed:
            return
        gone, new = sorted(self._subscribed - wanted), sorted(wanted - self._subscribed)
        self._subscribed, self._followed = wanted, None
        self.refused &= wanted
        self.not_taken &= wanted
        self._batch(UNSUBSCRIBE, gone)
        self._batch(SUBSCRIBE, new)
        self.request_snapshots(new)
        self._request_ticks(new)

    def _want_depth(self, wanted: set[str]) -> None:
        gone, new = sorted(self._depths - wanted), sorted(wanted - self._depths)
        self._depths = wanted
        self._batch(UNSUBSCRIBE, gone, sub=L2)
        self._batch(SUBSCRIBE, new, sub=L2)

    def request_depth_again(self) -> None:
        """Request the depth of all subscribed symbols again."""
        self._batch(SUBSCRIBE, sorted(self._depths), again=True, sub=L2)

    def answer(self, accepted: Collection[str], refused: Collection[str], now_s: float) -> None:
        """Record which symbols HAMMER accepted; refused ones are requested again much later."""
        self._followed = None
        taken_after_all = sorted(self.refused.intersection(accepted))
        self.request_snapshots(taken_after_all)
        self._request_ticks(taken_after_all)
        if refused:
            self._refused_later.append((now_s + REFUSED_AGAIN_AFTER_S, frozenset(refused)))
        self.refused.difference_update(accepted)
        self.not_taken.difference_update(accepted, refused)
        self.refused.update(refused)

    def try_later(self, request: Request, now_s: float, why: str = "") -> None:
        """Request this subscription again later: HAMMER did not take it, which says nothing about its
        symbols.

        A batch that fails twice is requested in halves, since one symbol may be the reason.
        """
        self.why_not_taken = why
        wait_s = TRY_AGAIN_AFTER_S[min(request.tries, len(TRY_AGAIN_AFTER_S) - 1)]
        self.not_taken.update(self._subscribed.intersection(request.symbols))
        symbols, tries = request.symbols, request.tries + 1
        halves = [symbols]
        if tries > 1 and len(symbols) > 1:
            middle = len(symbols) // 2
            halves = [symbols[:middle], symbols[middle:]]
        self._later += [(now_s + wait_s, request._replace(symbols=half, tries=tries)) for half in halves]

    def subscribe_again(self, symbols: Iterable[str] | None = None) -> None:
        """Subscribe again, and request what may have been missed: the day's range and trades."""
        chosen = sorted(self._subscribed if symbols is None else self._subscribed.intersection(symbols))
        self._batch(SUBSCRIBE, chosen, again=True)
        if symbols is None:
            self.request_depth_again()
        self.request_snapshots(chosen)
        self._request_ticks(chosen)

    def request_snapshots(self, symbols: Iterable[str] | None = None) -> None:
        """Request the snapshots of these symbols, or of all subscribed ones; each is queued once."""
        self._snapshots.update(dict.fromkeys(sorted(self._subscribed) if symbols is None else symbols))

    def next_batch(self, now_s: float = 0.0, *, is_busy: bool = False) -> list[Request]:
        """Return what may be sent now: one batch, or a few requests for one symbol each.

        ``is_busy``: HAMMER has not answered the last batch, and another one may be too much.
        """
        self._take_up(now_s)
        if self._requests:
            return [] if is_busy else [self._requests.popleft()]
        if self._snapshots:
            return self._few(SNAPSHOT, self._snapshots)
        if self._depth_requests:
            return [self._depth_requests.popleft()]
        return self._few(TICKS, self._ticks)

    def _few(self, command: str, symbols: dict[str, None]) -> list[Request]:
        """Pop the first few symbols that are still followed, and return this request for each."""
        batch: list[Request] = []
        while symbols and len(batch) < SNAPSHOTS_PER_BATCH:
            symbol = next(iter(symbols))
            del symbols[symbol]
            if symbol in self.followed:
                batch.append(Request(command, (symbol,)))
        return batch

    def _take_up(self, now_s: float) -> None:
        while self._refused_later and self._refused_later[0][0] <= now_s:
            self._batch(SUBSCRIBE, sorted(self._refused_later.pop(0)[1] & self.refused))
        due = [request for at_s, request in self._later if at_s <= now_s]
        if not due:
            return
        self._later = [(at_s, request) for at_s, request in self._later if at_s > now_s]
        for request in due:
            wanted = tuple(symbol for symbol in request.symbols if symbol in self._subscribed)
            if wanted:
                self._requests.append(request._replace(symbols=wanted))
                self.request_snapshots(wanted)

    def _batch(self, command: str, symbols: list[str], *, again: bool = False, sub: str = L1) -> None:
        requests = self._requests if sub == L1 else self._depth_requests
        for start in range(0, len(symbols), SYMBOLS_PER_BATCH):
            batch = tuple(symbols[start : start + SYMBOLS_PER_BATCH])
            requests.append(Request(command, batch, again, sub))

    def _request_ticks(self, symbols: list[str]) -> None:
        if self._with_ticks:
            self._ticks.update(dict.fromkeys(symbols))
