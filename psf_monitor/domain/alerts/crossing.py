"""Decide, once each, when a figure has crossed a level and when a condition has begun or ended. Pure.

Only current figures are given to these rules, and there may be a gap of any length between two of them. A
level that was crossed during a gap is reported with the first figure after it.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from psf_monitor.domain.alerts.alert import AlertKind, Direction

_DECIMALS = 6
_TICKS_BACK = 0.02
_MONEY_BACK = 0.02
_LOT = 100.0


@dataclass(frozen=True, slots=True)
class FigureState:
    """What is remembered of one figure: ``side`` is the side of the level on which it was last seen, 0 for
    never.

    For a condition, 1 means that it held and -1 that it did not.
    """

    side: int = 0
    is_armed: bool = True


NEW = FigureState()


class Crossing(NamedTuple):
    """A level, how it has to be crossed, and how far back a figure must go before it can cross it again."""

    level: float
    direction: Direction
    back: float
    is_again: bool

    def step(self, before: FigureState, figure: float) -> tuple[FigureState, bool]:
        """Return the state after seeing ``figure``, and whether it crosses the level."""
        side = self._side(before, figure)
        is_crossing = before.side not in (0, side) and self._counts(side)
        # In either direction a figure may cross the level by so much that it can cross it again at once.
        is_armed = self.is_again and self._has_been_back(figure)
        if before.is_armed:
            return FigureState(side, is_armed or not is_crossing), is_crossing
        return FigureState(side, is_armed), False

    def _side(self, before: FigureState, figure: float) -> int:
        distance = round(figure - self.level, _DECIMALS)
        if distance:
            return 1 if distance > 0 else -1
        # Reaching the level itself counts, from whichever side the figure came.
        match self.direction:
            case Direction.UP:
                return 1
            case Direction.DOWN:
                return -1
        return -before.side if before.is_armed else before.side

    def _counts(self, side: int) -> bool:
        match self.direction:
            case Direction.UP:
                return side > 0
            case Direction.DOWN:
                return side < 0
        return True

    def _has_been_back(self, figure: float) -> bool:
        distance = round(figure - self.level, _DECIMALS)
        match self.direction:
            case Direction.UP:
                return distance <= -self.back
            case Direction.DOWN:
                return distance >= self.back
        return abs(distance) >= self.back


def distance_back(kind: AlertKind, level: float) -> float:
    """Return how far a figure has to move back: two ticks of a price, a lot of shares, 2 % of an amount.

    A price and a number of shares are above 0, so it is half of a level that is lower than that.
    """
    match kind:
        case AlertKind.PRICE:
            return min(_TICKS_BACK, level / 2)
        case AlertKind.SIZE:
            return min(_LOT, level / 2)
        case _:
            return max(abs(level) * _MONEY_BACK, 1.0)


def condition_step(
    before: FigureState, is_so: bool, *, begins: bool, is_again: bool
) -> tuple[FigureState, bool]:
    """Do the same for a condition: return whether it has just begun, or ended if not ``begins``."""
    side = 1 if is_so else -1
    is_firing = before.is_armed and before.side == -side and is_so is begins
    return replace(before, side=side, is_armed=before.is_armed and (is_again or not is_firing)), is_firing
