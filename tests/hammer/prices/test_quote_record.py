from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.quote_record import Moment, QuoteRecord
from psf_monitor.hammer.prices.replies import QuoteSnapshot

AT = datetime(2026, 9, 18, 18, 26, tzinfo=UTC)
LATER = AT + timedelta(seconds=5)
NOTHING = L1Update("CIM-B", UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, "")
SNAPSHOT = QuoteSnapshot("CIM-B", 24.52, 24.60, 24.55, 24.47, 24.50, 24.62, 24.40, 52_700.0)


def test_that_a_record_without_updates_has_no_figures() -> None:
    quote = QuoteRecord().as_quote()
    assert (quote.bid, quote.last, quote.changed_at, quote.received_at) == (None, None, None, None)
    assert not QuoteRecord().has_price


def test_that_without_news_nothing_changes() -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.52, ask=24.60, last=24.55, volume=100.0), Moment(AT))
    before = record.as_quote()
    record.apply(NOTHING, Moment(LATER))
    after = record.as_quote()
    assert (after.bid, after.ask, after.last, after.volume) == (24.52, 24.60, 24.55, 100.0)
    assert (after.changed_at, after.received_at) == (before.changed_at, AT)


def test_that_every_figure_that_differs_moves_the_time_of_change() -> None:
    for name in ("bid", "ask", "bid_size", "ask_size", "last", "volume"):
        record = QuoteRecord()
        record.apply(NOTHING, Moment(AT))
        assert record.as_quote().changed_at is None
        record.apply(replace(NOTHING, **{name: 7.0}), Moment(AT))
        record.apply(replace(NOTHING, **{name: 7.0}), Moment(LATER))
        assert record.as_quote().changed_at == AT
        record.apply(replace(NOTHING, **{name: 8.0}), Moment(LATER))
        assert record.as_quote().changed_at == LATER
        assert getattr(record.as_quote(), name) == 8.0


def test_that_an_unknown_figure_takes_the_known_one_back() -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.52), Moment(AT))
    record.apply(replace(NOTHING, bid=None), Moment(LATER))
    assert record.as_quote().bid is None
    assert record.as_quote().changed_at == LATER


def test_that_the_snapshot_is_the_first_quote_there_is() -> None:
    record = QuoteRecord()
    record.apply_snapshot(SNAPSHOT, AT)
    quote = record.as_quote()
    assert (quote.bid, quote.ask, quote.last, quote.volume) == (24.52, 24.60, 24.55, 52_700)
    assert (quote.prev_close, quote.open, quote.high, quote.low) == (24.47, 24.50, 24.62, 24.40)
    assert quote.changed_at == AT


def test_that_a_snapshot_does_not_undo_what_the_stream_reported() -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.53, ask=None, last=24.56, volume=52_800.0), Moment(AT))
    record.apply_snapshot(SNAPSHOT, LATER)
    quote = record.as_quote()
    assert (quote.bid, quote.ask, quote.last, quote.volume) == (24.53, None, 24.56, 52_800)
    assert quote.prev_close == 24.47
    assert quote.changed_at == AT


def test_that_a_quote_is_complete_once_every_field_was_streamed_or_answered() -> None:
    record = QuoteRecord()
    assert record.as_quote().is_partial
    record.apply(replace(NOTHING, bid=24.53, ask=None), Moment(AT))
    assert record.as_quote().is_partial
    record.apply(replace(NOTHING, last=24.55), Moment(AT))
    assert not record.as_quote().is_partial
    answered = QuoteRecord()
    answered.apply_snapshot(replace(SNAPSHOT, ask=None, last=UNSET), AT)
    assert not answered.as_quote().is_partial
    unanswered = QuoteRecord()
    unanswered.apply_snapshot(replace(SNAPSHOT, bid=None, ask=None, last=UNSET), AT)
    assert unanswered.as_quote().is_partial


def test_that_an_answer_overtaken_by_the_stream_adds_what_the_stream_lacked() -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.53), Moment(LATER))
    record.apply_snapshot(SNAPSHOT, LATER)
    quote = record.as_quote()
    assert (quote.bid, quote.ask, quote.last) == (24.53, 24.60, 24.55)


def test_that_a_snapshot_adds_the_trade_that_the_stream_has_not_reported() -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.53, ask=24.60), Moment(AT))
    record.apply_snapshot(SNAPSHOT, LATER)
    assert (record.as_quote().last, record.as_quote().volume) == (24.55, 52_700)


def test_that_a_snapshot_without_a_figure_keeps_the_one_that_is_known() -> None:
    record = QuoteRecord()
    record.apply_snapshot(SNAPSHOT, AT)
    record.apply_snapshot(replace(SNAPSHOT, prev_close=UNSET, high=None), LATER)
    assert record.as_quote().prev_close == 24.47
    assert record.as_quote().high is None


def test_that_trades_widen_the_day_and_quotes_do_not() -> None:
    record = QuoteRecord()
    record.apply_snapshot(SNAPSHOT, AT)
    record.apply(replace(NOTHING, last=24.70), Moment(AT))
    assert record.as_quote().high == 24.62
    record.apply(replace(NOTHING, last=24.70, size=100.0), Moment(AT))
    record.apply(replace(NOTHING, last=24.30, size=100.0), Moment(AT))
    assert (record.as_quote().high, record.as_quote().low) == (24.70, 24.30)


def test_that_a_new_day_knows_nothing_of_the_last_ones_figures() -> None:
    record = QuoteRecord()
    record.apply_snapshot(SNAPSHOT, AT)
    record.begin_day(AT.date())
    quote = record.as_quote()
    assert (quote.prev_close, quote.open, quote.high, quote.low, quote.volume) == (None,) * 5
    assert quote.bid == 24.52


