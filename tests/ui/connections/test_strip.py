"""The money under the cards: the trader chooses the figures, and none is drawn over another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.connections.strip import AccountStrip
from psf_monitor.ui.connections.strip_fields import ACCOUNT_FIELDS, STRIP_FIELDS, TOTAL_FIELDS
from psf_monitor.ui.shell.layout.store import LayoutStore, WindowLayout
from psf_monitor.ui.style.theme import Tone
from tests.support.records import GUN, PED, position
from tests.ui.window import ACCOUNTS, HAMMER, WindowUnderTest, fill, quote

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]
EVERY_FIELD = tuple(field.key for field in STRIP_FIELDS)


def summary(mode: AccountMode, times: float = 1.0) -> AccountSummary:
    amounts = (1_284_310.0, 402_118.0, 398_000.0, 1_592_000.0, -211_540.0, 1_495_850.0, 999.0, -1_205.0)
    margins = (886_310.0, 882_192.0)
    return AccountSummary(mode, ACCOUNTS[mode], "USD", *(amount * times for amount in (*amounts, *margins)))


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    fill(ui)
    ui.book.summaries_replaced(GUN, [summary(GUN)])
    ui.book.summaries_replaced(PED, [summary(PED, 2.0)])
    ui.book.attach_fills(ui.fills)
    for mode in (GUN, PED):
        ui.fills.fills_listed(mode, [ACCOUNTS[mode]])
    ui.window.show_now()
    return ui


def strip(ui: WindowUnderTest, mode: AccountMode) -> AccountStrip:
    return ui.window.links_panel.strips[mode]


def shown(ui: WindowUnderTest, mode: AccountMode) -> dict[str, str]:
    text = strip(ui, mode).content
    assert text is not None
    return {money.caption: money.text for money in text.money}


def choose(ui: WindowUnderTest, mode: AccountMode, *names: str) -> None:
    for name in names:
        menu = ui.window.links_panel.fields_menu(mode)
        (action,) = [each for each in menu.actions() if each.text().replace("&&", "&") == name]
        action.trigger()


def test_that_the_chosen_figures_are_shown_in_order_under_every_login(full: WindowUnderTest) -> None:
    choose(full, PED, "Cash", "Excess liquidity", "Commissions of today", "Buying power", "Market value")
    assert list(shown(full, GUN)) == [
        *("Net liq", "Buying pwr", "Cash", "Mkt value", "Day P&L", "Unrlzd P&L", "Rlzd P&L")
    ]
    assert shown(full, GUN)["Buying pwr"] == "1,592,000"
    assert shown(full, GUN)["Cash"] == "−211,540"
    assert shown(full, PED)["Rlzd P&L"] == "−2,410"
    usual = ["Net liq", "Mkt value", "Day P&L", "Unrlzd P&L", "Rlzd P&L", "Comm"]
    assert list(shown(full, HAMMER)) == usual


def test_that_the_cushion_is_the_lowest_of_the_accounts_or_unknown(full: WindowUnderTest) -> None:
    full.window.links_panel.choose_fields(("cushion",), ("cushion",))
    thin = replace(summary(PED), excess_liquidity=-6_421.55)
    full.book.summaries_replaced(PED, [thin])
    full.window.show_now()
    assert shown(full, GUN) == {"Cushion": "31.3%"}
    assert shown(full, PED) == shown(full, HAMMER) == {"Cushion": "−0.5%"}
    content = strip(full, PED).content
    assert content is not None
    assert content.money[0].tone is Tone.LOSS
    full.window.menus.hide_values.trigger()
    assert shown(full, PED) == {"Cushion": "−0.5%"}, "a percent tells no amount"
    for unknown in (
        replace(thin, excess_liquidity=None),
        replace(thin, net_liquidation=None),
        replace(thin, net_liquidation=0.0),
    ):
        full.book.summaries_replaced(PED, [unknown])
        full.window.show_now()
        assert shown(full, PED) == shown(full, HAMMER) == {"Cushion": "—"}


def test_that_both_margins_are_the_broker_s_own_figures_and_added_over_the_logins(
    full: WindowUnderTest,
) -> None:
    margins = ("initial_margin", "maintenance_margin")
    full.window.links_panel.choose_fields(margins, margins)
    for mode, initial in ((GUN, 912_345.6), (PED, 500_000.0)):
        known = replace(summary(mode), initial_margin=initial, maintenance_margin=initial - 100_000)
        full.book.summaries_replaced(mode, [known])
    full.window.show_now()
    assert shown(full, GUN) == {"Init margin": "912,346", "Maint margin": "812,346"}
    assert shown(full, HAMMER) == {"Init margin": "1,412,346", "Maint margin": "1,212,346"}
    full.window.menus.hide_values.trigger()
    assert set(shown(full, GUN).values()) == {HIDDEN}
    full.window.menus.hide_values.trigger()
    unknown = replace(summary(PED), initial_margin=None, maintenance_margin=None)
    full.book.summaries_replaced(PED, [unknown])
    full.window.show_now()
    assert set(shown(full, PED).values()) == {"—"}


def test_that_the_total_has_a_choice_of_its_own_and_adds_the_logins(full: WindowUnderTest) -> None:
    choose(full, HAMMER, "Gross position value", "Available funds", "Net liquidation")
    assert shown(full, HAMMER)["Gross pos"] == "4,487,550"
    assert shown(full, HAMMER)["Avail funds"] == "1,194,000"
    assert "Net liq" not in shown(full, HAMMER)
    assert full.window.links_panel.account_fields == ACCOUNT_FIELDS


def test_that_what_a_broker_did_not_report_is_a_dash_in_its_strip_and_in_the_sum(
    full: WindowUnderTest,
) -> None:
    full.book.summaries_replaced(PED, [AccountSummary(PED, ACCOUNTS[PED], "USD", 1.0)])
    choose(full, GUN, "Cash")
    choose(full, HAMMER, "Cash")
    assert (shown(full, GUN)["Cash"], shown(full, PED)["Cash"]) == ("−211,540", "—")
    assert shown(full, HAMMER)["Cash"] == "—"


def test_that_a_figure_that_something_is_missing_in_is_marked_at_its_title(full: WindowUnderTest) -> None:
    def marked(mode: AccountMode) -> list[str]:
        text = strip(full, mode).content
        assert text is not None
        return [money.title for money in text.money if money.is_partial]

    usual = ["Day P&L¹", "Unrlzd P&L¹"]
    assert (marked(GUN), marked(PED), marked(HAMMER)) == (usual, [], ["Mkt value¹", *usual])
    assert "Day P&L¹ " in strip(full, GUN).accessibleName()
    assert "1 without quote excluded" in strip(full, GUN).toolTip()
    full.quote(CIM_PRB=quote(full.clock, prev_close=None), GS_PRA=quote(full.clock, 21.97, 22.02, 22.0))
    full.book.positions_replaced(GUN, [position("CIM PRB", 3000, 23.4), position("GS PRA", -800, 21.6)])
    full.window.show_now()
    assert (marked(GUN), marked(PED), marked(HAMMER)) == (["Day P&L¹"], [], ["Day P&L¹"])
    assert "1 not in Day P&L" in strip(full, GUN).toolTip()
    assert shown(full, PED)["Day P&L"] == "—"


def test_that_the_last_figure_cannot_be_taken_and_the_usual_ones_come_back(full: WindowUnderTest) -> None:
    choose(full, GUN, "Net liquidation", "Excess liquidity", "Day P&L", "Realized P&L (from IBKR)")
    choose(full, GUN, "Commissions of today")
    assert list(shown(full, GUN)) == ["Unrlzd P&L"]
    choose(full, GUN, "Unrealized P&L")
    assert list(shown(full, GUN)) == ["Unrlzd P&L"]
    choose(full, GUN, "Usual figures")
    assert full.window.links_panel.account_fields == ACCOUNT_FIELDS


def test_that_the_choice_comes_back_with_the_window(open_window: Opener, tmp_path: Path) -> None:
    first = open_window(store=LayoutStore(tmp_path / "ui.json"))
    choose(first, GUN, "Cash")
    choose(first, HAMMER, "Commissions of today")
    first.window.close()
    panel = open_window(store=LayoutStore(tmp_path / "ui.json")).window.links_panel
    assert panel.account_fields == (*ACCOUNT_FIELDS[:2], "total_cash", *ACCOUNT_FIELDS[2:])
    assert panel.total_fields == TOTAL_FIELDS[:-1]


def test_that_a_trader_who_never_chose_gets_realized_pnl_and_commissions_once(
    open_window: Opener, tmp_path: Path
) -> None:
    path = tmp_path / "ui.json"
    path.write_text(
        """{"schema": 1, "strip_fields": ["net_liquidation", "excess_liquidity", "day_pnl", "unrealized_pnl"],
        "total_fields": ["net_liquidation", "day_pnl"]}"""
    )
    first = open_window(store=LayoutStore(path))
    panel = first.window.links_panel
    assert (panel.account_fields, panel.total_fields) == (ACCOUNT_FIELDS, ("net_liquidation", "day_pnl"))
    choose(first, GUN, "Realized P&L (from IBKR)", "Commissions of today")
    first.window.close()
    again = open_window(store=LayoutStore(path)).window.links_panel
    assert again.account_fields == ACCOUNT_FIELDS[:4]


def test_that_figures_of_a_later_release_are_passed_over(open_window: Opener, tmp_path: Path) -> None:
    store = LayoutStore(tmp_path / "ui.json")
    store.save(WindowLayout(strip_fields=("sma", "day_pnl"), total_fields=("sma",)))
    panel = open_window(store=LayoutStore(tmp_path / "ui.json")).window.links_panel
    assert (panel.account_fields, panel.total_fields) == (("day_pnl",), TOTAL_FIELDS)


@pytest.mark.seen
@pytest.mark.parametrize("width", [940, 1280, 1920])
def test_that_no_figure_is_drawn_over_another_and_the_rest_is_in_the_tooltip(
    full: WindowUnderTest, width: int
) -> None:
    full.window.resize(width, 720)
    full.window.links_panel.choose_fields(EVERY_FIELD, TOTAL_FIELDS)
    each = strip(full, GUN)
    plan, text = each.plan(), each.content
    assert text is not None
    metrics = full.window.theme.metrics(plan.pixels, bold=True)
    before = 45
    for money, edge in zip(text.money, plan.edges, strict=False):
        assert edge - metrics.horizontalAdvance(money.text) > before
        before = edge
    assert before <= each.width()
    drawn = len(plan.edges)
    assert drawn >= 3
    tooltip = each.toolTip().split("\n")
    assert [line for line in tooltip if line and line not in text.tooltip] == [
        f"{m.title} {m.text}" for m in text.money[drawn:]
    ]


@pytest.mark.seen
def test_that_the_usual_figures_have_room_on_half_a_screen(full: WindowUnderTest) -> None:
    full.window.resize(960, 720)
    for mode in (GUN, PED, HAMMER):
        assert len(strip(full, mode).plan().edges) == 4


def test_that_hidden_values_cover_every_figure_the_tooltips_too(full: WindowUnderTest) -> None:
    amounts = [field.key for field in STRIP_FIELDS if not field.is_percent]
    full.window.links_panel.choose_fields(amounts, amounts)
    full.window.menus.hide_values.trigger()
    for mode in (GUN, PED, HAMMER):
        assert set(shown(full, mode).values()) == {HIDDEN}
        each = strip(full, mode)
        assert not any(digit in each.toolTip() + each.accessibleName() for digit in "0123456789")


@pytest.mark.seen
def test_that_the_right_button_opens_the_choice(full: WindowUnderTest) -> None:
    strip(full, GUN).customContextMenuRequested.emit(QPoint(5, 5))
    (menu,) = [menu for menu in full.window.findChildren(QMenu) if menu.isVisible()]
    ticked = [action.text() for action in menu.actions() if action.isChecked()]
    assert ticked == [
        *("Net liquidation", "Excess liquidity", "Day P&&L", "Unrealized P&&L"),
        *("Realized P&&L (from IBKR)", "Commissions of today"),
    ]
    menu.close()


def test_that_the_total_under_hammers_card_reports_that_it_is_of_ibkr(full: WindowUnderTest) -> None:
    text = strip(full, HAMMER).content
    assert text is not None
    assert (text.title, text.whose) == ("Total", "of IBKR")


def test_that_a_card_leaves_out_whole_parts_and_adds_no_dots(full: WindowUnderTest) -> None:
    face = full.window.links_panel.cards[GUN].face
    details = ("127.0.0.1:7497", "client 71", "up 3 s")
    widths = [face.fontMetrics().horizontalAdvance("x" * n) for n in (60, 24, 16)]
    texts = [face.cut(details, width) for width in widths]
    assert texts[0] == "127.0.0.1:7497 · client 71 · up 3 s"
    assert all(details[0] in each and "…" not in each for each in texts)
    assert texts[2] == "127.0.0.1:7497"
