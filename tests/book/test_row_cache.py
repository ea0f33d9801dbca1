"""Rows that wait are never wrong: a reader sees every row as it is, and every change is reported once."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.row_cache import RowCache

KEYS = st.integers(0, 5)


def test_that_of_many_changed_rows_only_visible_ones_are_recalculated() -> None:
    worked_out: list[int] = []
    world = dict.fromkeys(range(200), "new")

    def work_out(key: int) -> str:
        worked_out.append(key)
        return world[key]

    rows: RowCache[int, str] = RowCache(work_out)
    rows.moved(range(200))
    assert rows.settle({7, 150})
    assert sorted(worked_out) == [7, 150]
    assert rows.drain() == {7: "new", 150: "new"}
    rows.settle({7, 150})
    assert len(worked_out) == 2
    rows.settle()
    assert len(worked_out) == 200
    assert len(rows.drain()) == 198


def test_that_new_and_removed_rows_are_recalculated_whoever_looks() -> None:
    world = {1: "held"}
    rows: RowCache[int, str] = RowCache(world.get)
    rows.add([1])
    rows.settle(())
    assert rows.drain() == {1: "held"}
    del world[1]
    rows.add([1])
    rows.settle(())
    assert rows.drain() == {1: None}
    assert not rows.rows()


def test_that_a_row_that_is_as_it_was_is_not_reported() -> None:
    world = {1: "held"}
    rows: RowCache[int, str] = RowCache(world.get)
    rows.add([1])
    rows.settle()
    rows.drain()
    rows.moved([1])
    assert not rows.settle()
    assert rows.drain() == {}


def test_that_very_many_rows_are_recalculated_in_turns_with_visible_ones_in_each() -> None:
    world = dict.fromkeys(range(10), "new")
    rows: RowCache[int, str] = RowCache(world.get)
    rows.add(world)
    reported: list[list[int]] = []
    while not reported or rows.is_behind:
        rows.settle({9}, most=4)
        reported.append(sorted(rows.drain({9} if rows.is_behind else None)))
        rows.add([9])
    assert reported == [[9], [], list(range(9))]
    assert rows.progress == (10, 10)


def test_that_no_row_waits_for_ever_while_others_are_reported_again_and_again() -> None:
    world = dict.fromkeys(range(10), "new")
    rows: RowCache[int, str] = RowCache(world.get)
    rows.add(world)
    for _ in range(4):
        rows.settle((), most=3)
        rows.add([0, 1, 2])
    assert set(rows.drain()) == set(world)


def test_that_a_row_that_only_moved_is_not_looked_up_again() -> None:
    renewed: list[int] = []
    rows: RowCache[int, str] = RowCache(dict.fromkeys(range(3), "new").get, renewed.extend)
    rows.add([0])
    rows.moved([1, 2])
    rows.schedule_moved()
    assert rows.is_behind
    rows.settle(())
    assert renewed == [0]
    assert set(rows.drain()) == {0, 1, 2}


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("is"), KEYS, st.integers(0, 3)),
            st.tuples(st.just("moves"), KEYS, st.integers(0, 3)),
            st.tuples(st.just("leaves"), KEYS, st.none()),
            st.tuples(st.just("looked at"), KEYS, st.none()),
            st.tuples(st.just("a turn"), KEYS, st.integers(0, 2)),
            st.tuples(st.just("brought up"), st.none(), st.none()),
            st.tuples(st.just("reported"), st.none(), st.none()),
        )
    )
)
def test_that_reported_changes_add_up_to_the_current_rows_in_any_order_of_events(
    events: list[tuple[str, int | None, int | None]],
) -> None:
    world: dict[int | None, int | None] = {}
    seen: dict[int | None, int | None] = {}
    rows: RowCache[int | None, int] = RowCache(world.get)

    def take(reported: Mapping[int | None, int | None]) -> None:
        for key, row in reported.items():
            if row is None:
                seen.pop(key, None)
            else:
                seen[key] = row

    for what, key, value in events:
        if what == "reported":
            take(rows.drain())
        elif what == "looked at":
            rows.settle({key})
            if key in world:
                assert rows.find(key) == world[key]
        elif what == "a turn":
            rows.settle({key}, value)
            assert rows.find(key) == world.get(key)
            take(rows.drain({key} if rows.is_behind else None))
        elif what == "brought up":
            rows.schedule_moved()
        elif what == "leaves":
            world.pop(key, None)
            rows.add([key])
        else:
            is_new = key not in world
            world[key] = value
            (rows.add if what == "is" or is_new else rows.moved)([key])
    rows.settle()
    take(rows.drain())
    assert seen == world
