"""Which rows belong to which contract, and under which symbol each is priced.

A contract is identified by its conId; its name may change while an order or another login keeps the old one.
All rows of a contract are priced under one name. The position decides the name, and an order is priced as its
position is. Among several names one that HAMMER quotes is preferred, then one of which it sends a previous
close, then one that it does not refuse, then the one in most positions, then the one that arrived last.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct, field

from psf_monitor.book.account_books import AccountBooks
from psf_monitor.book.market.ambiguous_symbols import AmbiguousSymbols
from psf_monitor.book.quotes import Quotes, is_priced_by_hammer
from psf_monitor.book.rows import QuoteState
from psf_monitor.book.wanted_symbols import WantedSymbols
from psf_monitor.domain.instrument import Instrument, issuer
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import PositionKey

_Contract = tuple[int, str]
_Named = tuple[_Contract, frozenset[str]]
_K = TypeVar("_K", bound=Hashable)


class Affected(Struct):
    """The rows that may have changed."""

    positions: set[PositionKey] = field(default_factory=set)
    orders: set[OrderKey] = field(default_factory=set)


class _Choice(NamedTuple):
    """Which of a contract's several names prices it, and which of them are requested of HAMMER.

    ``quoted`` are those that HAMMER quotes. ``symbol`` is ``None`` if the contract is only ordered and HAMMER
    prices none of its names.
    """

    symbol: str | None
    requested: frozenset[str]
    quoted: frozenset[str]


class _Rank(NamedTuple):
    """How well a name prices a contract: an answer of HAMMER's without a figure prices nothing."""

    has_price: bool
    has_close: bool
    is_taken: bool


