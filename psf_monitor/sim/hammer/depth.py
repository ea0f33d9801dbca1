"""SimHammer's depth: levels behind the market's own bid and ask, in every known form.

The best of the depth is the market's bid and ask with their sizes. Behind it stands every limit order that
works in an account, with what is left of it; all else there is invented, the same for the same share.
"""

import json
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from psf_monitor.sim.hammer.account import OwnAccounts
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import Event, OrderChanged, QuoteMoved, Security

VENUES = ("NYSE", "ARCA", "NSDQ", "EDGX", "BATS", "MEMX", "IEXG")
NO_DEPTH = {"reason": "L2 is not available for this account"}
DEFAULT_ROWS = 7
_BUYING = ("Buy", "Cover", "BUY_TO_COVER")
LEVELS = 12
"""How many prices behind the touch are filled on each side."""


@dataclass
class DepthFaults:
    """How the depth is sent: any of the ways in which clients have read it.

    ``as_text``: rows are ``price,size,venue``. ``figures_as_text``: numbers come as text. ``has_no_venue``:
    the MMID is missing. ``at_top_level``: the fields stand beside ``cmd``. ``is_unordered``: rows come in no
    order. ``has_actions``: rows bear ``act``, and a deleted one is among them. ``only_side`` ("bids" or
    "asks") leaves the other side unnamed; a side in ``empty`` is named and has no row. A symbol in
    ``not_served`` is refused; one in ``silent`` is accepted and never sent. ``lingers``: after unsubscribing
    updates go on.
    """

    as_text: bool = False
    figures_as_text: bool = False
    has_no_venue: bool = False
    at_top_level: bool = False
    is_unordered: bool = False
    has_actions: bool = False
    only_side: str = ""
    empty: set[str] = field(default_factory=set)
    not_served: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    lingers: bool = False


def moved_by(event: Event) -> tuple[str, ...]:
    """Return the HAMMER symbols whose depth differs after what happened."""
    if isinstance(event, QuoteMoved):
        security = event.security
    elif isinstance(event, OrderChanged):
        security = event.order.security
    else:
        return ()
    return (security.hammer_symbol,) if security.hammer_symbol else ()


class SimDepth:
    """The depth of the securities of one market."""

    def __init__(
        self, market: Market, known: Mapping[str, Security], accounts: OwnAccounts, rng: random.Random
    ) -> None:
        self.faults = DepthFaults()
        self._market = market
        self._known = known
        self._accounts = accounts
        self._rng = rng

    def subscribe(
        self, follows: dict[str, int], symbols: Iterable[str], max_rows: object
    ) -> dict[str, Any] | None:
        """Return the answer to a client that subscribes to these; ``None`` if it is refused."""
        wanted = list(symbols)
        if self.faults.not_served.intersection(wanted):
            return None
        accepted = [symbol for symbol in wanted if symbol in self._known]
        follows.update(dict.fromkeys(accepted, max_rows if isinstance(max_rows, int) else DEFAULT_ROWS))
        return {"subbed": accepted}

    def unsubscribe(self, follows: dict[str, int], symbols: Iterable[str]) -> None:
        for symbol in () if self.faults.lingers else symbols:
            follows.pop(symbol, None)

    def frames(self, follows: Mapping[str, int], symbols: Iterable[str]) -> Iterable[str]:
        """Yield the updates of these for a client that follows some."""
        for symbol in symbols:
            if symbol in follows and symbol not in self.faults.silent and symbol in self._known:
                yield json.dumps(self.update(self._known[symbol], follows[symbol]))

    def update(self, security: Security, max_rows: int) -> dict[str, Any]:
        """Return the whole frame of an ``L2Update``."""
        faults = self.faults
        result: dict[str, Any] = {"sym": security.hammer_symbol}
        for name in ("bids", "asks"):
            if faults.only_side in ("", name):
                rows = [] if name in faults.empty else self.rows(security, name)[:max_rows]
                result[name] = self._dressed(rows)
        if faults.at_top_level:
            return {"cmd": "L2Update", "type": "L2", **result}
        return {"cmd": "L2Update", "result": result}

    def rows(self, security: Security, name: str) -> list[tuple[float, int, str]]:
        """Price, size and venue, the best first."""
        is_bid = name == "bids"
        sign = -1 if is_bid else 1
        best = security.bid if is_bid else security.ask
        shown = security.bid_size if is_bid else security.ask_size
        own = self._own(security, "BUY" if is_bid else "SELL")
        rows: list[tuple[float, int, str]] = []
        invented = random.Random(f"{security.local_symbol} {name}")
        for step in range(LEVELS):
            price = security.on_tick(best + sign * step * security.tick)
            size = shown if step == 0 else 100 * invented.choice((0, 1, 2, 2, 4, 7, 8, 15, 23))
            mine = own.pop(price, 0)
            if step == 0 and size:
                rows += _over_venues(price, size, security.exchange, 1, invented)
            elif size + mine:
                several = invented.choice((1, 1, 2))
                rows += _over_venues(price, size + mine, security.exchange, several, invented)
        rows += [
            (price, size, security.exchange)
            for price, size in own.items()
            if sign * (price - best) > 0 and abs(price - best) < 2 * LEVELS * security.tick
        ]
        return sorted(rows, key=lambda row: sign * row[0])

    def _own(self, security: Security, action: str) -> dict[float, int]:
        working: dict[float, int] = {}
        bought = action == "BUY"
        for account in self._accounts.by_key.values():
            for own in account.orders.values():
                is_here = own.symbol == security.hammer_symbol and own.status == "Open"
                if is_here and own.limit and (own.action in _BUYING) is bought:
                    price = security.on_tick(own.limit)
                    working[price] = working.get(price, 0) + int(own.quantity - own.filled)
        for order in self._market.orders.values():
            if (order.security is not security or order.status != "Submitted") or order.order_type != "LMT":
                continue
            if (order.action == "BUY") is bought and order.limit_price is not None:
                price = security.on_tick(order.limit_price)
                working[price] = working.get(price, 0) + int(order.remaining)
        return working

    def _dressed(self, rows: Collection[tuple[float, int, str]]) -> list[Any]:
        faults = self.faults
        sent: list[Any] = []
        for price, size, venue in rows:
            if faults.as_text:
                sent.append(f"{price},{size},{venue}" if not faults.has_no_venue else f"{price},{size}")
                continue
            as_sent = str if faults.figures_as_text else (lambda figure: figure)
            row: dict[str, Any] = {"price": as_sent(price), "size": as_sent(size)}
            if not faults.has_no_venue:
                row["MMID"] = venue
            if faults.has_actions:
                row["act"] = self._rng.choice("am")
            sent.append(row)
        if faults.has_actions and not faults.as_text:
            sent.append({"MMID": "GONE", "price": 0.01, "size": 900, "act": "d"})
        if faults.is_unordered:
            self._rng.shuffle(sent)
        return sent


def _over_venues(
    price: float, size: int, first: str, several: int, rng: random.Random
) -> list[tuple[float, int, str]]:
    if several == 1 or size < 200:
        return [(price, size, first)]
    other = 100 * rng.randint(1, size // 200)
    venue = rng.choice([name for name in VENUES if name != first])
    return [(price, size - other, first), (price, other, venue)]
