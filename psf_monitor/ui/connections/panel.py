"""The three connections side by side, each over its account values."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from psf_monitor.book.rows import AccountState
from psf_monitor.book.sums.account_strip import Strip
from psf_monitor.connection.status import LinkStatus
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.ui.connections.card import ConnectionCard
from psf_monitor.ui.connections.card_text import card_text
from psf_monitor.ui.connections.strip import AccountStrip, StripHeading, strip_text
from psf_monitor.ui.connections.strip_fields import ACCOUNT_FIELDS, STRIP_FIELDS, TOTAL_FIELDS, in_order
from psf_monitor.ui.style.menu import Menu
from psf_monitor.ui.style.theme import Theme


class ConnectionsPanel(QWidget):
    """A card and a strip per account; the total's strip is under HAMMER, whose prices it is made of."""

    toggled = Signal(AccountMode)
    fields_changed = Signal()

    def __init__(self, theme: Theme, modes: Sequence[AccountMode]) -> None:
        super().__init__()
        self.value_pixels = 14
        self.account_fields = ACCOUNT_FIELDS
        self.total_fields = TOTAL_FIELDS
        self.cards = {mode: ConnectionCard(theme, f"Ctrl+{n}") for n, mode in enumerate(modes, start=1)}
        self.strips = {mode: AccountStrip(theme, lambda: self.value_pixels) for mode in modes}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        for place, mode in enumerate(modes):
            grid.addWidget(self.cards[mode], 0, place)
            grid.addWidget(self.strips[mode], 1, place)
            grid.setColumnStretch(place, 1)
            self.strips[mode].customContextMenuRequested.connect(
                lambda at, mode=mode: self._pop_up_fields(mode, at)
            )
            self.cards[mode].account.setVisible(mode in IBKR_MODES)
            self.cards[mode].toggled.connect(lambda mode=mode: self.toggled.emit(mode))

    def show_links(
        self,
        statuses: Mapping[AccountMode, LinkStatus],
        accounts: Mapping[AccountMode, AccountState],
        expects_paper: Mapping[AccountMode, bool],
        newest_quote: datetime | None,
        now: datetime,
    ) -> None:
        """Fill the cards."""
        nobody = AccountState()
        for mode, card in self.cards.items():
            text = card_text(
                mode,
                statuses[mode],
                accounts.get(mode, nobody),
                newest_quote,
                now,
                expects_paper=expects_paper.get(mode, False),
                names_account=card.account.isChecked(),
            )
            card.show_text(text)

    def show_money(
        self,
        strips: Mapping[AccountMode, Strip],
        total: Strip,
        left_out: str,
        now: datetime,
        *,
        are_values_hidden: bool,
    ) -> None:
        """Fill the strips; ``left_out`` says what the total does not count."""
        covers = partial(strip_text, now=now, are_values_hidden=are_values_hidden)
        for mode in IBKR_MODES:
            if mode in self.strips:
                text = covers(StripHeading(mode.short), strips[mode], fields=self.account_fields)
                self.strips[mode].show_text(text)
        hammer = self.strips.get(AccountMode.HAMMER_PRO)
        if hammer is not None:
            text = covers(StripHeading("Total", "of IBKR", left_out), total, fields=self.total_fields)
            hammer.show_text(text)

    def choose_fields(self, account: Collection[str], total: Collection[str]) -> None:
        """Show these figures, by key; the default ones if none of them is known."""
        self.account_fields = in_order(account, ACCOUNT_FIELDS)
        self.total_fields = in_order(total, TOTAL_FIELDS)
        self.fields_changed.emit()

    def fields_menu(self, mode: AccountMode) -> QMenu:
        """Return the menu of a strip's figures: the logins' strips share them, the total's are chosen
        separately.
        """
        is_total = mode not in IBKR_MODES
        chosen = self.total_fields if is_total else self.account_fields
        menu = Menu(self)
        for field in STRIP_FIELDS:
            action = menu.addAction(field.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(field.key in chosen)
            # A strip without any figure would look broken.
            action.setEnabled(chosen != (field.key,))
            others = set(chosen) ^ {field.key}
            action.triggered.connect(partial(self._choose, others, is_total))
        menu.addSeparator()
        usual = TOTAL_FIELDS if is_total else ACCOUNT_FIELDS
        menu.addAction("Usual figures").triggered.connect(partial(self._choose, usual, is_total))
        return menu

    def _choose(self, keys: Collection[str], is_total: bool, _is_checked: bool = False) -> None:
        if is_total:
            self.choose_fields(self.account_fields, keys)
        else:
            self.choose_fields(keys, self.total_fields)

    def _pop_up_fields(self, mode: AccountMode, at: QPoint) -> None:
        menu = self.fields_menu(mode)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.strips[mode].mapToGlobal(at))

    def set_narrow(self, is_narrow: bool) -> None:
        self.value_pixels = 12 if is_narrow else 14
        for strip in self.strips.values():
            strip.update()
