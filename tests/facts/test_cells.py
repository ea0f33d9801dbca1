"""Numbers, percents and dates as spreadsheets of any country write them, and texts that are none."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.facts import FactKind
from psf_monitor.facts.cells import (
    Notation,
    has_day_first,
    is_unknown,
    kind_of,
    two_meanings,
    value_of,
)
from tests.conftest import named_in_failure

POINT, COMMA, OPEN = Notation(), Notation(has_decimal_comma=True), Notation(None, None)


def test_that_a_number_is_read_as_its_file_writes_it() -> None:
    for text, notation, number in (
        ("52700", POINT, 52_700.0),
        ("52,700.5", POINT, 52_700.5),
        ("52.700,5", COMMA, 52_700.5),
        ("52 700", POINT, 52_700.0),
        ("\u22120.5", POINT, -0.5),
        ("-.5", POINT, -0.5),
        ("(1,250.00)", POINT, -1_250.0),
        ("$25.00", POINT, 25.0),
        ("1.5e3", POINT, 1_500.0),
        ("0,421875", COMMA, 0.421875),
        ("0,421875", POINT, None),
        ("5,27,00", POINT, None),
        ("12.5K", POINT, None),
        ("1e999", POINT, None),
        ("", POINT, None),
        ("nan", POINT, None),
        ("inf", POINT, None),
        ("\u0663", POINT, None),
        ("9.88%", POINT, None),
    ):
        with named_in_failure(text, notation, number):
            assert value_of(text, FactKind.NUMBER, notation) == number


def test_that_a_percent_has_its_sign() -> None:
    for text, percent in (
        ("9.88%", 9.88),
        ("%9.88", 9.88),
        ("9.88 %", 9.88),
        ("-1%", -1.0),
        ("9.88", None),
        ("9%8", None),
    ):
        with named_in_failure(text, percent):
            assert value_of(text, FactKind.PERCENT, POINT) == percent


def test_that_a_day_has_four_digits_of_a_year_and_no_time() -> None:
    for text, day in (
        ("05/13/2025", date(2025, 5, 13)),
        ("5/3/2025", date(2025, 5, 3)),
        ("2025-05-13", date(2025, 5, 13)),
        ("2025-05-13 00:00:00", date(2025, 5, 13)),
        ("5/13/2025 0:00", date(2025, 5, 13)),
        ("5/13/2025 12:00:00 AM", date(2025, 5, 13)),
        ("5/13/2025 12:00:00 PM", None),
        ("13.05.2025", date(2025, 5, 13)),
        ("13/05/2025", None),
        ("02/30/2025", None),
        ("05/13/25", None),
        ("2025-05-13 09:30", None),
        ("05/13-2025", None),
        ("perpetual", None),
    ):
        with named_in_failure(text, day):
            assert value_of(text, FactKind.DATE, POINT) == day


def test_that_only_a_day_over_twelve_decides_whether_the_day_comes_first() -> None:
    for cells, first in (
        (["13/05/2025", "05/06/2025"], True),
        (["05/06/2025", "05/13/2025 00:00:00"], False),
        (["5-6-2025", "5-13-2025"], False),
        (["05/06/2025", "06/06/2025"], None),
        (["05/13/2025", "13/05/2025", "05/14/2025"], None),
        (["2025-05-13", "13.05.2025", "13/13/2025", "02/30/2025", "05/06/2025"], None),
        (["perpetual"], None),
        ([], None),
    ):
        with named_in_failure(cells, first):
            assert has_day_first(cells) is first


def test_that_an_ambiguous_date_is_neither_if_no_other_cell_decides() -> None:
    for text, value, meanings in (
        ("05/06/2025", None, (date(2025, 5, 6), date(2025, 6, 5))),
        ("1-2-2026", None, (date(2026, 1, 2), date(2026, 2, 1))),
        ("12/11/2026 00:00", None, (date(2026, 12, 11), date(2026, 11, 12))),
        ("06/06/2025", date(2025, 6, 6), None),
        ("05/13/2025", date(2025, 5, 13), None),
        ("13/05/2025", date(2025, 5, 13), None),
        ("05.06.2025", date(2025, 6, 5), None),
        ("2025-05-06", date(2025, 5, 6), None),
        ("2025/05/06", date(2025, 5, 6), None),
        ("05/06/2025 09:30", None, None),
    ):
        with named_in_failure(text, value, meanings):
            assert value_of(text, FactKind.DATE, OPEN) == value
            assert two_meanings(text, OPEN) == meanings
            assert two_meanings(text, POINT) is None


def test_that_an_ambiguous_figure_is_neither_if_no_cell_decides() -> None:
    for text, kind, value, meanings in (
        ("6.875", FactKind.NUMBER, None, (6.875, 6_875.0)),
        ("6,875", FactKind.NUMBER, None, (6_875.0, 6.875)),
        ("-6.875%", FactKind.PERCENT, None, (-6.875, -6_875.0)),
        ("6.75", FactKind.NUMBER, 6.75, None),
        ("6,75", FactKind.NUMBER, 6.75, None),
        ("6.8750", FactKind.NUMBER, 6.875, None),
        ("1,000.5", FactKind.NUMBER, 1_000.5, None),
        ("1000", FactKind.NUMBER, 1_000.0, None),
        ("0.125", FactKind.NUMBER, 0.125, None),
        ("x", FactKind.NUMBER, None, None),
    ):
        with named_in_failure(text, kind, value, meanings):
            assert value_of(text, kind, OPEN) == value
            assert two_meanings(text, OPEN) == meanings
            assert two_meanings(text, POINT) is None


def test_that_a_column_is_what_more_than_half_of_it_is() -> None:
    for cells, kind in (
        (["8.00%", "n.a.", "7.5%"], FactKind.PERCENT),
        (["8.00%", "7.5"], FactKind.TEXT),
        (["05/06/2025", "06/07/2025"], FactKind.DATE),
        (["05/13/2025", "05/14/2025", "callable"], FactKind.DATE),
        (["1", "2", "3"], FactKind.NUMBER),
        (["CIM", "NLY"], FactKind.TEXT),
        ([], FactKind.TEXT),
    ):
        with named_in_failure(cells, kind):
            assert kind_of((cell, Notation(False, None)) for cell in cells) is kind


def test_that_placeholders_for_nothing_are_read_as_unknown() -> None:
    for text in ("", "-", "NaN", "N/A", "#N/A", "None", "\u2014"):
        with named_in_failure(text):
            assert is_unknown(text)


@given(
    st.text(max_size=20),
    st.sampled_from(list(FactKind)),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)
def test_that_no_cell_is_more_than_its_text(
    text: str, kind: FactKind, comma: bool | None, day_first: bool | None
) -> None:
    value: Any = value_of(text, kind, Notation(comma, day_first))
    if kind is FactKind.TEXT:
        assert value == text
    else:
        assert value is None or any(digit in text for digit in "0123456789")


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 4)))
def test_that_a_number_comes_back_from_either_notation(number: float) -> None:
    written = f"{number:,.4f}"
    assert value_of(written, FactKind.NUMBER, POINT) == number
    swapped = written.translate(str.maketrans(",.", ".,"))
    assert value_of(swapped, FactKind.NUMBER, COMMA) == number
