"""What is asked of HAMMER about symbols that it did not take."""

from psf_monitor.hammer.prices.subscriptions import (
    REFUSED_AGAIN_AFTER_S,
    SNAPSHOT,
    SUBSCRIBE,
    SYMBOLS_PER_BATCH,
    Subscriptions,
)


def asked(subscriptions: Subscriptions, now_s: float) -> list[tuple[str, tuple[str, ...]]]:
    """All that goes out now."""
    found = []
    while batch := subscriptions.next_batch(now_s):
        found += [(request.command, request.symbols) for request in batch]
    return found


def with_refused(*symbols: str) -> Subscriptions:
    """Two wanted symbols; HAMMER accepted those not named here."""
    subscriptions = Subscriptions()
    subscriptions.set_wanted({"CIM-B", "MS-K"})
    asked(subscriptions, 0.0)
    subscriptions.answer({"CIM-B", "MS-K"} - set(symbols), symbols, 0.0)
    return subscriptions


def test_that_a_refused_symbol_is_asked_for_again_much_later_and_its_prices_once_it_is_taken() -> None:
    subscriptions = with_refused("MS-K")
    assert asked(subscriptions, REFUSED_AGAIN_AFTER_S - 1) == []
    assert asked(subscriptions, REFUSED_AGAIN_AFTER_S) == [(SUBSCRIBE, ("MS-K",))]
    assert asked(subscriptions, REFUSED_AGAIN_AFTER_S) == []
    subscriptions.answer({"MS-K"}, (), REFUSED_AGAIN_AFTER_S)
    assert asked(subscriptions, REFUSED_AGAIN_AFTER_S) == [(SNAPSHOT, ("MS-K",))]
    assert subscriptions.followed == {"CIM-B", "MS-K"}
    assert asked(subscriptions, 3 * REFUSED_AGAIN_AFTER_S) == []


def test_that_a_symbol_refused_again_is_requested_again() -> None:
    subscriptions = with_refused("CIM-B", "MS-K")
    for time in (REFUSED_AGAIN_AFTER_S, 2 * REFUSED_AGAIN_AFTER_S):
        assert asked(subscriptions, time) == [(SUBSCRIBE, ("CIM-B", "MS-K"))]
        subscriptions.answer((), {"CIM-B", "MS-K"}, time)


def test_that_a_symbol_that_is_streamed_after_all_is_not_asked_for_again() -> None:
    subscriptions = with_refused("MS-K")
    subscriptions.answer({"MS-K"}, (), 1.0)
    assert asked(subscriptions, REFUSED_AGAIN_AFTER_S) == [(SNAPSHOT, ("MS-K",))]


def names(first: int, count: int) -> set[str]:
    return {f"S{number:04d}-A" for number in range(first, first + count)}


def test_that_all_that_is_wanted_is_subscribed_before_the_snapshots_of_what_was_wanted_before() -> None:
    subscriptions = Subscriptions()
    subscriptions.set_wanted(names(0, SYMBOLS_PER_BATCH))
    assert [request.command for request in subscriptions.next_batch()] == [SUBSCRIBE]
    subscriptions.set_wanted(names(0, 2 * SYMBOLS_PER_BATCH))
    reported = asked(subscriptions, 0.0)
    assert [command for command, _symbols in reported] == [SUBSCRIBE] + [SNAPSHOT] * 2 * SYMBOLS_PER_BATCH


def test_that_no_batch_goes_out_while_hammer_has_not_answered_the_last_one() -> None:
    subscriptions = Subscriptions()
    subscriptions.set_wanted(names(0, 2 * SYMBOLS_PER_BATCH))
    assert subscriptions.next_batch()
    assert subscriptions.next_batch(is_busy=True) == []
    assert [request.command for request in subscriptions.next_batch()] == [SUBSCRIBE]
