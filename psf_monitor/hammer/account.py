"""Hammer Pro's own account: found, started, followed, and told in the records of the other accounts.

It knows HAMMER's account words and no socket. It never asks for anything that changes the account.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import msgspec

from psf_monitor.domain.account import masked
from psf_monitor.domain.fill import Fill, FillKey
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.hammer import account_messages as words
from psf_monitor.hammer.account_messages import MODE, Entry, Listing, TradingAccount
from psf_monitor.hammer.messages import ProtocolError, Reply
from psf_monitor.hammer.sink import FillSink, HammerAccountSink
from psf_monitor.hammer.symbols import SymbolTable

ANSWER_WAIT_S = 10.0
RETRY_EVERY_S = 30.0
REFRESH_EVERY_S = 60.0
REFRESH_SOONEST_S = 0.5
"""After an update the whole list is asked for: an update does not always say whether it is one."""

_POSITIONS, _ORDERS, _BALANCES = "positions", "transactions", "balances"
_FILLS_NOT_TOLD = "HAMMER_PRO is not connected. Executions since then are told when it is."
_COMMANDS = {_POSITIONS: "getPositions", _ORDERS: "getTransactions", _BALANCES: "getBalances"}


class Ask(Protocol):
    """Send a command, wait for its answer; ``None`` when none comes in time."""

    async def __call__(self, command: str, wait_s: float, **fields: Any) -> Reply | None: ...


class _Unavailable(Exception):  # noqa: N818
    """The account cannot be had now; the sentence is for the trader."""


class HammerAccount:
    """What Hammer Pro's own account holds, has working and is worth.

    Each part is handed over whole; until its first full list has come, nothing is said of it. It outlives
    a session, in which everything is told anew.
    """

    def __init__(
        self, sink: HammerAccountSink | None, symbols: SymbolTable, fills: FillSink | None = None
    ) -> None:
        self._sink = sink
        self._fills = fills
        self._fills_told: dict[FillKey, Fill] = {}
        self._symbols = symbols
        self._account: TradingAccount | None = None
        self._held: dict[str, Entry] = {}
        self._orders: dict[str, Entry] = {}
        self._balances: Entry = {}
        self._loaded: set[str] = set()
        self._due: set[str] = set()
        self._open: frozenset[str] = frozenset()
        self._problems: dict[str, str] = {}
        self._is_current = False
        self._stirred = asyncio.Event()

    async def serve(self, ask: Ask, key_wanted: str) -> None:
        """Follow the account until cancelled; without anybody to tell, it is left alone.

        ``key_wanted`` is the trader's choice of account, empty where there is only one.
        """
        if self._sink is None:
            return
        self._begin()
        while True:
            try:
                if self._account is None:
                    self._account = await self._opened(ask, key_wanted)
                    self._sink.accounts_named(MODE, [self._name])
                self._stirred.clear()
                await self._load(ask)
            except _Unavailable as unavailable:
                self._problem("", str(unavailable))
            else:
                self._problem("", None)
            try:
                async with asyncio.timeout(RETRY_EVERY_S if self._problems else REFRESH_EVERY_S):
                    await self._stirred.wait()
            except TimeoutError:
                self._due = set(_COMMANDS)
            else:
                await asyncio.sleep(REFRESH_SOONEST_S)

    def refresh(self) -> None:
        """Ask for everything again."""
        self._due = set(_COMMANDS)
        self._stirred.set()

    def take(self, command: str, result: msgspec.Raw) -> None:
        """An update that HAMMER sent by itself. ``ProtocolError`` when it cannot be read."""
        if command == "tradingAccountStateUpdate":
            if self._account is None or words.account_key_of(result) in ("", self._account.key):
                self.refresh()
            return
        part = {"positionsUpdate": _POSITIONS, "transactionsUpdate": _ORDERS, "balancesUpdate": _BALANCES}[
            command
        ]
        if self._account is None or part not in self._loaded:
            return
        self._take(part, result, is_answer=False)
        self._due.add(part)
        if part == _ORDERS:
            # A fill changes what is held and what it is worth.
            self._due.update(_COMMANDS)
        self._stirred.set()

    def renamed(self) -> None:
        """The trader's names of the shares may be others now."""
        if _POSITIONS in self._loaded:
            self._tell_positions()
        if _ORDERS in self._loaded:
            self._tell_orders()

    def lose(self, since: datetime) -> None:
        """What was told is old as of ``since``, until it is told again."""
        if self._is_current and self._sink is not None:
            self._is_current = False
            self._sink.account_lost(MODE, since)
            self._fills_unavailable(_FILLS_NOT_TOLD)

    def drop(self) -> None:
        """The trader wants nothing of HAMMER."""
        if _ORDERS in self._loaded:
            self._fills_unavailable(_FILLS_NOT_TOLD)
        self._begin()
        if self._sink is not None:
            self._sink.account_dropped(MODE)

    # -- asking ---------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._account = None
        self._held.clear()
        self._orders.clear()
        self._balances = {}
        self._loaded.clear()
        self._fills_told.clear()
        self._problems.clear()
        self._open = frozenset()
        self._is_current = False
        self._due = set(_COMMANDS)

    async def _opened(self, ask: Ask, key_wanted: str) -> TradingAccount:
        reply = await self._answer(ask, "enumTradingAccounts", "list its accounts")
        try:
            account = _chosen(words.accounts_of(reply.result), key_wanted)
        except ProtocolError as error:
            raise _Unavailable(
                "Hammer Pro lists its accounts in a way that psf_monitor cannot read."
            ) from error
        await self._answer(ask, "startTradingAccount", "start its account", accountKey=account.key)
        for part in _COMMANDS:
            await self._answer(
                ask, "subscribe", f"follow the {part}", accountKey=account.key, sub=part, changes=True
            )
        return account

    async def _load(self, ask: Ask) -> None:
        """Ask for what is due; a part that does not come stays due."""
        details: dict[str, dict[str, Any]] = {
            _POSITIONS: {"forceRefresh": _POSITIONS not in self._loaded},
            _ORDERS: {"changesOnly": False},
            _BALANCES: {},
        }
        assert self._account is not None, "an account is opened before it is asked"
        for part, command in _COMMANDS.items():
            if part not in self._due:
                continue
            try:
                reply = await self._answer(
                    ask, command, f"tell the {part}", accountKey=self._account.key, **details[part]
                )
                self._due.discard(part)
                self._take(part, reply.result, is_answer=True)
            except ProtocolError:
                self._due.add(part)
                self._fail(part, f"HAMMER tells its {part} in a way that psf_monitor cannot read.")
            except _Unavailable as unavailable:
                self._fail(part, str(unavailable))

    async def _answer(self, ask: Ask, command: str, what: str, **fields: Any) -> Reply:
        reply = await ask(command, ANSWER_WAIT_S, **fields)
        if reply is None:
            raise _Unavailable(f"Hammer Pro did not {what}: no answer in {ANSWER_WAIT_S:.0f} s.")
        if not reply.is_ok:
            raise _Unavailable(f"Hammer Pro did not {what}. It says: {reply.text}.")
        return reply

    # -- taking in ------------------------------------------------------------------------------------

    def _take(self, part: str, result: msgspec.Raw, *, is_answer: bool) -> None:
        assert self._account is not None, "nothing is taken of no account"
        key = self._account.key
        if part == _BALANCES:
            told = words.balances_of(result, key)
            self._balances = told if is_answer else self._balances | told
        else:
            listing = words.listing_of(result, part, key)
            if part == _POSITIONS:
                _merge(self._held, listing, words.symbol_of, is_answer=is_answer)
            else:
                _merge(self._orders, listing, words.order_id_of, is_answer=is_answer)
        self._loaded.add(part)
        self._is_current = True
        self._problem(part, None)
        if part == _POSITIONS:
            self._tell_positions()
        elif part == _ORDERS:
            self._tell_orders()
            if self._fills is not None and (is_answer if listing.is_all is None else listing.is_all):
                self._fills.fills_listed(MODE, [self._name])
        else:
            self._tell_balances()

    # -- telling --------------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        assert self._account is not None, "no account has no name"
        return self._account.number or self._account.key

    def _tell_positions(self) -> None:
        positions: list[Position] = []
        unreadable: list[str] = []
        for symbol, entry in self._held.items():
            quantity = words.quantity_of(entry)
            if quantity is None or not symbol:
                unreadable.append(symbol or "a share without a name")
                continue
            average = words.average_price_of(entry)
            positions.append(Position(MODE, self._name, self._instrument(symbol), quantity, average))
        assert self._sink is not None, "nothing is asked without anybody to tell"
        self._sink.positions_replaced(MODE, positions)
        if unreadable:
            self._problem(
                _POSITIONS, f"HAMMER holds {', '.join(unreadable)} in a quantity that cannot be read."
            )

    def _tell_orders(self) -> None:
        assert self._sink is not None, "nothing is asked without anybody to tell"
        orders = {
            order_id: self._order(order_id, entry) for order_id, entry in self._orders.items() if order_id
        }
        is_open = frozenset(
            order_id for order_id in orders if words.transaction_of(self._orders[order_id]).is_open
        )
        # What ended while it was watched is told as it ended; the list is of open orders.
        for order_id in sorted(self._open & (orders.keys() - is_open)):
            self._sink.order_changed(MODE, orders[order_id])
        self._open = is_open
        self._sink.orders_replaced(MODE, [orders[order_id] for order_id in orders if order_id in is_open])
        if "" in self._orders:
            self._problem(_ORDERS, "HAMMER lists an order without an id, which cannot be shown.")
        self._tell_fills()

    def _tell_fills(self) -> None:
        """What is new of the executions: HAMMER repeats all those of an order with each of its changes."""
        listed = (
            self._fill(of, entry, told)
            for of, entry in self._orders.items()
            if of
            for told in words.fills_of(entry)
        )
        news = [fill for fill in listed if self._fills_told.get(fill.key) != fill]
        if news and self._fills is not None:
            self._fills_told.update((fill.key, fill) for fill in news)
            self._fills.fills_told(MODE, news)

    def _fills_unavailable(self, why: str) -> None:
        if self._fills is not None:
            self._fills.fills_unavailable(MODE, why)

    def _tell_balances(self) -> None:
        assert self._sink is not None, "nothing is asked without anybody to tell"
        self._sink.summaries_replaced(MODE, [words.summary_of(self._balances, self._name)])

    def _order(self, order_id: str, entry: Entry) -> Order:
        told = words.transaction_of(entry)
        return Order(
            mode=MODE,
            account=self._name,
            instrument=self._instrument(words.symbol_of(entry)),
            order_id=_number(order_id),
            perm_id=0,
            client_id=0,
            side=told.side,
            quantity=told.quantity,
            order_type=told.order_type,
            limit_price=told.limit_price,
            stop_price=told.stop_price,
            tif=told.tif,
            status=told.status,
            filled=told.filled,
            remaining=told.remaining,
            average_fill_price=told.average_fill_price,
            hammer_id=order_id,
        )

    def _fill(self, order_id: str, entry: Entry, told: words.ToldFill) -> Fill:
        return Fill(
            mode=MODE,
            account=self._name,
            instrument=self._instrument(words.symbol_of(entry)),
            fill_id=f"{order_id}/{told.name}",
            revision=0,
            broker_id=told.name,
            at=told.at,
            side=words.transaction_of(entry).side,
            quantity=told.quantity,
            price=told.price,
            order_id=_number(order_id),
            hammer_id=order_id,
        )

    def _instrument(self, hammer_symbol: str) -> Instrument:
        """The share under the name that the trader reads.

        Symbols of US shares have no digits: what has is something else, of unknown size, and not valued.
        """
        symbol = self._symbols.to_ibkr(hammer_symbol)
        is_share = (
            not any(c.isdigit() for c in hammer_symbol) and self._symbols.to_hammer(symbol) == hammer_symbol
        )
        return Instrument(0, symbol, kind="STK" if is_share else "", multiplier=1.0 if is_share else None)

    def _fail(self, part: str, why: str) -> None:
        self._problem(part, why)
        if part == _ORDERS and self._sink is not None:
            self._sink.orders_unavailable(MODE, why)
            self._fills_unavailable(why)

    def _problem(self, part: str, why: str | None) -> None:
        before = dict(self._problems)
        if why is None:
            self._problems.pop(part, None)
        else:
            self._problems[part] = why
        assert self._sink is not None, "nothing is asked without anybody to tell"
        if self._problems != before:
            self._sink.account_problem(MODE, " ".join(self._problems.values()) or None)


def _number(order_id: str) -> int:
    return int(order_id) if order_id.isascii() and order_id.isdigit() else 0


def _chosen(accounts: tuple[TradingAccount, ...], wanted: str) -> TradingAccount:
    listed = ", ".join(f"{a.nick or masked(a.number)} ({masked(a.key)})" for a in accounts)
    if not accounts:
        raise _Unavailable("Hammer Pro has no trading account set up.")
    if wanted:
        for account in accounts:
            if account.is_named(wanted):
                return account
        raise _Unavailable(f"Hammer Pro does not have the account that is set; it has {listed}.")
    if len(accounts) > 1:
        raise _Unavailable(f"Hammer Pro has several accounts: {listed}. Set account_key to one of them.")
    return accounts[0]


def _merge(
    known: dict[str, Entry], told: Listing, name_of: Callable[[Entry], str], *, is_answer: bool
) -> None:
    """Take a listing into what is known: a full one replaces it, any other one changes what it names."""
    is_all = is_answer if told.is_all is None else told.is_all
    before = {} if is_all else dict(known)
    known.clear()
    known.update(before)
    for entry in told.entries:
        name = name_of(entry)
        known[name] = known.get(name, {}) | entry
