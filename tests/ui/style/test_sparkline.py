"""A position's day as small as a cell."""

from math import nan

import pytest

from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.style.sparkline import BEGIN, END, runs_of
from tests.ui.window import WindowUnderTest, fill


def test_that_only_known_minutes_of_the_session_are_joined() -> None:
    minutes = [nan] * BEGIN + [1.0, 2.0, nan, 4.0]
    minutes[BEGIN - 1] = 9.0
    assert runs_of(minutes) == [[(BEGIN, 1.0), (BEGIN + 1, 2.0)], [(BEGIN + 3, 4.0)]]
    assert runs_of([5.0] * (END + 100))[0][-1] == (END, 5.0)
    assert runs_of([]) == []


def test_that_the_line_is_hidden_at_first_and_drawn_when_it_is_asked_for(ui: WindowUnderTest) -> None:
    fill(ui)
    column = POSITIONS.columns[POSITIONS.index("day_line")]
    assert column.is_optional
    panel = ui.window.positions
    panel.view.setColumnHidden(POSITIONS.index("day_line"), False)
    ui.window.show()
    before = panel.view.viewport().grab().toImage()
    curve = ui.book.day.curve
    curve.sample(ui.book)
    ui.clock.advance(60)
    curve.sample(ui.book)
    row = panel.model.line(0).row
    shown = panel.model.columns[POSITIONS.index("day_line")].line
    assert shown is not None
    assert [each for each in shown(row) if each == each] == pytest.approx([row.day_pnl, row.day_pnl])
    assert panel.view.viewport().grab().toImage() != before
