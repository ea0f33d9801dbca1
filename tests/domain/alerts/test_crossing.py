"""Exactly one telling for each crossing, whatever the path of the price."""

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.domain.alerts.crossing import NEW, Crossing, FigureState, condition_step, distance_back
from tests.conftest import named_in_failure

LEVEL = 24.5
CENTS = st.integers(2440, 2460).map(lambda cents: cents / 100)


def fired_at(path: list[float], direction: Direction = Direction.UP, *, is_again: bool = True) -> list[int]:
    """Return at which figures of the path it fires."""
    crossing, watch, at = Crossing(LEVEL, direction, 0.02, is_again), NEW, []
    for place, figure in enumerate(path):
        watch, is_reported = crossing.step(watch, figure)
        if is_reported:
            at.append(place)
    return at


def expected_upward(path: list[float]) -> list[int]:
    """The same by looking back over the whole path for each of its figures."""
    at: list[int] = []
    for place in range(1, len(path)):
        if not path[place - 1] < LEVEL <= path[place]:
            continue
        since = path[at[-1] : place] if at else path[:place]
        if not at or min(since) <= round(LEVEL - 0.02, 2):
            at.append(place)
    return at


def test_that_a_level_is_crossed() -> None:
    for path, direction, at in (
        ([24.4, 24.5], Direction.UP, [1]),
        ([24.4, 24.6], Direction.UP, [1]),
        ([24.6, 24.7], Direction.UP, []),
        ([24.5, 24.6], Direction.UP, []),
        ([24.6, 24.4, 24.5], Direction.UP, [2]),
        ([24.4, 24.5, 24.49, 24.5], Direction.UP, [1]),
        ([24.4, 24.5, 24.48, 24.5], Direction.UP, [1, 3]),
        ([24.6, 24.5], Direction.DOWN, [1]),
        ([24.4, 24.3], Direction.DOWN, []),
        ([24.4, 24.6], Direction.EITHER, [1]),
        ([24.6, 24.4], Direction.EITHER, [1]),
        ([24.6, 24.5], Direction.EITHER, [1]),
        ([24.4, 24.6, 24.4, 24.6], Direction.EITHER, [1, 2, 3]),
        ([24.4, 24.51, 24.4, 24.6], Direction.EITHER, [1, 3]),
        ([24.5, 24.6], Direction.EITHER, []),
    ):
        with named_in_failure(path, direction, at):
            assert fired_at(path, direction) == at


@given(st.lists(CENTS, max_size=60))
def test_that_each_crossing_is_reported_once(path: list[float]) -> None:
    assert fired_at(path) == expected_upward(path)


@given(st.lists(CENTS, max_size=60))
def test_that_downward_is_the_mirror_of_upward(path: list[float]) -> None:
    mirrored = [round(2 * LEVEL - figure, 2) for figure in path]
    assert fired_at(path, Direction.DOWN) == fired_at(mirrored)


@given(st.lists(CENTS, max_size=60), st.sampled_from(list(Direction)))
def test_that_without_again_it_reports_once_and_at_the_same_figure(path: list[float], way: Direction) -> None:
    assert fired_at(path, way, is_again=False) == fired_at(path, way)[:1]


@given(st.lists(CENTS, max_size=60))
def test_that_in_either_direction_an_alert_fires_only_on_crossing_the_level(path: list[float]) -> None:
    for place in fired_at(path, Direction.EITHER):
        assert (path[place] - LEVEL) * (path[place - 1] - LEVEL) <= 0


@given(st.lists(CENTS, max_size=60))
def test_that_in_either_direction_the_same_price_once_more_changes_nothing(path: list[float]) -> None:
    twice = [figure for figure in path for _ in range(2)]
    assert fired_at(twice, Direction.EITHER) == [2 * place for place in fired_at(path, Direction.EITHER)]


@given(st.lists(st.booleans(), max_size=40), st.booleans())
def test_that_a_condition_is_reported_when_it_begins_and_when_it_ends(path: list[bool], begins: bool) -> None:
    watch, found = NEW, []
    for place, is_so in enumerate(path):
        watch, is_reported = condition_step(watch, is_so, begins=begins, is_again=True)
        if is_reported:
            found.append(place)
    edges = [n for n in range(1, len(path)) if path[n] is not path[n - 1] and path[n] is begins]
    assert found == edges


def test_that_how_far_back_is_two_ticks_a_lot_or_a_part_of_the_amount() -> None:
    assert distance_back(AlertKind.PRICE, 24.5) == 0.02
    assert distance_back(AlertKind.SIZE, 5000) == 100
    assert distance_back(AlertKind.PRICE, 0.01) == 0.005
    assert distance_back(AlertKind.SIZE, 50) == 25
    assert distance_back(AlertKind.PNL, -10_000) == 200
    assert FigureState() == NEW


def test_that_an_alert_that_could_never_fire_explains_why() -> None:
    for alert, sentence in (
        (Alert(1, AlertKind.PRICE, what="bid", figure=24.5), "Name the share."),
        (Alert(1, AlertKind.PRICE, "CIM PRB", "mid", figure=24.5), "Choose one of bid, ask, last."),
        (Alert(1, AlertKind.PRICE, "CIM PRB", "bid"), "Give a figure."),
        (Alert(1, AlertKind.PRICE, "CIM PRB", "bid", figure=float("nan")), "Give a figure."),
        (Alert(1, AlertKind.PRICE, "CIM PRB", "bid", figure=-1), "The figure is above 0."),
        (Alert(1, AlertKind.PNL, what="day", figure=-500), ""),
        (Alert(1, AlertKind.ORDER, what="filled"), ""),
        (Alert(1, AlertKind.LINK), ""),
    ):
        with named_in_failure(alert, sentence):
            assert alert.problem() == sentence
