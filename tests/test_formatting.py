"""Figures and times as text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor import formatting
from tests.conftest import named_in_failure

NOW = datetime(2026, 9, 18, 18, 32, 5, tzinfo=UTC)
FORMATS = [
    formatting.price,
    formatting.average_price,
    formatting.quantity,
    formatting.signed_quantity,
    formatting.money,
    formatting.signed_money,
    formatting.rounded_cents,
    formatting.change,
    formatting.percent,
]


def test_that_a_figure_reads_as_the_trader_writes_it() -> None:
    for write, value, text in (
        (formatting.price, 24.5, "24.50"),
        (formatting.price, 1238.1, "1,238.10"),
        (formatting.price, 0.1234, "0.1234"),
        (formatting.price, 24.125, "24.125"),
        (formatting.price, 0.00001, "0.00001"),
        (formatting.price, 0.0000123456, "0.00001235"),
        (formatting.price, 0.0, "0.00"),
        (formatting.average_price, 0.000012, "0.000012"),
        (formatting.average_price, 0.005, "0.0050"),
        (formatting.change, -0.00001, "−0.00001"),
        (formatting.deviation, -0.004321, "−0.0043"),
        (formatting.deviation, 0.15, "+0.15"),
        (formatting.deviation, 0.0, "0.00"),
        (formatting.short_share, 123456.78, "123,456.8%"),
        (formatting.short_share, -0.04, "0.0%"),
        (formatting.short_share, -10.25, "−10.2%"),
        (formatting.price, 24.55000001, "24.55"),
        (formatting.average_price, 20.8712, "20.8712"),
        (formatting.average_price, 20, "20.0000"),
        (formatting.quantity, -1500.0, "−1,500"),
        (formatting.quantity, 0.5, "0.5"),
        (formatting.signed_quantity, 1500.5, "+1,500.5"),
        (formatting.signed_quantity, -200.0, "−200"),
        (formatting.quantity, 0.0, "0"),
        (formatting.money, 563866.4, "563,866"),
        (formatting.money, -17600, "−17,600"),
        (formatting.rounded_cents, 7349.956, "7,349.96"),
        (formatting.rounded_cents, -0.001, "0.00"),
        (formatting.signed_money, 683.2, "+683"),
        (formatting.signed_money, -0.3, "0"),
        (formatting.signed_money, -95, "−95"),
        (formatting.change, -0.0, "0.00"),
        (formatting.change, 0.08, "+0.08"),
        (formatting.percent, 2.734, "+2.73%"),
        (formatting.percent, 0.001, "0.00%"),
    ):
        with named_in_failure(write, value, text):
            assert write(value) == text


@pytest.mark.parametrize("write", FORMATS)
def test_that_an_unknown_figure_is_a_dash(write: Callable[[float | None], str]) -> None:
    unknown = (None, float("nan"), float("inf"), float("-inf"), 1.7976931348623157e308, -1.8e308)
    assert [write(value) for value in unknown] == ["—"] * 6


@pytest.mark.parametrize("write", FORMATS)
@given(value=st.floats(allow_nan=True, allow_infinity=True))
def test_that_no_figure_ever_reads_as_a_machine_writes_it(
    write: Callable[[float | None], str], value: float
) -> None:
    text = write(value)
    assert re.fullmatch(r"—|[+−]?\d{1,3}(,\d{3})*(\.\d+)?%?", text), text
    assert not re.fullmatch(r"[+−]0(\.0+)?%?", text), "a zero has no sign"


@given(value=st.floats(min_value=0.01, max_value=1e9))
def test_that_a_price_keeps_its_digits_to_four_decimals(value: float) -> None:
    assert float(formatting.price(value).replace(",", "")) == round(value, 4)


@given(value=st.floats(min_value=1e-8, max_value=0.01, exclude_max=True))
def test_that_a_price_below_a_cent_keeps_its_digits_to_eight_decimals(value: float) -> None:
    assert float(formatting.price(value)) == round(value, 8)


def test_that_an_age_fits_its_column() -> None:
    for seconds, text in (
        (-3, "0s"),
        (0.9, "0s"),
        (59.9, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (90000, "25h"),
    ):
        with named_in_failure(seconds, text):
            assert formatting.age(seconds) == text


def test_that_times_are_new_york_times() -> None:
    assert formatting.clock(NOW) == "14:32:05"
    assert formatting.moment(NOW, NOW) == "14:32:05"


def test_that_a_time_of_another_day_names_which() -> None:
    yesterday = NOW - timedelta(days=1)
    assert formatting.moment(yesterday, NOW) == "2026-09-17 14:32:05"
    assert formatting.short_moment(yesterday, NOW) == "Sep 17"


def test_that_a_countdown_ends_at_zero() -> None:
    assert formatting.countdown(NOW + timedelta(seconds=3.2), NOW) == "4 s"
    assert formatting.countdown(NOW - timedelta(seconds=3), NOW) == "0 s"


def test_that_a_list_of_names_is_a_phrase() -> None:
    assert formatting.listed(["GUN"]) == "GUN"
    assert formatting.listed(["GUN", "PED"]) == "GUN and PED"
    assert formatting.listed(["CAD", "EUR", "USD"]) == "CAD, EUR and USD"


def test_that_an_order_placed_by_hand_is_shown_as_placed_in_tws() -> None:
    assert formatting.placed_by(0) == "placed in TWS itself"
    assert formatting.placed_by(3) == "placed by API client 3"
    assert formatting.placed_by(None) == "TWS does not say by whom it was placed"


def test_that_a_price_without_a_currency_is_marked() -> None:
    for unit, text in (
        (1.0, "in a currency that is not reported"),
        (0.01, "hundredths of a currency that is not reported"),
        (10.0, "× 10 a currency that is not reported"),
    ):
        with named_in_failure(unit, text):
            assert formatting.unit_of_price("", unit) == text


def test_that_a_quantity_reads_0_only_where_there_is_none() -> None:
    for quantity, text in (
        (4e-9, "0.000000004"),
        (-1.5e-10, "−0.00000000015"),
        (5e-9, "0.00000001"),
        (1e-17, "0"),
        (0.0, "0"),
    ):
        with named_in_failure(quantity, text):
            assert formatting.quantity(quantity) == text


def test_that_a_deviation_below_four_decimals_is_not_shown_as_0() -> None:
    for difference, text in (
        (0.00002, "+0.00002"),
        (-0.0000012, "−0.0000012"),
        (0.00432171, "+0.0043"),
        (1e-15, "0.00"),
        (0.0, "0.00"),
    ):
        with named_in_failure(difference, text):
            assert formatting.deviation(difference) == text


def test_that_hidden_values_cover_every_figure_but_no_dash() -> None:
    assert formatting.hidden("1,500") == formatting.hidden("−0.01") == formatting.HIDDEN
    assert formatting.hidden("1,500", hides=False) == "1,500"
    assert formatting.hidden(formatting.DASH) == formatting.DASH


def test_that_a_masked_account_keeps_its_letters_and_last_three_digits() -> None:
    for account, shown in (
        ("U1240821", "U••••821"),
        ("DU5551370", "DU••••370"),
        ("U12", "•••"),
        ("", ""),
    ):
        with named_in_failure(account, shown):
            assert formatting.masked(account) == shown


def test_that_thousands_of_things_are_written_as_thousands_of_shares_are() -> None:
    for number, text in ((0, "0 fills"), (1, "1 fill"), (999, "999 fills"), (50_000, "50,000 fills")):
        with named_in_failure(number, text):
            assert formatting.counted(number, "fill") == text
