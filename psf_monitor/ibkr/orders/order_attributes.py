"""The attributes of an order beside quantity, prices and times, as message 5 has them. Pure."""

from collections.abc import Iterator
from typing import Any

from ib_insync.order import (
    ExecutionCondition,
    MarginCondition,
    OrderCondition,
    PercentChangeCondition,
    PriceCondition,
    TimeCondition,
    VolumeCondition,
)
from ib_insync.order import Order as TwsOrder

from psf_monitor.domain.orders.order_attributes import AttributeName, OrderAttribute
from psf_monitor.ibkr import parsing

_FLAGS = {
    AttributeName.ALL_OR_NONE: "allOrNone",
    AttributeName.NOT_HELD: "notHeld",
    AttributeName.SWEEP_TO_FILL: "sweepToFill",
    AttributeName.BLOCK_ORDER: "blockOrder",
    AttributeName.DISCRETIONARY_UP_TO_LIMIT: "discretionaryUpToLimitPrice",
    AttributeName.AUTO_CANCEL_PARENT: "autoCancelParent",
}
_FIGURES = {
    AttributeName.MIN_QTY: "minQty",
    AttributeName.DURATION: "duration",
    AttributeName.POST_TO_ATS: "postToAts",
}
_TEXTS = {
    AttributeName.FA_GROUP: "faGroup",
    AttributeName.FA_METHOD: "faMethod",
    AttributeName.FA_PERCENTAGE: "faPercentage",
    AttributeName.FA_PROFILE: "faProfile",
    AttributeName.MODEL_CODE: "modelCode",
    AttributeName.DESIGNATED_LOCATION: "designatedLocation",
}
_SIZES_OF_SCALE = {
    AttributeName.SCALE_INIT_LEVEL_SIZE: "scaleInitLevelSize",
    AttributeName.SCALE_SUBS_LEVEL_SIZE: "scaleSubsLevelSize",
}
_OF_SCALE = {
    AttributeName.SCALE_PRICE_INCREMENT: "scalePriceIncrement",
    AttributeName.SCALE_PROFIT_OFFSET: "scaleProfitOffset",
}
_OF_ADJUSTED = {
    AttributeName.TRIGGER_PRICE: "triggerPrice",
    AttributeName.ADJUSTED_STOP_PRICE: "adjustedStopPrice",
    AttributeName.ADJUSTED_STOP_LIMIT_PRICE: "adjustedStopLimitPrice",
}
_OF_PEG_BENCH = {
    AttributeName.PEGGED_CHANGE_AMOUNT: "peggedChangeAmount",
    AttributeName.REFERENCE_CHANGE_AMOUNT: "referenceChangeAmount",
}
_OF_PEG = {
    AttributeName.STARTING_PRICE: "startingPrice",
    AttributeName.STOCK_REF_PRICE: "stockRefPrice",
    AttributeName.STOCK_RANGE_LOWER: "stockRangeLower",
    AttributeName.STOCK_RANGE_UPPER: "stockRangeUpper",
    AttributeName.DELTA: "delta",
}
_SIZES_OF_PEG_BEST = {
    AttributeName.MIN_TRADE_QTY: "minTradeQty",
    AttributeName.MIN_COMPETE_SIZE: "minCompeteSize",
}
_OF_PEG_MID = {
    AttributeName.MID_OFFSET_AT_WHOLE: "midOffsetAtWhole",
    AttributeName.MID_OFFSET_AT_HALF: "midOffsetAtHalf",
}
_NO_TYPE = ("", "None")
_TRIGGERED = ("STP", "TRAIL", "MIT", "LIT")
_RELATIVE = ("REL", "PASSV REL")
_ADJUSTED_BY_PERCENT = 100
_TWS_CLEARS = ("", "IB")
_JOINED = {"a": "and", "o": "or"}


def order_attributes(order: TwsOrder, warning: str = "") -> tuple[OrderAttribute, ...]:
    """Return the attributes that TWS set; ``warning`` is its text about the order itself (warningText)."""
    return tuple(_attributes(order, warning))


def _attributes(order: TwsOrder, warning: str) -> Iterator[OrderAttribute]:
    if warning.strip():
        yield OrderAttribute(AttributeName.WARNING, warning.strip())
    yield from (OrderAttribute(name, True) for name, field in _FLAGS.items() if getattr(order, field))
    yield from _numbers(order, _FIGURES)
    yield from (
        OrderAttribute(name, text)
        for name, field in _TEXTS.items()
        if (text := _given(getattr(order, field)))
    )
    if order.ocaGroup:
        yield from _numbers(order, {AttributeName.OCA_TYPE: "ocaType"})
    yield from _numbers(order, {AttributeName.SHORT_SALE_SLOT: "shortSaleSlot"})
    if (intent := _given(order.clearingIntent)) not in _TWS_CLEARS:
        yield OrderAttribute(AttributeName.CLEARING_INTENT, intent)
    if hedge := _given(order.hedgeType):
        yield OrderAttribute(AttributeName.HEDGE_TYPE, hedge)
        if parameter := _given(order.hedgeParam):
            yield OrderAttribute(AttributeName.HEDGE_PARAM, parameter)
    if (kind := _given(order.deltaNeutralOrderType)) not in _NO_TYPE:
        yield OrderAttribute(AttributeName.DELTA_NEUTRAL_ORDER_TYPE, kind)
    yield from _of_type(order)
    if parameters := "; ".join(f"{each.tag} {each.value}" for each in order.algoParams):
        yield OrderAttribute(AttributeName.ALGO_PARAMS, parameters)
    if order.conditions:
        yield OrderAttribute(AttributeName.CONDITIONS, _conditions(order))


