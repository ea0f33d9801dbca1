"""The attributes of an order beside its quantity, prices and times. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class AttributeName(StrEnum):
    """The attributes of an order beside its quantity, prices and times, as the TWS API names them."""

    WARNING = "warning_text"
    ALL_OR_NONE = "all_or_none"
    MIN_QTY = "min_qty"
    NOT_HELD = "not_held"
    SWEEP_TO_FILL = "sweep_to_fill"
    BLOCK_ORDER = "block_order"
    DISCRETIONARY_UP_TO_LIMIT = "discretionary_up_to_limit_price"
    AUTO_CANCEL_PARENT = "auto_cancel_parent"
    DURATION = "duration"
    POST_TO_ATS = "post_to_ats"
    FA_GROUP = "fa_group"
    FA_METHOD = "fa_method"
    FA_PERCENTAGE = "fa_percentage"
    FA_PROFILE = "fa_profile"
    MODEL_CODE = "model_code"
    DESIGNATED_LOCATION = "designated_location"
    OCA_TYPE = "oca_type"
    SHORT_SALE_SLOT = "short_sale_slot"
    CLEARING_INTENT = "clearing_intent"
    HEDGE_TYPE = "hedge_type"
    HEDGE_PARAM = "hedge_param"
    DELTA_NEUTRAL_ORDER_TYPE = "delta_neutral_order_type"
    SCALE_INIT_LEVEL_SIZE = "scale_init_level_size"
    SCALE_SUBS_LEVEL_SIZE = "scale_subs_level_size"
    SCALE_PRICE_INCREMENT = "scale_price_increment"
    SCALE_PROFIT_OFFSET = "scale_profit_offset"
    TRIGGER_METHOD = "trigger_method"
    PERCENT_OFFSET = "percent_offset"
    LIMIT_OFFSET = "lmt_price_offset"
    ADJUSTED_ORDER_TYPE = "adjusted_order_type"
    TRIGGER_PRICE = "trigger_price"
    ADJUSTED_STOP_PRICE = "adjusted_stop_price"
    ADJUSTED_STOP_LIMIT_PRICE = "adjusted_stop_limit_price"
    ADJUSTED_TRAILING_AMOUNT = "adjusted_trailing_amount"
    ADJUSTED_TRAILING_PERCENT = "adjusted_trailing_percent"
    VOLATILITY = "volatility"
    STARTING_PRICE = "starting_price"
    STOCK_REF_PRICE = "stock_ref_price"
    STOCK_RANGE_LOWER = "stock_range_lower"
    STOCK_RANGE_UPPER = "stock_range_upper"
    DELTA = "delta"
    REFERENCE_CONTRACT_ID = "reference_contract_id"
    PEGGED_CHANGE_AMOUNT = "pegged_change_amount"
    PEGGED_CHANGE_IS_DECREASE = "is_pegged_change_amount_decrease"
    REFERENCE_CHANGE_AMOUNT = "reference_change_amount"
    MIN_TRADE_QTY = "min_trade_qty"
    MIN_COMPETE_SIZE = "min_compete_size"
    COMPETE_AGAINST_BEST_OFFSET = "compete_against_best_offset"
    MID_OFFSET_AT_WHOLE = "mid_offset_at_whole"
    MID_OFFSET_AT_HALF = "mid_offset_at_half"
    ALGO_PARAMS = "algo_params"
    CONDITIONS = "conditions"


class OrderAttribute(NamedTuple):
    """One of them: a flag that is set, a figure, or a text of TWS."""

    name: AttributeName
    value: bool | float | str


def is_allocated(attributes: Iterable[OrderAttribute]) -> bool:
    """Return whether an advisor's order is for several accounts, whichever it names."""
    return any(each.name in (AttributeName.FA_GROUP, AttributeName.FA_PROFILE) for each in attributes)


_UNDISPLAYED = frozenset({AttributeName.ALL_OR_NONE, AttributeName.NOT_HELD, AttributeName.POST_TO_ATS})
_OF_DISPLAY = frozenset({*_UNDISPLAYED, "hidden", "display_size"})


def may_be_undisplayed(attributes: Iterable[OrderAttribute], unread: Iterable[str] = ()) -> bool:
    """Return whether TWS may keep the order off the displayed market; ``unread`` are as in ``Order``."""
    return any(each.name in _UNDISPLAYED for each in attributes) or not _OF_DISPLAY.isdisjoint(unread)
