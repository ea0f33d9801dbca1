"""The window's layout as saved between runs, and its file. Independent of widgets.

The file holds how things are arranged but none of their content: no figure, no account, no password.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from psf_monitor import files
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.rules import NEAR_FILL_DISTANCE
from psf_monitor.domain.valuation import MarkRule
from psf_monitor.ui.base.view_options import QUIET_AFTER_MIN, DoubleClick
from psf_monitor.ui.connections.strip_fields import ACCOUNT_FIELDS, TOTAL_FIELDS
from psf_monitor.ui.style.theme import DENSITIES, ZOOMS, Hues, Scheme
from psf_monitor.ui.table.saved_layout import TableLayout

_log = logging.getLogger(__name__)

NOT_READABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The errors of a file that is not a layout."""

SCHEMA = 1
"""Increased whenever an older psf_monitor could misread what a newer one writes."""

_Pixels = Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]

MOST_SYMBOLS = 20
"""The number of shares whose windows are remembered."""


class WindowPlace(Struct, frozen=True):
    """The window's geometry when not maximized, without its frame, in device-independent pixels."""

    x: _Pixels
    y: _Pixels
    width: _Count
    height: _Count
    is_maximised: bool = False


class SymbolLayout(Struct, frozen=True):
    """The window of one share: its place, page, the range of its weights, the smallest print that it lists.

    ``con_id`` is 0 for a share of HAMMER's own account, and in files of earlier versions.
    """

    symbol: str
    place: WindowPlace
    window: str = ""
    least_size: _Count = 0
    con_id: Annotated[int, msgspec.Meta(ge=0)] = 0
    tab: str = ""


class PanelLayout(Struct, frozen=True):
    """A panel by its title: where its own window is or was last, and whether it has one now."""

    name: str
    place: WindowPlace
    is_detached: bool = False


class WindowLayout(Struct, frozen=True):
    """Everything that is remembered. What the trader never changed has its default."""

    schema: int = SCHEMA
    place: WindowPlace | None = None
    splitter: tuple[_Count, ...] = ()
    positions: TableLayout = field(default_factory=TableLayout)
    orders: TableLayout = field(default_factory=TableLayout)
    fills: TableLayout = field(default_factory=TableLayout)
    fill_totals: TableLayout = field(default_factory=TableLayout)
    alerts: TableLayout = field(default_factory=TableLayout)
    fired_alerts: TableLayout = field(default_factory=TableLayout)
    shows_fills: bool = False
    shows_fill_totals: bool = False
    announces_fills: bool = False
    beeps_on_fills: bool = False
    account: str = ""
    theme: Scheme = Scheme.SYSTEM
    is_on_top: bool = False
    are_values_hidden: bool = False
    hues: Hues = Hues.TEAL_ORANGE
    shows_ticks: bool = True
    density: Annotated[int, msgspec.Meta(ge=DENSITIES[0], le=DENSITIES[-1])] = 20
    zoom: Annotated[float, msgspec.Meta(ge=ZOOMS[0], le=ZOOMS[-1])] = 1.0
    is_log_open: bool = False
    quiet_after_min: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = QUIET_AFTER_MIN
    mark: MarkRule = MarkRule.HELD
    near_fill: Annotated[float, msgspec.Meta(ge=0.0, le=10.0)] = NEAR_FILL_DISTANCE
    strip_fields: tuple[str, ...] = ACCOUNT_FIELDS
    total_fields: tuple[str, ...] = TOTAL_FIELDS
    connect_at_start: tuple[AccountMode, ...] = ()
    symbols: tuple[SymbolLayout, ...] = ()
    group: GroupBy = GroupBy.NONE
    shows_exposure: bool = True
    panels: tuple[PanelLayout, ...] = ()
    double_click: DoubleClick = DoubleClick.FILTER
    has_day_fields: bool = False
    """Whether the strips' figures were saved by a version that has those of the day."""


_RENAMED = {"tells_fills": "announces_fills"}
"""The keys of files that earlier versions wrote, and their names in this one."""

_RENAMED_ORDER_COLUMNS = {"other_terms": "attributes"}
_RENAMED_TABS = {"Life": "History"}
"""The same for the columns of the orders, and for the tabs of a share's window."""


_USUAL_BEFORE: dict[tuple[str, ...], tuple[str, ...]] = {
    ("net_liquidation", "excess_liquidity", "day_pnl", "unrealized_pnl"): ACCOUNT_FIELDS,
    ("net_liquidation", "market_value", "day_pnl", "unrealized_pnl"): TOTAL_FIELDS,
}


