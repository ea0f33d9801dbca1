"""The parts of message 5 behind its fixed fields, whose length depends on a count, a flag or a type. Pure.

Source: TWS API, server versions 157 to 178, as ib_insync reads them.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields as fields_of
from functools import lru_cache
from itertools import chain, pairwise, takewhile
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
_ADJUSTED = "adjusted_order_type", "cash_qty", "discretionary_up_to_limit_price"
_NOTHING, _NO_COUNT, _STOP_AGAIN = str(UNSET_DOUBLE), str(UNSET_INTEGER), "the stop again"


class _MisplacedError(ValueError):
    """A number that is not the count which belongs in its place."""


def _says_nothing(_fields: list[str], _at: int) -> bool | None:
    return None


class _Part(NamedTuple):
    """``end`` returns where the part that begins at a place ends; ``nothing`` are its fields if none of its
    ``terms`` is set. ``is_in_place`` returns whether it does begin there, ``None`` if its fields do not say.
    """

    end: Callable[[list[str], int], int]
    nothing: tuple[str, ...]
    terms: tuple[str, ...]
    is_in_place: Callable[[list[str], int], bool | None] = _says_nothing


def readable(fields: list[str], version: int) -> tuple[list[str], tuple[str, ...]]:
    """Return message 5 without what follows a count that is none or does not fit what is counted, whole also
    if it ends too early, and the names of the terms that it lacks, as the TWS API has them.

    A stop that is set in one of its two places is set in both.

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
    begins, sure = [at], 0
    for number, part in enumerate(parts):
        is_in_place = None
        try:
            end = part.end(fields, at)
            is_whole = end <= len(fields)
            if is_whole:
                is_in_place = part.is_in_place(fields, at)
        except _MisplacedError:
            is_in_place = False
        except (ValueError, LookupError):
            is_whole = False
        if is_in_place is False or not is_whole:
            # Any count since the last part that was in its place may be the wrong one.
            if is_in_place is None:
                sure += _empty(parts[sure:], fields, begins[sure:])
            return _without(parts[sure:], fields[: begins[sure]], stop_again, lacking)
        if is_in_place:
            sure = number + 1
        if part.terms == _ADJUSTED and parsing.is_unset(fields[at + 2]):
            fields[at + 2] = stop_again
        at = end
        begins.append(at)
    return fields, ()


def _empty(parts: Iterable[_Part], fields: list[str], begins: list[int]) -> int:
    """Return how many of the parts that begin at these places have nothing set, up to the first that has."""
    read = (tuple(fields[begin:end]) for begin, end in pairwise(begins))
    return sum(1 for _ in takewhile(lambda each: each[0] == each[1].nothing, zip(read, parts, strict=False)))


def _without(
    left: Iterable[_Part], fields: list[str], stop_again: str, lacking: tuple[str, ...]
) -> tuple[list[str], tuple[str, ...]]:
    """Return the message with nothing set in the parts that are left, and the names of what it lacks."""
    nothing = chain.from_iterable(each.nothing for each in left)
    rest = [stop_again if field == _STOP_AGAIN else field for field in nothing]
    return [*fields, *rest], (*lacking, *chain.from_iterable(each.terms for each in left))


def _count(fields: list[str], at: int) -> int:
    """Return a count, and write it as ib_insync expects it. Raises ``ValueError`` if it is none."""
    count = whole_number(fields[at])
    if not 0 <= count <= len(fields):
        raise _MisplacedError(f"{fields[at]!r} is no count")
    fields[at] = str(count)
    return count


def _counted(size: int) -> Callable[[list[str], int], int]:
    return lambda fields, at: at + 1 + size * _count(fields, at)


def _of_size(size: int) -> Callable[[list[str], int], int]:
    return lambda _fields, at: at + size


def _scale(fields: list[str], at: int) -> int:
    increment = fields[at + 2] = fields[at + 2].strip()
    if parsing.is_no_number(increment):
        raise ValueError(f"{increment!r} is no increment")
    return at + (10 if 0 < float(increment or UNSET_DOUBLE) < UNSET_DOUBLE else 3)


def _hedge(fields: list[str], at: int) -> int:
    return at + (2 if fields[at] else 1)


def _is_number(text: str) -> bool:
    return bool(text.strip()) and not parsing.is_no_number(text)


def _has_word(place: int, *flags: int) -> Callable[[list[str], int], bool | None]:
    """Return whether a part has its word at this place and one of its flags at the others; both count from
    its begin.
    """

    def is_in_place(fields: list[str], at: int) -> bool | None:
        word = fields[at + place]
        if _is_number(word) or (flags and all(parsing.is_no_number(fields[at + each]) for each in flags)):
            return False
        return True if word.strip() else None

    return is_in_place


def _has_no_number(fields: list[str], at: int) -> bool | None:
    # Whether its parameters were all is seen by what follows them.
    return False if _is_number(fields[at]) else None


def _clearing(fields: list[str], at: int) -> int:
    if not _count(fields, at + 4):
        return at + 5
    # Of a delta neutral contract nothing is shown; ib_insync loses an order for one that it cannot read.
    fields[at + 5 : at + 8] = [""] * len(fields[at + 5 : at + 8])
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
        _Part(_hedge, ("",), ("hedge_type",), _has_no_number),
        _Part(_clearing, ("0", "", "", "0", "0"), ("clearing_intent", "not_held"), _has_word(2, 0, 3)),
        _Part(_algorithm, ("",), ("algo_strategy",), _has_no_number),
        _Part(_of_size(len(state)), state, ("warning_text",), _has_word(2, 0, 1)),
        *[_Part(_of_size(5), ("",) * 5, ("reference_contract_id",))] * is_to_benchmark,
        _Part(_conditions, ("0",), ("conditions",)),
        _Part(_of_size(len(adjusted)), adjusted, _ADJUSTED, _has_word(0)),
        *(_Part(_of_size(1), (unset,), (name,)) for since, name, unset in of_versions if version >= since),
        *[_Part(_of_size(5), ("",) * 5, ("min_trade_qty",))] * (version >= 170),
    )
