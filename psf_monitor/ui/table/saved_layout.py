"""The layout of a table as saved between runs, by column key. Independent of widgets."""

from typing import Annotated

import msgspec
from msgspec import Struct, field

_Width = Annotated[int, msgspec.Meta(ge=20, le=2_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class ColumnLayout(Struct, frozen=True):
    """One column; ``position`` counts from the left over all columns, including hidden ones.

    ``is_picked``: the trader decided whether it is ``visible``; otherwise a narrow window may hide it.
    """

    visible: bool
    width: _Width
    position: _Count
    is_picked: bool = False


class ColumnSet(Struct, frozen=True):
    """An arrangement of columns that the trader gave a name; without ``columns`` it is the table's own.

    ``has_own_widths``: the trader set the widths; otherwise the columns share the room.
    """

    name: str
    columns: dict[str, ColumnLayout] = field(default_factory=dict)
    has_own_widths: bool = False

    def shows_as(self, other: "ColumnSet") -> bool:
        """Return whether both show the same columns in the same order and, if set, widths."""
        return self._as_shown() == other._as_shown()

    def _as_shown(self) -> tuple[bool, dict[str, tuple[bool, int, int]]]:
        return self.has_own_widths, {
            key: (each.visible, each.position, each.width if self.has_own_widths else 0)
            for key, each in self.columns.items()
        }


class TableLayout(Struct, frozen=True):
    """One table by column key. Without ``columns`` the window's width decides about them.

    ``has_own_widths``: the trader set the widths; otherwise the columns share the room. ``sort`` is a
    column's key, empty for the table's own order. ``sets`` are in the order in which they were made.
    """

    columns: dict[str, ColumnLayout] = field(default_factory=dict)
    has_own_widths: bool = False
    is_locked: bool = False
    sort: str = ""
    is_descending: bool = False
    sets: tuple[ColumnSet, ...] = ()
