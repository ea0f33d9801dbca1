"""A page of the share's window: its last prints, and what every window of the indicators makes of them."""

from datetime import timedelta

import pytest

from psf_monitor.domain.indicators import PRINTS_USED, Window, indicators
from psf_monitor.domain.quote import Print
from psf_monitor.ui.symbol.indicators_view import MOST_PRINTS, PrintsView, print_lines, window_lines
from psf_monitor.ui.symbol.window import INDICATORS
from tests.support.records import NOON
from tests.ui.window import WindowUnderTest, fill, quote

pytestmark = pytest.mark.unseen


def trade(price: float, size: float, ago_s: float, venue: str = "NYSE") -> Print:
    return Print(price, size, NOON - timedelta(seconds=ago_s), venue)


PRINTS = [trade(24.5, 100, 7200), trade(24.55, 37, 90), trade(24.54, 200, 5, "ARCA")]
FIVE = [trade(24.5, 100, 7200), *[trade(24.55, 40, 90)] * 3, trade(24.54, 200, 5, "ARCA")]


@pytest.fixture
def view(ui: WindowUnderTest) -> PrintsView:
    fill(ui)
    assert ui.window.symbol_windows.open_named("CIM PRB")
    (opened,) = ui.window.symbol_windows.windows
    opened.choose_tab(INDICATORS)
    return opened.indicators


def look_after(ui: WindowUnderTest, seconds: float = 1.0) -> None:
    """The clock moves on, and the window of the share shows that moment."""
    ui.wait(seconds)
    for opened in ui.window.symbol_windows.windows:
        opened.refresh()


def test_that_prints_are_listed_newest_first_with_time_size_and_venue() -> None:
    assert print_lines(PRINTS, NOON) == [
        ("11:59:55", "24.54", "200", "ARCA"),
        ("11:58:30", "24.55", "37", "NYSE"),
        ("10:00:00", "24.50", "100", "NYSE"),
    ]


def test_that_a_print_of_another_day_has_its_date() -> None:
    assert print_lines([trade(24.5, 100, 86400)], NOON)[0][0] == "2026-09-17 12:00:00"


def test_that_every_window_has_a_line_and_no_figure_is_made_up() -> None:
    lines = {line[0]: line[1:] for line in window_lines(indicators(FIVE, NOON), 24.55)}
    assert list(lines) == [window.value for window in Window]
    assert lines["latest"] == ("24.55", "80.00%", "0.00", "—", "5", "", "", "", "")
    assert lines["10 min"] == ("24.55", "100.00%", "0.00", "0.00", "4", "", "", "", "")
    assert lines["1 d"][5:] == ("24.5333", "+0.0167", "5", "0")
    assert lines["5 d"][:5] == ("", "", "", "", ""), "GRPAN has no window of five days"
    unknown = {line[0]: line[1:] for line in window_lines(indicators(PRINTS[:1], NOON), None)}
    assert unknown["10 min"][:5] == ("—", "—", "—", "—", "—")
    assert unknown["1 d"][5:] == ("—", "—", "—", "—"), "of fewer than five prints there is no RWVAP"
    assert unknown["latest"][:3] == ("24.50", "100.00%", "—"), "without a last there is no deviation"


def test_that_the_shift_is_from_the_window_above() -> None:
    prints = [*[trade(24.60, 100, 1200)] * 20, *[trade(24.50, 100, 60)] * 16]
    lines = {line[0]: line[1:] for line in window_lines(indicators(prints, NOON), 24.55)}
    assert [lines[name][3] for name in ("latest", "10 min", "30 min", "1 h")] == [
        "—",
        "0.00",
        "+0.10",
        "0.00",
    ]


def test_that_windows_outside_the_session_end_with_the_last_print(
    ui: WindowUnderTest, view: PrintsView
) -> None:
    ui.book.prints_changed({"CIM PRB": PRINTS})
    look_after(ui, 8 * 3600)
    assert "Outside the session windows end with the last print, at 11:59:55 ET." in view.message.text()
    assert view.windows.lines[1][:2] == ("10 min", "24.55")


def test_that_the_page_follows_the_prints(ui: WindowUnderTest, view: PrintsView) -> None:
    assert (view.prints.lines, view.message.text()) == ([], "HAMMER has reported no print.")
    ui.book.prints_changed({"CIM PRB": PRINTS})
    look_after(ui)
    assert [line[1] for line in view.prints.lines] == ["24.54", "24.55", "24.50"]
    assert view.windows.lines[0][:4] == ("latest", "24.50", "66.67%", "+0.05")
    assert view.message.text().startswith("The oldest print counted is of 10:00:00 ET")
    ui.book.prints_changed({"CIM PRB": [*PRINTS, trade(24.6, 300, 0)]})
    ui.quote(CIM_PRB=quote(ui.clock, last=24.6))
    look_after(ui)
    assert view.prints.lines[0][1] == "24.60"


def test_that_a_share_with_many_prints_names_what_is_not_listed_and_not_kept(
    ui: WindowUnderTest, view: PrintsView
) -> None:
    many = [trade(24.5, 100, PRINTS_USED - number) for number in range(PRINTS_USED)]
    ui.book.prints_changed({"CIM PRB": many})
    look_after(ui)
    assert len(view.prints.lines) == MOST_PRINTS
    assert view.message.text() == (
        "The last 20 of 150 prints are listed. "
        "The oldest print counted is of 11:57:30 ET: a window that begins earlier has no more."
    )


def test_that_prints_before_a_loss_are_called_old_and_dropped_ones_leave(
    ui: WindowUnderTest, view: PrintsView
) -> None:
    ui.book.prints_changed({"CIM PRB": PRINTS})
    ui.lose_hammer()
    look_after(ui)
    assert view.message.text().startswith("Old: HAMMER has reported nothing since 12:00:00 ET.")
    assert view.prints.lines
    ui.book.quotes_dropped()
    look_after(ui)
    assert (view.prints.lines, view.windows.lines) == ([], [])
    assert view.message.text() == "HAMMER has reported no print."
