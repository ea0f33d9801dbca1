"""The menus and their shortcuts. Nothing here places, changes or cancels an order."""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.valuation import MarkRule
from psf_monitor.ui.base.held_keys import act_once
from psf_monitor.ui.base.view_options import DOUBLE_CLICK_TEXTS, GROUP_TITLES, MARK_TEXTS, DoubleClick
from psf_monitor.ui.style.menu import Menu
from psf_monitor.ui.style.theme import DENSITIES, Hues, Scheme

_SCHEMES = {Scheme.SYSTEM: "Follow &system", Scheme.DARK: "&Dark", Scheme.LIGHT: "&Light"}
_HUES = {Hues.TEAL_ORANGE: "&Teal and orange", Hues.BLUE_ORANGE: "&Blue and orange"}
_HEIGHTS = dict(zip(DENSITIES, ("&Compact", "&Normal", "&Airy"), strict=True))

QUIETS_MIN = (5, 15, 30, 60)
"""The choices of minutes without a change after which a share is marked as quiet."""
_QUIETS = {minutes: f"&{minutes} minutes" for minutes in QUIETS_MIN}

NEAR_FILLS = (0.02, 0.05, 0.1, 0.2)
"""The choices of distance in USD to the other side of the market that count as near fill."""
_NEARS = {distance: f"{distance:.2f}" for distance in NEAR_FILLS}
_MARKS = {rule: f"{text[0].upper()}{text[1:]}" for rule, text in MARK_TEXTS.items()}

_GROUPS = {by: f"&{title}" for by, title in GROUP_TITLES.items()}

Choice = TypeVar("Choice", Scheme, Hues, MarkRule, GroupBy, DoubleClick, int, float)


class Choices(Generic[Choice]):
    """A submenu in which one entry is checked."""

    def __init__(self, menu: QMenu, text: Mapping[Choice, str], chosen: Any) -> None:
        self._chosen = chosen
        group = QActionGroup(menu)
        self.actions: dict[Choice, QAction] = {}
        for each, title in text.items():
            self.actions[each] = action = menu.addAction(title)
            action.setCheckable(True)
            action.triggered.connect(partial(self._on_triggered, each))
            group.addAction(action)

    def _on_triggered(self, chosen: Choice, _is_checked: bool = False) -> None:
        self._chosen.emit(chosen)

    def tick(self, chosen: Choice) -> None:
        self.actions[chosen].setChecked(True)


