"""The trader chooses how positions are valued and which orders are near; every place follows."""

from collections.abc import Callable
from pathlib import Path

from psf_monitor import formatting
from psf_monitor.domain.valuation import MarkRule
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, order, position
from tests.ui.window import WindowUnderTest, as_shown, fill, quote, total

Opener = Callable[..., WindowUnderTest]


def value(ui: WindowUnderTest) -> str:
    return ui.cell("market_value")


def one_share(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position("CIM PRB", 100, 20.0)], [order("CIM PRB", limit_price=24.5)])
    ui.quote(CIM_PRB=quote(ui.clock, 24.4, 24.6, 24.8))
    ui.window.show_now()


def test_that_positions_are_valued_by_the_rule_that_was_chosen_and_it_stands_over_them(
    ui: WindowUnderTest,
) -> None:
    one_share(ui)
    menus, positions = ui.window.menus, ui.window.positions
    assert (value(ui), positions.remark.text) == ("2,460", "Mark: last, held inside bid/ask")
    menus.marks.actions[MarkRule.LAST].trigger()
    ui.window.show_now()
    assert (value(ui), positions.remark.text) == ("2,480", "Mark: last, else middle of bid/ask")
    menus.marks.actions[MarkRule.MID].trigger()
    ui.window.show_now()
    assert (value(ui), positions.remark.text) == ("2,450", "Mark: middle of bid/ask, else last")
    model = positions.model
    text = model.tooltip(model.line(0), model.table.index("market_value"))
    assert text == "100 × 24.50 (mid, market 24.40/24.60) in USD"


def test_that_rows_totals_and_strips_agree_by_every_rule(ui: WindowUnderTest) -> None:
    fill(ui)
    for rule in MarkRule:
        ui.window.menus.marks.actions[rule].trigger()
        ui.window.show_now()
        assert total(ui) == as_shown(ui.book.totals(ui.window.positions.sum_modes))
        values = [row.market_value for row in ui.book.position_rows()]
        both = sum(v for v in values if v is not None)
        assert total(ui)["market_value"] == formatting.money(both)
        assert formatting.money(ui.book.strip(None).market_value) == formatting.money(both)


def test_that_orders_are_near_within_the_distance_that_was_chosen(ui: WindowUnderTest) -> None:
    one_share(ui)
    menus, orders = ui.window.menus, ui.window.orders
    assert orders.chip.text == ""
    menus.nears.actions[0.1].trigger()
    ui.window.show_now()
    assert (orders.chip.text, orders.warning.text) == ("1 near fill", "within 0.10 of the other side")
    assert orders.model.table.is_highlighted(orders.model.line(0).row)
    menus.nears.actions[0.02].trigger()
    ui.window.show_now()
    assert orders.chip.text == ""
    assert not orders.model.table.is_highlighted(orders.model.line(0).row)


def test_that_the_rules_come_back_with_the_window(open_window: Opener, tmp_path: Path) -> None:
    store = tmp_path / "ui.json"
    window = open_window(store=LayoutStore(store)).window
    window.menus.marks.actions[MarkRule.MID].trigger()
    window.menus.nears.actions[0.2].trigger()
    window.close()
    again = open_window(store=LayoutStore(store))
    assert (again.book.rules.mark, again.book.rules.near_fill) == (MarkRule.MID, 0.2)
    assert again.window.menus.marks.actions[MarkRule.MID].isChecked()
    assert again.window.menus.nears.actions[0.2].isChecked()
