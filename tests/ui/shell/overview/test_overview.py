"""What the window says of a book and its links in good times and bad."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.broker_message import BrokerMessage
from psf_monitor.domain.valuation import MarkRule
from psf_monitor.problem import Problem
from psf_monitor.ui.shell.overview.empty_text import no_positions
from psf_monitor.ui.table.columns import Band
from tests.support.records import GUN, NOON, PED, order, position
from tests.ui.window import HAMMER, PROBLEM, WindowUnderTest, as_shown, fill, quote, symbols, total

pytestmark = pytest.mark.unseen


@pytest.mark.seen
def test_that_a_window_on_nothing_explains_the_steps_and_shows_no_zero(ui: WindowUnderTest) -> None:
    window = ui.window
    empty = window.positions.frame.empty
    assert empty.isVisible()
    assert empty.title.text == "Nothing is connected yet"
    assert empty.button.isVisible()
    assert window.orders.frame.empty.title.text == "No open orders to show"
    assert (window.positions.count.text, window.orders.count.text) == ("—", "—")
    for strip in window.links_panel.strips.values():
        assert strip.content is not None
        assert {money.text for money in strip.content.money} == {"—"}
    assert [strip.content and strip.content.title for strip in window.links_panel.strips.values()] == [
        "GUN",
        "PED",
        "Total",
    ]


def test_that_the_steps_are_explained_to_a_trader_with_one_login(ui: WindowUnderTest) -> None:
    statuses = {mode: ui.links[mode].status for mode in (GUN, HAMMER)}
    accounts = {GUN: ui.book.account_state(GUN)}
    shown = {m: no_positions(statuses, accounts, m, "", 0) for m in (tuple(AccountMode), (GUN,))}
    assert [each.title for each in shown.values()] == [
        "Nothing is connected yet",
        "IBKR_GUN is not connected",
    ]
    assert [each.offers_connect for each in shown.values()] == [True, False]


def test_that_changes_by_time_alone_are_shown_while_nothing_is_reported(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.wait()
    ages = [ui.window.orders.remark.text]
    ui.wait(40)
    ages.append(ui.window.orders.remark.text)
    assert [age.partition(" ago")[0] for age in ages] == ["Order list checked 1 s", "Order list checked 41 s"]


def test_that_a_position_on_an_unknown_exchange_and_in_another_currency_is_still_shown(
    ui: WindowUnderTest,
) -> None:
    ui.open(GUN, [position("XYZ", 10, 5.0, exchange="MARS", currency="XXX")])
    ui.window.show_now()
    assert symbols(ui) == ["XYZ"]
    assert ui.cell("last") == "—"


def test_that_both_accounts_of_a_share_are_shown_side_by_side(ui: WindowUnderTest) -> None:
    fill(ui)
    assert symbols(ui) == ["CIM PRB", "CIM PRB", "GS PRA", "TWO PRB"]
    assert [ui.cell("account", n) for n in range(2)] == ["GUN", "PED"]


def test_that_the_total_row_is_the_sum_and_equals_the_strips_and_names_what_is_left_out(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    assert total(ui) == as_shown(ui.book.totals([GUN, PED]))
    strip = ui.window.links_panel.strips[HAMMER].content
    assert strip is not None
    shown = {money.caption: money.text for money in strip.money}
    assert shown["Mkt value"] == total(ui)["market_value"]
    assert shown["Unrlzd P&L"] == total(ui)["unrealized_pnl"]
    assert ui.window.positions.frame.total is not None
    assert "1 without quote excluded" in ui.window.positions.frame.total.figures.note


@pytest.mark.seen
def test_that_a_symbol_without_a_quote_is_named_with_the_reason(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.positions.chip.text == "1 without quote"
    QApplication.processEvents()
    assert ui.window.positions.warning.drawn == "TWO PRB: unknown to HAMMER"
    ui.window.resize(1920, 800)
    ui.window.show_now()
    QApplication.processEvents()
    assert ui.window.positions.warning.drawn == "TWO PRB: HAMMER does not know this symbol"


@pytest.mark.seen
def test_that_the_mark_rule_in_use_is_shown_over_the_table_beside_a_warning(ui: WindowUnderTest) -> None:
    fill(ui)
    QApplication.processEvents()
    remark = ui.window.positions.remark
    assert (remark.drawn, remark.isVisible()) == ("Mark: last", True)
    assert ui.window.positions.warning.drawn == "TWO PRB: unknown to HAMMER"
    ui.window.menus.mark_chosen.emit(MarkRule.MID)
    ui.wait()
    QApplication.processEvents()
    assert remark.drawn == "Mark: mid"
    ui.window.resize(1920, 800)
    ui.wait()
    QApplication.processEvents()
    assert remark.drawn == "Mark: middle of bid/ask, else last"


def test_that_no_price_without_hammer_is_reported(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position()])
    ui.window.show_now()
    assert (ui.window.positions.chip.text, ui.window.positions.warning.text) == (
        "NO QUOTES",
        "HAMMER is not connected",
    )


def test_that_a_loss_of_hammer_freezes_the_cells_at_once_and_raises_a_banner_after_a_while(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    ui.lose_hammer()
    ui.window.show_now()
    positions = ui.window.positions
    last = positions.model.cell(positions.model.line(0), positions.model.table.index("last"))
    assert (last.text, last.is_old, last.is_struck) == ("24.55", True, True)
    assert positions.view.header.notes[Band.HAMMER][0] == "FROZEN 12:00:00"
    assert ui.order_cell("where") == "Frozen"
    assert ui.window.orders.chip.text == "DISTANCES FROZEN"
    assert ui.window.banners.banners == []
    ui.wait(4)
    (banner,) = ui.window.banners.banners
    assert banner.title.text == "Quotes frozen since 12:00:00."
    assert banner.detail.text.endswith("Retrying in 4 s (try 3).")
    quantity = positions.model.cell(positions.model.line(0), positions.model.table.index("quantity"))
    assert not quantity.is_old


def test_that_the_bands_are_no_longer_frozen_when_prices_come_again(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.lose_hammer()
    ui.wait(4)
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.window.show_now()
    assert not ui.window.positions.view.header.notes
    assert ui.window.banners.banners == []
    assert ui.window.positions.chip.text == "1 without quote"


def test_that_an_unexpected_paper_login_keeps_its_rows_and_leaves_every_total(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position("CIM PRB", 3000, 23.4186)])
    ui.open(PED, [position("CIM PRB", 10, 20.0, account="DU1234370", mode=PED)], account="DU1234370")
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.window.show_now()
    assert [ui.cell("account", n) for n in range(2)] == ["GUN", "PAPER"]
    assert total(ui)["market_value"] == "73,650"
    assert ui.window.positions.frame.total is not None
    assert ui.window.positions.frame.total.figures.note.endswith("¹ IBKR_PED (paper) is excluded")
    strip = ui.window.links_panel.strips[HAMMER].content
    assert strip is not None
    assert strip.title == "Total¹"
    assert ui.window.banners.banners[0].title.text == "IBKR_PED is a PAPER account."


def test_that_a_lost_account_keeps_its_rows_marked_old_with_the_time(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.book.account_lost(GUN, ui.clock())
    ui.links[GUN].be(LinkState.RECONNECTING, lost_at=ui.clock(), retry_at=ui.clock(), attempt=1)
    ui.wait(4)
    model = ui.window.positions.model
    assert model.cell(model.line(0), model.table.index("quantity")).is_old
    assert not model.cell(model.line(1), model.table.index("quantity")).is_old
    strip = ui.window.links_panel.strips[GUN].content
    assert strip is not None
    assert strip.as_of == "12:00:00"
    assert all(money.is_old for money in strip.money)


def test_that_a_disconnected_account_leaves_nothing_behind(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position()], [order()])
    ui.window.show_now()
    ui.book.account_dropped(GUN)
    ui.links[GUN].be(LinkState.IDLE)
    ui.window.show_now()
    assert symbols(ui) == []
    strip = ui.window.links_panel.strips[GUN].content
    assert strip is not None
    assert {money.text for money in strip.money} == {"—"}


def test_that_a_connected_account_without_positions_is_reported(ui: WindowUnderTest) -> None:
    ui.open(GUN)
    ui.window.show_now()
    assert ui.window.positions.frame.empty.title.text == "No positions"
    assert ui.window.positions.frame.empty.steps[0].text == "IBKR_GUN holds none."
    assert ui.window.orders.frame.empty.steps[0].text == "IBKR_GUN has none. Checked 0 s ago."


def test_that_an_account_that_still_loads_is_not_called_empty(ui: WindowUnderTest) -> None:
    ui.links[GUN].be(LinkState.LOADING)
    ui.window.show_now()
    assert ui.window.positions.frame.empty.title.text == "Loading positions…"
    assert ui.window.orders.frame.empty.title.text == "Loading open orders…"


def test_that_unreadable_orders_are_not_reported_as_no_orders(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position()])
    ui.book.orders_unavailable(GUN, Problem("Orders are not available for IBKR_GUN.", "TWS blocks them."))
    ui.window.show_now()
    assert ui.window.orders.frame.empty.title.text == "Open orders are not known"
    assert ui.window.orders.chip.text == "INCOMPLETE"
    assert ui.window.banners.banners[0].title.text == "Orders are not available for IBKR_GUN."


def test_that_the_age_of_the_order_list_is_shown_and_grows(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.wait(7)
    assert ui.window.orders.remark.text == "Order list checked 7 s ago  ·  to change an order use TWS"


def test_that_orders_close_to_the_market_come_first_and_are_counted(ui: WindowUnderTest) -> None:
    ui.open(
        GUN,
        orders=[
            order("CIM PRB", limit_price=24.0, perm_id=1),
            order("CIM PRB", limit_price=24.56, perm_id=2),
            order("TWO PRB", limit_price=20.0, perm_id=3),
        ],
    )
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.wait()
    assert [ui.order_cell("to_fill", n) for n in range(3)] == ["0.04", "0.60", "—"]
    assert ui.window.orders.chip.text == "1 near fill"


def test_that_a_finished_order_leaves_by_the_clock_alone(ui: WindowUnderTest) -> None:
    ui.open(GUN, orders=[order()])
    ui.book.order_changed(GUN, order(status="Cancelled"))
    ui.window.show_now()
    assert ui.order_cell("status") == "Cancelled"
    ui.wait(31)
    assert ui.window.orders.model.row_count == 0


def test_that_the_status_line_shows_the_latest_event(ui: WindowUnderTest) -> None:
    ui.open(GUN, orders=[order(quantity=800)])
    ui.window.show_now()
    assert ui.window.status.news.text == "12:00:00  IBKR_GUN: connected"
    ui.book.order_changed(GUN, order(quantity=800, filled=300))
    ui.window.show_now()
    assert "filled 300 of 800" in ui.window.status.news.text


def test_that_a_problem_is_not_covered_by_lesser_news_of_another_source(ui: WindowUnderTest) -> None:
    ui.links[PED].be(LinkState.FAILED, problem=PROBLEM)
    ui.links[HAMMER].be(LinkState.READY)
    ui.window.show_now()
    assert ui.window.status.news.text == "12:00:00  IBKR_PED: Nothing answers at 127.0.0.1:7497"
    ui.links[PED].be(LinkState.READY, since=ui.clock())
    ui.window.show_now()
    assert ui.window.status.news.text == "12:00:00  IBKR_PED: connected"


def test_that_a_problem_is_not_covered_by_lesser_news_of_another_thing_at_its_own_source(
    ui: WindowUnderTest,
) -> None:
    ui.open(PED, account="DU7654370")
    ui.window.show_now()
    assert "DU••••370 is paper" in ui.window.status.news.text
    ui.wait(31)
    ui.links[PED].be(LinkState.IDLE, since=ui.clock())
    ui.window.show_now()
    assert ui.window.status.news.text.endswith("IBKR_PED: not connected"), "a problem does not stay for ever"


def test_that_a_problem_is_not_covered_by_lesser_news_of_the_same_moment(ui: WindowUnderTest) -> None:
    ui.open(GUN, orders=[order(), order("GS PRA", perm_id=9002)])
    ui.window.show_now()
    ui.book.order_message(GUN, BrokerMessage(ui.clock(), 201, "Order rejected - reason", is_urgent=False))
    ui.book.order_changed(GUN, order("GS PRA", perm_id=9002, status="Cancelled"))
    ui.window.show_now()
    assert "Order rejected" in ui.window.status.news.text


def test_that_a_quiet_share_is_marked_in_its_age_only(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position("CIM PRB")])
    ui.quote(CIM_PRB=quote(ui.clock, changed_at=NOON - timedelta(minutes=31)))
    ui.window.show_now()
    assert ui.cell("age") == "31m"
    assert not ui.window.positions.chip.text


def test_that_old_money_reads_old_in_the_strip_and_the_total(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.lose_hammer()
    ui.window.show_now()
    strip = ui.window.links_panel.strips[GUN].content
    assert strip is not None
    assert {money.caption: money.is_old for money in strip.money} == {
        "Net liq": False,
        "Excess liq": False,
        "Day P&L": True,
        "Unrlzd P&L": True,
        "Rlzd P&L": False,
        "Comm": False,
    }
    assert ui.window.positions.frame.total is not None
    assert ui.window.positions.frame.total.figures.is_old


def test_that_an_account_that_is_loaded_and_holds_nothing_has_neither_won_nor_lost(
    ui: WindowUnderTest,
) -> None:
    ui.open(PED)
    ui.window.show_now()
    strip = ui.window.links_panel.strips[PED].content
    assert strip is not None
    assert [money.text for money in strip.money] == ["1,284,310", "402,118", "0", "0", "—", "—"]
    unknown = ui.window.links_panel.strips[GUN].content
    assert unknown is not None
    assert {money.text for money in unknown.money} == {"—"}


def test_that_an_empty_paper_login_has_neither_won_nor_lost_either(ui: WindowUnderTest) -> None:
    ui.open(PED, account="DU1234370")
    ui.window.show_now()
    strip = ui.window.links_panel.strips[PED].content
    assert strip is not None
    assert [money.text for money in strip.money][2:4] == ["0", "0"]


def test_that_an_account_whose_positions_are_not_priced_has_an_unknown_profit(ui: WindowUnderTest) -> None:
    ui.open(PED, [position("CIM PRB", account="U7654037", mode=PED)])
    ui.window.show_now()
    strip = ui.window.links_panel.strips[PED].content
    assert strip is not None
    assert [money.text for money in strip.money][2:4] == ["—", "—"]


def texts_over(ui: WindowUnderTest, key: str, place: int = 0) -> list[str]:
    """The lines of the tooltip of a position's cell."""
    model = ui.window.positions.model
    return model.tooltip(model.line(place), model.table.index(key)).split("\n")


def test_that_the_tooltip_of_an_old_figure_shows_since_when(ui: WindowUnderTest) -> None:
    fill(ui)
    assert texts_over(ui, "last") == ["24.55"]
    ui.lose_hammer()
    ui.wait(10)
    old = "Old: HAMMER's last word of it was at 12:00:00 ET"
    assert texts_over(ui, "last") == ["24.55", old]
    assert texts_over(ui, "market_value")[-1] == old
    assert texts_over(ui, "age").count(old) == 1
    assert texts_over(ui, "quantity") == ["3,000"]
    ui.book.account_lost(GUN, ui.clock())
    ui.wait()
    assert texts_over(ui, "quantity") == ["3,000", "Old: as of 12:00:10 ET"]
    assert texts_over(ui, "market_value")[-2:] == [old, "Old: as of 12:00:10 ET"]
