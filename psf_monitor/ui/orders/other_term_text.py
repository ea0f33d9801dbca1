"""The other terms of an order as text. Pure."""

from collections.abc import Iterable, Mapping

from psf_monitor import formatting
from psf_monitor.domain.orders.other_terms import OtherTerm, TermName

_FLAGS: Mapping[TermName, str] = {
    TermName.ALL_OR_NONE: "All or none: it fills whole or not at all",
    TermName.NOT_HELD: "Not held: price and time are left to the broker",
    TermName.SWEEP_TO_FILL: "Sweep to fill: the best prices of all venues at once",
    TermName.BLOCK_ORDER: "Block order",
    TermName.DISCRETIONARY_UP_TO_LIMIT: "Pegged with discretion up to its limit",
    TermName.AUTO_CANCEL_PARENT: "Its parent is cancelled with it",
    TermName.PEGGED_CHANGE_IS_DECREASE: "The price falls where the reference rises",
}
_FIGURES: Mapping[TermName, str] = {
    TermName.MIN_QTY: "Minimum quantity {}",
    TermName.DURATION: "Good for {} minutes",
    TermName.POST_TO_ATS: "Posted to an alternative trading system for {} s",
    TermName.SCALE_INIT_LEVEL_SIZE: "Scale: first level {}",
    TermName.SCALE_SUBS_LEVEL_SIZE: "Scale: further levels {} each",
    TermName.PERCENT_OFFSET: "Percent offset {}, as TWS has it",
    TermName.ADJUSTED_TRAILING_PERCENT: "Adjusted: trails by {}%",
    TermName.VOLATILITY: "Volatility {}",
    TermName.DELTA: "Delta {}",
    TermName.MIN_TRADE_QTY: "Minimum quantity of a trade {}",
    TermName.MIN_COMPETE_SIZE: "Competes from a size of {}",
}
_PRICES: Mapping[TermName, str] = {
    TermName.SCALE_PRICE_INCREMENT: "Scale: levels {} apart, so only the first stands at the limit",
    TermName.SCALE_PROFIT_OFFSET: "Scale: each level is closed again at a profit of {}",
    TermName.LIMIT_OFFSET: "Its limit is {} from the stop",
    TermName.TRIGGER_PRICE: "Adjusted at a price of {}",
    TermName.ADJUSTED_STOP_PRICE: "Adjusted: stop {}",
    TermName.ADJUSTED_STOP_LIMIT_PRICE: "Adjusted: limit of the stop {}",
    TermName.ADJUSTED_TRAILING_AMOUNT: "Adjusted: trails by {}",
    TermName.STARTING_PRICE: "Starting price {}",
    TermName.STOCK_REF_PRICE: "Reference price {}",
    TermName.STOCK_RANGE_LOWER: "Cancelled where the reference falls below {}",
    TermName.STOCK_RANGE_UPPER: "Cancelled where the reference rises above {}",
    TermName.PEGGED_CHANGE_AMOUNT: "Moves by {}",
    TermName.REFERENCE_CHANGE_AMOUNT: "for each {} of the reference",
    TermName.COMPETE_AGAINST_BEST_OFFSET: "Competes at {} beyond the best price",
    TermName.MID_OFFSET_AT_WHOLE: "Offset to a middle in whole cents {}",
    TermName.MID_OFFSET_AT_HALF: "Offset to a middle in half cents {}",
}
_TEXTS: Mapping[TermName, str] = {
    TermName.WARNING: "TWS says of it: {}",
    TermName.FA_GROUP: "Allocated to the group {}",
    TermName.FA_METHOD: "Allocated by the method {}",
    TermName.FA_PERCENTAGE: "Allocated by {}%",
    TermName.FA_PROFILE: "Allocated by the profile {}",
    TermName.MODEL_CODE: "Of the model portfolio {}",
    TermName.DESIGNATED_LOCATION: "Shares for the short sale are at {}",
    TermName.CLEARING_INTENT: "Cleared elsewhere: {}",
    TermName.HEDGE_PARAM: "Hedge parameter: {}",
    TermName.DELTA_NEUTRAL_ORDER_TYPE: "With a delta-neutral order of type {}",
    TermName.ADJUSTED_ORDER_TYPE: "Becomes an order of type {}",
    TermName.REFERENCE_CONTRACT_ID: "Pegged to contract {}",
    TermName.ALGO_PARAMS: "Parameters: {}",
    TermName.CONDITIONS: "Condition: {}",
}
_CODES: Mapping[TermName, tuple[str, Mapping[float, str]]] = {
    TermName.OCA_TYPE: (
        "OCA: {}",
        {
            1: "a fill cancels the others, which do not trade meanwhile",
            2: "a fill in part reduces the others, which do not trade meanwhile",
            3: "a fill in part reduces the others, which may trade meanwhile",
        },
    ),
    TermName.SHORT_SALE_SLOT: (
        "Short sale: {}",
        {1: "the broker holds the shares", 2: "the shares come from elsewhere"},
    ),
    TermName.TRIGGER_METHOD: (
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
_OF_PLACE = frozenset({TermName.WARNING, TermName.CONDITIONS, TermName.TRIGGER_METHOD})
_MARKS = {TermName.ALL_OR_NONE: "AON", TermName.SCALE_PRICE_INCREMENT: "scale"}
_HEDGES = {"D": "delta", "B": "beta", "F": "currency", "P": "pair"}


def sentences(terms: Iterable[OtherTerm]) -> list[str]:
    """Return each term as a sentence."""
    return [_text(*term) for term in terms]


def about_place(terms: Iterable[OtherTerm]) -> list[str]:
    """Return the sentences of those that decide where an order stands."""
    return sentences(term for term in terms if term.name in _OF_PLACE)


def marks(terms: Iterable[OtherTerm]) -> list[str]:
    """Return the short marks after the type of an order."""
    return [_MARKS[term.name] for term in terms if term.name in _MARKS]


def unread(names: Iterable[str], source: str) -> list[str]:
    """Return what is said of terms, other than limit and stop, that ``source`` does not send as a number."""
    named = ", ".join(name.replace("_", " ") for name in names if name not in ("limit", "stop"))
    return [f"{source} reports terms that cannot be read: {named}"] if named else []


def _text(name: TermName, value: bool | float | str) -> str:
    if name in _FLAGS:
        return _FLAGS[name]
    if name in _CODES:
        text, known = _CODES[name]
        return text.format(known.get(float(value), f"{value:g}, in the words of TWS"))
    if name is TermName.HEDGE_TYPE:
        return f"Hedge of its parent by {_HEDGES.get(str(value), value)}"
    if name in _FIGURES:
        return _FIGURES[name].format(formatting.quantity(float(value)))
    if name in _PRICES:
        return _PRICES[name].format(formatting.price_level(float(value)))
    return _TEXTS[name].format(f"{value:.0f}" if isinstance(value, float) else value)
