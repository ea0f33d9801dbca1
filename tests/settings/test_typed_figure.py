"""A figure as a person types it is the one number that it can mean, or is refused by name."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.settings.typed_figure import NoFigureError, figure_of
from tests.conftest import named_in_failure


def test_that_an_unambiguous_text_is_parsed_as_its_number() -> None:
    for text, number in (
        ("25.125", 25.125),
        (" 5 ", 5.0),
        ("+5", 5.0),
        ("\u22125.5", -5.5),
        (".5", 0.5),
        ("25.", 25.0),
        ("0.000001", 0.000001),
        ("1,000.50", 1_000.5),
        ("-1,000,000", -1_000_000.0),
        ("1e3", 1_000.0),
        ("1" + "0" * 30, 1e30),
    ):
        with named_in_failure(text, number):
            assert figure_of(text) == number


def test_that_nothing_has_no_sign() -> None:
    assert str(figure_of("-0")) == "0.0"


def test_that_an_ambiguous_number_is_refused_by_name() -> None:
    for text, shown in (
        ("25,125", "'25,125' may mean 25.125 or 25125. Write 25.125 or 25125, whichever is meant."),
        ("25,12", "'25,12' has a decimal comma. Write 25.12."),
        ("0,125", "'0,125' has a decimal comma. Write 0.125."),
        ("-1.000,50", "'-1.000,50' has a decimal comma. Write -1000.50."),
        ("nan", "'nan' is no number."),
        ("inf", "'inf' is no number."),
        ("1e400", "'1e400' is too large for a number."),
        ("١٢", "'١٢' is no number."),
        ("５", "'５' is no number."),
        ("1_000", "'1_000' is no number."),
        ("1 000", "'1 000' is no number."),
        ("24.5.8", "'24.5.8' is no number."),
        ("0,000,001", "'0,000,001' is no number."),
        ("", "'' is no number."),
        ("1" * 5000, "'11111"),
    ):
        with named_in_failure(text, shown):
            with pytest.raises(NoFigureError) as error:
                figure_of(text)
            assert str(error.value).startswith(shown)
            assert len(str(error.value)) < 200


@given(st.text(max_size=40) | st.text("0123456789.,+-eE ", max_size=12))
def test_that_any_text_is_a_finite_number_or_refused(text: str) -> None:
    with suppress(NoFigureError):
        assert figure_of(text) == float(text.strip().replace("\u2212", "-").replace(",", ""))
        assert math.isfinite(figure_of(text))


@given(st.integers(1, 999), st.integers(0, 999))
def test_that_three_digits_behind_one_comma_are_never_guessed(whole: int, rest: int) -> None:
    with pytest.raises(NoFigureError, match=f"{whole}.{rest:03} or {whole}{rest:03}"):
        figure_of(f"{whole},{rest:03}")
