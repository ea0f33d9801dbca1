"""The card's menu: edit what a connection is, test it, let it connect at the start."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QStyle, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.check.steps import STEPS, Outcome, Step
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.errors import refused as hammer_refused
from psf_monitor.problem import Problem
from psf_monitor.settings import HammerProfile, SettingsError
from psf_monitor.settings.errors import SeveralSettingsError
from psf_monitor.ui.connections.check_dialog import CheckDialog
from psf_monitor.ui.connections.edit_form import EditForm
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, PED
from tests.ui.connections.card_text import card_details
from tests.ui.service import Service
from tests.ui.style.contrast import contrast
from tests.ui.window import HAMMER, PROBLEM, WindowUnderTest, fill

pytestmark = pytest.mark.unseen

USUAL = "Usual here: 4001 (Gateway), 7497 (TWS)."


Opener = Callable[..., WindowUnderTest]


def form_of(ui: WindowUnderTest, mode: AccountMode) -> EditForm:
    ui.window.links_panel.cards[mode].edit.trigger()
    (form,) = ui.window.findChildren(EditForm)
    return form


def close(ui: WindowUnderTest, form: EditForm, qtbot: QtBot) -> None:
    form.close()
    qtbot.waitUntil(lambda: not ui.window.findChildren(EditForm))


def press(qtbot: QtBot, form: EditForm) -> None:
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def test_that_only_what_was_changed_is_kept(served: WindowUnderTest, service: Service, qtbot: QtBot) -> None:
    form = form_of(served, GUN)
    assert (form.host.text(), form.port.currentText()) == ("127.0.0.1", "4001")
    form.port.setCurrentText("7497")
    form.expects.setCurrentText("paper")
    press(qtbot, form)
    assert service.changes == [(GUN, {"port": 7497, "expects": "paper"}, "")]
    qtbot.waitUntil(lambda: not served.window.findChildren(EditForm))


def test_that_a_paper_login_is_expected_after_one_click(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    served.open(PED, account="DU7654370")
    served.window.show_now()
    (banner,) = served.window.banners.banners
    expect = banner.buttons[-1]
    assert expect.text() == "Expect paper"
    qtbot.mouseClick(expect, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert service.changes == [(PED, {"expects": "paper"}, "")]
    service.refusal = SettingsError("another program has it open.")
    qtbot.mouseClick(expect, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert "IBKR_PED still expects what it did: another program" in served.window.status.news.text


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_that_a_ticked_box_shows_its_tick_and_an_empty_one_its_edge(
    open_window: Opener, service: Service, theme: str
) -> None:
    ui = open_window(service=service, theme=theme)
    form = form_of(ui, GUN)
    ground = ui.window.theme.palette.window
    edge, inside = colours_of(form.reconnect)
    assert max(contrast(each, inside[0]) for each in inside) >= 4.5
    assert contrast(edge, ground) >= 3
    form.reconnect.setChecked(False)
    edge, inside = colours_of(form.reconnect)
    assert max(contrast(each, inside[0]) for each in inside) == 1
    assert contrast(edge, inside[0]) >= 3


def colours_of(box: QCheckBox) -> tuple[str, list[str]]:
    """The colour of the edge of what is ticked, and those inside it, that of the ground first."""
    option = QStyleOptionButton()
    box.initStyleOption(option)
    rect = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    image = box.grab().toImage()
    inner = rect.adjusted(2, 2, -2, -2)
    inside = [
        image.pixelColor(x, y).name()
        for y in range(inner.top(), inner.bottom() + 1)
        for x in range(inner.left(), inner.right() + 1)
    ]
    return image.pixelColor(rect.left(), rect.center().y()).name(), inside


def test_that_a_form_that_nobody_touched_keeps_nothing(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    press(qtbot, form_of(served, PED))
    assert service.changes == []


@pytest.mark.seen
def test_that_a_wrong_value_is_reported_in_the_form_which_stays_open(
    served: WindowUnderTest, qtbot: QtBot
) -> None:
    form = form_of(served, GUN)
    form.port.setCurrentText("99999")
    press(qtbot, form)
    assert form.problem.text() == "a whole number from 1 to 65535 is accepted."
    assert form.isVisible()
    form.close()


def test_that_the_form_shows_what_a_port_usually_is(served: WindowUnderTest, qtbot: QtBot) -> None:
    for mode, port, text in (
        (GUN, "4001", f"{USUAL} At the factory settings, 4001 is a live Gateway."),
        (GUN, "7497", f"{USUAL} At the factory settings, 7497 is a paper TWS."),
        (PED, "1234", "Usual here: 4002 (Gateway), 7496 (TWS)."),
        (PED, "1" * 5000, "Usual here: 4002 (Gateway), 7496 (TWS)."),
        (HAMMER, "16400", ""),
    ):
        form = form_of(served, mode)
        form.port.setCurrentText(port)
        assert (port, form.hint.text()) == (port, text)
        close(served, form, qtbot)


def test_that_the_password_is_never_shown_and_only_a_new_one_is_kept(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    form = form_of(served, HAMMER)
    assert form.password.text() == ""
    assert form.password.echoMode() is QLineEdit.EchoMode.Password
    form.password.setText("n3w")
    press(qtbot, form)
    assert service.changes == [(HAMMER, {}, "n3w")]


@pytest.mark.seen
def test_that_testing_a_connection_uses_the_forms_values_and_saves_nothing(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    form = form_of(served, GUN)
    form.host.setText("tws-pc")
    qtbot.mouseClick(form.test_button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert service.changes == []
    assert service.modes == [GUN]
    assert service.tested is not None
    assert service.tested.ibkr[GUN].host == "tws-pc"
    assert form.isVisible()
    form.close()


@pytest.mark.seen
def test_that_the_typed_password_is_the_one_that_is_tested(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    form = form_of(served, HAMMER)
    form.password.setFocus()
    qtbot.keyClicks(form.password, "n3w")  # type: ignore[no-untyped-call]
    qtbot.mouseClick(form.test_button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert service.tested is not None
    assert service.tested.hammer.password == "n3w"
    assert service.changes == []
    form.close()


def test_that_a_refused_value_marks_its_field_and_is_named_as_in_the_form(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    form = form_of(served, GUN)
    service.refusal = SettingsError(
        "[ibkr.gun] client_id: 0 is not accepted; any id but 0.", field="client_id", accepted="any id but 0."
    )
    form.lines["client_id"].setText("0")
    press(qtbot, form)
    assert form.problem.text() == "Client id: any id but 0."
    assert form.lines["client_id"].property("look") == "refused"
    assert form.host.property("look") != "refused"
    service.refusal = None
    form.lines["client_id"].setText("7")
    press(qtbot, form)
    assert service.changes == [(GUN, {"client_id": 7}, "")]


@pytest.mark.seen
def test_that_every_refused_value_is_marked_and_named_and_the_first_has_the_focus(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    form = form_of(served, GUN)
    service.refusal = SeveralSettingsError(
        [
            SettingsError("[ibkr.gun] client_id: no.", field="client_id", accepted="any id but 0."),
            SettingsError("[ibkr.gun] port: no.", field="port", accepted="a whole number."),
            SettingsError("The file cannot be written."),
        ]
    )
    form.port.setCurrentText("0")
    press(qtbot, form)
    texts = ["Client id: any id but 0.", "Port: a whole number.", "The file cannot be written."]
    assert form.problem.text().splitlines() == texts
    assert form.port.property("look") == form.lines["client_id"].property("look") == "refused"
    assert form.host.property("look") != "refused"
    assert form.focusWidget() is form.port
    form.close()


@pytest.mark.seen
def test_that_the_form_grows_for_a_long_refusal_and_squeezes_no_field(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    form = form_of(served, GUN)
    height = form.host.height()
    service.refusal = SettingsError("This computer has no credential store. " * 16)
    form.host.setText("tws")
    press(qtbot, form)
    assert form.problem.height() >= form.problem.heightForWidth(form.problem.width()) > 5 * 12
    assert form.host.height() == height


def test_that_the_form_shows_when_what_is_saved_counts(served: WindowUnderTest, qtbot: QtBot) -> None:
    next_connect = "What is saved counts from the next Connect on."
    next_try = "IBKR_PED is being connected: what is saved counts from the next try on."
    next_time = "IBKR_PED is connected: what is saved counts after Disconnect and Connect."
    for states, message in (
        ((LinkState.IDLE, LinkState.FAILED), next_connect),
        ((LinkState.CONNECTING, LinkState.RECONNECTING), next_try),
        ((LinkState.READY, LinkState.CUT_OFF), next_time),
    ):
        for state in states:
            served.links[PED].be(state)
            form = form_of(served, PED)
            assert (state, form.note.text()) == (state, message)
            close(served, form, qtbot)


@pytest.mark.seen
def test_that_the_form_shows_whether_there_is_a_password_and_begins_with_it_where_it_is_missing(
    open_window: Opener,
) -> None:
    service = Service()
    service.settings = replace(service.settings, hammer=HammerProfile("127.0.0.1", 16400))
    ui = open_window(service=service)
    needed = Problem("Hammer Pro asks for a password.", "None has been entered.", needs_password=True)
    ui.links[HAMMER].be(LinkState.FAILED, problem=needed)
    ui.wait()
    (banner,) = ui.window.banners.banners
    banner.buttons[0].click()
    (form,) = ui.window.findChildren(EditForm)
    assert form.password.placeholderText() == "none yet"
    assert form.focusWidget() is form.password
    assert [button.icon().isNull() for button in form.findChildren(QPushButton)] == [True] * 3
    form.close()


def test_that_the_steps_of_a_test_appear_as_they_end(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    served.window.menus.check.trigger()
    (dialog,) = served.window.findChildren(CheckDialog)
    assert service.modes == [GUN, PED, HAMMER]
    assert dialog.windowTitle() == "Check connections"
    assert dialog.summary.text() == "Trying…"
    for mode in service.modes:
        for name in STEPS[mode]:
            service.reports[0](Step(mode, name, Outcome.OK, 3.0, "fine"))
    assert dialog.summary.text() == "Everything is ok."
    assert dialog.table.rowCount() == sum(len(STEPS[mode]) for mode in service.modes)
    dialog.close()
    assert service.stopped == 1
    qtbot.waitUntil(lambda: not served.window.findChildren(CheckDialog))


def test_that_a_failed_step_names_a_remedy(served: WindowUnderTest, service: Service, qtbot: QtBot) -> None:
    served.window.links_panel.cards[HAMMER].test.trigger()
    (dialog,) = served.window.findChildren(CheckDialog)
    assert dialog.windowTitle() == "Test HAMMER"
    first, *others = STEPS[HAMMER]
    service.reports[0](Step(HAMMER, first, Outcome.FAILED, 3.0, "", "Cannot find it.\nCorrect the host."))
    for name in others:
        service.reports[0](Step(HAMMER, name, Outcome.NOT_REACHED, None))
    assert "Correct the host." in dialog.text()
    assert dialog.summary.text() == (
        "One failed, five were not reached. Record the wires (View) and check again: "
        "then what was said can be read and handed over."
    )
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert QGuiApplication.clipboard().text() == dialog.text()
    qtbot.mouseClick(dialog.again, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert (dialog.summary.text(), dialog.table.rowCount(), len(service.reports)) == ("Trying…", 0, 2)
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    qtbot.waitUntil(lambda: not served.window.findChildren(CheckDialog))


def test_that_without_a_settings_file_the_form_explains_why_nothing_can_be_saved(open_window: Opener) -> None:
    ui = open_window(service=Service(can_change=False))
    form = form_of(ui, GUN)
    assert not form.save_button.isEnabled()
    assert form.test_button.isEnabled()
    assert form.note.text().startswith("Nothing can be saved here: the demo has no settings file.")
    form.close()


def test_that_only_what_is_ticked_connects_at_the_start(open_window: Opener, tmp_path: Path) -> None:
    first = open_window(store=LayoutStore(tmp_path / "ui.json"))
    assert not any(link.is_wanted for link in first.links.values())
    first.window.links_panel.cards[PED].at_start.trigger()
    first.window.close()
    again = open_window(store=LayoutStore(tmp_path / "ui.json"))
    assert [link.is_wanted for link in again.links.values()] == [False, True, False]


def test_that_a_saved_port_is_shown_on_the_card_at_once_or_as_that_of_the_next_connect(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    ui.links[PED].be(LinkState.IDLE)
    ui.links[PED].retarget("127.0.0.1:4711", 12)
    ui.wait()
    assert card_details(ui, PED).startswith("127.0.0.1:4711 · client 12")


def test_that_a_port_saved_after_a_failure_is_shown_beside_the_failed_one(ui: WindowUnderTest) -> None:
    link = ui.links[HAMMER]
    link.be(LinkState.FAILED, problem=hammer_refused(link.status.endpoint))
    link.retarget("127.0.0.1:4711")
    ui.wait()
    assert card_details(ui, HAMMER).startswith(
        "at the next Connect: 127.0.0.1:4711 · Start it, enable its API · 127.0.0.1:16400"
    )


@pytest.mark.seen
def test_that_a_missing_password_is_entered_from_the_banner(served: WindowUnderTest, qtbot: QtBot) -> None:
    problem = replace(PROBLEM, needs_password=True)
    served.links[HAMMER].status = replace(
        served.links[HAMMER].status, state=LinkState.FAILED, problem=problem
    )
    served.wait()
    (banner,) = served.window.banners.banners
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    (form,) = served.window.findChildren(EditForm)
    assert form.password.isVisible()
    form.close()


@pytest.mark.seen
def test_that_each_field_of_a_form_has_an_accessible_name(served: WindowUnderTest, qtbot: QtBot) -> None:
    for mode in served.links:
        form = form_of(served, mode)
        fields = [each for each in form.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        shown = [QAccessible.queryAccessibleInterface(each) for each in fields if each.isVisible()]
        assert len(shown) > 5
        assert all(each.text(QAccessible.Text.Name) for each in shown)
        close(served, form, qtbot)
