"""The book: both sources put records in, and joined rows come out.

Sources call its methods. The window drains the rows that have changed; they are calculated at that moment.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from psf_monitor.book import notices
from psf_monitor.book.account_book import AccountBook
from psf_monitor.book.account_books import AccountBooks
from psf_monitor.book.account_values import replace_summaries
from psf_monitor.book.day.closed_shares import ClosedShares
from psf_monitor.book.day.day_book import DayBook
from psf_monitor.book.day.time_dependent_rows import moved_to
from psf_monitor.book.fills import DayBasis, Fills
from psf_monitor.book.market.depths import Depths
from psf_monitor.book.market.trades import Trades
from psf_monitor.book.pricing_symbols import Affected, PricingSymbols
from psf_monitor.book.quotes import Quotes
from psf_monitor.book.row_builder import RowBuilder, RowSources
from psf_monitor.book.row_cache import Dirty, LastRun, RowCache, RowTables
from psf_monitor.book.rows import AccountState, Changes, ClosedToday, Notice, OrderRow, PositionRow
from psf_monitor.book.sums.account_strip import Strip
from psf_monitor.book.sums.exposure import Exposure
from psf_monitor.book.sums.sums_cache import SumsCache
from psf_monitor.book.sums.totals import Totals
from psf_monitor.domain.account import AccountMode, AccountSection, AccountSummary
from psf_monitor.domain.broker_message import BrokerMessage, ToSee
from psf_monitor.domain.indicators import DEFAULT_RULES, IndicatorRules, Indicators
from psf_monitor.domain.orders.order import Order, OrderExecution, OrderKey
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.domain.quote import Print, Quote
from psf_monitor.domain.rules import Rules
from psf_monitor.problem import Problem


class Book(Dirty):
    """Everything that is known now.

    A position is identified by (account, conId), HAMMER's own by (account, symbol), and is shown once even if
    two profiles reach the same login. Prices come from ``quotes_changed`` alone. ``expects_paper`` are the
    profiles that should be paper logins, ``absent`` those switched off, which no sum counts as missing.
    ``indicator_rules`` weight the prints in GRPAN and RWVAP (PSFALGO).
    ``sums`` is over the rows as last drained, for readers that show them; all others ask the book.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        expects_paper: Collection[AccountMode] = (),
        absent: Collection[AccountMode] = (),
        indicator_rules: IndicatorRules = DEFAULT_RULES,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._accounts = accounts = AccountBooks(AccountMode, expects_paper)
        self.prices = Quotes()
        self.trades = Trades(indicator_rules)
        self.depths = Depths()
        self.day = DayBook(clock, accounts)
        self.pricing = PricingSymbols(accounts, self.prices)
        self._sources = RowSources(accounts, self.pricing, self.prices, self.trades, self.depths, self.day)
        self._builder = builder = RowBuilder(clock, self._sources)
        self._positions: RowCache[PositionKey, PositionRow] = RowCache(builder.position, builder.renew)
        self.facts = builder.facts
        self.facts.when_changed(self._touch_all)
        self._orders: RowCache[OrderKey, OrderRow] = RowCache(builder.order)
        self.tables = RowTables(self._positions, self._orders)
        self.depths.when_changed(self._on_depths)
        closed = ClosedShares(self.day, self.prices, self.pricing.listing_once_traded)
        self.sums = SumsCache(accounts, self._positions, closed, lambda: self.rules, absent)
        self._settled, self._passed = LastRun(), LastRun()
        self._notices: list[Notice] = []

    def expect(self, paper: Collection[AccountMode]) -> None:
        """Expect paper logins for these profiles from now on, and live ones for all others."""
        self._accounts.expects_paper = paper
        self._touch_all()

    @property
    def rules(self) -> Rules:
        """The rules by which positions are valued and near fills are marked."""
        return self._builder.rules

    def set_rules(self, rules: Rules) -> None:
        """Value positions and mark near fills by these rules from now on."""
        self._builder.rules = rules
        self._touch_all()

    # Reported about accounts, by IBKR and, for its own account, by HAMMER.

    def accounts_named(self, mode: AccountMode, accounts: Sequence[str]) -> None:
        """Record that the login is up, and its accounts."""
        self._note(self._accounts.login_notice(mode, accounts, self._clock()))
        positions, orders = self._accounts[mode].set_accounts(accounts, self._clock())
        self._touch(self.pricing.set_positions(positions))
        self._touch(self.pricing.set_orders(orders))
        self._touch_all()

    def positions_replaced(self, mode: AccountMode, positions: Sequence[Position]) -> None:
        """Set the complete list of positions: what is missing in it is no longer held."""
        self.day.note_holdings()
        with self._renewed(mode) as account:
            self._touch(self.pricing.set_positions(account.replace_positions(positions)))
        self.day.note_holdings()

    def position_changed(self, mode: AccountMode, position: Position) -> None:
        """Set one position; a quantity of 0 removes it."""
        self.day.note_holdings()
        self._accounts[mode].change_position(position)
        self._touch(self.pricing.set_positions({position.key}))

    def orders_replaced(self, mode: AccountMode, orders: Sequence[Order]) -> None:
        """Set the complete list of open orders, whoever placed them; others are no longer open."""
        with self._renewed(mode) as account:
            before, is_first = account.orders.by_key, account.orders.checked_at is None
            touched = account.orders.replace_all(orders, self._clock())
            # Most lists change nothing but their time, which the window reads once a second.
            if touched or is_first:
                self._touch(self.pricing.set_orders(touched))
        for key in sorted(touched & account.orders.by_key.keys()):
            self._note(notices.order_notice(before.get(key), account.orders.by_key[key], self._clock()))

    def order_changed(self, mode: AccountMode, order: Order) -> None:
        """Set one order."""
        account, now = self._accounts[mode], self._clock()
        before = account.orders.by_key.get(order.key)
        self._touch(self.pricing.set_orders(account.orders.change(order, now)))
        self._note(notices.order_notice(before, account.orders.by_key[order.key], now))

    def order_executed(self, mode: AccountMode, execution: OrderExecution) -> None:
        """Record how much of an order is filled, listed or not: it explains why an order left the list."""
        account, now = self._accounts[mode], self._clock()
        if changed := account.orders.apply_execution(execution, now):
            self._touch(self.pricing.set_orders({changed[1].key}))
            self._note(notices.order_notice(*changed, now))

    def executions_listed(self, mode: AccountMode) -> None:
        """Record that all executions of today have been reported."""
        self._accounts[mode].orders.list_executions()

    def positions_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Record that the broker does not report positions: what was known stays, with its age."""
        self._accounts[mode].positions_problem = why
        self._become_dirty()

    def orders_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Record that the broker does not report open orders, which does not mean that there are none."""
        self._touch(self.pricing.set_orders(self._accounts[mode].orders.mark_unavailable(why, self._clock())))

    def summaries_replaced(self, mode: AccountMode, summaries: Sequence[AccountSummary]) -> None:
        """Set the complete account values of every account of the login."""
        with self._renewed(mode) as account:
            self._positions.add(replace_summaries(account, summaries))
            self._become_dirty()

    def account_problem(self, mode: AccountMode, why: Problem | None) -> None:
        """Set why the account, or a part of it, is not available; ``None`` if nothing is wrong."""
        self._accounts[mode].problem = why
        self._become_dirty()

    def trades_unknown(self, mode: AccountMode, why: str, basis: DayBasis) -> None:
        """Set for which times of today executions are unknown, and what the day P&L of each kind assumes."""
        account = self._accounts[mode]
        if (account.day_gap, account.day_basis) != (why, basis):
            account.day_gap, account.day_basis = why, basis
            self._positions.add(account.positions, is_renewed=False)
            self._become_dirty()

    def account_message(self, mode: AccountMode, message: BrokerMessage) -> None:
        """Keep a message for the trader until ``message_acknowledged``."""
        is_news = self._accounts[mode].add_message(message)
        self._note(notices.message_notice(mode, message) if is_news else None)
        self._become_dirty()

    def order_message(self, mode: AccountMode, message: BrokerMessage) -> None:
        """Report a message about an order or a contract."""
        self._note(notices.message_notice(mode, message))
        self._become_dirty()

    def message_acknowledged(self, mode: AccountMode, message: ToSee) -> None:
        """Drop a message that the trader has seen."""
        self._accounts[mode].acknowledge(message)
        self._become_dirty()

    def account_lost(self, mode: AccountMode, since: datetime, of: AccountSection | None = None) -> None:
        """Mark everything of this profile, or one section, as old as of ``since``: it is not reported now."""
        self._accounts[mode].mark_stale(since, of)
        self._touch_all()

    def account_dropped(self, mode: AccountMode) -> None:
        """Drop everything of this profile: the trader disconnected."""
        left = self._accounts.clear(mode)
        self._touch(self.pricing.set_positions(set(left.positions)))
        self._touch(self.pricing.set_orders(set(left.orders.by_key)))
        self._touch_all()

    def quotes_changed(self, quotes: Mapping[str, Quote]) -> None:
        """Set the complete quotes that changed, by the symbol the trader reads."""
        self.prices.change(quotes)
        self._judge(quotes)
        self.tables.moved(*self.pricing.rows_of(quotes))
        self._become_dirty(is_of_prices=True)

    def prints_changed(self, prints: Mapping[str, Sequence[Print]]) -> None:
        """Set all prints, oldest first, of the symbols that traded, by the symbol the trader reads."""
        self.trades.update(prints)
        self._positions.moved(self.pricing.positions_of(prints))
        self._become_dirty(is_of_prices=True)

    def volumes_changed(self, volumes: Mapping[str, float]) -> None:
        """Set the average daily volumes given by the trader, in shares by symbol."""
        self._touch_shares(self.trades.set_volumes(volumes))

    def symbols_requested(self, hammer_symbols: Mapping[str, str]) -> None:
        """Set the name under which HAMMER is asked for each symbol; prices that nobody wants are dropped."""
        self.prices.forget_all_but(self.wanted_symbols)
        self.trades.forget_all_but(self.wanted_symbols)
        self._touch_shares(self.prices.set_hammer_symbols(hammer_symbols))

    def symbols_refused(self, symbols: frozenset[str]) -> None:
        """Set all symbols that HAMMER does not know."""
        self._touch_shares(self.prices.refuse(symbols))

    def quotes_awaited(self, *, are_awaited: bool) -> None:
        """Record that HAMMER is connected and its first prices are awaited, or that no longer."""
        if self.prices.await_first(are_awaited=are_awaited):
            self._touch_all()

    def quotes_live(self) -> None:
        """Treat prices as current from now on; those from before a loss count again once they are resent."""
        self.prices.go_live()
        self._touch_all()

    def quotes_frozen(self, since: datetime) -> None:
        """Mark every price as old as of then."""
        self.prices.freeze(since)
        self._touch_all()

    def quotes_dropped(self) -> None:
        """Drop all prices: the trader disconnected HAMMER."""
        self.prices.drop()
        self.trades.clear()
        self._touch_all()

    @property
    def wanted_symbols(self) -> frozenset[str]:
        """The exact set of symbols that need a price."""
        return self.pricing.symbols

    def watch(self, symbols: Collection[str]) -> None:
        """Request prices for these shares too, whether or not anybody holds or orders them."""
        self._touch(self.pricing.set_watched(frozenset(symbols)))

    def drain(self, looked_at: Collection[Hashable] | None = None, most: int | None = None) -> Changes:
        """Return the rows that have changed since the last drain. With ``looked_at``, the keys on the screen,
        other rows of which only the price moved are left for a complete drain, which has to follow soon. If
        more than ``most`` further rows of a kind are due, only those on the screen are returned.
        """
        if looked_at is not None and not self.has_news_of(looked_at):
            return Changes({}, {}, ())
        self._drained = self.changes
        self.settle(looked_at, most)
        parts, self._notices, self._is_dirty = tuple(self._notices), [], False
        if self.tables.is_behind:
            self._stay_dirty()
        return Changes(*self.tables.drain(looked_at), parts)

    def has_news_of(self, looked_at: Collection[Hashable]) -> bool:
        """Return whether any of these has news to drain; if not, the next news wakes again."""
        has_news = self.changes != self._drained or bool(self._notices)
        return self._rest_unless(has_news or self.tables.has_news_of(looked_at))

    def position_rows(self) -> list[PositionRow]:
        """Return every position."""
        self.settle()
        return list(self._positions.rows())

    def rows_of(self, symbol: str) -> tuple[list[PositionRow], list[OrderRow]]:
        """Return the positions and orders that are priced as this share; other rows may still be due."""
        held, ordered = set(self.pricing.positions_of((symbol,))), set(self.pricing.orders_of((symbol,)))
        self.settle(held | ordered)
        return self._positions.found(held), self._orders.found(ordered)

    def closed_today(self) -> list[ClosedToday]:
        """Return every share that was traded today and is no longer held."""
        self.settle(())
        return self.sums.closed

    def attach_fills(self, fills: Fills) -> None:
        """Calculate the day P&L from these executions from now on."""
        self.day.attach(fills, self._become_dirty)

    def order_rows(self) -> list[OrderRow]:
        """Return every order."""
        self.settle()
        return list(self._orders.rows())

    def current_orders(self, mode: AccountMode) -> list[Order] | None:
        """Return the orders as the broker lists them now; ``None`` while its list is old or missing."""
        return self._accounts[mode].orders.current

    def summaries(self, mode: AccountMode) -> list[AccountSummary]:
        """Return the account values of the profile, one record for each account."""
        return self._accounts.summaries((mode,))

    def account_state(self, mode: AccountMode) -> AccountState:
        """Return how current this profile's book is, and what kind of login it turned out to be."""
        return self._accounts.state(mode)

    def indicators(self, symbol: str) -> Indicators | None:
        """Return every window of GRPAN and RWVAP as of now; ``None`` if no print is known."""
        return self.trades.indicators(symbol, self._clock())

    def totals(self, modes: Collection[AccountMode]) -> Totals:
        """Return the sums over the rows of these profiles, without unexpected and unconnected ones."""
        self.settle()
        return self.sums.totals(modes)

    def strip(self, mode: AccountMode | None) -> Strip:
        """Return one profile's strip, or for ``None`` that of all IBKR logins that totals count.

        Account values are added over accounts of one base currency only; a login reached twice counts once.
        """
        self.settle()
        return self.sums.strip(mode)

    def exposure(self, mode: AccountMode | None = None) -> Exposure:
        """Return the exposure of one profile, or for ``None`` of all IBKR logins that totals count."""
        self.settle()
        return self.sums.exposure(mode)

    def settle(self, looked_at: Collection[Hashable] | None = None, most: int | None = None) -> None:
        """Calculate what is due, as ``drain`` does; without news a second call changes nothing."""
        now = self._builder.renew_time()
        if not self.day.is_due and self._settled.is_same(self.revision, now):
            return
        if self.day.is_due or not self._passed.is_same(self.changes, now):
            self._pass_time(now)
            self._passed.note(self.changes, now)
        self.sums.settle(rows_differ=self.tables.settle(looked_at, most))
        if looked_at is None:
            self._settled.note(self.revision, now)

    def _pass_time(self, now: datetime) -> None:
        """Mark the rows that changed with time alone, or with anything but prices."""
        gone, expired = self._accounts.expire(now)
        self._notices += [notices.gone_notice(order, now) for order in gone]
        if expired:
            self._touch(self.pricing.set_orders(expired))
        differing = moved_to(now, self._builder, self._sources)
        if differing.is_of_the_day:
            self._touch(self.pricing.set_traded(self.day.instruments()))
        differing.mark_in(self.tables)

    def _touch_shares(self, symbols: Collection[str]) -> None:
        """Mark the rows of these shares: their prices changed, not who holds or orders them."""
        self._judge(symbols)
        self.tables.add(*self.pricing.rows_of(symbols), is_renewed=False)
        self._become_dirty()

    def _judge(self, symbols: Collection[str] | None = None) -> None:
        """Where a contract has several names, price it under another if HAMMER's answers require it."""
        if affected := self.pricing.set_judged(symbols):
            self._touch(affected)

    def _touch(self, affected: Affected) -> None:
        self.tables.add(affected.positions, affected.orders)
        if affected.orders and self.depths.symbols:
            # The number of shares ahead of one order is shown with the other orders, too.
            self._orders.add(self.pricing.orders_of(self.depths.symbols))
        self._become_dirty()

    def _on_depths(self, symbols: Collection[str]) -> None:
        orders = set(self.pricing.orders_of(symbols))
        # A position shows the depth's sizes if its quote has none.
        positions = set(self.pricing.positions_of(filter(self.prices.lacks_sizes, symbols)))
        self.tables.moved(positions, orders)
        if orders or positions:
            self._become_dirty(is_of_prices=True)

    @contextmanager
    def _renewed(self, mode: AccountMode) -> Iterator[AccountBook]:
        """Renew a part of a book; of two profiles that hold the same, show the one that is not old."""
        account = self._accounts[mode]
        stale_since = account.stale_since
        yield account
        if account.stale_since != stale_since:
            self._touch_all()

    def _touch_all(self) -> None:
        self._judge()
        self.tables.add_every()
        self._become_dirty()

    def _note(self, notice: Notice | None) -> None:
        self._notices += [] if notice is None else [notice]
