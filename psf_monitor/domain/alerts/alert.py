"""An alert as the trader sets it. Texts state what is compared and never give advice."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psf_monitor.domain.account import AccountMode


class AlertKind(StrEnum):
    """What an alert watches."""

    PRICE = "price"
    SIZE = "size"
    NEAR_FILL = "near fill"
    ORDER = "order"
    PNL = "P&L"
    QUIET = "quiet"
    LINK = "connection"


class Direction(StrEnum):
    """The direction in which a figure has to cross the level."""

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
"""The values that ``Alert.what`` may have, by kind."""

CROSSING_KINDS = frozenset({AlertKind.PRICE, AlertKind.SIZE, AlertKind.PNL})
"""Kinds that have a level and a direction."""
WITH_FIGURE = CROSSING_KINDS | {AlertKind.QUIET}
_NEEDS_SHARE = frozenset({AlertKind.PRICE, AlertKind.QUIET})
_FOR_LOGINS = frozenset({AlertKind.ORDER, AlertKind.NEAR_FILL, AlertKind.PNL, AlertKind.LINK})
_MOST = 1e9
MOST_DECIMALS = 6
"""The most decimals a level is shown with; it is compared as it is shown."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; ``alert_id`` identifies it within psf_monitor.

    An empty ``symbol`` means any share, a ``mode`` of ``None`` any login. ``what`` is one of its kind's
    ``CHOICES``. ``figure`` is a price in the listing's currency, a number of shares, an amount of money, or
    minutes without a change. ``sound`` is the name of a sound, empty for none. With ``is_again`` the alert is
    armed again once the figure has moved back; without it, it fires once.
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
        """Whether it waits for a figure to cross a level, rather than for an event."""
        return self.kind in CROSSING_KINDS

    def problem(self) -> str:
        """Return a sentence that says why it could never fire; empty if it can."""
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
        """Whether it can be restricted to one login."""
        return self.kind in _FOR_LOGINS


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that has fired.

    ``text`` is the sentence with the figure that was seen, ``masked`` the same without the trader's own
    figures. ``number`` counts all alerts that have fired. ``is_muted``: it fired without a sound.
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
