"""HAMMER's figures and times: a marker for a missing value is no value."""

from datetime import UTC, datetime

from msgspec import UNSET

from psf_monitor.hammer.prices.figures import (
    finite,
    is_no_price,
    is_no_quantity,
    is_no_time,
    is_yes,
    last_of,
    positive_price,
    price_of,
    quantity_of,
    utc_of,
)
from tests.conftest import named_in_failure

UNSET_VALUES = [2147483647, -2147483648, 9223372036854775807, 1.7976931348623157e308, float("inf")]
NO_NUMBERS = ["1_000", "1,000", "24,55", "٢٤", "nan", "inf", "0x10", "24.5 USD", ".", "--1", "1e400"]


def test_that_a_text_that_is_no_number_is_no_figure() -> None:
    for raw in (*UNSET_VALUES, *map(str, UNSET_VALUES), *NO_NUMBERS, True):
        with named_in_failure(raw):
            assert finite(raw) is None
            assert positive_price(raw) is None


def test_that_a_placeholder_of_hammer_is_an_unknown_figure() -> None:
    unset: list[float | str] = [*map(float, UNSET_VALUES), *map(str, UNSET_VALUES), *NO_NUMBERS]
    for raw in unset:
        with named_in_failure(raw):
            assert price_of(raw) is None
            assert last_of(raw) is None
            assert quantity_of(raw) is None


def test_that_a_flag_is_set_in_every_way_of_writing_it() -> None:
    for raw in (True, 1, 1.0, "1", "true", "True", "TRUE", " yes "):
        with named_in_failure(raw):
            assert is_yes(raw)
            assert not any(map(is_yes, (False, 0, None, "", "0", "false", "no", "NaN", 2, [])))


def test_that_a_number_is_read_in_every_way_of_writing_it() -> None:
    for raw in ("24.55", " 24.55 ", "2.455e1", "+24.55", 24.55):
        with named_in_failure(raw):
            assert finite(raw) == price_of(raw) == quantity_of(raw) == 24.55


def test_that_commas_that_can_only_separate_thousands_are_no_obstacle() -> None:
    for raw in ("1,234.50", " +1,234.5 ", "0,001,234.5", "1,234,567"):
        with named_in_failure(raw):
            assert finite(raw) == price_of(raw) == float(raw.replace(",", ""))
            assert all(
                finite(other) is None
                for other in ("1,234", "12,34.5", "1,2345.6", "1.234,50", ",123.4", "1,234.5,6")
            )


def test_that_a_large_volume_is_a_volume_and_an_empty_field_changes_nothing() -> None:
    assert quantity_of(3e9) == quantity_of("3000000000") == 3e9
    assert quantity_of("") is price_of(None) is last_of(0.0) is UNSET
    assert quantity_of("  ") is price_of(" ") is last_of("\t") is UNSET


def test_that_a_price_too_high_to_be_one_is_no_lack_of_a_price() -> None:
    for raw in (1e9, "2500000000", 9.9e14):
        with named_in_failure(raw):
            assert price_of(raw) is None
            assert is_no_price(raw)
            assert not is_no_quantity(raw)
    for lacking in (999_999.0, 0.0, -1, None, "", " ", 2147483647, 1.7976931348623157e308):
        with named_in_failure(lacking):
            assert not is_no_price(lacking)


def test_that_the_ends_of_the_calendar_and_a_day_alone_are_no_time() -> None:
    for stamp in (
        *("0001-01-01T00:00:00", "0001-01-01T00:00:00+03:00", "9999-12-31T23:59:59.9999999"),
        *("1899-12-30T00:00:00Z", "1970-01-01T00:00:00Z", "0", "20260918", "2026-09-18", "2026-W38-5"),
        *("15:00:00", "9/18/2026 11:00:00 AM", "99999999999999999999", ""),
    ):
        with named_in_failure(stamp):
            assert utc_of(stamp) is None


def test_that_a_time_in_no_known_form_is_told_from_one_that_is_not_set() -> None:
    assert all(map(is_no_time, ["9/18/2026 11:00:00 AM", "11:00:00", "soon", "2026-09-18T25:00:00Z"]))
    not_set = ["", "0", "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999"]
    assert not any(map(is_no_time, [*not_set, "2026-09-18T15:00:00Z", "1789743600"]))


def test_that_a_time_is_utc_in_every_form() -> None:
    for stamp in ("2026-09-18 15:00:00", "2026-09-18T15:00:00Z", "20260918T150000", "1789743600"):
        with named_in_failure(stamp):
            assert utc_of(stamp) == datetime(2026, 9, 18, 15, tzinfo=UTC)
