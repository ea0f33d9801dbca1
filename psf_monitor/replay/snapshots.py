"""What the recorded HAMMER had sent about each share so far, as it would have answered. Pure."""

from collections.abc import Mapping
from typing import Any

_SAME_IN_BOTH = ("bid", "ask", "volume")


class KnownSnapshots:
    """The last answer about each share, with what the stream sent since. Figures are unchanged."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        self._updates: dict[str, dict[str, Any]] = {}

    def answered(self, result: Any) -> None:
        """Receive the result of a ``getSymbolSnapshot``."""
        if isinstance(result, dict) and isinstance(result.get("sym"), str):
            self._known[result["sym"]] = dict(result)
            self._updates[result["sym"]] = {}

    def updated(self, symbol: str, result: Any) -> None:
        """Receive the result of an ``L1Update``; thousands come a second."""
        sent = self._updates.get(symbol)
        if sent is not None and isinstance(result, dict):
            sent.update(result)
            if result.get("size"):
                self._trade(symbol, result)

    def of(self, symbol: str) -> Mapping[str, Any] | None:
        """Return its answer; ``None`` if it has not answered yet."""
        known, sent = self._known.get(symbol), self._updates.get(symbol, {})
        if known is None:
            return None
        answer = {**known, **{name: sent[name] for name in _SAME_IN_BOTH if name in sent}}
        if _figure(sent.get("price")):
            answer["last"] = sent["price"]
            # It follows from the last and is not sent with it.
            answer.pop("change", None)
        return answer

    def _trade(self, symbol: str, result: Mapping[str, Any]) -> None:
        last = _figure(result.get("price"))
        if last and _figure(result["size"]):
            _widen(self._known[symbol], last)


def _widen(known: dict[str, Any], last: float) -> None:
    high, low = _figure(known.get("high")), _figure(known.get("low"))
    if high and last > high:
        known["high"] = last
    if low and last < low:
        known["low"] = last


def _figure(value: Any) -> float:
    """Return a figure that HAMMER sends as a number or as text; 0 if there is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
