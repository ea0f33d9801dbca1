"""The dialog of the connection test: the order of steps, and that explanations can be read."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from psf_monitor.check.steps import STEPS, Outcome, Step
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.connections.check_dialog import CheckDialog
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.records import GUN, PED
from tests.ui.service import Service
from tests.ui.window import HAMMER, WindowUnderTest

_ADVICE = (
    "Nothing answers at 127.0.0.1:7497.\nTWS is not running, its API is off, or it uses another port.\n"
    "Start TWS and log in; in File > Global Configuration > API > Settings tick Enable ActiveX and Socket "
    "Clients and compare the Socket port. (502)"
)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def dialog(open_window: Callable[..., WindowUnderTest], service: Service) -> CheckDialog:
    """The test of all three connections, as it begins."""
    ui = open_window(service=service)
    ui.window.menus.check.trigger()
    (found,) = ui.window.findChildren(CheckDialog)
    return found


def end(service: Service, mode: AccountMode, failing: str = "") -> None:
    """Every step of a connection has ended; after the one that fails none is reached."""
    outcome = Outcome.OK
    for name in STEPS[mode]:
        if name == failing:
            service.reports[0](Step(mode, name, Outcome.FAILED, 3.0, "", _ADVICE))
            outcome = Outcome.NOT_REACHED
        else:
            service.reports[0](Step(mode, name, outcome, 3.0, "fine"))


def column(dialog: CheckDialog, number: int) -> list[str]:
    items = [dialog.table.item(row, number) for row in range(dialog.table.rowCount())]
    return ["" if item is None else item.text() for item in items]


def test_that_enter_presses_the_button_that_has_the_keys(dialog: CheckDialog, service: Service) -> None:
    QApplication.clipboard().clear()
    end(service, GUN)
    dialog.copy.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(dialog.copy, Qt.Key.Key_Return)
    assert "IBKR_GUN" in QApplication.clipboard().text()
    assert dialog.isVisible()
    dialog.close_button.setFocus(Qt.FocusReason.BacktabFocusReason)
    QTest.keyClick(dialog.close_button, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_that_again_has_the_keys_again_when_all_has_been_tried_unless_they_were_moved(
    dialog: CheckDialog, service: Service
) -> None:
    def end_all() -> None:
        for mode in AccountMode:
            end(service, mode)

    end_all()
    dialog.again.setFocus()
    dialog.again.click()
    assert not dialog.again.isEnabled()
    end_all()
    assert dialog.focusWidget() is dialog.again
    dialog.again.click()
    dialog.close_button.setFocus()
    end_all()
    assert dialog.focusWidget() is dialog.close_button


def test_that_the_steps_of_a_connection_are_kept_together_in_whatever_order_they_end(
    dialog: CheckDialog, service: Service
) -> None:
    names = list(STEPS[GUN])
    for name in (*names[:5], *reversed(names[5:])):
        for mode in (PED, GUN):
            service.reports[0](Step(mode, name, Outcome.OK, 3.0, "fine"))
    end(service, HAMMER)
    assert column(dialog, 0) == ["IBKR_GUN"] * 7 + ["IBKR_PED"] * 7 + ["HAMMER"] * 6
    assert column(dialog, 1) == [*names, *names, *STEPS[HAMMER]]
    dialog.close()


def test_that_the_first_failure_is_on_the_screen_at_the_end(dialog: CheckDialog, service: Service) -> None:
    dialog.resize(860, 300)
    end(service, PED)
    end(service, HAMMER)
    end(service, GUN, failing="TCP")
    QApplication.processEvents()
    table = dialog.table
    item = table.item(1, 4)
    assert item is not None
    assert item.text() == _ADVICE
    assert table.viewport().rect().contains(table.visualItemRect(item).center())
    dialog.close()


@pytest.mark.parametrize("width", [900, 640])
def test_that_no_advice_is_cut_however_narrow_the_dialog_is(
    dialog: CheckDialog, service: Service, width: int
) -> None:
    end(service, GUN, failing="TCP")
    dialog.resize(width, 600)
    QApplication.processEvents()
    table = dialog.table
    room = table.columnWidth(4) - 2 * 8
    needed = table.fontMetrics().boundingRect(
        QRect(0, 0, room, 10_000), int(Qt.TextFlag.TextWordWrap), _ADVICE
    )
    assert table.rowHeight(1) >= needed.height()
    dialog.close()


def test_that_the_steps_of_one_connection_all_have_room(
    open_window: Callable[..., WindowUnderTest], service: Service
) -> None:
    ui = open_window(service=service)
    ui.window.links_panel.cards[GUN].test.trigger()
    (dialog,) = ui.window.findChildren(CheckDialog)
    end(service, GUN, failing="handshake")
    QApplication.processEvents()
    assert dialog.table.verticalScrollBar().maximum() == 0
    dialog.close()


def test_that_a_failed_check_offers_a_recording_until_one_is_made(
    dialog: CheckDialog, service: Service, open_window: Callable[..., WindowUnderTest]
) -> None:
    assert open_window is not None
    for mode in (GUN, PED):
        end(service, mode)
    end(service, HAMMER, failing="password")
    assert dialog.summary.text().endswith(
        "Record the wires (View) and check again: then what was said can be read and handed over."
    )
    dialog.close()


def test_that_a_failure_that_was_recorded_offers_nothing(
    dialog: CheckDialog, service: Service, open_window: Callable[..., WindowUnderTest]
) -> None:
    assert open_window is not None
    window = dialog.parent()
    assert isinstance(window, MainWindow)
    window.menus.record.trigger()
    for mode in (GUN, PED):
        end(service, mode)
    end(service, HAMMER, failing="password")
    assert dialog.summary.text() == "One failed, three were not reached."
    dialog.close()
