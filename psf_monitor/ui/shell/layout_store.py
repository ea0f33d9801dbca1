"""What the window remembers between two runs, and the one file it stands in. Knows no widget.

The file holds how things are laid out and nothing of what they say: no figure, no account, no password.
"""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.valuation import NEAR_FILL_DISTANCE, MarkRule
from psf_monitor.files import write_atomic
from psf_monitor.ui.connections.strip_fields import ACCOUNT_FIELDS, TOTAL_FIELDS
from psf_monitor.ui.positions.columns import QUIET_AFTER_MIN
from psf_monitor.ui.style.theme import DENSITIES, ZOOMS, Hues, Scheme

_log = logging.getLogger(__name__)

SCHEMA = 1
"""Raised whenever an older psf_monitor could misread what a newer one writes."""

_Pixels = Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]
_Width = Annotated[int, msgspec.Meta(ge=20, le=2_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the window stands when it is not maximised, without its frame, in device-independent pixels."""

    x: _Pixels
    y: _Pixels
    width: _Count
    height: _Count
    is_maximised: bool = False


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """One column; ``position`` counts from the left over all columns, the hidden ones too."""

    visible: bool
    width: _Width
    position: _Count


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table by column key. No ``columns``: the window's width picks them.

    ``has_own_widths``: the trader set the widths; without it the columns share the room.
    ``sort`` is a column's key, empty for the table's own order.
    """

    columns: dict[str, ColumnLayout] = field(default_factory=dict)
    has_own_widths: bool = False
    is_locked: bool = False
    sort: str = ""
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class WindowLayout:
    """All that is remembered. What the trader never touched keeps its default."""

    schema: int = SCHEMA
    place: Place | None = None
    splitter: tuple[_Count, ...] = ()
    positions: TableLayout = field(default_factory=TableLayout)
    orders: TableLayout = field(default_factory=TableLayout)
    fills: TableLayout = field(default_factory=TableLayout)
    fill_totals: TableLayout = field(default_factory=TableLayout)
    shows_fills: bool = False
    shows_fill_totals: bool = False
    tells_fills: bool = False
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


class LayoutStore:
    """Reads the file once and writes it whole. A run that is cut off leaves the old file or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: WindowLayout | None = None
        self._is_problem_reported = False

    def load(self) -> tuple[WindowLayout, str]:
        """What was remembered, and a sentence when it could not be read; then the file is set aside."""
        try:
            found = msgspec.json.decode(self.path.read_bytes(), type=WindowLayout)
        except FileNotFoundError:
            return WindowLayout(), ""
        except (OSError, msgspec.DecodeError) as error:
            return WindowLayout(), self._set_aside(str(error))
        if found.schema != SCHEMA:
            return WindowLayout(), self._set_aside(f"its schema is {found.schema}, not {SCHEMA}")
        self._written = found
        return found, ""

    def save(self, layout: WindowLayout) -> None:
        """Write ``layout`` unless the file says it already. A disk that refuses is logged once."""
        if layout == self._written:
            return
        self._written = layout
        data = msgspec.json.format(msgspec.json.encode(layout), indent=2)
        try:
            write_atomic(self.path, data, lambda _written: None)
        except OSError as error:
            if not self._is_problem_reported:
                self._is_problem_reported = True
                _log.warning("the layout of the window is not kept: %s", error)

    def _set_aside(self, why: str) -> str:
        aside = self.path.with_name(f"{self.path.name}.bad")
        _log.warning("the layout in %s could not be read: %s", self.path, why)
        try:
            self.path.replace(aside)
        except OSError as error:
            _log.warning("%s could not be set aside: %s", self.path, error)
            return "Saved layout could not be read. Defaults are in use."
        return f"Saved layout could not be read and was set aside as {aside.name}. Defaults are in use."
