"""Tradable instruments and their identity."""

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import force_setattr, replace

COMBINATION = "BAG"
"""TWS's security type of several contracts traded as one."""


class Instrument(Struct, frozen=True):
    """A tradable instrument. ``con_id`` is its identity at IBKR; the symbol is only its name.

    HAMMER has no conId: there ``con_id`` is 0 and the symbol is the identity. If TWS sends no conId, kind,
    currency and exchange are part of the identity.

    ``symbol`` is what the trader reads (TWS: the local symbol if there is one, ``CIM PRB``). ``multiplier``
    is units of the underlying per contract, 1 for shares, ``None`` if it cannot be read. ``kind`` is TWS's
    security type (``STK``, ``OPT``, ``FUT``, ..), unchanged. All combinations (``BAG``) share one conId:
    ``legs`` describes the legs and distinguishes them, ``leg_ids`` are the conIds that TWS names.
    ``price_unit`` is the amount of currency that a price of 1 stands for: 0.01 for pence and cents, 10 for a
    bond in percent of 1,000; ``None`` until TWS has sent it. ``is_named_by_trader``: the trader's own table
    gives its symbol at HAMMER. ``is_full_name`` is false for a share whose symbol is, or may be, only the
    root, which all shares of an issuer have in common. ``has_namesake``: another contract has the same
    symbol, and HAMMER may mean that one. ``identity`` is the conId, or everything that identifies it if there
    is none; for a combination, its legs.
    """

    con_id: int
    symbol: str
    kind: str = "STK"
    currency: str = "USD"
    exchange: str = ""
    multiplier: float | None = 1.0
    legs: str = ""
    price_unit: float | None = 1.0
    is_named_by_trader: bool = False
    leg_ids: frozenset[int] = frozenset()
    is_full_name: bool = True
    has_namesake: bool = False
    identity: tuple[int, str] = (0, "")
    point_value: float | None = None

    def __post_init__(self) -> None:
        # Computed once: a book is searched by the one at every message, and valued by the other at every
        # price.
        force_setattr(self, "identity", self._identity())
        force_setattr(self, "point_value", self._point_value())

    @property
    def is_combination(self) -> bool:
        return self.kind == COMBINATION

    @property
    def is_nameless(self) -> bool:
        """Whether the broker did not send a name for it."""
        return self.symbol == nameless(self.con_id)

    @property
    def name(self) -> str:
        """The symbol, marked if it is the underlying symbol of a combination."""
        return f"{self.symbol} combo" if self.is_combination else self.symbol

    def _point_value(self) -> float | None:
        if self.is_combination or self.multiplier is None or self.price_unit is None:
            return None
        return self.multiplier * self.price_unit

    @property
    def has_all_terms(self) -> bool:
        """Whether multiplier and price unit are known, or cannot be reported at all, as for a combination."""
        return self.is_combination or (self.multiplier is not None and self.price_unit is not None)

    def _identity(self) -> tuple[int, str]:
        if self.is_combination:
            return self.con_id, f"{self.symbol} {self.legs}"
        if self.con_id:
            return self.con_id, ""
        kind, currency = self.kind.removeprefix("STK"), self.currency.removeprefix("USD")
        return 0, " ".join(filter(None, (self.symbol, kind, currency, self.exchange)))


def one_spaced(name: str) -> str:
    """Return a name without spaces around it, and with one wherever there are several, tabs or hard ones."""
    return " ".join(name.split())


def nameless(con_id: int) -> str:
    """Return the text that stands for the symbol if the broker sends none; a dash without a conId, too."""
    return f"contract {con_id}" if con_id else "—"


def with_terms(received: Instrument, known: Instrument) -> Instrument:
    """Return the instrument with the multiplier and price unit that ``known`` has for the same contract."""
    if received.has_all_terms:
        return received
    return replace(
        received,
        multiplier=known.multiplier if received.multiplier is None else received.multiplier,
        price_unit=known.price_unit if received.price_unit is None else received.price_unit,
    )


_NASDAQ_CLASS = re.compile(r"([A-Z]{4})[L-PZ]")
"""Nasdaq marks classes of preferred shares and notes by a fifth letter: L to P and Z. Source: Nasdaq."""


_SYMBOLS = 16_384
"""More symbols than a firm holds: a cache slightly too small for a list read in turn would never hit."""


@lru_cache(maxsize=_SYMBOLS)
def issuer(symbol: str) -> str:
    """Return the root of a symbol, which all shares of one issuer have in common.

    ``CIM PRB`` belongs to CIM, Nasdaq's ``AGNCN`` to AGNC.
    """
    root = symbol.split(maxsplit=1)[0] if symbol.strip() else symbol
    of_nasdaq = _NASDAQ_CLASS.fullmatch(root)
    return of_nasdaq[1] if of_nasdaq else root


@lru_cache(maxsize=_SYMBOLS)
def plain_symbol(text: str) -> str:
    """Return a symbol in the form in which symbols are compared: capital letters without accents.

    A Turkish keyboard turns cim into CİM and CIM into cım.
    """
    decomposed = unicodedata.normalize("NFKD", text.strip())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).upper()
