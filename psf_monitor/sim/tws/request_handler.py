"""What a simulated TWS sends to one client: answers to its requests, and its subscriptions.

It reads the market and never changes it. It knows no socket: messages leave through a function.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from psf_monitor.sim.market.records import (
    AccountValue,
    Event,
    Executed,
    OrderChanged,
    OrderRejected,
    PositionChanged,
    SimExecution,
    SimHolding,
    SimOrder,
)
from psf_monitor.sim.tws import layouts
from psf_monitor.sim.tws.framing import Request
from psf_monitor.sim.tws.layouts import Message
from psf_monitor.sim.tws.login import Login
from psf_monitor.sim.tws.order_layouts import completed_order, open_order, order_status
from psf_monitor.sim.tws.reference import ReferenceRequests

REJECTED = 201
INVALID = 321
TOO_MANY_SUMMARIES = 322
MOST_SUMMARIES = 2
MOST_ACCOUNTS = 50
"""With more accounts in a login TWS sends neither all positions nor the summary of the group All."""

NO_REQUEST = -1
LEDGER = "$LEDGER"
LEDGER_TAGS = frozenset(
    (
        "Currency",
        "CashBalance",
        "TotalCashBalance",
        "AccruedCash",
        "StockMarketValue",
        "NetLiquidationByCurrency",
        "UnrealizedPnL",
        "RealizedPnL",
        "ExchangeRate",
    )
)
_Wanted = TypeVar("_Wanted")


class RequestHandler:
    """Everything that one started client may request. Subscriptions are sent again only when changed."""

    def __init__(self, login: Login, client_id: int, version: int, send: Callable[[Message], None]) -> None:
        self._login = login
        self._market = login.market
        self._client_id = client_id
        self._version = version
        self._send = send
        self._wants_positions = False
        self._position_multis: dict[int, str] = {}
        self._account: str | None = None
        self._summaries: dict[int, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._multis: dict[int, tuple[str, bool]] = {}
        self._pnls: dict[int, str] = {}
        self._singles: dict[int, tuple[str, int]] = {}
        self._last_sent: dict[tuple[object, ...], Message] = {}
        self._by_id: dict[int, Callable[[Request], None]] = {
            5: self._own_open_orders,
            6: self._account_updates,
            7: self._executions,
            8: lambda _: self.next_valid_id(),
            16: lambda _: self._open_orders(self._orders()),
            17: lambda _: self.managed_accounts(),
            49: self._current_time,
            61: self._positions,
            62: self._account_summary,
            63: lambda request: self._cancel(self._summaries, request.integer(2)),
            64: self._cancel_positions,
            74: self._positions_multi,
            75: lambda request: self._cancel(self._position_multis, request.integer(2)),
            76: self._account_updates_multi,
            77: lambda request: self._cancel(self._multis, request.integer(2)),
            92: self._pnl,
            93: lambda request: self._cancel(self._pnls, request.integer(1)),
            94: self._pnl_single,
            95: lambda request: self._cancel(self._singles, request.integer(1)),
            99: self._completed_orders,
            **ReferenceRequests(login, version, send, self.send_error).by_id,
        }

    def answer(self, request: Request) -> None:
        """Answer, or send an error. Raises ``WireError`` if a required field is missing."""
        faults = self._login.faults
        if request.id in faults.unanswered:
            return
        if faults.read_only and request.id in faults.read_only_refuses:
            self.send_error(INVALID, faults.read_only_text)
        elif request.id in self._by_id:
            self._by_id[request.id](request)
        else:
            self.send_error(INVALID, f"Error validating request: message {request.id} is not simulated.")

    def send_error(self, code: int, sentence: str, request_id: int = NO_REQUEST) -> None:
        self._send(layouts.error(request_id, code, sentence, self._version))

    def _current_time(self, _: Request) -> None:
        now_s = self._market.clock().timestamp() + self._login.faults.clock_ahead_s
        self._send([49, 1, int(now_s)])

    def managed_accounts(self) -> None:
        self._send([15, 1, ",".join(self._login.accounts)])

    def next_valid_id(self) -> None:
        everyone = (*self._market.orders.values(), *self._market.completed.values())
        own = (order.order_id for order in everyone if order.client_id == self._client_id)
        self._send([9, 1, 1 + max(own, default=0)])

    # -- without a request ----------------------------------------------------------------------------

    def on_event(self, event: Event) -> None:
        """Send what this client receives at once: its own orders and fills, and subscribed positions."""
        if isinstance(event, OrderChanged) and self._may_see(event.order):
            self._order(event.order)
        elif isinstance(event, OrderRejected) and self._placed(event.order):
            self.send_error(REJECTED, f"Order rejected - reason:{event.reason}", event.order.order_id)
        elif isinstance(event, Executed) and self._may_see(event.execution):
            self._execution(NO_REQUEST, event.execution)
            self._send(layouts.commission(event.execution))
        elif isinstance(event, PositionChanged) and event.holding.account in self._login.accounts:
            if self._wants_positions:
                self._position(event.holding)
            for request_id, account in self._position_multis.items():
                if account in ("", event.holding.account):
                    self._position_multi(request_id, event.holding)
            if self._account == event.holding.account:
                self._portfolio(event.holding)

    def refresh(self) -> None:
        """Send the account values and profits that have changed since they were last sent."""
        for request_id in self._summaries:
            self._send_summary(request_id)
        for request_id in self._multis:
            self._send_multi(request_id)
        if self._account is not None:
            self._send_account(self._account)
        for request_id in self._pnls:
            self._send_pnl(request_id)
        for request_id in self._singles:
            self._send_single(request_id)

    def _may_see(self, record: SimOrder | SimExecution) -> bool:
        mine = record.client_id == self._client_id or self._client_id == self._login.master_client_id
        return mine and record.account in self._login.accounts

    def _placed(self, order: SimOrder) -> bool:
        is_own = bool(order.order_id) and order.client_id == self._client_id
        return is_own and order.account in self._login.accounts

    def _send_if_changed(self, key: tuple[object, ...], fields: Message) -> None:
        if self._last_sent.get(key) != fields:
            self._last_sent[key] = fields
            self._send(fields)

    def _cancel(self, subscriptions: dict[int, _Wanted], request_id: int) -> None:
        subscriptions.pop(request_id, None)
        self._forget(request_id)

    def _forget(self, request_id: int) -> None:
        self._last_sent = {
            key: sentence for key, sentence in self._last_sent.items() if request_id not in key[:1]
        }

    # -- positions and orders -----------------------------------------------------------------------

    def _positions(self, _: Request) -> None:
        if len(self._login.accounts) > MOST_ACCOUNTS:
            self.send_error(
                INVALID, "Error validating request: too many accounts for a list of all positions."
            )
            return
        self._wants_positions = True
        closed = self._market.closed.values() if self._login.faults.lists_closed else ()
        for held in (*self._market.holdings.values(), *closed):
            if held.account in self._login.accounts:
                self._position(held)
        self._send([62, 1])

    def _positions_multi(self, request: Request) -> None:
        request_id, account = request.integer(2), request.text(3)
        if account and account not in self._login.accounts:
            self.send_error(INVALID, f"Error validating request: no account {account!r}.", request_id)
            return
        self._position_multis[request_id] = account
        # Without an account, all of them are meant.
        for each in (account,) if account else self._login.accounts:
            for held in self._market.holdings_of(each):
                self._position_multi(request_id, held)
        self._send([72, 1, request_id])

    def _position(self, held: SimHolding) -> None:
        fields = layouts.position(held)
        fields[-2] = self._login.faults.quantity_text.get(held.security.local_symbol, fields[-2])
        self._send(fields)

    def _position_multi(self, request_id: int, held: SimHolding) -> None:
        for model, part in self._login.faults.models.get(held.account, {"": 1.0}).items():
            fields = layouts.position_multi(request_id, held)
            text = self._login.faults.quantity_text
            fields[-3] = text.get(held.security.local_symbol, held.quantity * part)
            self._send([*fields[:-1], model])

    def _cancel_positions(self, _: Request) -> None:
        self._wants_positions = False

    def _orders(self) -> list[SimOrder]:
        # An advisor's order for a group of accounts names none.
        accounts = (*self._login.accounts, "")
        return [order for order in self._market.orders.values() if order.account in accounts]

    def _own_open_orders(self, _: Request) -> None:
        self._open_orders(order for order in self._orders() if order.client_id == self._client_id)

    def _open_orders(self, orders: Iterable[SimOrder]) -> None:
        for order in orders:
            self._order(order)
        for fields in self._login.faults.also_listed:
            self._send(fields)
        self._send([53, 1])

    def _order(self, order: SimOrder) -> None:
        self._send(open_order(order, self._version))
        self._send(order_status(order))

    def _completed_orders(self, request: Request) -> None:
        api_only = request.flag(1)
        for order in self._market.completed.values():
            if order.account in self._login.accounts and not (api_only and order.client_id == 0):
                self._send(completed_order(order, self._version))
        self._send([102])

    def _executions(self, request: Request) -> None:
        request_id, client_id = request.integer(2), request.integer(3)
        account, since, symbol = request.text(4), request.text(5), request.text(6)
        kind, exchange, side = request.text(7), request.text(8), request.text(9)
        # A client may write the time with or without dashes and time zone.
        since, clock = since.replace("-", " ")[:17], self._login.clock
        midnight = clock.midnight(self._market.clock())
        for fill in self._market.executions:
            if (
                fill.account in self._login.accounts
                and client_id in (0, fill.client_id)
                and account in ("", fill.account)
                and fill.time >= midnight
                and clock.is_since(fill.time, since)
                and symbol in ("", fill.security.symbol)
                and kind in ("", fill.security.kind)
                and exchange in ("", fill.venue)
                and side in ("", {"BOT": "BUY", "SLD": "SELL"}[fill.side])
            ):
                self._execution(request_id, fill)
                self._send(layouts.commission(fill))
        self._send([55, 1, request_id])

    def _execution(self, request_id: int, fill: SimExecution) -> None:
        stamp = self._login.clock.execution(fill.time)
        self._send(layouts.execution(request_id, fill, self._version, stamp))

    # -- account values -----------------------------------------------------------------------------

    def _account_summary(self, request: Request) -> None:
        request_id, group, tags = request.integer(2), request.text(3), request.text(4)
        if group != "All" and group not in self._login.accounts:
            self.send_error(INVALID, f"Error validating request: no account group {group!r}.", request_id)
            return
        if group == "All" and len(self._login.accounts) > MOST_ACCOUNTS:
            self.send_error(INVALID, "Error validating request: too many accounts in group All.", request_id)
            return
        if len(self._summaries.keys() - {request_id}) >= MOST_SUMMARIES:
            sentence = "Error processing request: maximum number of account summary requests exceeded"
            self.send_error(TOO_MANY_SUMMARIES, sentence, request_id)
            return
        accounts = self._login.accounts if group == "All" else (group,)
        self._cancel(self._summaries, request_id)
        self._summaries[request_id] = (accounts, frozenset(tag for tag in tags.split(",") if tag))
        self._send_summary(request_id)
        self._send([64, 1, request_id])

    def _send_summary(self, request_id: int) -> None:
        accounts, tags = self._summaries[request_id]
        for account in accounts:
            for row in self._market.account_values(account):
                if _is_in_summary(row, tags):
                    fields = layouts.account_summary(request_id, account, row)
                    self._send_if_changed((request_id, account, row.tag, row.currency), fields)

    def _account_updates(self, request: Request) -> None:
        subscribes, account = request.flag(2), request.text(3) or self._login.accounts[0]
        if account not in self._login.accounts:
            self.send_error(INVALID, f"Error validating request: no account {account!r}.")
            return
        self._forget(NO_REQUEST)
        self._account = account if subscribes else None
        if not subscribes:
            return
        self._send_account(account)
        for held in self._market.holdings_of(account):
            self._portfolio(held)
        self._send(layouts.account_time(self._market.clock()))
        self._send([54, 1, account])

    def _send_account(self, account: str) -> None:
        for row in self._values(account):
            self._send_if_changed((NO_REQUEST, row.tag, row.currency), layouts.account_value(account, row))

    def _portfolio(self, held: SimHolding) -> None:
        realized = self._market.realized(held.account, held.security.con_id)
        self._send(layouts.portfolio(held, realized))

    def _account_updates_multi(self, request: Request) -> None:
        request_id, account, ledger_only = request.integer(2), request.text(3), request.flag(5)
        if account not in self._login.accounts:
            self.send_error(INVALID, f"Error validating request: no account {account!r}.", request_id)
            return
        self._cancel(self._multis, request_id)
        self._multis[request_id] = (account, ledger_only)
        self._send_multi(request_id)
        self._send([74, 1, request_id])

    def _send_multi(self, request_id: int) -> None:
        account, ledger_only = self._multis[request_id]
        parts = self._login.faults.models.get(account, {"": 1.0})
        for row in self._values(account):
            if not ledger_only or row.tag == "NetLiquidation" or _is_ledger(row):
                for model, part in parts.items():
                    fields = layouts.account_value_multi(request_id, account, _in_part(row, part))
                    fields[4] = model
                    self._send_if_changed((request_id, row.tag, row.currency, model), fields)

    def _values(self, account: str) -> list[AccountValue]:
        """Return the account values; 0 and marked as not ready while IBKR is resetting them."""
        rows = self._market.account_values(account)
        if account not in self._login.faults.not_ready:
            return list(rows)
        worthless = (_in_part(row, 0.0) for row in rows if row.tag != "AccountReady")
        return [AccountValue("AccountReady", "false", ""), *worthless]

    def _pnl(self, request: Request) -> None:
        request_id, account = request.integer(1), request.text(2)
        if account not in self._login.accounts:
            self.send_error(INVALID, f"Error validating request: no account {account!r}.", request_id)
            return
        self._cancel(self._pnls, request_id)
        self._pnls[request_id] = account
        self._send_pnl(request_id)

    def _send_pnl(self, request_id: int) -> None:
        profit = self._market.profit(self._pnls[request_id])
        self._send_if_changed((request_id,), layouts.pnl(request_id, profit))

    def _pnl_single(self, request: Request) -> None:
        request_id, account, con_id = request.integer(1), request.text(2), request.integer(4)
        if account not in self._login.accounts:
            self.send_error(INVALID, f"Error validating request: no account {account!r}.", request_id)
            return
        self._cancel(self._singles, request_id)
        self._singles[request_id] = (account, con_id)
        self._send_single(request_id)

    def _send_single(self, request_id: int) -> None:
        key = self._singles[request_id]
        fields = layouts.pnl_single(request_id, self._market.holdings.get(key), self._market.realized(*key))
        self._send_if_changed((request_id,), fields)


def _in_part(row: AccountValue, part: float) -> AccountValue:
    """Return the value of a segment of the account; text is unchanged."""
    try:
        value = float(row.value)
    except ValueError:
        return row
    return row._replace(value=row.value if part == 1.0 else f"{part * value:.2f}")


def _is_ledger(row: AccountValue) -> bool:
    """Return whether a tag has one row per currency and one for the base, instead of one for the account."""
    return row.tag in LEDGER_TAGS


def _is_in_summary(row: AccountValue, tags: frozenset[str]) -> bool:
    """``$LEDGER`` asks for the base row, ``$LEDGER:EUR`` for one currency, ``$LEDGER:ALL`` for all."""
    if row.tag in tags and row.currency != "BASE":
        return True
    requested = {tag.partition(":")[2] or "BASE" for tag in tags if tag.startswith(LEDGER)}
    return _is_ledger(row) and ("ALL" in requested or row.currency in requested)
