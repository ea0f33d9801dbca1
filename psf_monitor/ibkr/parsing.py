"""Convert ib_insync's objects to domain records. Every sentinel of the TWS API ends here. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from ib_insync.contract import Contract
from ib_insync.objects import Execution
from ib_insync.objects import Position as TwsPosition
from ib_insync.order import Order as TwsOrder
from ib_insync.order import Trade
from msgspec import structs

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.instrument import COMBINATION, Instrument, nameless, one_spaced
from psf_monitor.domain.listing_exchange import HAS_MULTIPLIER, NO_MARKET, is_priced_in_currency
from psf_monitor.domain.orders.order import Order, OrderExecution, Side
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.ibkr.executions.tws_time import UNKNOWN_CLOCK, order_time

_LARGEST_REAL = 1e15
"""TWS writes 1.7976931348623157E308 for a number that is not set; no account comes near this one."""

_UNSET_IDS = frozenset({2**31 - 1, -(2**31), 2**63 - 1, -(2**63)})
_UNSET_WHOLE = frozenset(map(float, _UNSET_IDS))
"""Texts by which TWS marks a figure as not set, besides an empty one."""

_WRITTEN_NUMBER = re.compile(r" *[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? *", re.ASCII)
"""How TWS writes a number. ``float`` reads more than that, such as ``1_000`` and digits of other scripts."""

_NEVER_BELOW_0 = frozenset({"STK", "OPT", "WAR", "IOPT", "FUND", "BOND", "BILL", "CRYPTO"})
"""Types without negative prices; a future has had one, and a combination may be bought for a credit."""

_NEVER_FREE = frozenset({"STK", "FUND", "BOND", "BILL", "CRYPTO"})

_FIRST_REVISION = 1

# TWS API, basic orders. A type that is not listed here may have a limit or a cap.
_NO_LIMIT = frozenset({"MKT", "STP", "MOC", "MOO", "MIT", "TRAIL", "MTL", "STP PRT", "MKT PRT", "VWAP"})
_NO_LIMIT_FAMILIES = ("SNAP", "PEG STK")
_STOP_IN_AUX = frozenset({"STP", "STP LMT", "STP PRT", "MIT", "LIT"})
_OFFSET_IN_AUX = ("TRAIL", "REL", "PASSV REL", "PEG", "SNAP")
_STOP_IN_TRAIL = frozenset({"TRAIL", "TRAIL LIMIT", "TRAIL MIT", "TRAIL LIT"})

_SIDES = {"BOT": Side.BUY.value, "SLD": Side.SELL.value}

_LIQUIDITY = {1: "added", 2: "removed", 3: "routed out"}
"""TWS API, lastLiquidity of an execution."""


class Cost(NamedTuple):
    """The cost of an execution and the P&L realized by closing, in ``currency``; ``None``: not reported."""

    commission: float | None
    currency: str | None
    realized_pnl: float | None


def number(value: object) -> float | None:
    """Return a finite number that TWS did set, from a number or its text; else ``None``.

    A text with decimals, such as an account value, is never one of the markers for a figure that is not set.
    """
    has_point = False
    if type(value) is float:
        real = value
    elif isinstance(value, str):
        if not _WRITTEN_NUMBER.fullmatch(value):
            return None
        real, has_point = float(value), "." in value
    elif value is None or isinstance(value, bool):
        return None
    else:
        try:
            real = float(str(value))
        except ValueError:
            return None
    is_set = has_point or real not in _UNSET_WHOLE
    return real if is_set and -_LARGEST_REAL < real < _LARGEST_REAL else None


def is_no_number(text: str) -> bool:
    """Return whether something is written that is not the way in which TWS writes a number."""
    return bool(text.strip()) and not _WRITTEN_NUMBER.fullmatch(text)


def is_unset(text: str) -> bool:
    """Return whether a figure is empty, or one of TWS's markers for a figure that is not set."""
    return number(text) is None and not is_no_number(text)


def price(of: Contract, given: object) -> float | None:
    """Return a price or average cost of a contract; ``None`` if it is not set or impossible."""
    read = number(given)
    return None if read is not None and read < 0 and of.secType in _NEVER_BELOW_0 else read


def traded_price(of: Contract, given: object) -> float | None:
    """Return the price of an execution, or an average of prices; 0 is impossible for most types.

    It is possible for an option: one that expires is closed at 0 (TWS).
    """
    read = price(of, given)
    return None if read == 0 and of.secType in _NEVER_FREE else read


def _amount(given: object) -> float | None:
    """Return a count of something; ``None`` if it is not set or negative."""
    read = number(given)
    return None if read is not None and read < 0 else read


