"""The page of a position's history, out of the journal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.position_history import HeldNow, RecordedClose, RecordedShare, position_history
from psf_monitor.formatting import HIDDEN, clock
from psf_monitor.ui.symbol.history_chart import (
    held_of,
    months_of,
    runs_of,
    unrecorded,
    values_of,
    whose_value,
)
from psf_monitor.ui.symbol.history_page import bands_of, history_total
from psf_monitor.ui.symbol.window import DEPTH, HISTORY, SymbolWindow
from tests.support.fill_records import fill as execution
from tests.support.records import GUN, NOON, PED
from tests.ui.fills_tab import Book, Record
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest, fill

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]
CIM = "CIM PRB"
MONDAY = date(2026, 9, 14)


def recorded() -> RecordedShare:
    bought = execution("1", CIM, "BUY", 2500, 23.4, at=NOON - timedelta(days=4))
    closes = (
        RecordedClose(MONDAY, GUN, "U1240821", 2500, 23.405),
        RecordedClose(date(2026, 9, 17), GUN, "U1240821", 2500),
    )
    return RecordedShare((bought,), closes, MONDAY)


def opened(open_window: Opener, book: Book) -> tuple[WindowUnderTest, SymbolWindow]:
    ui = open_window(service=Service(record=Record(book)))
    fill(ui)
    assert ui.window.symbol_windows.open_named(CIM)
    (window,) = ui.window.symbol_windows.windows
    window.choose_tab(HISTORY)
    window.refresh()
    return ui, window


def texts(window: SymbolWindow) -> list[list[str]]:
    return [[styled.text for styled in row] for row in window.history.table.rows]


@pytest.mark.seen
def test_that_each_event_is_a_row_and_what_nobody_saw_is_reported(open_window: Opener) -> None:
    ui, window = opened(open_window, Book(recorded=recorded()))
    assert [row for row in texts(window) if row[1] == "GUN"] == [
        [
            "2026-09-18",
            "GUN",
            "╱ Not watched",
            "+500",
            "not known",
            "3,000",
            "23.4186",
            "not known",
            "4 d",
            "—",
        ],
        ["2026-09-14", "GUN", "● Opened", "+2,500", "23.4000", "2,500", "23.4050", "—", "0 d", "1"],
    ]
    assert window.history.message.text.startswith("GUN open since 2026-09-14, 4 days")
    assert "1 change not watched" in window.history.table.remark
    assert not window.history.picture.grab().isNull()
    ui.window.menus.hide_values.setChecked(True)
    quantities = [row[3] for row in texts(window)] + [row[5] for row in texts(window)]
    assert set(quantities) == {HIDDEN, "—"}
    assert [row[6] for row in texts(window) if row[1] == "GUN"] == ["23.4186", "23.4050"]


def test_that_the_sum_row_shows_quantity_average_price_and_realized_gain(
    open_window: Opener,
) -> None:
    sold = execution("2", CIM, "SELL", 400, 24.1, at=NOON - timedelta(days=3), realized_pnl=361.04)
    kept = recorded()
    _, window = opened(open_window, Book(recorded=replace(kept, fills=(*kept.fills, sold))))
    assert [styled.text for styled in window.history.table.total] == [
        "Sum", "", "", "", "", "4,400", "23.5724", "+361.04", "", "2",
    ]  # fmt: skip
    rows = position_history(kept, [HeldNow(GUN, "U1240821", 2500, 23.4)], NOON.date())
    hidden = [styled.text for styled in history_total(rows, hides=True)]
    assert (hidden[5], hidden[6]) == (HIDDEN, "23.4050"), "an average is no secret, a quantity is"


def test_that_the_sum_row_has_no_meaningless_or_partial_average() -> None:
    def total(*held: HeldNow) -> list[str]:
        nothing = RecordedShare((), (), MONDAY)
        found = history_total(position_history(nothing, held, NOON.date()), hides=False)
        return [found[5].text, found[6].text]

    gun, ped = HeldNow(GUN, "U1240821", 300, 23.0), HeldNow(PED, "U7654037", 100, 24.0)
    assert total(gun, ped) == ["400", "23.2500"]
    assert total(gun, replace(ped, average_price=None)) == ["400", "—"]
    assert total(gun, replace(ped, quantity=-100)) == ["200", "—"]
    own = HeldNow(AccountMode.HAMMER_PRO, "ALGO", 50, 22.0)
    assert total(gun, own) == ["300", "23.0000"], "what HAMMER holds is never added to IBKR's"
    assert total(own) == ["50", "22.0000"]


def test_that_a_journal_that_cannot_be_read_is_reported(open_window: Opener) -> None:
    _, window = opened(open_window, Book(is_broken=True))
    assert window.history.message.text == "The journal cannot be read."


def test_that_it_is_reported_when_no_journal_is_kept(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.symbol_windows.open_named(CIM)
    (window,) = ui.window.symbol_windows.windows
    window.choose_tab(HISTORY)
    assert "No journal is kept" in window.history.message.text


def test_that_days_without_a_session_are_no_gap() -> None:
    friday, tuesday = date(2026, 9, 11), date(2026, 9, 15)
    assert unrecorded([friday, MONDAY]) == []
    assert unrecorded([friday, tuesday]) == [(MONDAY, MONDAY)]
    assert unrecorded([date(2026, 9, 8), tuesday]) == [(date(2026, 9, 9), MONDAY)]


@pytest.mark.seen
def test_that_scrolled_content_has_the_background_of_a_dark_window(open_window: Opener) -> None:
    _, window = opened(open_window, Book(recorded=recorded()))
    window.show()
    picture = window.grab().toImage()
    ground = window.palette().window().color()
    below = window.history.mapTo(window, window.history.rect().bottomLeft())
    assert picture.pixelColor(below.x() + 30, below.y() - 12) == ground


def offered(window: SymbolWindow) -> list[QPushButton]:
    return [each for each in window.history.switch.findChildren(QPushButton) if each.isVisible()]


@pytest.mark.seen
def test_that_the_history_in_one_account_is_a_click_away(open_window: Opener) -> None:
    ped = RecordedClose(MONDAY, PED, "U7654037", 1400, 23.9, 34_000.0)
    kept = recorded()
    _, window = opened(open_window, Book(recorded=replace(kept, closes=(*kept.closes, ped))))
    window.show()
    assert [each.text() for each in offered(window)] == ["All", "GUN", "PED"]
    assert [each.text() for each in offered(window) if each.isChecked()] == ["All"]
    everything = texts(window)
    everyone, gun, ped_only = offered(window)
    gun.click()
    assert texts(window) == [row for row in everything if row[1] == "GUN"]
    assert "PED" not in window.history.message.text
    assert "PED" not in window.history.picture.accessible_text
    assert window.history.table.total[5].text == "3,000"
    ped_only.click()
    assert {row[1] for row in texts(window)} == {"PED"}
    window.refresh()
    assert {row[1] for row in texts(window)} == {"PED"}, "it stays as chosen"
    everyone.click()
    assert texts(window) == everything
    window.choose_tab(DEPTH)
    assert offered(window) == []


@pytest.mark.seen
def test_that_nothing_is_to_choose_where_one_account_alone_has_held_it(open_window: Opener) -> None:
    ui = open_window(service=Service(record=Record(Book(recorded=recorded()))))
    fill(ui)
    assert ui.window.symbol_windows.open_named("GS PRA")
    (window,) = ui.window.symbol_windows.windows
    window.choose_tab(HISTORY)
    window.show()
    window.refresh()
    assert {row[1] for row in texts(window)} == {"GUN"}
    assert offered(window) == []


def test_that_the_bands_name_the_journal_and_what_is_calculated(open_window: Opener) -> None:
    _, window = opened(open_window, Book(recorded=recorded()))
    assert window.history.table.bands == [("IBKR  ·  JOURNAL SINCE 2026-09-14", 8), ("CALCULATED", 2)]
    rows = position_history(recorded(), [HeldNow(AccountMode.HAMMER_PRO, "ALGO", 50, 22.0)], NOON.date())
    assert bands_of(rows, None)[0] == ("IBKR AND HAMMER  ·  JOURNAL", 8)


def test_that_what_a_lost_login_held_is_old_and_has_its_time(open_window: Opener) -> None:
    ui, window = opened(open_window, Book(recorded=recorded()))
    assert not any(styled.is_old for styled in window.history.table.total)
    ui.book.account_lost(GUN, ui.clock())
    window.refresh()
    assert [styled.text for styled in window.history.table.total if styled.is_old] == ["4,400", "23.5724"]
    gun, ped = window.history.message.text.split("  ·  ")
    assert gun.endswith(f"4 days, as of {clock(ui.clock())}")
    assert "as of" not in ped


def test_that_the_value_says_whose_it_is() -> None:
    assert whose_value([GUN, PED]) == "all logins"
    assert whose_value([GUN, PED, AccountMode.HAMMER_PRO]) == "IBKR's logins"
    assert whose_value([GUN]) == "GUN"


def test_that_a_share_of_before_the_journal_is_a_row_too(open_window: Opener) -> None:
    _, window = opened(open_window, Book(recorded=RecordedShare((), (), MONDAY)))
    assert [row[2] for row in texts(window)] == ["· Held before", "· Held before"]
    assert "GUN held before the journal began" in window.history.message.text


def test_that_the_value_of_a_day_is_that_of_all_logins_or_unknown() -> None:
    gun = RecordedClose(MONDAY, GUN, "U1240821", 100, 24.0, 2450.0)
    ped = RecordedClose(MONDAY, PED, "U7654037", 50, 24.0, 1225.0)
    none_held = replace(ped, quantity=0.0, market_value=None)
    assert values_of([gun, ped]) == [(MONDAY, 3675.0)]
    assert values_of([gun, none_held]) == [(MONDAY, 2450.0)]
    assert values_of([gun, replace(ped, market_value=None)]) == []


TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


def test_that_what_two_accounts_of_a_login_hold_is_added_up() -> None:
    first = RecordedClose(MONDAY, GUN, "U1240821", 100, 24.0, 2450.0)
    second = RecordedClose(MONDAY, GUN, "U9240822", 40, 24.0, 980.0)
    assert held_of([first, second], GUN) == [(MONDAY, 140.0)]
    assert held_of([first, replace(second, quantity=None)], GUN) == []
    assert held_of([first, second], PED) == []


def test_that_a_close_at_which_a_login_was_not_recorded_is_no_fall_of_the_total() -> None:
    gun = [RecordedClose(MONDAY + timedelta(days=n), GUN, "U1240821", 100, 24.0, 2450.0) for n in range(5)]
    held = RecordedClose(MONDAY, PED, "U7654037", 50, 24.0, 1225.0)
    assert values_of([*gun, held, replace(held, day=FRIDAY)]) == [(MONDAY, 3675.0), (FRIDAY, 3675.0)]
    none = replace(held, quantity=0.0, market_value=None)
    values = values_of([*gun, none, replace(none, day=FRIDAY)])
    assert [value for _, value in values] == [2450.0] * 5
    assert held_of([held, replace(held, day=FRIDAY)], PED) == [(MONDAY, 50.0), (FRIDAY, 50.0)]


def test_that_no_line_joins_the_closes_between_which_one_login_was_not_recorded() -> None:
    friday, tuesday = (date(2026, 9, 11), 50.0), (TUESDAY, 50.0)
    assert runs_of([friday, (MONDAY, 50.0), tuesday]) == [[friday, (MONDAY, 50.0), tuesday]]
    assert runs_of([friday, tuesday]) == [[friday], [tuesday]]
    assert runs_of([]) == []


def test_that_the_value_of_hammers_own_account_is_not_added_to_ibkrs() -> None:
    gun = RecordedClose(MONDAY, GUN, "U1240821", 100, 24.0, 2450.0)
    own = RecordedClose(MONDAY, AccountMode.HAMMER_PRO, "ALGO", 10, 24.0, 245.0)
    assert values_of([gun, own]) == [(MONDAY, 2450.0)]
    assert values_of([own]) == [(MONDAY, 245.0)]


def test_that_months_are_named_as_far_as_there_is_room() -> None:
    first, last = date(2025, 11, 20), date(2026, 3, 2)
    assert [text for _, text in months_of(first, last, 12)] == ["Dec", "2026", "Feb", "Mar"]
    assert months_of(first, last, 2)[0] == (date(2026, 1, 1), "2026")
    assert months_of(MONDAY, FRIDAY, 12) == []
    assert len(months_of(date(1999, 1, 4), last, 12)) <= 12


def test_that_a_login_that_was_not_recorded_for_a_time_is_named(open_window: Opener) -> None:
    closes = [RecordedClose(MONDAY + timedelta(days=n), GUN, "U1240821", 2500) for n in range(5)]
    closes += [RecordedClose(day, PED, "U7654037", 1400) for day in (MONDAY, FRIDAY)]
    _, window = opened(open_window, Book(recorded=RecordedShare((), tuple(closes), MONDAY)))
    assert window.history.picture.accessible_text == (
        "2026-09-14 to 2026-09-18, GUN 2,500 at the last, PED 1,400 at the last, "
        "PED not watched 2026-09-15 to 2026-09-17"
    )


@pytest.mark.seen
def test_that_the_windows_of_prints_are_offered_only_over_the_depth(open_window: Opener) -> None:
    _, window = opened(open_window, Book(recorded=recorded()))
    window.show()

    def offered() -> list[str]:
        buttons = window.findChildren(QPushButton)
        return [each.text() for each in buttons if each.isVisible() and each.text() == "10m"]

    assert offered() == []
    window.choose_tab(DEPTH)
    assert offered() == ["10m"]
