"""Positions under headings, the sum of selected or filtered rows, the exposure: in the window's cells."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.domain.account import AccountMode
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, PED, position
from tests.ui.window import WindowUnderTest, fill, quote, symbols, total

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]
HAMMER = AccountMode.HAMMER_PRO
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held(ui: WindowUnderTest) -> WindowUnderTest:
    """CIM in two shares and both logins, NLY long and short, MS alone."""
    ui.open(
        GUN, [position("CIM PRB", 3000, 23.0), position("CIM PRD", 1800, 22.9), position("NLY PRG", 2000)]
    )
    others = [("CIM PRB", 1400), ("NLY PRF", -600), ("MS PRK", 1600)]
    ui.open(PED, [position(s, q, account="U7654037", mode=PED) for s, q in others])
    ui.quote(
        CIM_PRB=quote(ui.clock, 24.54, 24.60, 24.55),
        CIM_PRD=quote(ui.clock, 23.86, 23.95, 23.90),
        NLY_PRG=quote(ui.clock, 25.45, 25.46, 25.45),
        NLY_PRF=quote(ui.clock, 25.29, 25.33, 25.31),
        MS_PRK=quote(ui.clock, 25.00, 25.02, 25.00),
    )
    ui.window.show_now()
    return ui


def key(qtbot: QtBot, ui: WindowUnderTest, pressed: Qt.Key, how: Qt.KeyboardModifier | None = None) -> None:
    qtbot.keyClick(  # type: ignore[no-untyped-call]
        ui.window.positions.view, pressed, how or Qt.KeyboardModifier.NoModifier
    )


def notes(ui: WindowUnderTest) -> list[str]:
    model = ui.window.positions.model
    lines = [model.line(place) for place in range(model.shown_count)]
    return [line.heading.note_text(hides=False) for line in lines if line.heading]


def select(ui: WindowUnderTest, *places: int) -> None:
    view = ui.window.positions.view
    view.clearSelection()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for place in places:
        view.selectionModel().select(ui.window.positions.model.index(place, 0), flags)


def title(ui: WindowUnderTest) -> str:
    row = ui.window.positions.frame.total
    assert row is not None
    return row.figures.title


def test_that_issuers_have_headings_with_sums_and_a_share_alone_has_none(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    assert symbols(held) == ["CIM", "CIM PRB", "CIM PRB", "CIM PRD", "MS PRK", "NLY", "NLY PRF", "NLY PRG"]
    assert notes(held) == ["2 shares, 3 rows", "2 shares, 2 rows · long 50,900, short −15,186"]
    assert [held.cell(k, 0) for k in ("market_value", "last", "quantity")] == ["151,040", "", ""]
    assert held.cell("market_value", 5) == "35,714"


@pytest.mark.seen
def test_that_the_keys_walk_the_groupings_and_fold_a_group(held: WindowUnderTest, qtbot: QtBot) -> None:
    view = held.window.positions.view
    seen = []
    for _ in range(4):
        key(qtbot, held, Qt.Key.Key_G, CONTROL)
        seen.append(held.window.positions.group)
    assert seen == [GroupBy.SHARE, GroupBy.ISSUER, GroupBy.LOGIN, GroupBy.NONE]
    held.window.positions.choose_group(GroupBy.ISSUER)
    view.selectRow(0)
    key(qtbot, held, Qt.Key.Key_Left)
    assert symbols(held) == ["CIM", "MS PRK", "NLY", "NLY PRF", "NLY PRG"]
    assert held.window.positions.count.text == "6"
    key(qtbot, held, Qt.Key.Key_Right)
    assert len(symbols(held)) == 8
    key(qtbot, held, Qt.Key.Key_Return)
    assert len(symbols(held)) == 5
    assert not held.window.symbol_windows.windows


def test_that_groups_sort_by_their_subtotals(held: WindowUnderTest) -> None:
    positions = held.window.positions
    positions.choose_group(GroupBy.ISSUER)
    column = positions.model.table.index("market_value")
    positions.view.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    headings = [name for name in symbols(held) if name in ("CIM", "NLY", "MS PRK")]
    assert headings == ["CIM", "NLY", "MS PRK"]
    assert symbols(held)[1:4] == ["CIM PRB", "CIM PRD", "CIM PRB"]


def test_that_each_login_is_a_group_and_hammers_account_is_separate(held: WindowUnderTest) -> None:
    own = [position(s, 100, account="H1", mode=HAMMER) for s in ("CIM PRB", "MS PRK")]
    held.open(HAMMER, own, account="H1")
    held.window.show_now()
    held.window.positions.choose_group(GroupBy.LOGIN)
    named = {name for name in symbols(held) if name in list(AccountMode)}
    assert named == set(AccountMode)
    assert "2 shares, 2 rows · not in the total" in notes(held)


def test_that_a_subtotal_follows_its_rows_within_the_second(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    held.book.quotes_changed({"CIM PRD": quote(held.clock, 24.86, 24.95, 24.90)})
    held.wait()
    assert held.cell("market_value", 0) == "152,840"
    held.book.positions_replaced(GUN, [position("NLY PRG", 2000)])
    held.wait()
    assert symbols(held) == ["CIM PRB", "MS PRK", "NLY", "NLY PRF", "NLY PRG"]


def test_that_subtotals_and_total_are_of_one_moment(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    held.book.quotes_changed({"CIM PRD": quote(held.clock, 24.86, 24.95, 24.90)})
    held.window.refresh.refresh()
    subtotals = ("152,840", "35,714")
    assert (held.cell("market_value", 0), held.cell("market_value", 5)) == subtotals
    assert total(held)["market_value"] == "228,554"
    assert held.cell("market_value", 4) == "40,000"


def test_that_rows_without_a_price_are_named_in_their_heading(held: WindowUnderTest) -> None:
    held.book.symbols_refused(frozenset({"CIM PRD"}))
    held.window.show_now()
    held.window.positions.choose_group(GroupBy.ISSUER)
    assert notes(held)[0] == "2 shares, 3 rows · 1 not valued"
    assert held.cell("market_value", 0) == "108,020"


def test_that_old_sums_look_old(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    held.lose_hammer()
    held.wait()
    model = held.window.positions.model
    assert model.cell(model.line(0), model.table.index("market_value")).is_old


@pytest.mark.seen
def test_that_selected_rows_are_summed_and_esc_brings_the_total_back(
    held: WindowUnderTest, qtbot: QtBot
) -> None:
    before = total(held)
    select(held, 0, 2)
    assert (title(held), total(held)["market_value"]) == ("Sum of 2 rows", "116,670")
    select(held, 0)
    assert (title(held), total(held)) == ("Total", before)
    select(held, 0, 1, 2)
    key(qtbot, held, Qt.Key.Key_Escape)
    assert (title(held), total(held)) == ("Total", before)


def test_that_a_selected_heading_counts_its_rows_once(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    select(held, 0)
    assert (title(held), total(held)["market_value"]) == ("Sum of 3 rows", "151,040")
    select(held, 0, 1, 2)
    assert (title(held), total(held)["market_value"]) == ("Sum of 3 rows", "151,040")


def test_that_the_filtered_rows_are_summed_beside_all_of_them(held: WindowUnderTest) -> None:
    whole = total(held)["market_value"]
    held.window.positions.filter_box.setText("nly")
    row = held.window.positions.frame.total
    assert row is not None
    assert (title(held), total(held)["market_value"]) == ("Sum of 2 rows", "35,714")
    assert row.figures.amounts.startswith(f"All 6: {whole} · ")


def test_that_what_a_sum_of_some_rows_leaves_out_is_not_told_of_all_rows(held: WindowUnderTest) -> None:
    cim = [position("CIM PRB", 3000, 23.0), position("CIM PRZ", 500, 23.0)]
    held.book.positions_replaced(GUN, [*cim, position("CIM PRY", 400, 23.0), position("SPY", 10)])
    held.wait()
    held.window.positions.filter_box.setText("cim pr")
    row = held.window.positions.frame.total
    assert row is not None
    assert title(held) == "Sum of 4 rows"
    assert "without quote" not in row.figures.amounts
    assert row.figures.text.startswith(row.figures.amounts)
    assert " · of these 4: 2 without quote excluded from value and P&L" in row.figures.text


@pytest.mark.seen
def test_that_the_sums_are_copied_as_numbers(held: WindowUnderTest, qtbot: QtBot) -> None:
    select(held, 3, 4)
    key(qtbot, held, Qt.Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    titles, sums = (line.split("\t") for line in QGuiApplication.clipboard().text().split("\n"))
    fields = dict(zip(titles, sums, strict=True))
    assert fields[""] == "Sum of 2 rows"
    shown = held.window.positions.view.selected_rows()
    assert float(fields["Mkt value"]) == pytest.approx(sum(row.market_value or 0.0 for row in shown))
    assert "," not in sums


def test_that_hide_values_covers_every_sum(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    select(held, 0, 5)
    held.window.menus.hide_values.setChecked(True)
    row = held.window.positions.frame.total
    assert row is not None
    assert held.cell("market_value", 0) == HIDDEN
    assert (total(held)["market_value"], row.figures.amounts) == (HIDDEN, "")
    assert "50,900" not in held.window.positions.model.tooltip(held.window.positions.model.line(5), 3)
    assert "186,754" not in row.as_text()
    assert HIDDEN in held.window.exposure.text
    assert "%" in held.window.exposure.text


def test_that_a_copied_heading_is_its_rows_each_once(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    count = held.window.positions.model.shown_count
    assert len(held.window.positions.view.export(range(count)).table()) == 1 + 6


@pytest.mark.seen
def test_that_the_grouping_is_remembered(
    open_window: Opener, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = LayoutStore(tmp_path_factory.mktemp("layout") / "ui.json")
    first = open_window(store=store)
    first.window.positions.choose_group(GroupBy.LOGIN)
    first.window.menus.exposure.setChecked(False)
    first.window.close()
    again = open_window(store=LayoutStore(store.path))
    assert again.window.positions.group is GroupBy.LOGIN
    assert not again.window.exposure.isVisible()


def test_that_a_position_that_is_folded_away_is_found(held: WindowUnderTest) -> None:
    held.window.positions.choose_group(GroupBy.ISSUER)
    model = held.window.positions.model
    model.groups.fold(model.line(0), is_wanted=True)
    assert held.window.positions.view.show_rows(lambda row: row.symbol == "CIM PRD")
    (row,) = held.window.positions.view.selected_rows()
    assert row.symbol == "CIM PRD"


def test_that_the_exposure_adds_up_and_names_the_largest(held: WindowUnderTest) -> None:
    text = held.window.exposure.text
    assert text.startswith("Long 241,940 9.4% Short −15,186 −0.6% Gross 257,126 10.0% Net 226,754 8.8%")
    assert text.endswith("of net liq Largest CIM 5.9% NLY 2.6% MS 1.6%")


def test_that_the_parts_of_the_largest_name_what_they_are_of_without_a_net_liquidation(
    held: WindowUnderTest,
) -> None:
    held.book.summaries_replaced(GUN, [])
    held.wait()
    assert held.window.exposure.text.endswith("Net 226,754 Largest, of gross CIM 58.7% NLY 25.7% MS 15.6%")


def test_that_the_exposure_names_a_login_that_it_is_without(held: WindowUnderTest) -> None:
    held.book.account_dropped(PED)
    held.window.show_now()
    assert held.window.exposure.text.startswith("without IBKR_PED Long 167,570")


def test_that_the_exposure_of_nothing_known_is_a_dash(ui: WindowUnderTest) -> None:
    assert ui.window.exposure.text == "Long — Short — Gross — Net —"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.data())
def test_that_whatever_is_held_and_folded_every_row_is_there_once(
    ui: WindowUnderTest, data: st.DataObject
) -> None:
    model = ui.window.positions.model
    ui.book.positions_replaced(GUN, [])
    ui.window.positions.filter_box.clear()
    ui.window.positions.choose_group(GroupBy.NONE)
    ui.window.show_now()
    for _ in range(data.draw(st.integers(1, 6))):
        match data.draw(st.sampled_from(["hold", "group", "fold", "filter", "sort"])):
            case "hold":
                names = data.draw(st.sets(st.sampled_from(["CIM PRB", "CIM PRD", "NLY PRF", "MS PRK"])))
                ui.book.positions_replaced(GUN, [position(name, 100) for name in sorted(names)])
                ui.window.show_now()
            case "group":
                ui.window.positions.choose_group(data.draw(st.sampled_from(list(GroupBy))))
            case "fold" if model.shown_count:
                model.groups.toggle(model.line(data.draw(st.integers(0, model.shown_count - 1))))
            case "filter":
                ui.window.positions.filter_box.setText(data.draw(st.sampled_from(["", "cim", "pr"])))
            case _:
                model.sort(data.draw(st.integers(0, len(model.columns) - 1)))
        lines = [model.line(place) for place in range(model.shown_count)]
        assert [line.place for line in lines] == list(range(len(lines)))
        rows = [line.key for line in lines if line.heading is None]
        folded = [
            m.key for line in lines if line.heading and model.groups.is_folded(line) for m in line.members
        ]
        assert sorted(map(str, rows + folded)) == sorted(str(row.key) for row in model.matched())


def test_that_filling_the_window_as_before_still_reads_the_same(ui: WindowUnderTest) -> None:
    fill(ui)
    assert symbols(ui) == ["CIM PRB", "CIM PRB", "GS PRA", "TWO PRB"]


@pytest.mark.seen
def test_that_only_the_figures_of_an_old_exposure_are_marked_old(held: WindowUnderTest) -> None:
    line = held.window.exposure
    exposure = held.book.exposure()
    issuer = structs.replace(exposure.largest[0], name="BAC 7")
    old = structs.replace(exposure, largest=(issuer,), is_old=True)
    line.resize(2000, line.height())
    line.show_exposure(old, are_values_hidden=False)
    is_old = {piece.text: piece.is_old for piece in line.laid_out() if piece.text}
    assert not is_old.pop("BAC 7")
    assert {text for text, old in is_old.items() if old} == {
        text for text in is_old if text[-1:].isdigit() or text.endswith("%")
    }
