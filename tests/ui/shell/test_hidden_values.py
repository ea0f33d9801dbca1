"""Hide values: no quantity and no amount of money is anywhere, and everything else still is."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.orders.order_attributes import AttributeName, OrderAttribute
from psf_monitor.formatting import DASH, HIDDEN
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, order, position
from tests.ui.window import WindowUnderTest, quote, total

Opener = Callable[..., WindowUnderTest]
CONTROL = Qt.KeyboardModifier.ControlModifier

SECRETS = {
    "quantity": "4,711",
    "working and limit": "1,357",
    "filled": "246",
    "remaining": "1,111",
    "net liquidation": "8,642,975",
    "excess liquidity": "402,118",
    "market value": "115,655",
    "unrealized": "+5,330",
    "day": "+377",
    "display size": "357",
    "minimum quantity": "468",
    "shares ahead": "2,222",
}
"""What the trader of this monitor would not show around, as the window writes it."""


@pytest.fixture
def rich(ui: WindowUnderTest) -> WindowUnderTest:
    """Every figure on the screen, and a fill in the status line."""
    before = rich_order()
    levels = (DepthLevel(24.53, 579.0, "NYSE"), DepthLevel(24.52, 2000.0, "NYSE"))
    ui.book.depths.watch("CIM PRB")
    ui.open(GUN, [position("CIM PRB", 4711, 23.4186)], [before], net_liquidation=8_642_975.0)
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.book.depths.depth_changed({"CIM PRB": DepthReport(DepthState.LIVE, Depth(levels, ()))})
    ui.window.show_now()
    ui.book.order_changed(GUN, rich_order(filled=246))
    ui.window.show_now()
    return ui


def rich_order(filled: float = 0) -> Order:
    attributes = (OrderAttribute(AttributeName.MIN_QTY, 468.0),)
    return order(
        "CIM PRB", quantity=1357, limit_price=24.52, filled=filled, display_size=357, attributes=attributes
    )


def every_text(window: QWidget) -> Iterator[str]:
    """Every text that a widget, an action or a model shows, or gives to a screen reader."""
    for widget in [window, *window.findChildren(QWidget)]:
        yield from (widget.windowTitle(), widget.toolTip(), widget.statusTip(), widget.whatsThis())
        yield from (widget.accessibleName(), widget.accessibleDescription())
        text = getattr(widget, "text", "")
        yield text if isinstance(text, str) else text()
        if isinstance(widget, QLineEdit):
            yield widget.text()
        if isinstance(widget, QAbstractButton):
            yield widget.text()
        if isinstance(widget, QPlainTextEdit):
            yield widget.toPlainText()
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip())
    for model in window.findChildren(QAbstractItemModel):
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                for role in Qt.ItemDataRole:
                    yield str(model.data(model.index(row, column), role))


def leaks(window: QWidget) -> set[str]:
    text = "\n".join(every_text(window))
    # As a figure of its own: the place of an object in memory may have the same digits.
    return {name for name, shown in SECRETS.items() if re.search(rf"(?<!\w){re.escape(shown)}(?!\w)", text)}


def copy_everything(ui: WindowUnderTest, qtbot: QtBot) -> str:
    copied = []
    for panel in (ui.window.positions, ui.window.orders):
        panel.view.setFocus()
        panel.view.selectAll()
        qtbot.keyClick(panel.view, Qt.Key.Key_C, CONTROL)  # type: ignore[no-untyped-call]
        copied.append(QGuiApplication.clipboard().text())
    return "\n".join(copied)


def hide(ui: WindowUnderTest, qtbot: QtBot) -> None:
    qtbot.keyClick(ui.window.positions.view, Qt.Key.Key_H, CONTROL)  # type: ignore[no-untyped-call]


def test_that_the_search_finds_every_figure_while_nothing_is_hidden(rich: WindowUnderTest) -> None:
    assert leaks(rich.window) == set(SECRETS)


def test_that_no_widget_and_no_role_reveals_a_figure(rich: WindowUnderTest, qtbot: QtBot) -> None:
    hide(rich, qtbot)
    assert leaks(rich.window) == set()
    rich.wait()
    assert leaks(rich.window) == set()


def test_that_open_details_are_covered_too(rich: WindowUnderTest, qtbot: QtBot) -> None:
    window = rich.window
    window.controllers.row_menus.show_details(window.positions, window.positions.model.line(0).key)
    window.controllers.row_menus.show_details(window.orders, window.orders.model.line(0).key)
    hide(rich, qtbot)
    assert leaks(window) == set()


def test_that_figures_arriving_while_values_are_hidden_stay_hidden(
    rich: WindowUnderTest, qtbot: QtBot
) -> None:
    hide(rich, qtbot)
    rich.book.order_changed(GUN, rich_order(filled=300))
    rich.window.show_now()
    assert "filled ••••• of •••••" in rich.window.status.news.text
    rich.book.position_changed(GUN, position("CIM PRB", 4711, 23.4))
    rich.book.positions_replaced(GUN, [position("CIM PRB", 4711), position("GS PRA", 4711)])
    rich.window.show_now()
    assert {"quantity", "filled"}.isdisjoint(leaks(rich.window))
    assert "300" not in rich.window.status.news.text


def test_that_the_clipboard_gets_no_figure(rich: WindowUnderTest, qtbot: QtBot) -> None:
    plain = {text.replace(",", "").removeprefix("+") for text in SECRETS.values()}
    assert SECRETS["quantity"].replace(",", "") in copy_everything(rich, qtbot)
    hide(rich, qtbot)
    copied = copy_everything(rich, qtbot)
    assert not {text for text in (*plain, *SECRETS.values()) if text in copied}
    assert "24.55" in copied


def test_that_prices_percents_symbols_and_states_stay(rich: WindowUnderTest, qtbot: QtBot) -> None:
    hide(rich, qtbot)
    assert (rich.cell("symbol"), rich.cell("last"), rich.cell("pnl_pct")) == ("CIM PRB", "24.55", "+4.83%")
    assert (rich.order_cell("limit_price"), rich.order_cell("status")) == ("24.52", "Submitted · part")
    assert (rich.cell("quantity"), rich.order_cell("filled")) == (HIDDEN, HIDDEN)
    assert total(rich)["pnl_pct"] == "+4.83%"


def test_that_the_colour_of_a_hidden_profit_reveals_nothing(rich: WindowUnderTest, qtbot: QtBot) -> None:
    hide(rich, qtbot)
    model = rich.window.positions.model
    for key in ("unrealized_pnl", "day_pnl", "quantity"):
        assert model.cell(model.line(0), model.table.index(key)).tone == "text"
    strip = rich.window.links_panel.strips[GUN].content
    assert strip is not None
    assert {money.tone for money in strip.money if money.text != DASH} == {"text"}


def test_that_an_unknown_figure_is_a_dash_hidden_or_not(rich: WindowUnderTest, qtbot: QtBot) -> None:
    rich.book.quotes_dropped()
    rich.window.show_now()
    hide(rich, qtbot)
    assert (rich.cell("market_value"), rich.cell("quantity")) == ("—", HIDDEN)


def test_that_button_menu_and_keys_hide_values_alike(rich: WindowUnderTest, qtbot: QtBot) -> None:
    window = rich.window
    assert window.top_bar.hide_values.text() == "Hide values"
    qtbot.mouseClick(window.top_bar.hide_values, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert window.top_bar.hide_values.text() == "Show values"
    assert window.menus.hide_values.isChecked()
    hide(rich, qtbot)
    assert window.top_bar.hide_values.text() == "Hide values"
    assert leaks(window) == set(SECRETS)


def test_that_hidden_values_are_hidden_before_the_window_is_seen_again(
    open_window: Opener, tmp_path: Path
) -> None:
    first = open_window(store=LayoutStore(tmp_path / "ui.json"))
    first.window.menus.hide_values.trigger()
    first.window.close()
    assert open_window(store=LayoutStore(tmp_path / "ui.json")).window.menus.hide_values.isChecked()


def test_that_the_tooltip_of_a_hidden_cell_shows_how_to_see_it(rich: WindowUnderTest, qtbot: QtBot) -> None:
    hide(rich, qtbot)
    model = rich.window.positions.model
    tip = model.data(model.index(0, model.table.index("market_value")), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Hidden; Ctrl+H shows values"
