"""The three connections side by side, each over its money."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.link import LinkStatus
from psf_monitor.monitor.rows import AccountState, Strip
from psf_monitor.ui.account_strip import AccountStrip, strip_words
from psf_monitor.ui.card_words import card_words
from psf_monitor.ui.link_card import LinkCard
from psf_monitor.ui.theme import Theme


class LinksPanel(QWidget):
    """A card and a strip per account; the total's strip is under HAMMER, whose prices it is made of."""

    toggled = Signal(AccountMode)

    def __init__(self, theme: Theme, modes: Sequence[AccountMode]) -> None:
        super().__init__()
        self.value_pixels = 14
        self.cards = {mode: LinkCard(theme) for mode in modes}
        self.strips = {mode: AccountStrip(theme, lambda: self.value_pixels) for mode in modes}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        for place, mode in enumerate(modes):
            grid.addWidget(self.cards[mode], 0, place)
            grid.addWidget(self.strips[mode], 1, place)
            grid.setColumnStretch(place, 1)
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
            words = card_words(
                mode,
                statuses[mode],
                accounts.get(mode, nobody),
                newest_quote,
                now,
                expects_paper=expects_paper.get(mode, False),
            )
            card.show_words(words)

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
        covers = partial(strip_words, now=now, are_values_hidden=are_values_hidden)
        for mode in IBKR_MODES:
            if mode in self.strips:
                words = covers(mode.short, strips[mode], is_total=False)
                self.strips[mode].show_words(words)
        hammer = self.strips.get(AccountMode.HAMMER_PRO)
        if hammer is not None:
            hammer.show_words(covers("Total", total, is_total=True, left_out=left_out))

    def set_compact(self, is_compact: bool) -> None:
        self.value_pixels = 12 if is_compact else 14
        for strip in self.strips.values():
            strip.update()
