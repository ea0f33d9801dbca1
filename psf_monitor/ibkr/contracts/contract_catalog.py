"""What is known of the contracts of one profile: where each is listed, and the unit of its price.

Positions, orders and executions contain neither. TWS is asked once for each contract, and only where it
matters.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from psf_monitor.connection import deferred_asyncio
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import is_us_market


class ContractTerms(NamedTuple):
    """The terms of one contract: ``price_unit`` in its currency, ``listing`` as TWS names the exchange,
    ``local_symbol`` empty if TWS sends none.
    """

    price_unit: float | None
    multiplier: float | None
    listing: str
    local_symbol: str = ""


class ContractCatalog:
    """What is known of the contracts of one profile, kept across connections."""

    def __init__(self) -> None:
        self._terms: dict[int, ContractTerms] = {}
        self._listeners: list[Callable[[int | None], None]] = []
        self._missing: dict[int, None] = {}
        self._requested: set[int] = set()
        self._named: frozenset[str] = frozenset()

    @cached_property
    def wanted(self) -> "deferred_asyncio.Event":
        """Set while there are contracts to request."""
        return deferred_asyncio.Event()

    def when_learned(self, listener: Callable[[int | None], None]) -> None:
        """Call ``listener`` with the conId of a contract about which more is known; ``None`` for any
        contract.
        """
        self._listeners.append(listener)

    def described(self, instrument: Instrument) -> Instrument:
        """Return the instrument with everything known of its contract; what is unknown is requested."""
        con_id = instrument.con_id
        if not con_id or not _needs_terms(instrument):
            return instrument
        terms = self._terms.get(con_id)
        if terms is None:
            if con_id not in self._requested:
                self.request_later([con_id])
            return instrument
        names_market = is_us_market(instrument.exchange) is not None
        return replace(
            instrument,
            symbol=instrument.symbol if instrument.is_full_name else terms.local_symbol or instrument.symbol,
            is_full_name=instrument.is_full_name or bool(terms.local_symbol),
            price_unit=instrument.price_unit if terms.price_unit is None else terms.price_unit,
            multiplier=terms.multiplier or instrument.multiplier,
            exchange=instrument.exchange if names_market or not terms.listing else terms.listing,
        )

    def name(self, symbols: Collection[str]) -> None:
        """Set the symbols for which the trader's own table has a HAMMER name."""
        self._named = frozenset(symbols)
        for listener in self._listeners:
            listener(None)

    def named(self, instrument: Instrument) -> Instrument:
        """Return the instrument, marked if the trader's own table has a HAMMER name for it."""
        is_named = instrument.symbol in self._named
        if instrument.is_named_by_trader is is_named:
            return instrument
        return replace(instrument, is_named_by_trader=is_named)

    def pop_missing(self) -> list[int]:
        """Return the contracts to request next."""
        self.wanted.clear()
        missing, self._missing = list(self._missing), {}
        self._requested.update(missing)
        return missing

    def request_later(self, con_ids: Iterable[int]) -> None:
        """Queue unknown contracts for a request."""
        self._missing |= dict.fromkeys(con_ids)
        if self._missing:
            self.wanted.set()

    def connected(self) -> None:
        """Begin another connection: it may report what the previous one did not."""
        self.request_later(sorted(self._requested - self._terms.keys()))

    def learn(self, con_id: int, terms: ContractTerms) -> None:
        """Store the terms of a contract and notify the listeners."""
        self._terms[con_id] = terms
        for listener in self._listeners:
            listener(con_id)


def _needs_terms(instrument: Instrument) -> bool:
    if not instrument.has_all_terms:
        return True
    is_dollar_share = instrument.kind == "STK" and instrument.currency == "USD"
    return is_dollar_share and (is_us_market(instrument.exchange) is None or not instrument.is_full_name)
