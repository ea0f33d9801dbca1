"""The totals of the fills, of what is seen of them."""

import pytest
from PySide6.QtWidgets import QMenu

from tests.support.fill_records import fill
from tests.ui.fills.day_of_fills import at
from tests.ui.fills_tab import column, report, tip
from tests.ui.window import WindowUnderTest

pytestmark = pytest.mark.unseen


def choose(menu: QMenu, text: str) -> None:
    (action,) = [each for each in menu.actions() if each.text().replace("&", "") == text]
    action.trigger()


# The totals.


@pytest.mark.seen
def test_that_the_totals_are_those_of_the_rows(full: WindowUnderTest) -> None:
    panel = full.window.fills
    panel.by_symbol.click()
    totals = panel.totals
    assert totals.isVisible()
    found = list(
        zip(*(column(totals, key) for key in ("symbol", "account", "bought", "sold", "net")), strict=True)
    )
    assert found == [
        ("CIM PRB", "GUN", "100", "40", "60"),
        ("CIM PRB", "PED", "1,700", "0", "1,700"),
        ("GS PRA", "GUN", "0", "200", "−200"),
    ]
    assert column(totals, "bought_average") == ["24.5000", "24.4100", "—"]
    assert column(totals, "commission") == ["1.00", "—", "1.25"]
    assert column(totals, "realized_pnl") == ["—", "—", "+83.46"]
    assert panel.count.text == "4", "fills are counted, not their sums"


def test_that_the_totals_name_what_they_lack(full: WindowUnderTest) -> None:
    report(full, fill("1.7", "CIM PRB", quantity=None, at=at(2)))
    panel = full.window.fills
    panel.by_symbol.click()
    assert column(panel.totals, "lacks")[0] == (
        "2 commissions and 2 realized P&Ls not reported yet · 1 fill of unknown size not counted"
    )
    assert column(panel.totals, "lacks")[2] == ""
    assert tip(panel.totals, "commission", 0) == "Commission of 1 fill, 2 of 3 not reported"


def test_that_the_totals_follow_what_comes(full: WindowUnderTest) -> None:
    panel = full.window.fills
    panel.by_symbol.click()
    report(full, fill("1.8", "GS PRA", "BUY", 50, 22.0, at=at(1)), fill("1.9", "MS PRK", at=at(0)))
    assert column(panel.totals, "symbol") == ["CIM PRB", "CIM PRB", "GS PRA", "MS PRK"]
    assert column(panel.totals, "net")[2] == "−150"
    panel.by_symbol.click()
    assert panel.count.text == "6"


def test_that_the_totals_are_filtered_too(full: WindowUnderTest) -> None:
    window = full.window
    window.fills.by_symbol.click()
    window.positions.filter_box.setText("gs")
    assert column(window.fills.totals, "symbol") == ["GS PRA"]
    assert window.fills.count.text == "1 of 4"


def test_that_the_menu_of_a_total_has_no_order(full: WindowUnderTest) -> None:
    full.window.fills.by_symbol.click()
    texts = [each.text().replace("&", "") for each in full.window.controllers.fills.menu_of(0, 0).actions()]
    assert "Copy order id" not in texts
    assert "Show position" in texts