def instrument(contract: Contract) -> Instrument:
    """Return the contract as an instrument. Its local symbol is a preferred share's full name (``CIM PRD``).

    All combinations share local symbol and conId, but not symbol and legs. The value of a combination's price
    depends on its legs, whose multipliers are not reported.
    """
    is_combination = contract.secType == COMBINATION
    unset = None if is_combination or contract.secType in HAS_MULTIPLIER else 1.0
    local = "" if is_combination else contract.localSymbol.strip()
    name = local or contract.symbol
    if contract.secType == "STK":
        # The spaces inside an option's name are part of it.
        name = one_spaced(name)
    return Instrument(
        con_id=contract_id(contract),
        symbol=name.strip() or nameless(contract_id(contract)),
        kind=contract.secType,
        currency=contract.currency,
        exchange=contract.primaryExchange
        or contract.exchange
        or ("" if contract_id(contract) else NO_MARKET),
        multiplier=(_amount(contract.multiplier) if contract.multiplier else unset) or None,
        legs=_legs(contract) if is_combination else "",
        leg_ids=frozenset(leg.conId for leg in contract.comboLegs or () if leg.conId is not None),
        is_full_name=contract.secType != "STK" or _is_full_name(name.strip(), contract),
        price_unit=1.0 if is_priced_in_currency(contract.secType, contract.currency) else None,
    )


def _is_full_name(name: str, contract: Contract) -> bool:
    """Return whether a share is named in full, not by the root that it shares with others.

    The trading class of a preferred share repeats its full name. Without local symbol and trading class
    nothing says whether a symbol of one word is a root.
    """
    if any(each.startswith(f"{name} ") for each in (contract.symbol, contract.tradingClass)):
        return False
    return " " in name or bool(contract.localSymbol.strip() or contract.tradingClass.strip())


def _legs(contract: Contract) -> str:
    def text(number: int | None) -> str:
        return "?" if number is None or number <= 0 else str(number)

    legs = contract.comboLegs or ()
    given = (f"{leg.action.strip() or '?'} {text(leg.ratio)} of {text(leg.conId)}" for leg in legs)
    return ", ".join(given) or contract.comboLegsDescrip


