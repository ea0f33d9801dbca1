"""The parts of message 5 behind its fixed fields, whose length depends on a count, a flag or a type. Pure.

Source: TWS API, server versions 157 to 178, as ib_insync reads them.
"""

from collections.abc import Callable
from dataclasses import fields as fields_of
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ib_insync.order import OrderCondition
from ib_insync.util import UNSET_DOUBLE, UNSET_INTEGER

from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.orders.record_fields import whole_number

_TYPE, _PERM_ID, _DELTA_NEUTRAL_TYPE, _FIXED = 15, 25, 62, 64
_DELTA_NEUTRAL, _BEFORE_LEGS, _TRAIL_STOP = 8, 7, 5
"""Fields behind a delta neutral type and before the count of legs, and where the stop of a trailing order is
before that count.
"""
_TERMS = {
    26: "outside_rth",
    27: "hidden",
    28: "discretionary_amt",
    29: "good_after_time",
    31: "fa_group",
    32: "fa_method",
    33: "fa_percentage",
    34: "fa_profile",
    35: "model_code",
    36: "good_till_date",
    38: "percent_offset",
    40: "short_sale_slot",
    41: "designated_location",
    44: "starting_price",
    45: "stock_ref_price",
    46: "delta",
    47: "stock_range_lower",
    48: "stock_range_upper",
    49: "display_size",
    50: "block_order",
    51: "sweep_to_fill",
    52: "all_or_none",
    53: "min_qty",
    54: "oca_type",
    58: "parent_id",
    59: "trigger_method",
    60: "volatility",
    62: "delta_neutral_order_type",
}
"""The terms behind the ids that are shown, by their places."""
_NOTHING, _NO_COUNT, _STOP_AGAIN = str(UNSET_DOUBLE), str(UNSET_INTEGER), "the stop again"


class _Part(NamedTuple):
    """``end`` returns where the part that begins at a place ends; ``nothing`` are its fields if none of its
    ``terms`` is set.
    """

    end: Callable[[list[str], int], int]
    nothing: tuple[str, ...]
    terms: tuple[str, ...]


def readable(fields: list[str], version: int) -> tuple[list[str], tuple[str, ...]]:
    """Return message 5 without what follows a count that is none, whole also if it ends too early, and the
    names of the terms that it lacks, as the TWS API has them.

    Raises ``ValueError`` if it ends before it says which order it is.
    """
    if len(fields) <= _PERM_ID:
        raise ValueError("the message of an order is cut off")
    at = _FIXED + _BEFORE_LEGS
    if len(fields) > _DELTA_NEUTRAL_TYPE and fields[_DELTA_NEUTRAL_TYPE]:
        at += _DELTA_NEUTRAL
    terms = _TERMS
    if fields[_TYPE].startswith("TRAIL"):
        terms = {**terms, at - _TRAIL_STOP: "stop", at - _TRAIL_STOP + 1: "trailing_percent"}
    lacking = tuple(name for place, name in terms.items() if place >= len(fields))
    fields = [*fields, *[""] * (at - len(fields))]
    stop_again = fields[at - _TRAIL_STOP]
    parts = _parts(version, is_to_benchmark=fields[_TYPE] == "PEG BENCH")
    for number, part in enumerate(parts):
        try:
            end = part.end(fields, at)
        except (ValueError, LookupError):
            end = len(fields) + 1
        if end > len(fields):
            left = parts[number:]
            nothing = chain.from_iterable(each.nothing for each in left)
            rest = [stop_again if field == _STOP_AGAIN else field for field in nothing]
            return [*fields[:at], *rest], (*lacking, *chain.from_iterable(each.terms for each in left))
        at = end
    return fields, ()


def _count(fields: list[str], at: int) -> int:
    """Return a count, and write it as ib_insync expects it. Raises ``ValueError`` if it is none."""
    count = whole_number(fields[at])
    if not 0 <= count <= len(fields):
        raise ValueError(f"{fields[at]!r} is no count")
    fields[at] = str(count)
    return count


def _counted(size: int) -> Callable[[list[str], int], int]:
    return lambda fields, at: at + 1 + size * _count(fields, at)


def _of_size(size: int) -> Callable[[list[str], int], int]:
    return lambda _fields, at: at + size


def _scale(fields: list[str], at: int) -> int:
    increment = fields[at + 2]
    if parsing.is_no_number(increment):
        raise ValueError(f"{increment!r} is no increment")
    return at + (10 if 0 < float(increment.strip() or UNSET_DOUBLE) < UNSET_DOUBLE else 3)


def _hedge(fields: list[str], at: int) -> int:
    return at + (2 if fields[at] else 1)


def _clearing(fields: list[str], at: int) -> int:
    if not _count(fields, at + 4):
        return at + 5
    for place in range(at + 5, at + 8):
        # Of a delta neutral contract nothing is shown.
        fields[place] = "" if parsing.is_no_number(fields[place]) else fields[place]
    return at + 8


def _algorithm(fields: list[str], at: int) -> int:
    return at + 2 + 2 * _count(fields, at + 1) if fields[at] else at + 1


def _conditions(fields: list[str], at: int) -> int:
    count, at = _count(fields, at), at + 1
    for _ in range(count):
        kind = OrderCondition.createClass(_count(fields, at))
        at += len(fields_of(kind))
    return at + 2 if count else at


@lru_cache
def _parts(version: int, *, is_to_benchmark: bool) -> tuple[_Part, ...]:
    state = ("0", "0", "", *[_NOTHING] * 9, "", "", "", "", "", "0", "0")
    adjusted = ("None", _NOTHING, _STOP_AGAIN, *[_NOTHING] * 4, "0", "", "", "", "", "0", "0", "0", "0")
    of_versions = [(159, "duration", ""), (160, "post_to_ats", ""), (162, "auto_cancel_parent", "0")]
    return (
        _Part(_counted(8), ("0",), ("combo_legs",)),
        _Part(_counted(1), ("0",), ("order_combo_legs",)),
        _Part(_counted(2), ("0",), ("smart_combo_routing_params",)),
        _Part(_scale, (_NO_COUNT, _NO_COUNT, ""), ("scale_price_increment",)),
        _Part(_hedge, ("",), ("hedge_type",)),
        _Part(_clearing, ("0", "", "", "0", "0"), ("clearing_intent", "not_held")),
        _Part(_algorithm, ("",), ("algo_strategy",)),
        _Part(_of_size(len(state)), state, ("warning_text",)),
        *[_Part(_of_size(5), ("",) * 5, ("reference_contract_id",))] * is_to_benchmark,
        _Part(_conditions, ("0",), ("conditions",)),
        _Part(
            _of_size(len(adjusted)),
            adjusted,
            ("adjusted_order_type", "cash_qty", "discretionary_up_to_limit_price"),
        ),
        *(_Part(_of_size(1), (unset,), (name,)) for since, name, unset in of_versions if version >= since),
        *[_Part(_of_size(5), ("",) * 5, ("min_trade_qty",))] * (version >= 170),
    )
