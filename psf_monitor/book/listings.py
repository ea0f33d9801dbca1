"""Which rows are of which contract, and under which symbol each of them is priced.

A contract is its conId; its name may change while an order keeps the old one. What is held names it: an
order is priced as its position is.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Set
from itertools import chain
from typing import TypeVar

from msgspec import Struct, field

from psf_monitor.book.account_books import AccountBooks
from psf_monitor.book.wanted_symbols import WantedSymbols
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.order import Order, OrderKey
from psf_monitor.domain.position import PositionKey

_Contract = tuple[int, str]
_K = TypeVar("_K")


class Affected(Struct):
    """The rows that may differ."""

    positions: set[PositionKey] = field(default_factory=set)
    orders: set[OrderKey] = field(default_factory=set)


class Listings:
    """Follows what the account books hold and have ordered, key by key."""

    def __init__(self, accounts: AccountBooks) -> None:
        self._accounts = accounts
        self._wanted = WantedSymbols()
        self._positions_in: defaultdict[_Contract, set[PositionKey]] = defaultdict(set)
        self._orders_on: defaultdict[_Contract, set[OrderKey]] = defaultdict(set)
        self._contract_of: dict[OrderKey, _Contract] = {}
        self._positions_of: defaultdict[str, set[PositionKey]] = defaultdict(set)
        self._orders_of: defaultdict[str, set[OrderKey]] = defaultdict(set)
        self._traded: set[PositionKey] = set()
        self._watched: frozenset[str] = frozenset()

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that need a price."""
        return self._wanted.symbols

    def positions_of(self, symbols: Iterable[str]) -> Iterable[PositionKey]:
        """The positions that are priced under these symbols."""
        return _all_of(self._positions_of, symbols)

    def orders_of(self, symbols: Iterable[str]) -> Iterable[OrderKey]:
        """The orders that are priced under these symbols."""
        return _all_of(self._orders_of, symbols)

    def rows_of(self, symbols: Collection[str]) -> tuple[Iterable[PositionKey], Iterable[OrderKey]]:
        """The positions and the orders that are priced under these symbols."""
        return self.positions_of(symbols), self.orders_of(symbols)

    def orders_on(self, instrument: Instrument) -> Set[OrderKey]:
        """The orders on this contract, in any account and under any name."""
        return self._orders_on.get(instrument.identity, set())

    def listing(self, order: Order) -> Instrument:
        """The contract as it is held, in the order's own account first; else as it is ordered."""
        held = self._positions_in.get(order.instrument.identity, ())
        for key in sorted(held, key=lambda key: (key.account != order.account, key)):
            for account in self._accounts:
                if key in account.positions:
                    return account.positions[key].instrument
        return order.instrument

    def names_of(self, instrument: Instrument) -> tuple[str, ...]:
        """Other symbols under which orders name this contract, in order."""
        named = {
            account.orders[key].instrument.symbol
            for key in self.orders_on(instrument)
            for account in self._accounts
            if key in account.orders
        }
        return tuple(sorted(named - {instrument.symbol}))

    def set_positions(self, keys: Collection[PositionKey]) -> Affected:
        """These positions may have come, changed or left."""
        affected = Affected(positions=set(keys))
        held: list[tuple[Hashable, list[Instrument]]] = []
        for key in keys:
            instruments = [a.positions[key].instrument for a in self._accounts if key in a.positions]
            contract = (key.con_id, key.symbol)
            if instruments:
                self._positions_in[contract].add(key)
            elif contract in self._positions_in:
                self._positions_in[contract].discard(key)
                if not self._positions_in[contract]:
                    del self._positions_in[contract]
            for instrument in instruments:
                self._positions_of[instrument.symbol].add(key)
            held.append((key, instruments))
            # It names what its orders are priced as.
            affected.orders |= self._orders_on.get(contract, set())
        self._want(held)
        self._want(self._ordered(affected.orders))
        return affected

    def set_orders(self, keys: Collection[OrderKey]) -> Affected:
        """These orders may have come, changed or left."""
        affected = Affected(orders=set(keys))
        for key in keys:
            now = next((a.orders[key].instrument.identity for a in self._accounts if key in a.orders), None)
            before = self._contract_of.pop(key, None)
            if before is not None and before != now:
                self._orders_on[before].discard(key)
                if not self._orders_on[before]:
                    del self._orders_on[before]
            if now is not None:
                self._contract_of[key] = now
                self._orders_on[now].add(key)
            # What is working stands in the position's row, too.
            for contract in {before, now} - {None}:
                affected.positions |= self._positions_in.get(contract, set())  # type: ignore[arg-type]
        self._want(self._ordered(keys))
        return affected

    def set_traded(self, traded: Mapping[PositionKey, Instrument]) -> Affected:
        """These were traded today: they need a previous close, held or not."""
        wanted: list[tuple[Hashable, list[Instrument]]] = [
            (("traded", key), []) for key in self._traded - traded.keys()
        ]
        wanted += [(("traded", key), [instrument]) for key, instrument in traded.items()]
        self._traded = set(traded)
        self._want(wanted)
        return Affected()

    def set_watched(self, symbols: frozenset[str]) -> Affected:
        """Exactly these shares need a price whoever holds them."""
        before, self._watched = self._watched, symbols
        # The text before the symbol keeps these keys apart from those of positions and orders.
        self._want((("watched", name), [Instrument(0, name)]) for name in sorted(symbols - before))
        self._want((("watched", name), []) for name in sorted(before - symbols))
        return Affected()

    def _ordered(self, keys: Iterable[OrderKey]) -> list[tuple[Hashable, list[Instrument]]]:
        ordered: list[tuple[Hashable, list[Instrument]]] = []
        for key in keys:
            instruments = [
                self.listing(account.orders[key]) for account in self._accounts if key in account.orders
            ]
            for instrument in instruments:
                self._orders_of[instrument.symbol].add(key)
            ordered.append((key, instruments))
        return ordered

    def _want(self, instruments: Iterable[tuple[Hashable, Iterable[Instrument]]]) -> None:
        for symbol in self._wanted.replace(instruments):
            self._positions_of.pop(symbol, None)
            self._orders_of.pop(symbol, None)


def _all_of(keys: Mapping[str, set[_K]], symbols: Iterable[str]) -> Iterable[_K]:
    # Asked of every quote: no step of it is one of Python's own.
    return chain.from_iterable(filter(None, map(keys.get, symbols)))