def account_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the accounts of a login (message 15), each once and without blanks."""
    return tuple(dict.fromkeys(name for each in names if (name := each.strip())))


def position_key(account: str, contract: Contract) -> PositionKey:
    """Return the key of a position within its account, also if TWS sends no conId."""
    return PositionKey(account, *instrument(contract).identity)


def position(
    mode: AccountMode, reported: TwsPosition, models: tuple[tuple[str, float | None], ...] = ()
) -> Position:
    """Return the position. TWS's average cost is per share, or per contract including the multiplier.

    A cost of 0 is one that IBKR does not know, such as that of shares which were transferred.
    """
    return Position(
        mode=mode,
        account=reported.account,
        instrument=instrument(reported.contract),
        quantity=number(reported.position),
        average_cost=price(reported.contract, reported.avgCost) or None,
        models=models,
    )


def order(mode: AccountMode, trade: Trade) -> Order:
    """Return an order with its latest status; fields that its type does not use are left out."""
    reported, status = trade.order, trade.orderStatus
    contract = instrument(trade.contract)
    # 0 for an order by cash or by percent of a position: its quantity is known when it fills.
    total = _amount(reported.totalQuantity) or None
    filled = _amount(status.filled)
    # If more is filled, it was raised, and its status is newer than its terms.
    is_raised = total is not None and filled is not None and filled > total
    clock = getattr(trade, "clock", UNKNOWN_CLOCK)
    return Order(
        mode=mode,
        account=reported.account,
        instrument=contract,
        order_id=known_id(reported.orderId) or 0,
        perm_id=known_id(reported.permId) or 0,
        client_id=known_id(reported.clientId),
        side=reported.action,
        quantity=None if is_raised else total,
        order_type=reported.orderType,
        limit_price=_limit(reported, trade.contract),
        stop_price=_stop(reported, trade.contract),
        tif=reported.tif,
        status=status.status,
        filled=filled,
        remaining=None if total is None else number(status.remaining),
        average_fill_price=traded_price(trade.contract, status.avgFillPrice) if filled else None,
        cash_quantity=_amount(reported.cashQty) or None,
        outside_hours=bool(reported.outsideRth),
        good_after=reported.goodAfterTime,
        conditions=len(reported.conditions),
        parent_id=known_id(reported.parentId) or known_id(status.parentId) or 0,
        oca_group=reported.ocaGroup,
        why_held=status.whyHeld,
        reference=reported.orderRef,
        good_till=reported.goodTillDate,
        algorithm=reported.algoStrategy,
        ends_by_condition=bool(reported.conditions) and reported.conditionsCancelOrder,
        discretion=_amount(reported.discretionaryAmt) or None,
        offset=_amount(reported.auxPrice) or None if reported.orderType.startswith(_OFFSET_IN_AUX) else None,
        trailing_percent=_amount(reported.trailingPercent) or None
        if reported.orderType.startswith("TRAIL")
        else None,
        capped_at=price(trade.contract, status.mktCapPrice) or None,
        is_hidden=bool(reported.hidden),
        display_size=_amount(reported.displaySize),
        twin=getattr(trade, "twin", 0),
        begins_at=order_time(reported.goodAfterTime, clock) if reported.goodAfterTime else None,
        ends_at=order_time(reported.goodTillDate, clock) if reported.goodTillDate else None,
    )


def _limit(reported: TwsOrder, contract: Contract) -> float | None:
    """Return a limit or cap: for a combination it may be 0 or below, otherwise 0 means none."""
    if reported.orderType in _NO_LIMIT or reported.orderType.startswith(_NO_LIMIT_FAMILIES):
        return None
    given = price(contract, reported.lmtPrice)
    return given if given or contract.secType == COMBINATION else None


def _stop(reported: TwsOrder, contract: Contract) -> float | None:
    if reported.orderType in _STOP_IN_AUX:
        return price(contract, reported.auxPrice) or None
    return price(contract, reported.trailStopPrice) or None if reported.orderType in _STOP_IN_TRAIL else None


def aux_name(order_type: str) -> str:
    """Return what the field auxPrice of this type of order is (TWS API, basic orders)."""
    return "offset" if order_type.startswith(_OFFSET_IN_AUX) else "stop"


def execution_of_order(contract: Contract, execution: Execution) -> OrderExecution | None:
    """Return how much of its order an execution (message 11) completes; ``None`` if it does not say."""
    filled, shares = _amount(execution.cumQty) or None, _amount(execution.shares)
    perm_id = known_id(execution.permId) or 0
    if not perm_id or (filled is None and shares is None):
        return None
    execution_id, revision = _identity(execution.execId)
    return OrderExecution(
        perm_id,
        contract.secType == COMBINATION,
        filled,
        price(contract, execution.avgPrice) or None,
        execution_id,
        revision,
        shares,
        traded_price(contract, execution.price),
        contract_id(contract),
        execution.acctNumber,
    )


def fill(
    mode: AccountMode,
    contract: Contract,
    execution: Execution,
    cost: Cost | None,
    at: datetime | None = None,
    reported_time: str = "",
) -> Fill:
    """Return one execution (message 11), with its cost, if known; ``at`` is ``reported_time`` parsed.

    A correction to 0 busts the execution, and has no price. A first report of 0, and any of less, makes no
    sense: its quantity is unknown.
    """
    fill_id, revision = _identity(execution.execId)
    shares = _amount(execution.shares)
    is_busted = shares == 0 and revision > _FIRST_REVISION
    bare = Fill(
        mode=mode,
        account=execution.acctNumber,
        instrument=_traded(contract, execution),
        fill_id=fill_id,
        revision=revision,
        broker_id=execution.execId,
        at=at,
        side=_SIDES.get(execution.side, execution.side),
        quantity=shares if is_busted else shares or None,
        price=None if is_busted else traded_price(contract, execution.price),
        venue=execution.exchange,
        order_id=known_id(execution.orderId) or 0,
        perm_id=known_id(execution.permId) or 0,
        client_id=known_id(execution.clientId),
        reported_time=reported_time,
        is_liquidation=(number(execution.liquidation) or 0) > 0,
        liquidity=_LIQUIDITY.get(execution.lastLiquidity, ""),
        model="" if is_unset(execution.modelCode) else execution.modelCode.strip(),
    )
    return bare if cost is None else with_cost(bare, cost)


def _traded(contract: Contract, execution: Execution) -> Instrument:
    """Return an execution's instrument; its order distinguishes a combination, as its legs are not named."""
    given = instrument(contract)
    if given.is_combination and not given.legs:
        return structs.replace(given, legs=f"order {execution.permId or execution.execId}")
    return given


def _identity(exec_id: str) -> tuple[str, int]:
    """Return what all corrections of an execution share, and the number of this one.

    TWS API: they differ only in the digits after the last period, ``.02`` corrects ``.01``. An id of any
    other form is an execution of its own.
    """
    shared, period, last = exec_id.rpartition(".")
    if shared and period and len(last) == 2 and last.isascii() and last.isdecimal():
        return shared, int(last)
    return exec_id, 0


def cost(commission: str, currency: str, realized_pnl: str) -> Cost:
    """Return a commission report (message 59); its realized P&L is unset if nothing was closed.

    An amount without a currency cannot be added to anything, and one whose realized P&L cannot be read would
    say that nothing was closed: neither is reported.
    """
    if not is_no_number(currency) or is_no_number(realized_pnl):
        return Cost(None, None, None)
    return Cost(number(commission), currency.strip(), number(realized_pnl))


def with_cost(of: Fill, given: Cost) -> Fill:
    """Return the execution with its cost."""
    return replace(
        of,
        commission=given.commission,
        commission_currency=given.currency,
        realized_pnl=given.realized_pnl,
    )


def known_id(value: int) -> int | None:
    """Return an id that TWS did set, else ``None``; 0 may be one."""
    return None if value in _UNSET_IDS else value


def contract_id(contract: Contract) -> int:
    """Return the conId of a contract; 0 if TWS sends none, or one that no contract has."""
    return max(known_id(contract.conId) or 0, 0)
