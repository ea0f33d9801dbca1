"""Invisible rows may wait, but looking, copying, sorting and adding up always use current ones."""

import os

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.connection.status import LinkState
from psf_monitor.ui.base.frame_pace import FramePace
from tests.support.records import GUN, PED, order, position
from tests.ui.window import HAMMER, WindowUnderTest, quote, total

MANY = 200


def name(number: int) -> str:
    return f"S{number:03d} PRA"


def move_all(ui: WindowUnderTest, bid: float) -> None:
    """Every share is quoted, higher the higher its number; the window has had no frame since."""
    ui.book.quotes_changed(
        {
            name(n): quote(ui.clock, bid + n / 100, bid + 0.02 + n / 100, bid + 0.01 + n / 100)
            for n in range(MANY)
        }
    )


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    """Many more rows than the screen has."""
    held = [position(name(n), 100, 19.0, con_id=n + 1) for n in range(MANY)]
    ordered = [order(name(n), limit_price=22.0, perm_id=n + 1) for n in range(MANY)]
    ui.open(GUN, held, ordered)
    ui.quote()
    ui.book.symbols_requested({name(n): name(n) for n in range(MANY)})
    move_all(ui, 20.0)
    ui.window.show_now()
    assert len(ui.window.positions.view.visible_rows) < MANY / 2
    return ui


def test_that_rows_off_the_screen_come_after_by_themselves(full: WindowUnderTest, qtbot: QtBot) -> None:
    move_all(full, 30.0)
    model = full.window.positions.model
    qtbot.waitUntil(lambda: all(model.line(n).row.last == 30.01 + n / 100 for n in range(MANY)))


def test_that_a_copy_is_of_now(full: WindowUnderTest) -> None:
    move_all(full, 30.0)
    copied = full.window.positions.view.export([MANY - 1]).as_text()
    assert "31.99" in copied
    assert "22" in full.window.orders.view.export([MANY - 1]).table()[1]


def test_that_a_sort_is_by_what_is_now(full: WindowUnderTest) -> None:
    full.book.quotes_changed({name(150): quote(full.clock, 90.0, 90.02, 90.01)})
    model = full.window.positions.model
    model.sort(model.table.index("last"), Qt.SortOrder.DescendingOrder)
    assert model.line(0).row.symbol == name(150)


def test_that_rows_brought_up_by_a_filter_are_current(full: WindowUnderTest) -> None:
    move_all(full, 30.0)
    full.window.positions.filter_box.setText("S19")
    assert full.cell("last") == "31.91"


def test_that_rows_scrolled_into_view_are_current(full: WindowUnderTest) -> None:
    move_all(full, 30.0)
    full.window.positions.view.scrollToBottom()
    model = full.window.positions.model
    assert model.line(MANY - 1).row.last == pytest.approx(31.99 + 0.01)


