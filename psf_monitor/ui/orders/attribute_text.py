"""The attributes of an order as text. Pure."""

from collections.abc import Iterable, Mapping

from psf_monitor import formatting
from psf_monitor.domain.orders.order_attributes import AttributeName, OrderAttribute

_FLAGS: Mapping[AttributeName, str] = {
    AttributeName.ALL_OR_NONE: "All or none: it fills whole or not at all",
    AttributeName.NOT_HELD: "Not held: price and time are left to the broker",
    AttributeName.SWEEP_TO_FILL: "Sweep to fill: the best prices of all venues at once",
    AttributeName.BLOCK_ORDER: "Block order",
    AttributeName.DISCRETIONARY_UP_TO_LIMIT: "Pegged with discretion up to its limit",
    AttributeName.AUTO_CANCEL_PARENT: "Its parent is cancelled with it",
    AttributeName.PEGGED_CHANGE_IS_DECREASE: "The price falls where the reference rises",
}
_FIGURES: Mapping[AttributeName, str] = {
    AttributeName.MIN_QTY: "Minimum quantity {}",
    AttributeName.DURATION: "Good for {} minutes",
    AttributeName.POST_TO_ATS: "Posted to an alternative trading system for {} s",
    AttributeName.SCALE_INIT_LEVEL_SIZE: "Scale: first level {}",
    AttributeName.SCALE_SUBS_LEVEL_SIZE: "Scale: further levels {} each",
    AttributeName.PERCENT_OFFSET: "Percent offset {}, as TWS has it",
    AttributeName.ADJUSTED_TRAILING_PERCENT: "Adjusted: trails by {}%",
    AttributeName.VOLATILITY: "Volatility {}",
    AttributeName.DELTA: "Delta {}",
    AttributeName.MIN_TRADE_QTY: "Minimum quantity of a trade {}",
    AttributeName.MIN_COMPETE_SIZE: "Competes from a size of {}",
}
_PRICES: Mapping[AttributeName, str] = {
    AttributeName.SCALE_PRICE_INCREMENT: "Scale: levels {} apart, so only the first stands at the limit",
    AttributeName.SCALE_PROFIT_OFFSET: "Scale: each level is closed again at a profit of {}",
    AttributeName.LIMIT_OFFSET: "Its limit is {} from the stop",
    AttributeName.TRIGGER_PRICE: "Adjusted at a price of {}",
    AttributeName.ADJUSTED_STOP_PRICE: "Adjusted: stop {}",
    AttributeName.ADJUSTED_STOP_LIMIT_PRICE: "Adjusted: limit of the stop {}",
    AttributeName.ADJUSTED_TRAILING_AMOUNT: "Adjusted: trails by {}",
    AttributeName.STARTING_PRICE: "Starting price {}",
    AttributeName.STOCK_REF_PRICE: "Reference price {}",
    AttributeName.STOCK_RANGE_LOWER: "Cancelled where the reference falls below {}",
    AttributeName.STOCK_RANGE_UPPER: "Cancelled where the reference rises above {}",
    AttributeName.PEGGED_CHANGE_AMOUNT: "Moves by {}",
    AttributeName.REFERENCE_CHANGE_AMOUNT: "for each {} of the reference",
    AttributeName.COMPETE_AGAINST_BEST_OFFSET: "Competes at {} beyond the best price",
    AttributeName.MID_OFFSET_AT_WHOLE: "Offset to a middle in whole cents {}",
    AttributeName.MID_OFFSET_AT_HALF: "Offset to a middle in half cents {}",
}
_TEXTS: Mapping[AttributeName, str] = {
    AttributeName.WARNING: "TWS says of it: {}",
    AttributeName.FA_GROUP: "Allocated to the group {}",
    AttributeName.FA_METHOD: "Allocated by the method {}",
    AttributeName.FA_PERCENTAGE: "Allocated by {}%",
    AttributeName.FA_PROFILE: "Allocated by the profile {}",
    AttributeName.MODEL_CODE: "Of the model portfolio {}",
    AttributeName.DESIGNATED_LOCATION: "Shares for the short sale are at {}",
    AttributeName.CLEARING_INTENT: "Cleared elsewhere: {}",
    AttributeName.HEDGE_PARAM: "Hedge parameter: {}",
    AttributeName.DELTA_NEUTRAL_ORDER_TYPE: "With a delta-neutral order of type {}",
    AttributeName.ADJUSTED_ORDER_TYPE: "Becomes an order of type {}",
    AttributeName.REFERENCE_CONTRACT_ID: "Pegged to contract {}",
    AttributeName.ALGO_PARAMS: "Parameters: {}",
    AttributeName.CONDITIONS: "Condition: {}",
}
_CODES: Mapping[AttributeName, tuple[str, Mapping[float, str]]] = {
    AttributeName.OCA_TYPE: (
        "OCA: {}",
        {
            1: "a fill cancels the others, which do not trade meanwhile",
            2: "a fill in part reduces the others, which do not trade meanwhile",
            3: "a fill in part reduces the others, which may trade meanwhile",
        },
    ),
    AttributeName.SHORT_SALE_SLOT: (
        "Short sale: {}",
        {1: "the broker holds the shares", 2: "the shares come from elsewhere"},
    ),
    AttributeName.TRIGGER_METHOD: (
        "Triggered by {}",
        {
            1: "two bids or asks in a row",
            2: "the last price",
            3: "two last prices in a row",
            4: "bid or ask",
            7: "last, bid or ask",
            8: "the middle of bid and ask",
        },
    ),
}
_OF_PLACE = frozenset({AttributeName.WARNING, AttributeName.CONDITIONS, AttributeName.TRIGGER_METHOD})
_MARKS = {AttributeName.ALL_OR_NONE: "AON", AttributeName.SCALE_PRICE_INCREMENT: "scale"}
_HEDGES = {"D": "delta", "B": "beta", "F": "currency", "P": "pair"}


def sentences(attributes: Iterable[OrderAttribute]) -> list[str]:
    """Return each attribute as a sentence."""
    return [_text(*each) for each in attributes]


def about_place(attributes: Iterable[OrderAttribute]) -> list[str]:
    """Return the sentences of those that decide where an order stands."""
    return sentences(each for each in attributes if each.name in _OF_PLACE)


def marks(attributes: Iterable[OrderAttribute]) -> list[str]:
    """Return the short marks after the type of an order."""
    return [_MARKS[each.name] for each in attributes if each.name in _MARKS]


def unread(names: Iterable[str], source: str) -> list[str]:
    """Return what is said of terms, other than limit and stop, that ``source`` does not send as a number."""
    named = ", ".join(name.replace("_", " ") for name in names if name not in ("limit", "stop"))
    return [f"{source} reports terms that cannot be read: {named}"] if named else []


def _text(name: AttributeName, value: bool | float | str) -> str:
    if name in _FLAGS:
        return _FLAGS[name]
    if name in _CODES:
        text, known = _CODES[name]
        return text.format(known.get(float(value), f"{value:g}, in the words of TWS"))
    if name is AttributeName.HEDGE_TYPE:
        return f"Hedge of its parent by {_HEDGES.get(str(value), value)}"
    if name in _FIGURES:
        return _FIGURES[name].format(formatting.quantity(float(value)))
    if name in _PRICES:
        return _PRICES[name].format(formatting.price_level(float(value)))
    return _TEXTS[name].format(f"{value:.0f}" if isinstance(value, float) else value)
