"""A form says under a field which other value counts at the next start, and why."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from psf_monitor.settings import SettingsError
from psf_monitor.ui.connections.edit_form import EditForm
from tests.support.records import GUN, PED
from tests.ui.connections.test_controller import close, form_of
from tests.ui.service import Service
from tests.ui.window import HAMMER, WindowUnderTest

pytestmark = pytest.mark.unseen


def test_that_the_form_names_the_source_that_wins_over_what_is_saved(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    overruled = {
        ("gun", "port"): "--gun-port",
        ("hammer", "host"): "HAMMER_HOST (environment)",
        ("hammer", "password"): "HAMMER_PASSWORD (.env)",
    }
    service.settings = replace(service.settings, overruled=overruled)
    wins = "while that is given, it wins at the next start."
    of_hammer = [f"Set by HAMMER_HOST (environment): {wins}", f"Set by HAMMER_PASSWORD (.env): {wins}"]
    for mode, message in ((GUN, [f"Set by --gun-port: {wins}"]), (PED, []), (HAMMER, of_hammer)):
        form = form_of(served, mode)
        assert [
            text.text() for text in form.findChildren(QLabel) if text.text().startswith("Set by")
        ] == message
        close(served, form, qtbot)


def hints(form: EditForm) -> list[str]:
    return [each.text() for each in form.findChildren(QLabel) if each.property("look") == "hint"]


def test_that_the_form_says_what_settings_toml_has_by_now_for_the_next_start(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    service.in_file = {GUN: {"port": "41999", "account_id": "", "reconnect": "false", "expects": "paper"}}
    service.settings = replace(service.settings, overruled={("gun", "expects"): "TRADING_MODE (environment)"})
    form = form_of(served, GUN)
    counts = "here by now, which counts from the next start on."
    wins = "Set by TRADING_MODE (environment): while that is given, it wins at the next start."
    assert [text for text in hints(form) if "next start" in text] == [
        f"settings.toml has 41999 {counts}",
        f"settings.toml has nothing {counts}",
        wins,
        f"settings.toml has false {counts}",
    ]
    close(served, form, qtbot)


def test_that_the_form_opens_and_says_so_when_settings_toml_cannot_be_read_by_now(
    served: WindowUnderTest, service: Service, qtbot: QtBot
) -> None:
    service.refusal = SettingsError("[ibkr.gun] port: 'x' is not accepted.")
    form = form_of(served, GUN)
    assert form.note.text().endswith(" In settings.toml itself: [ibkr.gun] port: 'x' is not accepted.")
    assert form.save_button.isEnabled()
    close(served, form, qtbot)