@pytest.mark.parametrize(
    ("stamp", "since"),
    [
        ("2026-09-18T17:55:00Z", datetime(2026, 9, 18, 17, 55, tzinfo=UTC)),
        ("2030-01-01T00:00:00Z", AT),
        ("noon", AT),
        ("", AT),
    ],
)
def test_that_a_quote_seen_first_is_as_old_as_hammers_time_stamp_and_never_younger_than_now(
    stamp: str, since: datetime
) -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.5, stamp=stamp), Moment(AT))
    assert record.as_quote().changed_at == since
    record.apply(replace(NOTHING, bid=24.6, stamp="2026-09-18T17:55:00Z"), Moment(LATER))
    assert record.as_quote().changed_at == LATER


def test_that_a_late_change_has_the_time_that_hammer_gives_it() -> None:
    record = QuoteRecord()
    record.apply(replace(NOTHING, bid=24.5, ask=24.6, last=24.55, stamp=AT.isoformat()), Moment(AT))
    record.begin_gap()
    woken = AT + timedelta(hours=1)
    asleep = replace(NOTHING, bid=24.52, ask=24.6, last=24.55, stamp=LATER.isoformat())
    record.apply(asleep, Moment(woken))
    assert record.as_quote().changed_at == LATER


def test_that_a_figure_that_comes_again_after_a_gap_or_a_session_has_not_changed() -> None:
    whole = replace(NOTHING, bid=24.5, ask=24.6, last=24.55, bid_size=300.0, ask_size=400.0, volume=5000.0)
    record = QuoteRecord()
    record.apply(whole, Moment(AT))
    record.begin_gap()
    record.apply_snapshot(replace(SNAPSHOT, bid=24.5, ask=24.6, volume=5000.0), LATER, is_newer=True)
    assert record.as_quote().bid_size is None
    record.apply(whole, Moment(LATER))
    assert (record.as_quote().bid_size, record.as_quote().changed_at) == (300.0, AT)
    record.apply(replace(NOTHING, bid_size=200.0), Moment(LATER))
    assert record.as_quote().changed_at == LATER

    for other in ({"bid": 24.4}, {"bid": None}, {"bid_size": 100.0}, {"volume": 5100.0}):
        again = QuoteRecord(earlier=record.as_earlier())
        again.apply(replace(whole, bid_size=200.0), Moment(LATER + timedelta(seconds=5)))
        assert again.as_quote().changed_at == LATER
        again = QuoteRecord(earlier=record.as_earlier())
        at = LATER + timedelta(seconds=9)
        again.apply(replace(whole, **{"bid_size": 200.0, **other}), Moment(at))
        assert again.as_quote().changed_at == at, other


ANSWERS = st.lists(
    st.tuples(
        st.dictionaries(
            st.sampled_from(["bid", "ask", "last", "prev_close", "open", "high", "low", "volume"]),
            st.sampled_from([UNSET, None, 24.4, 24.5]),
        ),
        st.sampled_from([None, "update", "unknown", "gap", "day", "open", "close"]),
    ),
    max_size=8,
)


@given(ANSWERS, st.sampled_from(DayPhase), st.booleans(), st.booleans())
@example([({}, None), ({}, None)], DayPhase.SESSION, True, True)
def test_that_an_answer_that_confirms_comes_to_what_it_comes_to_when_applied(
    answers: list[tuple[dict[str, float | None], str | None]],
    phase: DayPhase,
    is_newer: bool,
    is_volume_newer: bool,
) -> None:
    confirming, applying = records = [QuoteRecord(AT.date(), phase) for _ in range(2)]
    happen: dict[str, Callable[[QuoteRecord], object]] = {
        "update": lambda record: record.apply(replace(NOTHING, bid=24.5, volume=24.5), Moment(AT)),
        "unknown": lambda record: record.apply(replace(NOTHING, ask=None, last=24.4), Moment(AT)),
        "gap": QuoteRecord.begin_gap,
        "day": lambda record: record.begin_day(AT.date() + timedelta(days=1), DayPhase.BEFORE_OPEN),
        "open": lambda record: record.close.begin_session(),
        "close": lambda record: record.close.end_session(),
    }
    for turn, (figures, event) in enumerate(answers):
        answer = replace(SNAPSHOT, **figures)
        at, at_s = AT + timedelta(seconds=turn), float(turn)
        differs = applying.apply_snapshot(
            answer, at, at_s, is_newer=is_newer, is_volume_newer=is_volume_newer
        )
        if confirming.confirm(answer, at, at_s):
            assert not differs
        else:
            confirming.apply_snapshot(answer, at, at_s, is_newer=is_newer, is_volume_newer=is_volume_newer)
        assert confirming.as_quote() == applying.as_quote()
        assert (confirming.received_s, confirming.sequence) == (applying.received_s, applying.sequence)
        if event is not None:
            for record in records:
                happen[event](record)


def test_that_only_an_answer_that_repeats_all_that_is_known_confirms() -> None:
    record = QuoteRecord(AT.date(), DayPhase.SESSION)
    assert not record.confirm(SNAPSHOT, AT)
    record.apply_snapshot(SNAPSHOT, AT)
    assert record.confirm(SNAPSHOT, LATER)
    assert record.as_quote().received_at == LATER
    for name in ("bid", "ask", "last", "prev_close", "open", "high", "low", "volume"):
        assert not record.confirm(replace(SNAPSHOT, **{name: 24.0}), LATER)
    record.begin_gap()
    assert not record.confirm(SNAPSHOT, LATER)
