"""What a position cost, and what part of its account it is."""

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication

from psf_monitor.domain.account import AccountSummary
from tests.support.records import GUN, position
from tests.ui.window import WindowUnderTest, fill, total

pytestmark = pytest.mark.unseen

COLUMNS = ("cost_basis", "net_liquidation_pct")


@pytest.fixture
def filled(ui: WindowUnderTest) -> WindowUnderTest:
    """The window with both columns shown."""
    fill(ui)
    for key in COLUMNS:
        ui.window.positions.view.header.arrangement.show_column(key, is_wanted=True)
    return ui


def tooltip(ui: WindowUnderTest, key: str, place: int = 0) -> str:
    model = ui.window.positions.model
    return model.tooltip(model.line(place), model.table.index(key))


def test_that_cost_and_part_of_the_account_stand_beside_the_value(filled: WindowUnderTest) -> None:
    assert [filled.cell(key) for key in COLUMNS] == ["70,256", "5.73%"]
    assert tooltip(filled, "cost_basis") == "3,000 × 23.4186 in USD"
    assert tooltip(filled, "net_liquidation_pct") == (
        "73,650 of 1,284,310 USD, the net liquidation of U••••821"
    )


def test_that_those_of_a_short_are_below_zero(filled: WindowUnderTest) -> None:
    short = next(place for place in range(4) if filled.cell("symbol", place) == "GS PRA")
    assert [filled.cell(key, short) for key in COLUMNS] == ["−17,314", "−1.37%"]


def test_that_the_total_has_the_cost_of_what_is_valued(filled: WindowUnderTest) -> None:
    assert total(filled)["cost_basis"] == "86,405"


def test_that_a_part_of_an_account_in_another_currency_is_a_dash_and_says_so(filled: WindowUnderTest) -> None:
    filled.book.summaries_replaced(GUN, [AccountSummary(GUN, "U1240821", "EUR", 900_000.0)])
    filled.window.show_now()
    assert filled.cell("net_liquidation_pct") == "—"
    assert tooltip(filled, "net_liquidation_pct") == "Not known: the net liquidation of its account is in EUR"


def test_that_a_part_without_a_price_says_that_there_is_none(filled: WindowUnderTest) -> None:
    unpriced = next(place for place in range(4) if filled.cell("symbol", place) == "TWO PRB")
    assert filled.cell("net_liquidation_pct", unpriced) == "—"
    assert tooltip(filled, "net_liquidation_pct", unpriced).startswith("No quote: not valued")
    assert filled.cell("cost_basis", unpriced) == "22,400"


def test_that_a_cost_that_is_not_known_says_why(filled: WindowUnderTest) -> None:
    filled.book.positions_replaced(
        GUN,
        [
            position("CIM PRB", 3000, None),
            replace(position("GS PRA", 9, 21.6), quantity=None),
            position("NLY PRG", 9, 2, multiplier=None),
        ],
    )
    filled.window.show_now()
    model = filled.window.positions.model
    said = {
        line.row.symbol: tooltip(filled, "cost_basis", line.place)
        for line in model.lines(range(4))
        if line.row.mode is GUN
    }
    assert said == {
        "CIM PRB": "TWS reports no average price that can be read",
        "GS PRA": "TWS does not say how much is held",
        "NLY PRG": "Not known: TWS does not say what the multiplier is",
    }


def test_that_hide_values_hides_the_cost_and_the_amounts_behind_the_percent(filled: WindowUnderTest) -> None:
    filled.window.menus.hide_values.trigger()
    assert "70,256" not in filled.cell("cost_basis")
    assert filled.cell("net_liquidation_pct") == "5.73%"
    assert "1,284,310" not in tooltip(filled, "net_liquidation_pct")
    assert "86,405" not in total(filled)["cost_basis"]


def test_that_a_review_by_ibkr_is_said(filled: WindowUnderTest) -> None:
    reviewed = AccountSummary(GUN, "U1240821", "USD", 1_284_310.0, is_in_review=True)
    filled.book.summaries_replaced(GUN, [reviewed])
    filled.window.show_now()
    assert tooltip(filled, "net_liquidation_pct").endswith("U••••821, which IBKR is reviewing")


def test_that_the_sum_of_the_cost_is_copied_where_its_column_is_shown(filled: WindowUnderTest) -> None:
    def copied() -> list[str]:
        filled.window.positions.copy_sums()
        return QGuiApplication.clipboard().text().splitlines()[0].split("\t")

    assert copied() == ["", "Cost basis", "Mkt value", "Unrlzd P&L", "P&L %", "Day P&L"]
    filled.window.positions.view.header.arrangement.show_column("cost_basis", is_wanted=False)
    assert copied() == ["", "Mkt value", "Unrlzd P&L", "P&L %", "Day P&L"]
