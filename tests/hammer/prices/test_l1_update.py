"""An ``L1Update`` reads the same whichever way it is read."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psf_monitor.hammer.messages import UNREADABLE, decode
from psf_monitor.hammer.prices.l1_update import (
    L1Result,
    L1Update,
    PlainUpdate,
    plain_update,
    plain_updates,
    read,
)
from psf_monitor.hammer.symbols import SymbolTable

_FIGURES = st.one_of(
    st.none(),
    st.sampled_from(("", "24.5", " 24.50 ", "abc", "1e3", "NaN", 0, -1, 1e9, 2**31 - 1, 2**31, 10**20)),
    st.integers(-10, 10**10),
    st.floats(0, 100),
    st.floats(allow_nan=False, allow_infinity=False),
)
_TEXTS = st.one_of(st.none(), st.sampled_from(("", "NYSE", " ARCA ")), st.text(max_size=5))
_RESULTS = st.fixed_dictionaries(
    {"sym": st.sampled_from(("CIM-B", "cim-b"))},
    optional={
        **dict.fromkeys(("bid", "ask", "bidSize", "askSize", "price", "last", "size", "volume"), _FIGURES),
        **dict.fromkeys(("venue", "exchange"), st.one_of(_TEXTS, st.integers(0, 3))),
        "timeStamp": st.one_of(_TEXTS, st.just("2026-09-18T18:26:00.123Z"), st.integers(0, 2 * 10**12)),
        "halted": st.booleans(),
    },
)
_FIELDS = L1Update.__struct_fields__


def _figures(update: L1Update) -> dict[str, Any]:
    return {name: getattr(update, name) for name in _FIELDS}


@given(_RESULTS)
@example({"sym": "CIM-B", "bid": 24.5, "price": 24.6, "last": 24.4, "venue": "", "exchange": "NYSE"})
@example({"sym": "CIM-B", "price": 0, "last": 24.4})
@example({"sym": "CIM-B", "size": 0, "volume": 0})
def test_that_reading_all_fields_at_once_gives_the_same_as_field_by_field(
    fields: dict[str, Any],
) -> None:
    frame = json.dumps({"cmd": "L1Update", "result": fields}).encode()
    message = decode(frame)
    assert isinstance(message, L1Update)
    assert _figures(message) == _figures(read(msgspec.convert(fields, L1Result)))


def test_that_a_frame_of_plain_numbers_is_read_by_the_decoder() -> None:
    fields = {"sym": "CIM-B", "bid": 24, "ask": 24.6, "price": 24.5, "size": 100, "volume": 52_700}
    update = decode(json.dumps({"cmd": "L1Update", "result": fields}).encode())
    assert type(update) is PlainUpdate
    assert (update.bid, update.last, type(update.bid)) == (24.0, 24.5, float)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Bid": 24.5},
        {"volume": 5, "Bid": 24.5},
        {"bid": 24.5, "halted": True},
        {"bid": None},
        {"bid": "24.5"},
        {"bid": 0},
        {"bid": 24.5, "venue": 7},
    ],
)
def test_that_the_decoder_leaves_every_other_one(fields: dict[str, Any]) -> None:
    frame = json.dumps({"cmd": "L1Update", "result": {"sym": "CIM-B", **fields}}).encode()
    with pytest.raises(UNREADABLE):
        plain_update(frame)
    assert not isinstance(decode(frame), PlainUpdate)


@given(st.lists(_RESULTS, max_size=6))
def test_that_frames_read_in_one_go_are_the_plain_ones_up_to_the_first_other(
    reported: list[dict[str, Any]],
) -> None:
    symbols = SymbolTable({"CIM PRB": "CIM-B"})
    symbols.set_wanted(["CIM PRB"])
    frames = [json.dumps({"cmd": "L1Update", "result": each}).encode() for each in reported]
    waiting, read_so_far = iter(frames), list[dict[str, Any] | bytes]()
    other: bytes | None = b""
    while other is not None:
        updates, other = plain_updates(waiting, symbols)
        read_so_far += [*map(_figures, updates), *([] if other is None else [other])]
    expected: list[dict[str, Any] | bytes] = []
    for frame in frames:
        update = decode(frame)
        assert isinstance(update, L1Update)
        is_plain = type(update) is PlainUpdate
        expected.append(
            {**_figures(update), "symbol": symbols.as_requested(update.symbol)} if is_plain else frame
        )
    assert read_so_far == expected
