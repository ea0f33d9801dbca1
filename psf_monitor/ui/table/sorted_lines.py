"""The lines of a table in the order of its sorting: rows, and headings of groups of rows with their sums."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from msgspec import Struct, field
from PySide6.QtCore import Qt

from psf_monitor.formatting import DASH, HIDDEN
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.columns import Column, R

C = TypeVar("C", contravariant=True)
Rank = float | str | None

_FEW = 4
"""Up to this many rows are inserted or removed one by one; more are sorted at once."""
_TIE = attrgetter("tie")


class Cell(NamedTuple):
    """A cell as drawn; ``is_old``: no longer current, ``is_struck``: a price that must not be used."""

    text: str
    tone: Tone
    is_bold: bool
    is_old: bool
    is_struck: bool


class Heading(Struct, frozen=True):
    """The heading of a group: its name, a note, sums by column, and the values it is sorted by.

    ``amounts`` is a text with money in it that follows the note.

    ``figures`` are text and tone by column key, ``tooltips`` what a sum leaves out or assumes, ``ranks`` the
    sort values by column key; without one the group stays where its first row is.
    """

    name: str
    note: str = ""
    amounts: str = ""
    is_old: bool = False
    figures: Mapping[str, tuple[str, Tone]] = field(default_factory=dict)
    tooltips: Mapping[str, str] = field(default_factory=dict)
    ranks: Mapping[str, Rank] = field(default_factory=dict)

    def note_text(self, *, hides: bool) -> str:
        """Return the note, without its amounts while values are hidden."""
        return self.note if hides or not self.amounts else f"{self.note} · {self.amounts}"

    def cell(self, column: Column[R], hides: bool) -> Cell:
        """Return its cell under ``column``; empty if there is no sum."""
        if column.key == "symbol":
            return Cell(self.name, Tone.TEXT, is_bold=True, is_old=False, is_struck=False)
        text, tone = self.figures.get(column.key, ("", Tone.TEXT))
        if text and text != DASH and hides and column.is_sensitive:
            text, tone = HIDDEN, Tone.TEXT
        return Cell(text, tone, not self.is_old, self.is_old, is_struck=False)


class Line(Struct, Generic[R], eq=False):
    """One row: each of ``cells`` is ``None`` until it is drawn, ``rank`` is the value it was last sorted by,
    ``tie`` breaks a tie.

    ``tints`` holds, per column, whether the figure went up, and the flush that saw it. ``is_matched``: the
    filter shows it. A line with a ``heading`` stands for ``members``; ``row`` is the first of them.
    ``is_member``: it is under such a line, and is indented.
    """

    key: Hashable
    row: R
    rank: Rank
    place: int
    cells: list[Cell | None]
    tints: dict[int, tuple[bool, int]]
    is_matched: bool = False
    heading: Heading | None = None
    members: Sequence["Line[R]"] = ()
    tie: tuple[float | str, ...] = ()
    is_member: bool = False


class LineOrder(Generic[R]):
    """The rows of a table by rank, unknown last, ties in the order of the table.

    Only changed rows are ranked again.
    """

    def __init__(
        self, lines: Mapping[Hashable, Line[R]], tie_of: Callable[[R], tuple[float | str, ...]]
    ) -> None:
        self._lines = lines
        self._tie_of = tie_of
        self._by_tie: list[Line[R]] = []
        self._is_tied = False
        # Added and removed since then.
        self._added: list[Line[R]] = []
        self._removed: list[Line[R]] = []
        self._unranked: set[Line[R]] = set()
        self._ranked_by: Column[R] | None = None

    def on_added(self, line: Line[R]) -> None:
        """Add a row, which has its rank."""
        line.tie = self._tie_of(line.row)
        self._added.append(line)

    def on_removed(self, line: Line[R]) -> None:
        """Remove a row."""
        self._removed.append(line)

    def on_changed(self, line: Line[R]) -> None:
        """Record that a line's row has changed."""
        self._unranked.add(line)
        tie = self._tie_of(line.row)
        if tie != line.tie:
            line.tie = tie
            self._is_tied = False

    def rank(self, column: Column[R]) -> bool:
        """Rank every changed row by a column; return whether any may now belong elsewhere."""
        value, differs = column.value, column is not self._ranked_by or not self._is_tied
        for line in self._unranked if column is self._ranked_by else self._lines.values():
            rank = value(line.row)
            differs = differs or rank != line.rank
            line.rank = rank
        self._ranked_by = column
        self._unranked.clear()
        return differs

    def take_few(self) -> bool:
        """Insert and remove a few rows one by one; return False if there are too many for that."""
        if not self._is_tied or len(self._added) + len(self._removed) > _FEW:
            return False
        for line in self._added:
            insort(self._by_tie, line, key=_TIE)
        for line in self._removed:
            place = bisect_left(self._by_tie, line.tie, key=_TIE)
            del self._by_tie[self._by_tie.index(line, place)]
        self._added.clear()
        self._removed.clear()
        return True

    def arranged(self, *, down: bool) -> list[Line[R]]:
        """Return the rows that the filter shows, in order."""
        if not self.take_few():
            self._by_tie = sorted(self._lines.values(), key=_TIE)
            self._is_tied = True
            self._added.clear()
            self._removed.clear()
        matched = [line for line in self._by_tie if line.is_matched]
        known = [line for line in matched if line.rank is not None]
        known.sort(key=attrgetter("rank"), reverse=down)
        return known + [line for line in matched if line.rank is None]


