"""The positions of one account added up over models, as TWS sends them by model (message 71). Pure."""

from collections import defaultdict
from operator import itemgetter
from typing import NamedTuple

from psf_monitor.domain.position import PositionKey


class HeldInModel(NamedTuple):
    """Shares or contracts, negative for short, and average cost in contract currency; ``None`` is unknown."""

    quantity: float | None
    average_cost: float | None


class ModelPositions:
    """What each model of an account holds of each contract, according to the latest request."""

    def __init__(self) -> None:
        self._request_id: int | None = None
        self._held: defaultdict[PositionKey, dict[str, HeldInModel]] = defaultdict(dict)

    def update(self, request_id: int, key: PositionKey, model: str, received: HeldInModel) -> HeldInModel:
        """Set one model's part of a position; return the whole position."""
        if request_id != self._request_id:
            self._request_id = request_id
            self._held.clear()
        parts = self._held[key]
        parts[model] = received
        return whole(list(parts.values()))

    def parts(self, key: PositionKey) -> tuple[tuple[str, float | None], ...]:
        """Return model names and quantities of a position; empty if TWS names no model."""
        parts = self._held.get(key, {})
        if not any(parts):
            return ()
        held = ((model, part.quantity) for model, part in parts.items() if part.quantity != 0)
        return tuple(sorted(held, key=itemgetter(0)))


def whole(parts: list[HeldInModel]) -> HeldInModel:
    """Return the total quantity and its average cost; unknown as soon as a part that counts is unknown."""
    held = [part for part in parts if part.quantity != 0]
    quantity = _sum([part.quantity for part in held])
    if not quantity:
        return HeldInModel(quantity, None)
    costs = [
        None if part.quantity is None or part.average_cost is None else part.quantity * part.average_cost
        for part in held
    ]
    basis = _sum(costs)
    return HeldInModel(quantity, None if basis is None else basis / quantity)


def _sum(amounts: list[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None