def _given(text: str) -> str:
    """Return a text of TWS; empty if it is blank or one of TWS's markers for what is not set."""
    return "" if parsing.is_unset(text) else text.strip()


def _of_type(order: TwsOrder) -> Iterator[OrderAttribute]:
    """Yield the attributes that are meaningful for some types only."""
    kind = order.orderType
    if (parsing.number(order.scalePriceIncrement) or 0) > 0:
        yield from _numbers(order, _SIZES_OF_SCALE)
        yield from _figures(order, _OF_SCALE)
    if kind.startswith(_TRIGGERED):
        yield from _numbers(order, {AttributeName.TRIGGER_METHOD: "triggerMethod"})
    if kind.startswith(_RELATIVE):
        yield from _figures(order, {AttributeName.PERCENT_OFFSET: "percentOffset"})
    if kind.startswith("TRAIL L"):
        yield from _figures(order, {AttributeName.LIMIT_OFFSET: "lmtPriceOffset"})
    if (adjusted := _given(order.adjustedOrderType)) not in _NO_TYPE:
        yield OrderAttribute(AttributeName.ADJUSTED_ORDER_TYPE, adjusted)
        is_percent = order.adjustableTrailingUnit == _ADJUSTED_BY_PERCENT
        trails = (
            AttributeName.ADJUSTED_TRAILING_PERCENT if is_percent else AttributeName.ADJUSTED_TRAILING_AMOUNT
        )
        yield from _figures(order, {**_OF_ADJUSTED, trails: "adjustedTrailingAmount"})
    if kind == "VOL":
        yield from _figures(order, {AttributeName.VOLATILITY: "volatility"})
    if kind.startswith("PEG"):
        yield from _figures(order, _OF_PEG)
    if kind == "PEG BENCH":
        yield from _numbers(order, {AttributeName.REFERENCE_CONTRACT_ID: "referenceContractId"})
        yield from _figures(order, _OF_PEG_BENCH)
        if order.isPeggedChangeAmountDecrease:
            yield OrderAttribute(AttributeName.PEGGED_CHANGE_IS_DECREASE, True)
    if kind == "PEG BEST":
        yield from _numbers(order, _SIZES_OF_PEG_BEST)
        yield from _figures(order, {AttributeName.COMPETE_AGAINST_BEST_OFFSET: "competeAgainstBestOffset"})
    if kind in ("PEG BEST", "PEG MID"):
        yield from _figures(order, _OF_PEG_MID)


def _figures(order: TwsOrder, fields: dict[AttributeName, str]) -> Iterator[OrderAttribute]:
    """Yield those of these that are set; 0 means none to TWS."""
    for name, field in fields.items():
        if figure := parsing.number(getattr(order, field)):
            yield OrderAttribute(name, figure)


def _numbers(order: TwsOrder, fields: dict[AttributeName, str]) -> Iterator[OrderAttribute]:
    """Yield those of these whole numbers that are set; none of them is below 0."""
    for name, field in fields.items():
        number = getattr(order, field)
        if (parsing.number(number) or 0) > 0:
            yield OrderAttribute(name, number)


def _conditions(order: TwsOrder) -> str:
    """Return all conditions as one text; each says how it is joined to the next, if TWS says so."""
    found: list[str] = []
    for condition in order.conditions:
        found += [_condition(condition), _JOINED.get(condition.conjunction, "and/or")]
    text = " ".join(found[:-1])
    return f"{text}, outside regular hours, too" if order.conditionsIgnoreRth else text


def _condition(of: OrderCondition) -> str:
    """Describe one condition. TWS API: it is also met exactly at its figure."""
    known: Any = of
    if None in vars(of).values():
        return "a condition that cannot be read"
    if isinstance(of, ExecutionCondition):
        return f"a trade of {known.symbol} ({known.secType}) at {known.exch}"
    to = "at or above" if known.isMore else "at or below"
    if isinstance(of, TimeCondition):
        return f"the time {'after' if known.isMore else 'before'} {known.time}"
    if isinstance(of, MarginCondition):
        return f"the margin cushion {to} {known.percent}%"
    contract = f"of contract {known.conId} at {known.exch}" if hasattr(of, "conId") else ""
    if isinstance(of, PriceCondition):
        return f"the price {contract} {to} {known.price:.10g}"
    if isinstance(of, VolumeCondition):
        return f"the volume {contract} {to} {known.volume}"
    if isinstance(of, PercentChangeCondition):
        return f"the change {contract} {to} {known.changePercent:.10g}%"
    return type(of).__name__