def stands_before(a: Line[R], b: Line[R], *, down: bool) -> bool:
    """Return whether ``a`` comes before ``b``, or they are equal."""
    if a.rank == b.rank:
        return a.tie <= b.tie
    if a.rank is None or b.rank is None:
        return b.rank is None
    first, second = (b.rank, a.rank) if down else (a.rank, b.rank)
    return first < second  # type: ignore[operator]  # of one column: both are numbers, or both texts


def place_of(line: Line[R], arranged: Sequence[Line[R]], *, down: bool) -> int:
    """Return its place among these, after equal ones."""
    return bisect_left(arranged, True, key=lambda other: not stands_before(other, line, down=down))


class HeadingKey(Struct, frozen=True):
    """The key of a group's line, distinct from the keys of rows."""

    group: Hashable


class Grouping(Protocol[C]):
    """A criterion that groups rows, and makes their headings."""

    def key(self, row: C) -> Hashable:
        """Return the group that a row belongs to."""

    def heading(self, rows: Sequence[C]) -> Heading:
        """Return the heading of these rows, at least two."""


class Groups(Generic[R]):
    """The headings of one table, and which groups are folded: a group of one has no heading.

    ``arrange`` sorts the table's rows again, by their current values if it is given ``True``.
    """

    def __init__(self, arrange: Callable[[bool], None]) -> None:
        self.by: Grouping[R] | None = None
        self._arrange = arrange
        self._lines: dict[Hashable, Line[R]] = {}
        self._folded: set[Hashable] = set()

    def group(self, by: Grouping[R] | None) -> None:
        """Group by this from now on, with everything unfolded; ``None`` ends grouping."""
        self.by = by
        self._lines.clear()
        self._folded.clear()
        self._arrange(True)

    def is_folded(self, line: Line[Any]) -> bool:
        return isinstance(line.key, HeadingKey) and line.key.group in self._folded

    def fold(self, line: Line[Any], *, is_wanted: bool) -> None:
        """Hide the rows under a heading, or show them."""
        if isinstance(line.key, HeadingKey) and is_wanted is not self.is_folded(line):
            (self._folded.add if is_wanted else self._folded.discard)(line.key.group)
            self._arrange(False)

    def toggle(self, line: Line[Any]) -> None:
        """Fold the group of this heading, or unfold it."""
        self.fold(line, is_wanted=not self.is_folded(line))

    def unfold_all(self) -> None:
        """Show the rows of every group."""
        if self._folded:
            self._folded.clear()
            self._arrange(False)

    def headings(self) -> Iterable[Line[R]]:
        return self._lines.values()

    def arranged(
        self, lines: Sequence[Line[R]], column: Column[R], *, down: bool, anew: bool
    ) -> list[Line[R]]:
        """Put sorted rows under the headings of their groups, and these in the order of ``column``.

        Unless it is done ``anew``, existing headings keep their rank.
        """
        if self.by is None:
            for line in lines:
                line.is_member = False
            return list(lines)
        found: dict[Hashable, list[Line[R]]] = {}
        for line in lines:
            found.setdefault(self.by.key(line.row), []).append(line)
        entries: list[tuple[Rank, list[Line[R]]]] = []
        kept: dict[Hashable, Line[R]] = {}
        for group, members in found.items():
            for line in members:
                line.is_member = len(members) > 1
            if len(members) == 1:
                entries.append((members[0].rank, members))
                continue
            heading = kept[group] = self._heading(group, members, column, anew=anew)
            entries.append((heading.rank, [heading] if group in self._folded else [heading, *members]))
        self._lines = kept
        return _sorted(entries, down=down)

    def _heading(
        self, group: Hashable, members: Sequence[Line[R]], column: Column[R], *, anew: bool
    ) -> Line[R]:
        assert self.by is not None
        heading = self.by.heading([line.row for line in members])
        line = self._lines.get(group)
        rank = heading.ranks.get(column.key, members[0].rank) if line is None or anew else line.rank
        if line is None:
            line = Line(HeadingKey(group), members[0].row, rank, -1, [None] * len(members[0].cells), {})
        if heading != line.heading:
            line.cells[:] = [None] * len(line.cells)
        line.row, line.rank, line.heading, line.members = members[0].row, rank, heading, tuple(members)
        return line

    def renew(self, line: Line[R]) -> bool:
        """Add up a group again; return whether its heading changed."""
        assert self.by is not None
        heading = self.by.heading([member.row for member in line.members])
        differs = heading != line.heading
        if differs:
            line.heading = heading
            line.cells[:] = [None] * len(line.cells)
        return differs


