"""The actions of a card's menu and of Help: edit, test, connect at the start, copy."""

from collections.abc import Collection, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import Settings, SettingsError
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.connections import check_dialog, edit_form
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.banner_text import BannerAction
from psf_monitor.ui.connections.card_text import details
from psf_monitor.ui.connections.panel import ConnectionsPanel

_KEPT_NOWHERE = "Nothing can be saved here: the demo has no settings file. Test tries what is entered."


class ConnectionsController(QObject):
    """Connects cards, banners and the Accounts menu to the links, and the cards' menus to the dialogs."""

    warned = Signal(str)
    """A change of the settings that could not be saved, as a sentence."""

    def __init__(
        self, context: WindowContext, panel: ConnectionsPanel, banners: Banners, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._links = links = context.sources.links
        self._clock = context.clock
        self._theme = context.theme
        self._service = context.service
        self._parent = parent
        self._expects_paper = context.service.expects_paper
        for mode, card in panel.cards.items():
            card.copy_requested.connect(lambda mode=mode: self._copy(mode))
            card.edit.triggered.connect(lambda _checked=False, mode=mode: self.edit(mode))
            card.test.triggered.connect(lambda _checked=False, mode=mode: self.check([mode]))
        panel.toggled.connect(self.toggle)
        banners.clicked.connect(self._on_banner)
        menus = context.menus
        self._record = menus.record
        menus.toggled.connect(self.toggle)
        menus.connect_all.triggered.connect(self.connect_all)
        menus.disconnect_all.triggered.connect(self.disconnect_all)
        menus.check.triggered.connect(lambda: self.check(list(links)))

    def connect_at_start(self) -> None:
        """Connect the links that are set to connect at the start."""
        for mode, card in self._panel.cards.items():
            if card.at_start.isChecked():
                self._links[mode].connect()

    def toggle(self, mode: AccountMode) -> None:
        """Connect an idle or failed link, disconnect any other."""
        link = self._links[mode]
        if link.status.state in (LinkState.IDLE, LinkState.FAILED):
            link.connect()
        else:
            link.disconnect()

    def connect_all(self) -> None:
        """Connect every link."""
        for link in self._links.values():
            link.connect()

    def disconnect_all(self) -> None:
        """Disconnect every link."""
        for link in self._links.values():
            link.disconnect()

    def edit(self, mode: AccountMode) -> None:
        """Open the form of one connection."""
        settings = self._service.settings
        profile = settings.ibkr.get(mode, settings.hammer)
        section = mode.short.lower()
        overruled = {key: source for (of, key), source in settings.overruled.items() if of == section}
        remarks, note = self._remarks(mode, overruled)
        can_save = self._service.can_change
        form = edit_form.EditForm(
            edit_form.EditedProfile(
                mode, profile, remarks, self._when_it_counts(mode) + note if can_save else _KEPT_NOWHERE
            ),
            self._service.change if can_save else None,
            self._test,
            self._parent,
        )
        problem = self._links[mode].status.problem
        if problem is not None and problem.needs_password:
            form.password.setFocus()
        form.show()

    def _remarks(self, mode: AccountMode, overruled: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """Return what counts at the next start instead, by key, and what is wrong with settings.toml."""
        wins = "while that is given, it wins at the next start."
        try:
            in_file = self._service.changed_in_file(mode)
            note = ""
        except SettingsError as error:
            in_file = {}
            note = f" In settings.toml itself: {error}"
        remarks = {
            key: f"settings.toml has {text or 'nothing'} here by now, which counts from the next start on."
            for key, text in in_file.items()
        }
        return remarks | {key: f"Set by {source}: {wins}" for key, source in overruled.items()}, note

    def check(self, modes: Collection[AccountMode], settings: Settings | None = None) -> None:
        """Begin the test and show its steps as they end; ``settings`` are those to test with."""
        start = partial(self._service.check, settings=settings)
        check_dialog.CheckDialog(modes, start, self._parent, self._theme, self._record.isChecked).show()

    def _test(self, mode: AccountMode, values: dict[str, str | int | bool], password: str) -> None:
        self.check([mode], self._service.changed(mode, values, password))

    def _when_it_counts(self, mode: AccountMode) -> str:
        match self._links[mode].status.state:
            case LinkState.IDLE | LinkState.FAILED:
                return "What is saved counts from the next Connect on."
            case LinkState.CONNECTING | LinkState.RECONNECTING:
                return f"{mode.link_name} is being connected: what is saved counts from the next try on."
            case _:
                return f"{mode.link_name} is connected: what is saved counts after Disconnect and Connect."

    def _on_banner(self, mode: AccountMode, action: BannerAction) -> None:
        link = self._links[mode]
        match action:
            case BannerAction.CONNECT:
                link.connect()
            case BannerAction.DISCONNECT:
                link.disconnect()
            case BannerAction.RETRY:
                link.retry_now()
            case BannerAction.EDIT:
                self.edit(mode)
            case BannerAction.EXPECT:
                self._expect_other(mode)
            case BannerAction.RECORD if not self._record.isChecked():
                self._record.trigger()

    def _expect_other(self, mode: AccountMode) -> None:
        """Expect a paper login where a live one was expected, or the other way round."""
        try:
            self._service.expect(mode, is_paper=not self._expects_paper[mode])
        except SettingsError as error:
            self.warned.emit(f"{mode} still expects what it did: {error}")

    def _copy(self, mode: AccountMode) -> None:
        text = self._panel.cards[mode].face.content
        if text is not None:
            QGuiApplication.clipboard().setText(details(text, self._links[mode].status, self._clock()))