def test_that_a_row_that_was_scrolled_to_follows_its_price_from_there_on(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    model = full.window.positions.model
    full.window.refresh.refresh()
    # From here on no second takes in what no frame does.
    full.window.refresh.end()
    full.book.quotes_changed({name(0): quote(full.clock, 50.0, 50.02, 50.01)})
    qtbot.waitUntil(lambda: model.line(0).row.last == 50.01)
    # Reported again as it was: it is seen that nobody looks at it, and no row differs.
    again = quote(full.clock, 30.0, 30.02, 30.01)
    for _ in range(2):
        full.book.quotes_changed({name(MANY // 2): again})
        full.window.refresh.refresh()
    full.book.quotes_changed({name(MANY // 2): again})
    full.window.positions.view.scrollToBottom()
    full.book.quotes_changed({name(MANY - 1): quote(full.clock, 50.0, 50.02, 50.01)})
    qtbot.waitUntil(lambda: model.line(MANY - 1).row.last == 50.01)


def test_that_the_rows_that_a_taller_window_shows_are_of_now(full: WindowUnderTest, qtbot: QtBot) -> None:
    move_all(full, 30.0)
    before = full.window.positions.view.visible_rows
    full.window.resize(1280, 1000)
    qtbot.waitUntil(lambda: full.window.positions.view.visible_rows.stop > before.stop)
    place = full.window.positions.view.visible_rows.stop - 1
    assert full.window.positions.model.line(place).row.last == pytest.approx(30.01 + place / 100)


def test_that_the_details_of_a_row_off_the_screen_are_of_now(full: WindowUnderTest) -> None:
    move_all(full, 30.0)
    model = full.window.positions.model
    key = next(line.key for place in range(MANY) if (line := model.line(place)).row.symbol == name(199))
    found = model.find(key)
    assert found is not None
    assert found.row.last == pytest.approx(32.0)


def test_that_the_count_of_near_fills_is_of_now(full: WindowUnderTest) -> None:
    full.book.quotes_changed({name(50): quote(full.clock, 21.99, 22.03, 22.0)})
    near = [row.symbol for row in full.window.orders.model.rows() if row.is_near_fill]
    assert name(50) in near


def test_that_sums_and_rows_agree_whenever_they_are_reported(full: WindowUnderTest) -> None:
    move_all(full, 30.0)
    full.window.refresh.refresh()
    model = full.window.positions.model
    values = [model.line(n).row.market_value or 0.0 for n in range(MANY)]
    assert total(full)["market_value"] == f"{sum(values):,.0f}"


def test_that_a_minimised_window_draws_nothing_and_is_whole_when_it_comes_back(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    model = full.window.positions.model
    full.window.showMinimized()
    drawn: list[object] = []
    model.dataChanged.connect(lambda *details: drawn.append(details))
    move_all(full, 30.0)
    full.wait()
    assert model.line(0).row.last == 30.01
    assert drawn == []
    full.window.showNormal()
    qtbot.waitUntil(lambda: None not in shown_cells(full))
    assert full.cell("last") == "30.01"


def test_that_alerts_that_no_price_changes_are_checked_after_news_and_every_few_seconds(
    full: WindowUnderTest,
) -> None:
    looked: list[int] = []
    full.window.controllers.fills.bar_filled.connect(lambda: looked.append(1))
    refresh = full.window.refresh
    full.window.show_now()
    looked.clear()
    for bid in (30.0, 31.0):
        move_all(full, bid)
        refresh.second.emit()
        assert full.cell("last").startswith(f"{bid:.0f}.")
        assert looked == []
    refresh.second.emit()
    assert looked == [1]
    full.book.order_changed(GUN, order(name(1), limit_price=22.5, perm_id=2))
    refresh.second.emit()
    assert looked == [1, 1]


def test_that_prices_are_wanted_as_they_come_only_where_somebody_looks(full: WindowUnderTest) -> None:
    visibility, wires = full.links[HAMMER].visibility, full.window.context.sources.service.wires
    returned: list[bool] = []
    visibility.when_shown(lambda: returned.append(full.window.isMinimized()))
    assert visibility.is_visible()
    full.window.showMinimized()
    assert not visibility.is_visible()
    wires.start()
    assert visibility.is_visible()
    wires.stop()
    assert not visibility.is_visible()
    assert returned == []
    full.window.showNormal()
    assert visibility.is_visible()
    assert returned == [False]
    full.window.close()
    assert visibility.is_visible()


def test_that_a_minimised_window_still_learns_what_is_wrong(full: WindowUnderTest) -> None:
    full.window.showMinimized()
    full.lose_hammer()
    full.wait(5)
    assert [banner.title.text for banner in full.window.banners.banners] != []
    assert full.links[HAMMER].status.state is LinkState.RECONNECTING


def shown_cells(ui: WindowUnderTest) -> list[object]:
    """What of the first row is drawn, the columns that are shown."""
    view = ui.window.positions.view
    line = ui.window.positions.model.line(0)
    return [line.cells[i] for i in view.header.arrangement.shown]


def test_that_only_rows_that_are_seen_count_as_on_the_screen(full: WindowUnderTest) -> None:
    view = full.window.positions.view
    places = view.visible_rows
    model = full.window.positions.model
    assert view.visualRect(model.index(places[-1], 0)).top() < view.viewport().height()
    assert view.visualRect(model.index(places[-1] + 1, 0)).top() >= view.viewport().height()


def test_that_a_frame_without_rows_does_not_hold_up_the_next(
    full: WindowUnderTest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    as_ever = FramePace.on_frame

    def on_frame(pace: FramePace, began_ms: int, *, draws: bool) -> None:
        drawn.append(draws)
        as_ever(pace, began_ms, draws=draws)

    monkeypatch.setattr(FramePace, "on_frame", on_frame)
    full.window.refresh.refresh()
    # From here on no second takes in what no frame does.
    full.window.refresh.end()
    with qtbot.waitSignal(full.window.refresh.noticed):
        full.links[PED].be(LinkState.CONNECTING)
    assert drawn.pop() is False

    def drawn_by_a_frame() -> bool:
        # Whoever reads rows before the frame leaves it none.
        move_all(full, 30.0 + full.window.positions.model.flush / 100)
        return True in drawn

    qtbot.waitUntil(drawn_by_a_frame)


def test_that_seconds_come_while_frame_follows_frame(full: WindowUnderTest, qtbot: QtBot) -> None:
    ticking = QTimer()
    ticking.timeout.connect(lambda: move_all(full, 30.0 + full.window.positions.model.flush / 100))
    ticking.start(1)
    for _ in range(2):
        with qtbot.waitSignal(full.window.refresh.second):
            full.clock.advance(0.999)
    ticking.stop()


def shown_sum(ui: WindowUnderTest, key: str = "market_value") -> float:
    """What the rows come to, by their own cells."""
    model = ui.window.positions.model
    return sum(figure(ui.cell(key, place)) for place in range(model.shown_count))


def figure(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


@pytest.fixture
def small(ui: WindowUnderTest) -> WindowUnderTest:
    """No more rows than the screen shows, each of whole dollars."""
    ui.open(GUN, [position(f"{issuer} PR{n}", 100, 19.0, con_id=n + 1) for n, issuer in enumerate("AABBC")])
    ui.open(PED, [position("A PR0", -100, 21.0, con_id=1, account="U7654037", mode=PED)])
    ui.quote()
    quote_small(ui, 20.0)
    ui.window.show_now()
    return ui


def quote_small(ui: WindowUnderTest, price: float) -> None:
    """Every share has another price, apart by a dollar."""
    names = [f"{issuer} PR{n}" for n, issuer in enumerate("AABBC")]
    ui.book.symbols_requested({each: each for each in names})
    ui.book.quotes_changed(
        {each: quote(ui.clock, price + n, price + n, price + n) for n, each in enumerate(names)}
    )


def rows_stand_at(ui: WindowUnderTest, price: float) -> bool:
    return ui.cell("last") == f"{price:.2f}"


def test_that_total_strips_and_exposure_change_with_the_rows_in_one_frame(
    small: WindowUnderTest, qtbot: QtBot
) -> None:
    seen: list[tuple[float, ...]] = []

    def look() -> None:
        window, sums = small.window, total(small)
        strips = [window.links_panel.strips[mode].content for mode in (GUN, PED, HAMMER)]
        gun, ped, both = (
            figure(money.text) for text in strips if text for money in text.money if "Unr" in money.caption
        )
        earned = shown_sum(small, "unrealized_pnl")
        seen.append((earned, figure(sums["unrealized_pnl"]), gun + ped, both))
        net = figure(window.exposure.text.split("Net ")[1].split(" ")[0])
        seen.append((shown_sum(small), figure(sums["market_value"]), net))

    # Rows report their change within the frame; a look right after it sees what is painted.
    small.window.positions.model.dataChanged.connect(lambda *_: QTimer.singleShot(0, look))
    quote_small(small, 30.0)
    qtbot.waitUntil(lambda: bool(seen))
    assert rows_stand_at(small, 30.0)
    assert seen[:2] == [(5_600.0,) * 4, (13_000.0,) * 3]


def test_that_the_headings_of_groups_change_with_their_rows_in_one_frame(
    small: WindowUnderTest, qtbot: QtBot
) -> None:
    small.window.positions.choose_group(GroupBy.ISSUER)
    model = small.window.positions.model
    seen: list[tuple[float, float]] = []

    def look() -> None:
        lines = [(model.line(n), figure(small.cell("market_value", n))) for n in range(model.shown_count)]
        headed = sum(value for line, value in lines if line.heading)
        seen.append((headed, sum(value for line, value in lines if line.is_member)))

    model.dataChanged.connect(lambda *_: QTimer.singleShot(0, look))
    quote_small(small, 30.0)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] == (9_600.0, 9_600.0)


def test_that_the_count_of_near_fills_changes_with_the_row_in_one_frame(
    small: WindowUnderTest, qtbot: QtBot
) -> None:
    small.open(GUN, [], [order("A PR0", limit_price=25.0, perm_id=7)])
    small.window.show_now()
    panel = small.window.orders
    seen: set[tuple[str, str]] = {(small.order_cell("to_fill"), panel.chip.text)}
    panel.model.dataChanged.connect(
        lambda *_: QTimer.singleShot(0, lambda: seen.add((small.order_cell("to_fill"), panel.chip.text)))
    )
    quote_small(small, 26.0)
    qtbot.waitUntil(lambda: len(seen) == 2)
    quote_small(small, 25.0)
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == {("−5.00", "1 near fill"), ("1.00", ""), ("0.00", "1 near fill")}


def test_that_of_very_many_rows_the_sums_come_with_the_second_that_takes_in_all_of_them(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    model, before = full.window.positions.model, total(full)["market_value"]
    seen: list[tuple[str, float]] = []

    def look() -> None:
        rows = sum(model.line(place).row.market_value or 0.0 for place in range(MANY))
        seen.append((total(full)["market_value"], rows))

    full.window.refresh.second.connect(look)
    move_all(full, 30.0)
    qtbot.waitUntil(lambda: bool(seen))
    shown, rows = seen[0]
    assert shown == f"{rows:,.0f}" != before


def test_that_selected_rows_of_very_many_are_added_up_as_they_are_shown(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    view, model = full.window.positions.view, full.window.positions.model
    for place in (0, 1):
        view.selectionModel().select(
            model.index(place, 0),
            QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
        )
    seen: list[tuple[float, float]] = []

    def look() -> None:
        rows = sum(model.line(place).row.market_value or 0.0 for place in (0, 1))
        seen.append((figure(total(full)["market_value"]), float(f"{rows:.0f}")))

    model.dataChanged.connect(lambda *_: QTimer.singleShot(0, look))
    move_all(full, 30.0)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] == (6_003.0, 6_003.0)


def plain(picture: QPixmap) -> QImage:
    return picture.toImage().convertToFormat(QImage.Format.Format_RGB32)


def on_screen(ui: WindowUnderTest) -> QImage:
    """What was painted of the window, piece by piece."""
    return plain(ui.window.screen().grabWindow(ui.window.winId()))


@pytest.mark.skipif(
    os.environ["QT_QPA_PLATFORM"] != "offscreen", reason="others may stand over a window on a real screen"
)
def test_that_painting_in_pieces_gives_the_same_picture_as_painting_at_once(
    small: WindowUnderTest, qtbot: QtBot
) -> None:
    def is_whole() -> bool:
        return on_screen(small) == plain(small.window.grab())

    qtbot.waitUntil(is_whole)
    for last in (26.0, 8.0, 1234.0):
        quote_small(small, last)
        small.window.show_now()
        qtbot.waitUntil(is_whole)