def cell_data(cell: Cell, column: Column[Any], role: int, theme: Theme) -> Any:
    """Return what Qt requests of a cell, except its tooltip."""
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return cell.text
        case Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column.is_left else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        case Qt.ItemDataRole.ForegroundRole:
            return theme.colour(Tone.STALE if cell.is_old else cell.tone)
        case Qt.ItemDataRole.FontRole:
            return theme.font(bold=cell.is_bold, italic=cell.is_old, strike=cell.is_struck)
        case Qt.ItemDataRole.AccessibleTextRole:
            old = ", old" if cell.is_old else ""
            return f"{column.title} {cell.text}{old}"
    return None


def title_data(column: Column[Any], role: int) -> Any:
    """Return what Qt requests of a column's title."""
    texts = {
        Qt.ItemDataRole.DisplayRole: column.title,
        Qt.ItemDataRole.AccessibleTextRole: f"{column.title}, {column.band}",
        Qt.ItemDataRole.ToolTipRole: column.about or None,
    }
    return texts.get(Qt.ItemDataRole(role))


def rows_under(lines: Iterable[Line[R]]) -> list[Line[R]]:
    """Return the lines of rows among these, without duplicates; a heading stands for all of its group."""
    listed = list(lines)
    if not any(line.heading for line in listed):
        return listed
    found = {id(row): row for line in listed for row in (line.members if line.heading else (line,))}
    return list(found.values())


def _sorted(entries: list[tuple[Rank, list[Line[R]]]], *, down: bool) -> list[Line[R]]:
    """Sort by rank, unknown last in both directions; groups of equal rank keep their order."""
    known = [(rank, lines) for rank, lines in entries if rank is not None]
    known.sort(key=lambda entry: entry[0], reverse=down)
    unknown = [lines for rank, lines in entries if rank is None]
    return [line for lines in (*(lines for _, lines in known), *unknown) for line in lines]
