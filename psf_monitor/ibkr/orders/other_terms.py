"""The terms of an order besides quantity, price and time: how it trades according to message 5. Pure."""

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

from psf_monitor.domain.orders.other_terms import OtherTerm, TermName
from psf_monitor.ibkr import parsing

_FLAGS = {
    TermName.ALL_OR_NONE: "allOrNone",
    TermName.NOT_HELD: "notHeld",
    TermName.SWEEP_TO_FILL: "sweepToFill",
    TermName.BLOCK_ORDER: "blockOrder",
    TermName.DISCRETIONARY_UP_TO_LIMIT: "discretionaryUpToLimitPrice",
    TermName.AUTO_CANCEL_PARENT: "autoCancelParent",
}
_FIGURES = {
    TermName.MIN_QTY: "minQty",
    TermName.DURATION: "duration",
    TermName.POST_TO_ATS: "postToAts",
}
_TEXTS = {
    TermName.FA_GROUP: "faGroup",
    TermName.FA_METHOD: "faMethod",
    TermName.FA_PERCENTAGE: "faPercentage",
    TermName.FA_PROFILE: "faProfile",
    TermName.MODEL_CODE: "modelCode",
    TermName.DESIGNATED_LOCATION: "designatedLocation",
}
_SIZES_OF_SCALE = {
    TermName.SCALE_INIT_LEVEL_SIZE: "scaleInitLevelSize",
    TermName.SCALE_SUBS_LEVEL_SIZE: "scaleSubsLevelSize",
}
_OF_SCALE = {
    TermName.SCALE_PRICE_INCREMENT: "scalePriceIncrement",
    TermName.SCALE_PROFIT_OFFSET: "scaleProfitOffset",
}
_OF_ADJUSTED = {
    TermName.TRIGGER_PRICE: "triggerPrice",
    TermName.ADJUSTED_STOP_PRICE: "adjustedStopPrice",
    TermName.ADJUSTED_STOP_LIMIT_PRICE: "adjustedStopLimitPrice",
}
_OF_PEG_BENCH = {
    TermName.PEGGED_CHANGE_AMOUNT: "peggedChangeAmount",
    TermName.REFERENCE_CHANGE_AMOUNT: "referenceChangeAmount",
}
_OF_PEG = {
    TermName.STARTING_PRICE: "startingPrice",
    TermName.STOCK_REF_PRICE: "stockRefPrice",
    TermName.STOCK_RANGE_LOWER: "stockRangeLower",
    TermName.STOCK_RANGE_UPPER: "stockRangeUpper",
    TermName.DELTA: "delta",
}
_SIZES_OF_PEG_BEST = {
    TermName.MIN_TRADE_QTY: "minTradeQty",
    TermName.MIN_COMPETE_SIZE: "minCompeteSize",
}
_OF_PEG_MID = {
    TermName.MID_OFFSET_AT_WHOLE: "midOffsetAtWhole",
    TermName.MID_OFFSET_AT_HALF: "midOffsetAtHalf",
}
_NO_TYPE = ("", "None")
_TRIGGERED = ("STP", "TRAIL", "MIT", "LIT")
_RELATIVE = ("REL", "PASSV REL")
_ADJUSTED_BY_PERCENT = 100
_TWS_CLEARS = ("", "IB")
_JOINED = {"a": "and", "o": "or"}


def other_terms(order: TwsOrder, warning: str = "") -> tuple[OtherTerm, ...]:
    """Return the terms that TWS set; ``warning`` is its text about the order itself (warningText)."""
    return tuple(_terms(order, warning))


