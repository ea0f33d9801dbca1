"""An alert as the trader sets it. Wording is what is compared, never advice."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psf_monitor.domain.account import AccountMode


class AlertKind(StrEnum):
    """What an alert is about."""

    PRICE = "price"
    SIZE = "size"
    NEAR_FILL = "near fill"
    ORDER = "order"
    PNL = "P&L"
    QUIET = "quiet"
    LINK = "connection"


class Direction(StrEnum):
    """How a figure has to cross the level."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"


CHOICES: dict[AlertKind, tuple[str, ...]] = {
    AlertKind.PRICE: ("bid", "ask", "last"),
    AlertKind.SIZE: (),
    AlertKind.NEAR_FILL: ("begins", "ends"),
    AlertKind.ORDER: ("filled", "part filled", "cancelled", "rejected"),
    AlertKind.PNL: ("unrealized", "day"),
    AlertKind.QUIET: (),
    AlertKind.LINK: (),
}
"""What ``Alert.what`` may be, by kind."""

CROSSING_KINDS = frozenset({AlertKind.PRICE, AlertKind.SIZE, AlertKind.PNL})
"""Kinds that have a level and a direction."""
WITH_FIGURE = CROSSING_KINDS | {AlertKind.QUIET}
_NEEDS_SHARE = frozenset({AlertKind.PRICE, AlertKind.QUIET})
_FOR_LOGINS = frozenset({AlertKind.ORDER, AlertKind.NEAR_FILL, AlertKind.PNL, AlertKind.LINK})
_MOST = 1e9
MOST_DECIMALS = 6
"""As many as a level is shown with: what is compared is what stands there."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. ``alert_id`` is its name here.

    ``symbol`` empty is any share, ``mode`` ``None`` any login. ``what`` is one of its kind's ``CHOICES``.
    ``figure`` is a price in the listing's currency, shares, money, or minutes of quiet. ``sound`` is the name
    of one, empty for none. ``is_again``: it is armed anew when the figure has been back, else it fires once.
    """

    alert_id: int
    kind: AlertKind
    symbol: str = ""
    what: str = ""
    direction: Direction = Direction.UP
    figure: float | None = None
    mode: AccountMode | None = None
    sound: str = ""
    flashes: bool = True
    shows_tray: bool = False
    is_again: bool = False
    is_on: bool = True

    @property
    def is_crossing(self) -> bool:
        """Whether it waits for a figure to cross a level, rather than for something to happen."""
        return self.kind in CROSSING_KINDS

    def problem(self) -> str:
        """Return why it could never fire, in a sentence; empty when it could."""
        if self.kind in _NEEDS_SHARE and not self.symbol:
            return "Name the share."
        if CHOICES[self.kind] and self.what not in CHOICES[self.kind]:
            return f"Choose one of {', '.join(CHOICES[self.kind])}."
        if self.kind in WITH_FIGURE and (self.figure is None or math.isnan(self.figure)):
            return "Give a figure."
        if self.figure is not None and not abs(self.figure) < _MOST:
            return f"The figure is {self.figure:g}; it is to be below {_MOST:,.0f}."
        if self.figure is not None and round(self.figure, MOST_DECIMALS) != self.figure:
            return f"The figure is {self.figure!r}; it has {MOST_DECIMALS} decimals at most."
        is_positive = self.kind in (AlertKind.PRICE, AlertKind.SIZE, AlertKind.QUIET)
        if is_positive and self.figure is not None and self.figure <= 0:
            return "The figure is above 0."
        return ""

    @property
    def has_login(self) -> bool:
        """Whether it can be of one login alone."""
        return self.kind in _FOR_LOGINS


@dataclass(frozen=True, slots=True)
class Fired:
    """What an alert fired with: ``text`` is the sentence with the figure seen, ``masked`` the one without the
    trader's own figures. ``number`` counts all that were reported. ``is_muted``: it was reported without a
    sound.
    """

    number: int
    alert_id: int
    at: datetime
    kind: AlertKind
    symbol: str
    mode: AccountMode | None
    text: str
    masked: str
    seen: float | None = None
    what: str = ""
    is_muted: bool = False
