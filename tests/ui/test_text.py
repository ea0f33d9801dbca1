"""Figures and times as text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.ui import text

NOW = datetime(2026, 9, 18, 18, 32, 5, tzinfo=UTC)
FORMATS = [
    text.price,
    text.average_price,
    text.quantity,
    text.money,
    text.signed_money,
    text.change,
    text.percent,
]


@pytest.mark.parametrize(
    ("write", "value", "words"),
    [
        (text.price, 24.5, "24.50"),
        (text.price, 1238.1, "1,238.10"),
        (text.price, 0.1234, "0.1234"),
        (text.price, 24.125, "24.125"),
        (text.price, 24.55000001, "24.55"),
        (text.average_price, 20.8712, "20.8712"),
        (text.average_price, 20, "20.0000"),
        (text.quantity, -1500.0, "−1,500"),
        (text.quantity, 0.5, "0.5"),
        (text.quantity, 0.0, "0"),
        (text.money, 563866.4, "563,866"),
        (text.money, -17600, "−17,600"),
        (text.signed_money, 683.2, "+683"),
        (text.signed_money, -0.3, "0"),
        (text.signed_money, -95, "−95"),
        (text.change, -0.0, "0.00"),
        (text.change, 0.08, "+0.08"),
        (text.percent, 2.734, "+2.73%"),
        (text.percent, 0.001, "0.00%"),
    ],
)
def test_that_a_figure_reads_as_the_trader_writes_it(
    write: Callable[[float | None], str], value: float, words: str
) -> None:
    assert write(value) == words


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize(
    "value", [None, float("nan"), float("inf"), float("-inf"), 1.7976931348623157e308, -1.8e308]
)
def test_that_what_is_unknown_is_a_dash(write: Callable[[float | None], str], value: float | None) -> None:
    assert write(value) == "—"


@pytest.mark.parametrize("write", FORMATS)
@given(value=st.floats(allow_nan=True, allow_infinity=True))
def test_that_no_figure_ever_reads_as_a_machine_writes_it(
    write: Callable[[float | None], str], value: float
) -> None:
    words = write(value)
    assert re.fullmatch(r"—|[+−]?\d{1,3}(,\d{3})*(\.\d+)?%?", words), words
    assert not re.fullmatch(r"[+−]0(\.0+)?%?", words), "a zero has no sign"


@given(value=st.floats(min_value=0.0001, max_value=1e9))
def test_that_a_price_keeps_what_it_says_to_four_decimals(value: float) -> None:
    assert float(text.price(value).replace(",", "")) == round(value, 4)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0s"), (0.9, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (90000, "25h")],
)
def test_that_an_age_fits_its_column(seconds: float, words: str) -> None:
    assert text.age(seconds) == words


def test_that_times_are_new_york_times() -> None:
    assert text.clock(NOW) == "14:32:05"
    assert text.moment(NOW, NOW) == "14:32:05"


def test_that_a_time_of_another_day_says_which() -> None:
    yesterday = NOW - timedelta(days=1)
    assert text.moment(yesterday, NOW) == "2026-09-17 14:32:05"
    assert text.short_moment(yesterday, NOW) == "Sep 17"


def test_that_a_countdown_ends_at_zero() -> None:
    assert text.countdown(NOW + timedelta(seconds=3.2), NOW) == "4 s"
    assert text.countdown(NOW - timedelta(seconds=3), NOW) == "0 s"


def test_that_a_list_of_names_is_a_phrase() -> None:
    assert text.listed(["GUN"]) == "GUN"
    assert text.listed(["GUN", "PED"]) == "GUN and PED"
    assert text.listed(["CAD", "EUR", "USD"]) == "CAD, EUR and USD"
