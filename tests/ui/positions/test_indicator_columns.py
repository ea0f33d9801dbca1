"""The indicators of a position's row: a dash says why there is no figure."""

from typing import Any

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.ui.positions.columns import POSITIONS
from tests.support.records import NOON
from tests.ui.rows import a_position


def tooltip(key: str, **changes: Any) -> str:
    said = POSITIONS.columns[POSITIONS.index(key)].tooltip
    assert said is not None
    return said(a_position(**changes), NOON)


@pytest.mark.parametrize("key", ["grpan", "grpan_concentration", "grpan_deviation"])
def test_that_without_a_print_that_counts_there_is_no_grpan_and_it_says_so(key: str) -> None:
    assert tooltip(key) == "Not known: no print that counts is known of it"


@pytest.mark.parametrize("key", ["rwvap_1d", "rwvap_1d_deviation"])
def test_that_with_too_few_prints_there_is_no_rwvap_and_it_says_so(key: str) -> None:
    assert tooltip(key) == "Not known: fewer than 5 prints that count are known of it, over a day"


@pytest.mark.parametrize("key", ["grpan", "rwvap_1d"])
def test_that_without_a_quote_the_reason_is_that_of_the_price(key: str) -> None:
    assert "HAMMER" in tooltip(key, quote_state=QuoteState.OFF, bid=None, ask=None, last=None, mark=None)


def test_that_a_known_figure_is_its_own_tooltip() -> None:
    assert tooltip("grpan", grpan=24.51, grpan_concentration=80.0) == "24.51"
    assert tooltip("grpan_concentration", grpan=24.51, grpan_concentration=80.0) == "80.00%"
    assert tooltip("rwvap_1d", rwvap_1d=24.44) == "24.44"
