"""The lines of a table: rows, and the headings of groups of rows with what they add up to."""

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
"""So many rows come and go one by one sooner than all are put in order."""
_TIE = attrgetter("tie")


class Cell(NamedTuple):
    """A cell as it is drawn; ``is_old`` is no longer current, ``is_struck`` a price that must not be used."""

    text: str
    tone: Tone
    is_bold: bool
    is_old: bool
    is_struck: bool


class Heading(Struct, frozen=True):
    """What stands over a group: its name, a note, sums by column, and by what it is sorted.

    ``amounts`` is a text with money in it that goes on where the note ends.

    ``figures`` are text and tone by column key, ``ranks`` the values by column key; a column without one
    leaves the group where its first row is.
    """

    name: str
    note: str = ""
    amounts: str = ""
    is_old: bool = False
    figures: Mapping[str, tuple[str, Tone]] = field(default_factory=dict)
    ranks: Mapping[str, Rank] = field(default_factory=dict)

    def note_text(self, *, is_covered: bool) -> str:
        """The note, without its amounts where values are covered."""
        return self.note if is_covered or not self.amounts else f"{self.note} · {self.amounts}"

    def cell(self, column: Column[R], is_covered: bool) -> Cell:
        """Its cell under ``column``; empty where nothing is added up."""
        if column.key == "symbol":
            return Cell(self.name, Tone.TEXT, is_bold=True, is_old=False, is_struck=False)
        text, tone = self.figures.get(column.key, ("", Tone.TEXT))
        if text and text != DASH and is_covered and column.is_private:
            text, tone = HIDDEN, Tone.TEXT
        return Cell(text, tone, not self.is_old, self.is_old, is_struck=False)


