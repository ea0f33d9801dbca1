"""Changed cells are reported in blocks, each once and no others."""

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.ui.table.cells.changed_cells import ChangedCells

CELLS = st.dictionaries(st.integers(0, 12), st.sets(st.integers(0, 8)))


@given(CELLS)
def test_that_the_blocks_are_the_cells_that_changed(cells: dict[int, set[int]]) -> None:
    changed = ChangedCells()
    for row, columns in cells.items():
        changed.add(row, sorted(columns))
    reported = [
        (row, column)
        for top, bottom, first, last in changed.blocks()
        for row in range(top, bottom + 1)
        for column in range(first, last + 1)
    ]
    assert sorted(reported) == sorted((row, column) for row, columns in cells.items() for column in columns)


def test_that_rows_below_each_other_are_one_block_for_each_run_of_columns() -> None:
    changed = ChangedCells()
    for row in (4, 2, 3, 7):
        changed.add(row, (5, 6, 9))
    assert sorted(changed.blocks()) == [(2, 4, 5, 6), (2, 4, 9, 9), (7, 7, 5, 6), (7, 7, 9, 9)]
