"""The form of SimHammer's figures: as numbers, as numbers in strings, or left out, as real ones are."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from psf_monitor.sim.market.records import QuoteMoved, Security

_WIRE_NAMES = {"bid": "bid", "ask": "ask", "bid_size": "bidSize", "ask_size": "askSize", "volume": "volume"}
STAMPS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S.%f")


class FigureFormat:
    """The results of updates and snapshots; the same seed formats the same market alike."""

    def __init__(self, rng: random.Random, clock: Callable[[], datetime]) -> None:
        self._rng = rng
        self._clock = clock

    def update(self, event: QuoteMoved) -> dict[str, Any] | None:
        """Return what changed, with fields that carry no information; ``None`` if HAMMER does not send such a
        change.
        """
        security = event.security
        fields = {
            wire: self.figure(getattr(security, name))
            for name, wire in _WIRE_NAMES.items()
            if name in event.changed_fields
        }
        if event.trade is not None:
            fields[self._rng.choice(("price", "last"))] = self.figure(event.trade.price)
            fields["size"] = self.figure(event.trade.size)
            fields["venue"] = event.trade.venue
        elif "last" in event.changed_fields:
            fields["price"] = self.figure(security.last)
        if not fields:
            return None
        for wire in ("bid", "ask", "price", "size", "volume"):
            # Real updates carry fields without information.
            if wire not in fields and self._rng.random() < 0.15:
                fields[wire] = ""
        return {"sym": security.hammer_symbol, **fields, "timeStamp": self._stamp(self._clock())}

    def full_update(self, security: Security) -> dict[str, Any]:
        fields = {wire: self.figure(getattr(security, name)) for name, wire in _WIRE_NAMES.items()}
        price = self.figure(security.last)
        return {
            "sym": security.hammer_symbol,
            **fields,
            "price": price,
            "size": 0,
            "timeStamp": self._stamp(min(security.changed_at, self._clock())),
        }

    def snapshot(self, security: Security) -> dict[str, Any]:
        figures = {
            "bid": security.bid,
            "ask": security.ask,
            "last": security.last,
            "prevClose": security.prev_close,
            "change": round(security.last - security.prev_close, 4),
            "open": security.open,
            "high": security.high,
            "low": security.low,
            "volume": security.volume,
            "dividend": security.dividend,
        }
        formatted = {name: self.figure(value) for name, value in figures.items()}
        return {"sym": security.hammer_symbol, **formatted}

    def ticks(self, security: Security, few: int, *, is_rough: bool) -> list[Any]:
        """Return the last trades, the newest first; with ``is_rough`` among invalid rows."""
        sent: list[Any] = []
        for trade in list(security.prints)[-few:][::-1]:
            row = {"t": trade.time.strftime(STAMPS[0]), "p": trade.price, "s": trade.size, "e": trade.venue}
            if trade.bid:
                row |= {"b": trade.bid, "a": trade.ask}
            sent.append(row)
            if is_rough:
                quote = {**row, "p": 0, "s": 0, "b": security.bid, "a": security.ask}
                made_up = {**row, "p": 2 * trade.price, "s": 90_000, "bf": True}
                sent += [quote, made_up, {**row, "p": "n/a"}, None]
        return sent

    def figure(self, value: float) -> float | str:
        return str(value) if self._rng.random() < 0.3 else value

    def _stamp(self, at: datetime) -> str:
        return at.astimezone(UTC).strftime(self._rng.choice(STAMPS))