class Line(Struct, Generic[R], eq=False):
    """One row: each of ``cells`` is ``None`` until somebody looks, ``rank`` is what it was last sorted by,
    ``tie`` what breaks a tie.

    ``tints`` holds, per column, whether the figure went up, and the flush that saw it. ``is_matched``: the
    filter lets it be seen. A line with a ``heading`` stands for ``members``; ``row`` is the first of them.
    ``is_member``: it stands under such a line, and begins further in than one that has none over it.
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
    """The rows of a table by their ranks, the unknown last, ties in the order of the table.

    Only of a row that is another one than before it is asked again how it ranks.
    """

    def __init__(
        self, lines: Mapping[Hashable, Line[R]], tie_of: Callable[[R], tuple[float | str, ...]]
    ) -> None:
        self._lines = lines
        self._tie_of = tie_of
        self._by_tie: list[Line[R]] = []
        self._is_tied = False
        # What has come and gone since then.
        self._come: list[Line[R]] = []
        self._gone: list[Line[R]] = []
        self._unranked: set[Line[R]] = set()
        self._ranked_by: Column[R] | None = None

    def on_come(self, line: Line[R]) -> None:
        """There is one more, which has its rank."""
        line.tie = self._tie_of(line.row)
        self._come.append(line)

    def on_gone(self, line: Line[R]) -> None:
        """There is one less."""
        self._gone.append(line)

    def on_changed(self, line: Line[R]) -> None:
        """Its row is another one."""
        self._unranked.add(line)
        tie = self._tie_of(line.row)
        if tie != line.tie:
            line.tie = tie
            self._is_tied = False

    def rank(self, column: Column[R]) -> bool:
        """Give every row its rank in a column, by what it is now; whether any may belong elsewhere now."""
        value, differs = column.value, column is not self._ranked_by or not self._is_tied
        for line in self._unranked if column is self._ranked_by else self._lines.values():
            rank = value(line.row)
            differs = differs or rank != line.rank
            line.rank = rank
        self._ranked_by = column
        self._unranked.clear()
        return differs

    def take_few(self) -> bool:
        """Take what came and went, if that is so little that all others stay in order."""
        if not self._is_tied or len(self._come) + len(self._gone) > _FEW:
            return False
        for line in self._come:
            insort(self._by_tie, line, key=_TIE)
        for line in self._gone:
            place = bisect_left(self._by_tie, line.tie, key=_TIE)
            del self._by_tie[self._by_tie.index(line, place)]
        self._come.clear()
        self._gone.clear()
        return True

    def arranged(self, *, down: bool) -> list[Line[R]]:
        """The rows that the filter lets be seen, in order."""
        if not self.take_few():
            self._by_tie = sorted(self._lines.values(), key=_TIE)
            self._is_tied = True
            self._come.clear()
            self._gone.clear()
        matched = [line for line in self._by_tie if line.is_matched]
        known = [line for line in matched if line.rank is not None]
        known.sort(key=attrgetter("rank"), reverse=down)
        return known + [line for line in matched if line.rank is None]


def stands_before(a: Line[R], b: Line[R], *, down: bool) -> bool:
    """Whether ``a`` is arranged before ``b``, or nothing tells them apart."""
    if a.rank == b.rank:
        return a.tie <= b.tie
    if a.rank is None or b.rank is None:
        return b.rank is None
    first, second = (b.rank, a.rank) if down else (a.rank, b.rank)
    return first < second  # type: ignore[operator]  # of one column: both are numbers, or both texts


def place_of(line: Line[R], arranged: Sequence[Line[R]], *, down: bool) -> int:
    """Where it belongs among these, behind what nothing tells it from."""
    return bisect_left(arranged, True, key=lambda other: not stands_before(other, line, down=down))


class HeadingKey(Struct, frozen=True):
    """Tells the line of a group from the lines of rows."""

    group: Hashable


class Grouping(Protocol[C]):
    """What rows have in common, and what stands over those that have it in common."""

    def key(self, row: C) -> Hashable:
        """The group that a row belongs to."""

    def heading(self, rows: Sequence[C]) -> Heading:
        """What stands over these, two at least."""


class Groups(Generic[R]):
    """The headings of one table, and which groups are folded: a group of one has none.

    ``arrange`` puts the table's rows in order again, by what they are now if it is given ``True``.
    """

    def __init__(self, arrange: Callable[[bool], None]) -> None:
        self.by: Grouping[R] | None = None
        self._arrange = arrange
        self._lines: dict[Hashable, Line[R]] = {}
        self._folded: set[Hashable] = set()

    def group(self, by: Grouping[R] | None) -> None:
        """Group by this from now on, everything unfolded; by nothing for ``None``."""
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
        """Put sorted rows under the headings of their groups, those in the order of ``column``.

        Unless it is done ``anew``, headings that were there keep the rank that they had.
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
        """Add up a group again; whether its heading differs."""
        assert self.by is not None
        heading = self.by.heading([member.row for member in line.members])
        differs = heading != line.heading
        if differs:
            line.heading = heading
            line.cells[:] = [None] * len(line.cells)
        return differs


def cell_data(cell: Cell, column: Column[Any], role: int, theme: Theme) -> Any:
    """What Qt asks of a cell, but for its tooltip."""
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
    """What Qt asks of the title of a column."""
    texts = {
        Qt.ItemDataRole.DisplayRole: column.title,
        Qt.ItemDataRole.AccessibleTextRole: f"{column.title}, {column.band}",
        Qt.ItemDataRole.ToolTipRole: column.about or None,
    }
    return texts.get(Qt.ItemDataRole(role))


def rows_under(lines: Iterable[Line[R]]) -> list[Line[R]]:
    """The lines of rows among these, which are each another; a heading stands for all of its group."""
    listed = list(lines)
    if not any(line.heading for line in listed):
        return listed
    found = {id(row): row for line in listed for row in (line.members if line.heading else (line,))}
    return list(found.values())


def _sorted(entries: list[tuple[Rank, list[Line[R]]]], *, down: bool) -> list[Line[R]]:
    """By rank, the unknown last in both directions; groups of one rank keep their order."""
    known = [(rank, lines) for rank, lines in entries if rank is not None]
    known.sort(key=lambda entry: entry[0], reverse=down)
    unknown = [lines for rank, lines in entries if rank is None]
    return [line for lines in (*(lines for _, lines in known), *unknown) for line in lines]
