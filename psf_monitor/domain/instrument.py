"""What is held or ordered."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

COMBINATION = "BAG"
"""TWS's security type of several contracts traded as one."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable thing. ``con_id`` is its identity at IBKR; the symbol is only its name.

    At HAMMER there is no conId: ``con_id`` is 0 and the symbol is the identity. Where TWS sends none,
    kind, currency and exchange are part of it.

    ``symbol`` is what the trader reads (TWS: the local symbol when there is one, ``CIM PRB``).
    ``multiplier`` is units of the underlying per contract, 1 for shares, ``None`` when it cannot be read.
    ``kind`` is TWS's security type (``STK``, ``OPT``, ``FUT``, ..), kept raw. All combinations (``BAG``)
    share one conId: ``legs``, in words, tells them apart; ``leg_ids`` are the conIds of those that TWS names.
    ``price_unit`` is how much of the currency one of its price is: 0.01 for pence and cents, 10 for a bond in
    per cent of 1,000; ``None`` until TWS has sent it. ``is_named_by_trader``: the trader's own table says
    what it is called at HAMMER.
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
    leg_ids: frozenset[int] = field(default=frozenset(), compare=False)

    @property
    def is_combination(self) -> bool:
        return self.kind == COMBINATION

    @property
    def is_nameless(self) -> bool:
        """Whether the broker did not say what it is called."""
        return self.symbol == nameless(self.con_id)

    @property
    def name(self) -> str:
        """The symbol, marked where it is only the name of a combination on it."""
        return f"{self.symbol} combo" if self.is_combination else self.symbol

    @property
    def point_value(self) -> float | None:
        """What one of the price is worth in the currency, for one share or contract."""
        if self.is_combination or self.multiplier is None or self.price_unit is None:
            return None
        return self.multiplier * self.price_unit

    @property
    def has_all_terms(self) -> bool:
        """Whether multiplier and price unit are known, or are none that could be reported, as a
        combination's.
        """
        return self.is_combination or (self.multiplier is not None and self.price_unit is not None)

    @property
    def identity(self) -> tuple[int, str]:
        """The conId, or all that tells it from others where there is none; a combination is its legs."""
        if self.is_combination:
            return self.con_id, f"{self.symbol} {self.legs}"
        if self.con_id:
            return self.con_id, ""
        kind, currency = self.kind.removeprefix("STK"), self.currency.removeprefix("USD")
        return 0, " ".join(filter(None, (self.symbol, kind, currency, self.exchange)))


def nameless(con_id: int) -> str:
    """Return what stands for the symbol where the broker sends none."""
    return f"contract {con_id}"


def with_terms(received: Instrument, known: Instrument) -> Instrument:
    """The instrument with the multiplier and the price unit that ``known`` has of the same contract."""
    if received.has_all_terms:
        return received
    return replace(
        received,
        multiplier=known.multiplier if received.multiplier is None else received.multiplier,
        price_unit=known.price_unit if received.price_unit is None else received.price_unit,
    )


_NASDAQ_CLASS = re.compile(r"([A-Z]{4})[L-PZ]")
"""Nasdaq names a class of preferred shares or notes by a fifth letter: L to P and Z. Source: Nasdaq."""


_SYMBOLS = 16_384
"""More than a firm's book has: gone through in turn, a cache that is a little too small remembers none."""


@lru_cache(maxsize=_SYMBOLS)
def issuer(symbol: str) -> str:
    """Return the root of a symbol, which the shares of one issuer have in common.

    ``CIM PRB`` is of CIM, Nasdaq's ``AGNCN`` of AGNC.
    """
    root = symbol.split(maxsplit=1)[0] if symbol.strip() else symbol
    of_nasdaq = _NASDAQ_CLASS.fullmatch(root)
    return of_nasdaq[1] if of_nasdaq else root


@lru_cache(maxsize=_SYMBOLS)
def plain_symbol(text: str) -> str:
    """Return a symbol as it is compared: capitals without accents, whatever keyboard wrote it.

    A Turkish one makes CİM of cim, and cım of CIM.
    """
    decomposed = unicodedata.normalize("NFKD", text.strip())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).upper()