def chosen_fields(layout: WindowLayout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the figures of a login's and the total's strip; the current defaults if the trader never
    chose.
    """
    fields = (layout.strip_fields, layout.total_fields)
    if layout.has_day_fields:
        return fields
    before = (_USUAL_BEFORE.get(each, each) for each in fields)
    return (next(before), next(before))


class LayoutStore:
    """Reads the file and writes it as a whole: an interrupted run leaves the old file or the new one.

    A file that could neither be read nor set aside is not overwritten: ``is_unread`` until it has been read.
    ``problem`` says why the file is not being written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_unread = False
        self.problem = ""
        self._written: WindowLayout | None = None
        self._reported = ""

    def load(self, waits_s: Sequence[float] = files.BRIEFLY) -> tuple[WindowLayout, str]:
        """Return what was saved, and a sentence if it is unknown; a file that is not a layout is set aside.

        If it is unknown whether values were hidden, they are hidden.
        """
        self.is_unread = False
        try:
            data = files.read(self.path, waits_s)
        except FileNotFoundError:
            return WindowLayout(), ""
        except OSError as error:
            return self._unread(f"Saved layout ({self.path.name}) cannot be read: {files.reason(error)}.")
        try:
            found = _layout_of(data)
        except NOT_READABLE as error:
            return self._set_aside(data, str(error), waits_s)
        if found.schema != SCHEMA:
            return self._set_aside(data, f"its schema is {found.schema}, not {SCHEMA}", waits_s)
        self._written = found
        return found, ""

    def save(self, layout: WindowLayout, waits_s: Sequence[float] = files.BRIEFLY) -> None:
        """Write ``layout`` unless the file has it already. A failure is logged once and retried.

        ``waits_s`` are the seconds to wait for another program that has the file open.
        """
        if layout == self._written or self.is_unread:
            return
        data = msgspec.json.format(msgspec.json.encode(layout), indent=2)
        try:
            files.write_atomic(self.path, data, lambda _written: None, waits_s=waits_s)
        except OSError as error:
            self.problem = f"The layout of the window ({self.path.name}) is not kept: {files.reason(error)}."
            self._report(self.problem)
        else:
            self._written = layout
            self._reported = self.problem = ""

    def _unread(self, sentence: str) -> tuple[WindowLayout, str]:
        self.is_unread = True
        self._report(f"{self.path}: {sentence}")
        return WindowLayout(are_values_hidden=True), f"{sentence} Until it is, defaults are in use."

    def _set_aside(self, data: bytes, why: str, waits_s: Sequence[float]) -> tuple[WindowLayout, str]:
        self._report(f"the layout in {self.path} could not be read: {why}")
        try:
            aside = files.set_aside(self.path, waits_s)
        except OSError as error:
            what = f"Saved layout ({self.path.name}) could not be read, and not be set aside"
            return self._unread(f"{what}: {files.reason(error)}.")
        sentence = f"Saved layout could not be read and was set aside as {aside.name}. Defaults are in use."
        return WindowLayout(are_values_hidden=_may_hide_values(data)), sentence

    def _report(self, text: str) -> None:
        """Log a problem once, as long as it stays the same."""
        if text != self._reported:
            self._reported = text
            _log.warning("%s", text)


class NoLayoutStore(LayoutStore):
    """Remembers nothing: the window opens with its defaults."""

    def __init__(self) -> None:
        super().__init__(Path())

    def load(self, waits_s: Sequence[float] = files.BRIEFLY) -> tuple[WindowLayout, str]:  # noqa: ARG002
        return WindowLayout(), ""

    def save(self, layout: WindowLayout, waits_s: Sequence[float] = files.BRIEFLY) -> None:
        """Write nothing."""


def _layout_of(data: bytes) -> WindowLayout:
    """Return the layout of a file, by whichever version it was written; raise one of ``NOT_READABLE``."""
    read = msgspec.json.decode(data)
    if isinstance(read, dict):
        read = {_RENAMED[key]: read[key] for key in _RENAMED if key in read} | read
    layout = msgspec.convert(read, WindowLayout)
    symbols = tuple(replace(each, tab=_RENAMED_TABS.get(each.tab, each.tab)) for each in layout.symbols)
    return replace(layout, orders=_with_present_columns(layout.orders), symbols=symbols)


def _with_present_columns(orders: TableLayout) -> TableLayout:
    names = _RENAMED_ORDER_COLUMNS
    before = {names[key]: each for key, each in orders.columns.items() if key in names}
    present = {key: each for key, each in orders.columns.items() if key not in names}
    return replace(orders, columns=before | present, sort=names.get(orders.sort, orders.sort))


def _may_hide_values(data: bytes) -> bool:
    """Return whether an unreadable file may belong to a window whose values were hidden."""
    try:
        found = msgspec.json.decode(data)
    except NOT_READABLE:
        return True
    return isinstance(found, dict) and found.get("are_values_hidden", False) is not False