class PricingSymbols:
    """Follows which contracts the account books hold and have ordered, and what HAMMER answers for their
    names.
    """

    def __init__(self, accounts: AccountBooks, prices: Quotes) -> None:
        self._accounts = accounts
        self._prices = prices
        self._wanted = WantedSymbols()
        self._ambiguous_symbols = AmbiguousSymbols()
        self._positions_in: defaultdict[_Contract, set[PositionKey]] = defaultdict(set)
        self._orders_on: defaultdict[_Contract, set[OrderKey]] = defaultdict(set)
        self._combinations_of: defaultdict[_Contract, set[OrderKey]] = defaultdict(set)
        self._legs: dict[OrderKey, frozenset[int]] = {}
        self._named: dict[Hashable, _Named] = {}
        self._names: defaultdict[_Contract, dict[str, int]] = defaultdict(dict)
        """How many rows have each name of a contract; the name that arrived last comes last."""
        self._choices: dict[_Contract, _Choice] = {}
        self._positions_of: defaultdict[str, set[PositionKey]] = defaultdict(set)
        self._orders_of: defaultdict[str, set[OrderKey]] = defaultdict(set)
        self._priced_as: dict[Hashable, str] = {}
        self._traded: Mapping[PositionKey, Sequence[Instrument]] = {}
        self._traded_names: dict[_Contract, dict[str, Instrument]] = {}
        """Under which names each contract that was traded today has been known since."""
        self._watched: frozenset[str] = frozenset()

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that need a price."""
        return self._wanted.symbols

    def when_symbols_changed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever ``symbols`` changes, inside the call that changes it."""
        self._wanted.when_changed(listener)

    def positions_of(self, symbols: Iterable[str]) -> Iterable[PositionKey]:
        """Return the positions that are priced under these symbols."""
        return _all_of(self._positions_of, symbols)

    def orders_of(self, symbols: Iterable[str]) -> Iterable[OrderKey]:
        """Return the orders that are priced under these symbols."""
        return _all_of(self._orders_of, symbols)

    def rows_of(self, symbols: Collection[str]) -> tuple[Iterable[PositionKey], Iterable[OrderKey]]:
        """Return the positions and the orders that are priced under these symbols."""
        return self.positions_of(symbols), self.orders_of(symbols)

    def is_another_share(self, symbol: str) -> bool:
        """Return whether HAMMER's share of this name is none of those that are held or ordered under it."""
        held = self._positions_of.get(symbol, ())
        ordered = self._orders_of.get(symbol, ())
        known = [
            instrument
            for book in self._accounts
            for instrument in (
                *(book.positions[key].instrument for key in held if key in book.positions),
                *(book.orders.by_key[key].instrument for key in ordered if key in book.orders.by_key),
            )
        ]
        return bool(known) and not any(is_priced_by_hammer(self.listing(each, "")) for each in known)

    def orders_on(self, instrument: Instrument) -> Set[OrderKey]:
        """Return the orders on this contract, in any account and under any name."""
        return self._orders_on.get(instrument.identity, set())

    def combinations_of(self, instrument: Instrument) -> Set[OrderKey]:
        """Return the orders on combinations that have this contract as a leg."""
        return self._combinations_of.get(instrument.identity, set())

    def listing(self, instrument: Instrument, account: str) -> Instrument:
        """Return the contract as it is held, preferably in this account, under the name that prices it."""
        return self._ambiguous_symbols.marked(self._listing(instrument, account))

    def _listing(self, instrument: Instrument, account: str) -> Instrument:
        contract = instrument.identity
        choice = self._choices.get(contract)
        if choice is None or choice.symbol is None:
            return next(self._held(contract, account), instrument)
        known = chain(self._held(contract, account), self._ordered(contract))
        return next((each for each in known if each.symbol == choice.symbol), instrument)

    def listing_once_traded(self, instrument: Instrument, account: str) -> Instrument:
        """Return the contract, traded today and held or not, under the name that it is priced as.

        Where HAMMER prices it as none that is held, it may be one under which it was traded or ordered.
        """
        listing = self.listing(instrument, account)
        names = self._traded_names.get(instrument.identity, {})
        if len(names) < 2 or all(self._pricing_rank(listing)):
            return listing
        return max((listing, *names.values()), key=self._pricing_rank)

    def names(self, instrument: Instrument) -> tuple[str, ...]:
        """Return its symbol and all others under which this contract is held or ordered."""
        return (instrument.symbol, *self.names_of(instrument))

    def names_of(self, instrument: Instrument) -> tuple[str, ...]:
        """Return the other symbols under which this contract is held or ordered, sorted."""
        return tuple(sorted(self._names.get(instrument.identity, {}).keys() - {instrument.symbol}))

    def also_quoted(self, instrument: Instrument) -> tuple[str, ...]:
        """Return the names of this contract that HAMMER quotes, too, besides the one that it is priced as."""
        choice = self._choices.get(instrument.identity)
        return () if choice is None else tuple(sorted(choice.quoted - {choice.symbol}))

    def set_positions(self, keys: Collection[PositionKey]) -> Affected:
        """Update positions that may have come, changed or left."""
        affected = Affected(positions=set(keys))
        for key in sorted(keys):
            contract = (key.con_id, key.symbol)
            held = [a.positions[key].instrument for a in self._accounts if key in a.positions]
            _put(self._positions_in, contract, key, is_in=bool(held))
            self._name(key, contract, held)
            # Orders on this contract are priced under the position's name.
            affected.orders |= self._orders_on.get(contract, set())
        self._choose({(key.con_id, key.symbol) for key in keys}, affected)
        return affected

    def set_orders(self, keys: Collection[OrderKey]) -> Affected:
        """Update orders that may have come, changed or left."""
        affected = Affected(orders=set(keys))
        contracts: set[_Contract] = set()
        works_on: set[_Contract] = set()
        for key in sorted(keys):
            ordered = [a.orders.by_key[key].instrument for a in self._accounts if key in a.orders.by_key][:1]
            before = self._named[key][0] if key in self._named else None
            now = ordered[0].identity if ordered else None
            for contract in {before, now} - {None}:
                _put(self._orders_on, contract, key, is_in=contract == now)
            self._name(key, now, ordered)
            legs = ordered[0].leg_ids if ordered else frozenset()
            before_legs = self._legs.pop(key, frozenset())
            if legs:
                self._legs[key] = legs
            for leg in legs | before_legs:
                _put(self._combinations_of, (leg, ""), key, is_in=leg in legs)
                works_on.add((leg, ""))
            contracts |= {before, now} - {None}  # type: ignore[arg-type]
        self._choose(contracts, affected)
        # Working orders also appear in the position's row, but do not change how it is priced.
        works_on |= contracts
        affected.positions.update(*(self._positions_in.get(contract, ()) for contract in works_on))
        return affected

    def set_judged(self, symbols: Iterable[str] | None = None) -> Affected | None:
        """HAMMER may quote or refuse these symbols now, or any: return the rows that are priced
        differently; ``None`` where nothing is.
        """
        judged, affected, wanted = None if symbols is None else {*symbols}, Affected(), self.symbols
        if any(judged is None or not judged.isdisjoint(names) for names in self._renamed()):
            self._want_closes()
        if self._choices:
            several = [c for c in self._choices if judged is None or not judged.isdisjoint(self._names[c])]
            self._choose(several, affected)
        is_other = affected.positions or affected.orders or self.symbols is not wanted
        return affected if is_other else None

    def set_traded(self, traded: Mapping[PositionKey, Sequence[Instrument]]) -> Affected:
        """Set what was traded today, under each name: it needs a previous close, held or not."""
        self._want((("traded", key), []) for key in self._traded.keys() - traded.keys())
        self._traded = traded
        known, self._traded_names = self._traded_names, {}
        for named in traded.values():
            for each in named:
                names = self._traded_names.setdefault(each.identity, known.get(each.identity, {}))
                names.setdefault(each.symbol, each)
        self._want_closes()
        return Affected()

    def set_watched(self, symbols: frozenset[str]) -> Affected:
        """Set exactly the shares that need a price whoever holds them."""
        before, self._watched = self._watched, symbols
        # The text before the symbol distinguishes these keys from those of positions and orders.
        self._want((("watched", name), [Instrument(0, name)]) for name in sorted(symbols - before))
        self._want((("watched", name), []) for name in sorted(before - symbols))
        return Affected()

    def _held(self, contract: _Contract, account: str = "") -> Iterator[Instrument]:
        keys: Collection[PositionKey] = self._positions_in.get(contract, ())
        if len(keys) > 1:
            keys = sorted(keys, key=lambda key: (key.account != account, key))
        for key in keys:
            for book in self._accounts:
                if key in book.positions:
                    yield book.positions[key].instrument

    def _ordered(self, contract: _Contract) -> Iterator[Instrument]:
        for key in sorted(self._orders_on.get(contract, ())):
            yield from (a.orders.by_key[key].instrument for a in self._accounts if key in a.orders.by_key)

    def _name(self, key: Hashable, contract: _Contract | None, instruments: Sequence[Instrument]) -> None:
        """Record which names the row with this key gives the contract."""
        now = None
        if instruments and contract is not None:
            now = (contract, frozenset([each.symbol for each in instruments]))
        before = self._named.pop(key, None)
        if now is not None:
            self._named[key] = now
        if now == before:
            return
        if now is not None:
            self._count(now, 1)
        if before is not None:
            self._count(before, -1)

    def _count(self, named: _Named, more: int) -> None:
        contract, symbols = named
        names = self._names[contract]
        for symbol in sorted(symbols):
            names[symbol] = names.get(symbol, 0) + more
            if not names[symbol]:
                del names[symbol]

    def _choose(self, contracts: Collection[_Contract], affected: Affected) -> None:
        """Choose the names of these contracts again, and request prices for the affected rows."""
        for contract in contracts:
            names, before = self._names.get(contract, {}), self._choices.pop(contract, None)
            if not names:
                self._names.pop(contract, None)
            if len(names) > 1:
                self._choices[contract] = self._choice(contract, names)
            if before != self._choices.get(contract):
                affected.positions |= self._positions_in.get(contract, set())
                affected.orders |= self._orders_on.get(contract, set())
            # An order's contract alone makes no price of what is held doubtful.
            held = next(iter(self._held(contract)), None)
            listing = None if held is None else self._listing(held, "")
            for each in self._ambiguous_symbols.follow(contract, listing):
                affected.positions |= self._positions_in.get(each, set())
                affected.orders |= self._orders_on.get(each, set())
        self._want(self._rows(affected))
        if self._choices or not self._traded_names.keys().isdisjoint(contracts):
            self._want_closes()

    def _choice(self, contract: _Contract, names: Iterable[str]) -> _Choice:
        held = list(self._held(contract))
        requested = [*held, *self._ordered(contract)] if all(map(self._is_refused, held)) else held
        priced = [each for each in requested if self._pricing_rank(each).is_taken] or held
        # Some versions of TWS send only the root of a name, which at HAMMER is another share.
        roots = {issuer(name) for name in names if issuer(name) != name}
        newest, holders = list(names), Counter(each.symbol for each in held)
        best = max(
            priced,
            key=lambda each: (
                each.symbol not in roots,
                *self._pricing_rank(each),
                holders[each.symbol],
                newest.index(each.symbol),
            ),
            default=None,
        )
        quoted = frozenset(each.symbol for each in requested if self._pricing_rank(each).has_price)
        symbols = frozenset(each.symbol for each in requested)
        return _Choice(None if best is None else best.symbol, symbols, quoted)

    def _is_refused(self, instrument: Instrument) -> bool:
        return is_priced_by_hammer(instrument) and self._prices.of(instrument)[1] is QuoteState.MISSING

    def _pricing_rank(self, instrument: Instrument) -> _Rank:
        quote, state = self._prices.of(instrument)
        bid, ask, last, close = (
            (None,) * 4 if quote is None else (quote.bid, quote.ask, quote.last, quote.prev_close)
        )
        has_price = not (bid is None and ask is None and last is None)
        return _Rank(has_price, has_price or close is not None, state is not QuoteState.MISSING)

    def _rows(self, affected: Affected) -> list[tuple[Hashable, list[Instrument]]]:
        """Return the instruments that each of these rows needs a price of; the first one prices it."""
        found: list[tuple[Hashable, list[Instrument]]] = []
        for held in affected.positions:
            instruments = [a.positions[held].instrument for a in self._accounts if held in a.positions]
            found.append((held, self._priced(self._positions_of, held, held.account, instruments)))
        for key in affected.orders:
            orders = [a.orders.by_key[key] for a in self._accounts if key in a.orders.by_key][:1]
            account = orders[0].account if orders else ""
            instruments = [order.instrument for order in orders]
            found.append((key, self._priced(self._orders_of, key, account, instruments)))
        return found

    def _priced(
        self, rows_of: defaultdict[str, set[_K]], key: _K, account: str, instruments: Sequence[Instrument]
    ) -> list[Instrument]:
        before = self._priced_as.pop(key, None)
        if before is not None:
            _put(rows_of, before, key, is_in=False)
        if not instruments:
            return []
        listing = self.listing(instruments[0], account)
        self._priced_as[key] = listing.symbol
        rows_of[listing.symbol].add(key)
        choice = self._choices.get(listing.identity)
        if choice is None:
            return [listing]
        return [listing, *(each for each in instruments if each.symbol in choice.requested)]

    def _renamed(self) -> Iterable[Mapping[str, Instrument]]:
        """Return the names of each contract that was traded today and has several."""
        return (names for names in self._traded_names.values() if len(names) > 1)

    def _want_closes(self) -> None:
        for contract, names in self._traded_names.items():
            for each in chain(self._held(contract), self._ordered(contract)):
                names.setdefault(each.symbol, each)
        self._want(
            (("traded", key), self._closes(named[0], key.account)) for key, named in self._traded.items()
        )

    def _closes(self, instrument: Instrument, account: str) -> list[Instrument]:
        """Return the names to ask HAMMER for: also the other ones, once it refuses the one that prices it."""
        listing = self.listing(instrument, account)
        is_refused = self._is_refused(listing)
        return [listing, *(self._traded_names[instrument.identity].values() if is_refused else ())]

    def _want(self, instruments: Iterable[tuple[Hashable, Iterable[Instrument]]]) -> None:
        self._wanted.replace(instruments)


def _put(keys: defaultdict[Any, set[_K]], of: Any, key: _K, *, is_in: bool) -> None:
    """Add the key to the set, or remove it."""
    if is_in:
        keys[of].add(key)
    elif of in keys:
        keys[of].discard(key)
        if not keys[of]:
            del keys[of]


def _all_of(keys: Mapping[str, set[_K]], symbols: Iterable[str]) -> Iterable[_K]:
    # Evaluated for every quote, so every step of it is a built-in.
    return chain.from_iterable(filter(None, map(keys.get, symbols)))