class Menus(QObject):
    """Builds the menus into a bar and turns clicks into signals."""

    scheme_chosen = Signal(Enum)
    hues_chosen = Signal(Enum)
    density_chosen = Signal(int)
    quiet_chosen = Signal(int)
    """Minutes."""
    mark_chosen = Signal(Enum)
    group_chosen = Signal(Enum)
    double_click_chosen = Signal(Enum)
    near_fill_chosen = Signal(float)
    """USD."""
    zoomed = Signal(int)
    """One step larger (1), smaller (-1), or back to normal (0)."""
    toggled = Signal(AccountMode)

    def __init__(self, bar: QMenuBar, modes: Iterable[AccountMode]) -> None:
        super().__init__(bar)
        file = _menu(bar, "&File")
        self.refresh = _action(file.addAction("Read everything &again"), "F5")
        self.screenshot = _action(file.addAction("&Screenshot"), "Ctrl+Shift+S")
        file.addSeparator()
        self.export = file.addAction("&Export fills…")
        self.gains = file.addAction("Realized &gains…")
        self.snapshot = file.addAction("S&napshot to the journal now")
        file.addSeparator()
        self.quit = _action(file.addAction("&Quit"), "Ctrl+Q")
        self._add_view(_menu(bar, "&View"))
        accounts = _menu(bar, "&Accounts")
        self.links: dict[AccountMode, QAction] = {}
        for number, mode in enumerate(modes, start=1):
            action = _action(accounts.addAction(""), f"Ctrl+{number}")
            action.triggered.connect(lambda _checked=False, mode=mode: self.toggled.emit(mode))
            self.links[mode] = action
        accounts.addSeparator()
        self.connect_all = _action(accounts.addAction("&Connect all"), "Ctrl+Shift+C")
        self.disconnect_all = _action(accounts.addAction("&Disconnect all"), "Ctrl+Shift+D")
        accounts.addSeparator()
        self.local_api = accounts.addAction("&Local API…")
        alerts = _menu(bar, "Aler&ts")
        self.alert_list = _action(alerts.addAction("&List of alerts"), "Ctrl+E")
        self.new_alert = _action(alerts.addAction("&New alert…"), "Ctrl+N")
        self.mute_alerts = _tick(_action(alerts.addAction("&Mute for ten minutes"), "Ctrl+M"))
        help_menu = _menu(bar, "&Help")
        self.keys = _action(help_menu.addAction("&Keyboard"), "F1")
        self.check = help_menu.addAction("&Check connections")
        self.about = help_menu.addAction("&About psf_monitor")

    def _add_view(self, view: Menu) -> None:
        self.schemes = Choices(view.submenu("&Theme"), _SCHEMES, self.scheme_chosen)
        self.hues = Choices(view.submenu("&Gain and loss"), _HUES, self.hues_chosen)
        self.quiets = Choices(view.submenu("Share is &quiet after"), _QUIETS, self.quiet_chosen)
        self.marks = Choices(view.submenu("Positions are &valued at"), _MARKS, self.mark_chosen)
        self.nears = Choices(view.submenu("Near fill &is within"), _NEARS, self.near_fill_chosen)
        self.groups = Choices(view.submenu("Gro&up positions by"), _GROUPS, self.group_chosen)
        self.next_group = _action(view.addAction("Ne&xt grouping"), "Ctrl+G")
        self.double_clicks = Choices(
            view.submenu("Double clic&k on a row"), DOUBLE_CLICK_TEXTS, self.double_click_chosen
        )
        self.densities = Choices(view.submenu("&Row height"), _HEIGHTS, self.density_chosen)
        for text, keys, step in (
            ("&Larger tables", ("Ctrl++", "Ctrl+="), 1),
            ("S&maller tables", ("Ctrl+-",), -1),
            ("Normal si&ze", ("Ctrl+0",), 0),
        ):
            action = _action(view.addAction(text), *keys)
            action.setAutoRepeat(step != 0)
            action.triggered.connect(lambda _checked=False, step=step: self.zoomed.emit(step))
        view.addSeparator()
        self.ticks = _tick(view.addAction("&Flash prices that change"))
        self.ticks.setChecked(True)
        self.curve = _action(view.addAction("Day &P&&L over the day…"), "Ctrl+D")
        self.history = view.addAction("Histor&y of fills…")
        self.announce_fills = _tick(view.addAction("&Say each new fill"))
        self.beep_fills = _tick(view.addAction("&Beep on a new fill"))
        self.hide_values = _tick(_action(view.addAction("&Hide values"), "Ctrl+H"))
        self.on_top = _tick(_action(view.addAction("O&n top"), "Ctrl+T"))
        self.exposure = _tick(view.addAction("&Exposure line"))
        self.exposure.setChecked(True)
        self.detach_positions = _tick(view.addAction("Positions in a windo&w of their own"))
        self.detach_lower = _tick(view.addAction("Or&ders, fills and alerts in a window of their own"))
        self.log = _tick(_action(view.addAction("L&og"), "Ctrl+L"))
        self.record = _tick(view.addAction("Re&cord the wires"))

    def show_links(self, wanted: Mapping[AccountMode, bool]) -> None:
        """Show what a click would do to each link."""
        for mode, action in self.links.items():
            handler = "Disconnect" if wanted[mode] else "Connect"
            text = f"{handler} {mode.link_name}"
            if action.text() != text:
                action.setText(text)


def _menu(bar: QMenuBar, title: str) -> Menu:
    menu = Menu(title, bar)
    bar.addMenu(menu)
    return menu


def _action(action: QAction, *keys: str) -> QAction:
    """Set an action's keys; a held key acts once."""
    action.setShortcuts([QKeySequence(each) for each in keys])
    act_once(action)
    return action


def _tick(action: QAction) -> QAction:
    action.setCheckable(True)
    return action
