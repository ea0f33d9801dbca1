"""Which columns a table shows, in which order and how wide: by column key, never by place."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHeaderView

from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.columns import Column
from psf_monitor.ui.table.saved_layout import ColumnLayout, ColumnSet

PADDING = 5
"""Pixels on each side of the text of a cell or title."""
ARROW_ROOM = 18
"""Pixels at the left of a heading in which a click folds its group."""
_LEAST_SCALE = 0.96
"""How far a column without a least width shrinks before the table scrolls sideways."""
_MOST_SCALE = 1.25
"""How far columns grow on a wide screen, so that bid stays beside ask; the rest stays free on the right."""
_WIDEST_TEXT = 240
"""Pixels up to which a column grows for its longest text: a sentence is read in its tooltip."""
_NARROWEST, _WIDEST = 20, 2_000


class ColumnArrangement(QObject):
    """The columns of one header.

    The window's width decides about columns that the trader has neither shown nor hidden. Until the trader
    drags a width, the columns share the available room; one whose texts are elided gets more of it, as far as
    the others can spare it.
    """

    changed = Signal()

    def __init__(self, header: QHeaderView, columns: Sequence[Column[Any]], theme: Theme) -> None:
        super().__init__(header)
        self._header = header
        self.columns = columns
        self._theme = theme
        self._room = 0
        self._needed: dict[int, int] = {}
        self._is_narrow = False
        self._picks: dict[str, bool] = {}
        self._later: dict[str, ColumnLayout] = {}
        self._has_own_order = False
        self._has_own_widths = False
        self._is_busy = False
        self.is_locked = False
        header.sectionMoved.connect(self._on_moved)
        header.sectionResized.connect(self._on_resized)
        theme.changed.connect(self._on_theme)

    @property
    def has_own_widths(self) -> bool:
        return self._has_own_widths

    @property
    def shown(self) -> list[int]:
        """Return the places in ``columns`` of the visible columns, from left to right."""
        header = self._header
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [section for section in order if not header.isSectionHidden(section)]

    def is_shown(self, key: str) -> bool:
        return not self._header.isSectionHidden(self._section(key))

    @property
    def sorted_by(self) -> str:
        """Return the key of the column by which the rows are sorted."""
        return self.columns[self._header.sortIndicatorSection()].key

    # Called by the window.

    def set_narrow(self, is_narrow: bool) -> None:
        """Hide the less important columns, except those that the trader has chosen."""
        self._is_narrow = is_narrow
        with self._arranging():
            self._pick()
            self._share()

    def set_room(self, width: int) -> None:
        """Set the width in pixels that the columns share."""
        self._room = width
        with self._arranging():
            self._share()

    def widen(self, needed: Mapping[int, int]) -> None:
        """Give these columns the width in pixels that their texts need, by section."""
        most = self._theme.zoomed(_WIDEST_TEXT)
        capped = {section: min(width, most) for section, width in needed.items()}
        if any(width > self._needed.get(section, 0) for section, width in capped.items()):
            self._needed |= capped
            with self._arranging():
                self._share()

    def least_width(self) -> int:
        """Return the width below which the table scrolls sideways."""
        if self._has_own_widths:
            return sum(self._header.sectionSize(section) for section in self.shown)
        return sum(least for _section, _width, least in self._shares())

    def restore_columns(self, new: Collection[str]) -> None:
        """Restore the remembered layout of the columns with these keys, which were added behind the
        others.
        """
        header = self._header
        with self._arranging():
            remembered = {key: self._later.pop(key) for key in new if key in self._later}
            self._picks |= {key: each.visible for key, each in remembered.items() if each.is_picked}
            self._pick()
            for key in sorted(remembered, key=lambda key: remembered[key].position):
                section, layout = self._section(key), remembered[key]
                header.moveSection(header.visualIndex(section), min(layout.position, header.count() - 1))
                if self._has_own_widths and not header.isSectionHidden(section):
                    header.resizeSection(section, layout.width)
            self._share()
        self.changed.emit()

    # The trader's actions.

    def show_column(self, key: str, *, is_wanted: bool) -> None:
        """Show or hide one column. The last visible one stays."""
        section = self._section(key)
        if is_wanted is self.is_shown(key) or (not is_wanted and len(self.shown) == 1):
            return
        self._picks[key] = is_wanted
        with self._arranging():
            self._header.setSectionHidden(section, not is_wanted)
            if is_wanted and self._has_own_widths and self._header.sectionSize(section) <= _NARROWEST:
                self._header.resizeSection(section, self._theme.zoomed(self.columns[section].width))
            self._share()
        self.changed.emit()

    def sort_by(self, key: str) -> None:
        """Sort by this column as a click on its title does: the second time in the other direction."""
        header, order = self._header, Qt.SortOrder.AscendingOrder
        if key == self.sorted_by and header.sortIndicatorOrder() is order:
            order = Qt.SortOrder.DescendingOrder
        header.setSortIndicator(self._section(key), order)

    def fit(self) -> None:
        """Let the visible columns share the room again."""
        self._has_own_widths = False
        self._needed.clear()
        with self._arranging():
            self._share()
        self.changed.emit()

    def lock(self, is_wanted: bool) -> None:
        """Lock the columns, which then cannot be moved or resized by accident."""
        self.is_locked = is_wanted
        self._header.setSectionsMovable(not is_wanted)
        mode = QHeaderView.ResizeMode.Fixed if is_wanted else QHeaderView.ResizeMode.Interactive
        self._header.setSectionResizeMode(mode)

    def reset(self) -> None:
        """Reset to the columns that fit the window's width, in the order of the table."""
        self._picks.clear()
        self._later.clear()
        self._needed.clear()
        self._has_own_order = self._has_own_widths = False
        with self._arranging():
            self._put_in_order([column.key for column in self.columns])
            self._pick()
            self._share()
        self.changed.emit()

    # Saving.

    def saved(self) -> dict[str, ColumnLayout]:
        """Return every column by key; nothing if the trader has changed nothing."""
        header = self._header
        if not (self._picks or self._has_own_order or self._has_own_widths):
            return dict(self._later)
        return self._later | {
            column.key: ColumnLayout(
                visible=self._picks.get(column.key, not column.is_optional),
                width=min(max(header.sectionSize(section) or column.width, _NARROWEST), _WIDEST),
                position=header.visualIndex(section),
                is_picked=column.key in self._picks,
            )
            for section, column in enumerate(self.columns)
        }

    def restore(self, columns: dict[str, ColumnLayout], *, has_own_widths: bool) -> None:
        """Restore the known ones of ``columns``. A column added by a later version stays beside its
        neighbour.
        """
        known = {column.key for column in self.columns} & columns.keys()
        self._later = {key: layout for key, layout in columns.items() if key not in known}
        if not any(columns[key].visible for key in known):
            return
        self._picks = {
            key: each.visible
            for key in known
            if (each := columns[key]).is_picked
            or each.visible is self.columns[self._section(key)].is_optional
        }
        self._has_own_order = True
        self._has_own_widths = has_own_widths
        order = sorted(known, key=lambda key: columns[key].position)
        before = ""
        for column in self.columns:
            if column.key not in known:
                order.insert(order.index(before) + 1 if before else 0, column.key)
            before = column.key
        with self._arranging():
            self._pick()
            self._put_in_order(order)
            for key in known:
                section = self._section(key)
                if has_own_widths and not self._header.isSectionHidden(section):
                    self._header.resizeSection(section, columns[key].width)
            self._share()
        self.changed.emit()

    def saved_as(self, name: str) -> ColumnSet:
        """Return the arrangement as a set with this name."""
        return ColumnSet(name, self.saved(), self._has_own_widths)

    def apply(self, chosen: ColumnSet) -> None:
        """Arrange the columns as in a set."""
        if chosen.columns:
            self.restore(chosen.columns, has_own_widths=chosen.has_own_widths)
        else:
            self.reset()

    # Internals.

    def _section(self, key: str) -> int:
        return next(i for i, column in enumerate(self.columns) if column.key == key)

    def _pick(self) -> None:
        for section, column in enumerate(self.columns):
            is_left_out = column.is_optional or (self._is_narrow and column.is_wide_only)
            self._header.setSectionHidden(section, not self._picks.get(column.key, not is_left_out))

    def _put_in_order(self, keys: list[str]) -> None:
        for place, key in enumerate(keys):
            self._header.moveSection(self._header.visualIndex(self._section(key)), place)

    def _share(self) -> None:
        """Give each visible column its share of the room, unless the trader has set the widths."""
        if self._has_own_widths or self._room <= 0:
            return
        widths = _shared(self._shares(), self._room)
        lacking = [section for section in widths if widths[section] < self._needed.get(section, 0)]
        if lacking:
            widths = self._shared_by_need(lacking)
        for section, width in widths.items():
            self._header.resizeSection(section, width)

    def _shared_by_need(self, lacking: Sequence[int]) -> dict[int, int]:
        """Return the widths if these columns get what they need, as far as the others can spare it."""
        shares = self._shares()
        spare = self._room - sum(least for _section, _width, least in shares)
        fixed = {}
        for section, _width, least in shares:
            if section in lacking:
                more = max(min(self._needed[section] - least, spare), 0)
                fixed[section] = least + more
                spare -= more
        others = [share for share in shares if share[0] not in fixed]
        return fixed | _shared(others, self._room - sum(fixed.values()))

    def _shares(self) -> list[tuple[int, int, int]]:
        """Return each visible column with its preferred and its least width."""
        columns = ((section, self.columns[section]) for section in self.shown)
        zoomed = self._theme.zoomed
        return [
            (section, zoomed(c.width), zoomed(c.least or int(c.width * _LEAST_SCALE)))
            for section, c in columns
        ]

    @contextmanager
    def _arranging(self) -> Iterator[None]:
        """Mark changes made here, so that they do not count as the trader's. They may nest."""
        was_busy, self._is_busy = self._is_busy, True
        try:
            yield
        finally:
            self._is_busy = was_busy

    def _on_theme(self) -> None:
        self._needed.clear()

    def _on_moved(self, *_places: int) -> None:
        if not self._is_busy:
            self._has_own_order = True
            self.changed.emit()

    def _on_resized(self, _section: int, before: int, now: int) -> None:
        # Qt hides the hidden columns again whenever rows move; no trader sets a width of 0.
        if not self._is_busy and before and now:
            self._has_own_widths = True
            self.changed.emit()


def _shared(shares: Sequence[tuple[int, int, int]], room: int) -> dict[int, int]:
    """Return the width of each column, from its preferred and its least width, in this room."""
    natural = sum(width for _section, width, _least in shares)
    narrowest = sum(least for _section, _width, least in shares)
    room = max(room, narrowest)
    found = {}
    edge = 0
    right = 0.0
    for section, width, least in shares:
        if room >= natural:
            right += width * min(room / natural, _MOST_SCALE)
        else:
            right += least + (width - least) * (room - narrowest) / (natural - narrowest)
        found[section] = round(right) - edge
        edge = round(right)
    return found