def _terms(order: TwsOrder, warning: str) -> Iterator[OtherTerm]:
    if warning.strip():
        yield OtherTerm(TermName.WARNING, warning.strip())
    yield from (OtherTerm(name, True) for name, field in _FLAGS.items() if getattr(order, field))
    yield from _numbers(order, _FIGURES)
    yield from (
        OtherTerm(name, text) for name, field in _TEXTS.items() if (text := _given(getattr(order, field)))
    )
    if order.ocaGroup:
        yield from _numbers(order, {TermName.OCA_TYPE: "ocaType"})
    yield from _numbers(order, {TermName.SHORT_SALE_SLOT: "shortSaleSlot"})
    if (intent := _given(order.clearingIntent)) not in _TWS_CLEARS:
        yield OtherTerm(TermName.CLEARING_INTENT, intent)
    if hedge := _given(order.hedgeType):
        yield OtherTerm(TermName.HEDGE_TYPE, hedge)
        if parameter := _given(order.hedgeParam):
            yield OtherTerm(TermName.HEDGE_PARAM, parameter)
    if (kind := _given(order.deltaNeutralOrderType)) not in _NO_TYPE:
        yield OtherTerm(TermName.DELTA_NEUTRAL_ORDER_TYPE, kind)
    yield from _of_type(order)
    if parameters := "; ".join(f"{each.tag} {each.value}" for each in order.algoParams):
        yield OtherTerm(TermName.ALGO_PARAMS, parameters)
    if order.conditions:
        yield OtherTerm(TermName.CONDITIONS, _conditions(order))


def _given(text: str) -> str:
    """Return a text of TWS; empty if it is blank or one of TWS's markers for what is not set."""
    return "" if parsing.is_unset(text) else text.strip()


def _of_type(order: TwsOrder) -> Iterator[OtherTerm]:
    """Yield the terms that are meaningful for some types only."""
    kind = order.orderType
    if (parsing.number(order.scalePriceIncrement) or 0) > 0:
        yield from _numbers(order, _SIZES_OF_SCALE)
        yield from _figures(order, _OF_SCALE)
    if kind.startswith(_TRIGGERED):
        yield from _numbers(order, {TermName.TRIGGER_METHOD: "triggerMethod"})
    if kind.startswith(_RELATIVE):
        yield from _figures(order, {TermName.PERCENT_OFFSET: "percentOffset"})
    if kind.startswith("TRAIL L"):
        yield from _figures(order, {TermName.LIMIT_OFFSET: "lmtPriceOffset"})
    if (adjusted := _given(order.adjustedOrderType)) not in _NO_TYPE:
        yield OtherTerm(TermName.ADJUSTED_ORDER_TYPE, adjusted)
        is_percent = order.adjustableTrailingUnit == _ADJUSTED_BY_PERCENT
        trails = TermName.ADJUSTED_TRAILING_PERCENT if is_percent else TermName.ADJUSTED_TRAILING_AMOUNT
        yield from _figures(order, {**_OF_ADJUSTED, trails: "adjustedTrailingAmount"})
    if kind == "VOL":
        yield from _figures(order, {TermName.VOLATILITY: "volatility"})
    if kind.startswith("PEG"):
        yield from _figures(order, _OF_PEG)
    if kind == "PEG BENCH":
        yield from _numbers(order, {TermName.REFERENCE_CONTRACT_ID: "referenceContractId"})
        yield from _figures(order, _OF_PEG_BENCH)
        if order.isPeggedChangeAmountDecrease:
            yield OtherTerm(TermName.PEGGED_CHANGE_IS_DECREASE, True)
    if kind == "PEG BEST":
        yield from _numbers(order, _SIZES_OF_PEG_BEST)
        yield from _figures(order, {TermName.COMPETE_AGAINST_BEST_OFFSET: "competeAgainstBestOffset"})
    if kind in ("PEG BEST", "PEG MID"):
        yield from _figures(order, _OF_PEG_MID)


def _figures(order: TwsOrder, fields: dict[TermName, str]) -> Iterator[OtherTerm]:
    """Yield those of these that are set; 0 means none to TWS."""
    for name, field in fields.items():
        if figure := parsing.number(getattr(order, field)):
            yield OtherTerm(name, figure)


def _numbers(order: TwsOrder, fields: dict[TermName, str]) -> Iterator[OtherTerm]:
    """Yield those of these whole numbers that are set; none of them is below 0."""
    for name, field in fields.items():
        number = getattr(order, field)
        if (parsing.number(number) or 0) > 0:
            yield OtherTerm(name, number)


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
