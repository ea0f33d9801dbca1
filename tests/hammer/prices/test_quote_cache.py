"""Quotes are handed over by name, and put together for whoever looks."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.quotes import Quotes
from psf_monitor.book.rows import QuoteState
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.quote_cache import QuoteCache
from psf_monitor.hammer.prices.replies import QuoteSnapshot
from psf_monitor.hammer.symbols import SymbolTable

AT = datetime(2026, 9, 18, 18, 26, tzinfo=UTC)
NAMES = ("CIM PRB", "CIM PRC", "CIM-B")
HAMMER_NAMES = ("CIM-B", "CIM-C")


class _Shown:
    """The quotes of a book; with ``copies`` each is assembled as soon as it is reported."""

    def __init__(self, *, copies: bool) -> None:
        self.quotes = Quotes()
        self._copies = copies

    def quotes_changed(self, quotes: Mapping[str, Quote]) -> None:
        self.quotes.change(dict(quotes) if self._copies else quotes)

    def symbols_requested(self, hammer_symbols: Mapping[str, str]) -> None:
        self.quotes.hammer_symbols = hammer_symbols

    def symbols_refused(self, symbols: frozenset[str]) -> None:
        self.quotes.refused = symbols

    def quotes_awaited(self, *, are_awaited: bool) -> None:
        pass

    def quotes_live(self) -> None:
        self.quotes.go_live()

    def quotes_frozen(self, since: datetime) -> None:
        self.quotes.freeze(since)

    def quotes_dropped(self) -> None:
        self.quotes.drop()


class _Reports:
    """A cache, and the book that it reports to."""

    def __init__(self, *, copies: bool = False) -> None:
        self.symbols = SymbolTable({})
        self.symbols.set_wanted(NAMES)
        self.shown = _Shown(copies=copies)
        self.cache = QuoteCache(self.symbols, self.shown)
        self.now = AT

    def price(self, name: str, bid: float, stamp: str = "") -> None:
        self.now += timedelta(seconds=1)
        self.cache.apply_all([L1Update(name, bid=bid, ask=bid + 0.1, stamp=stamp)], self.now)

    def late_price(self, name: str, bid: float) -> None:
        self.price(name, bid, (self.now - timedelta(minutes=5)).isoformat())

    def answer(self, name: str, bid: float) -> None:
        self.now += timedelta(seconds=1)
        snapshot = QuoteSnapshot(name, bid, bid + 0.1, bid, 24.0, 24.0, 25.0, 23.0, 100.0)
        self.cache.apply_snapshot(snapshot, self.now, sequence=self.cache.sequence)

    def set_wanted(self, *names: str) -> None:
        self.symbols.set_wanted(names)
        self.shown.quotes.forget_all_but(frozenset(names))
        self.cache.renew_wanted()

    def begin_again(self) -> None:
        self.cache.freeze(self.now)
        self.cache.begin()

    def reads(self) -> dict[str, tuple[Quote | None, QuoteState]]:
        """What is shown, and for an old quote when it was last reported."""
        self.cache.flush()
        found = {name: self.shown.quotes.of(Instrument(0, name)) for name in NAMES}
        return {n: (quote and quote._replace(received_at=None), state) for n, (quote, state) in found.items()}


_names, _bids = st.sampled_from(HAMMER_NAMES), st.sampled_from((24.0, 24.5))
_events: st.SearchStrategy[Callable[[_Reports], object]] = st.one_of(
    st.builds(lambda name, bid: lambda reported: reported.price(name, bid), _names, _bids),
    st.builds(lambda name, bid: lambda reported: reported.late_price(name, bid), _names, _bids),
    st.builds(lambda name, bid: lambda reported: reported.answer(name, bid), _names, _bids),
    st.builds(lambda name: lambda reported: reported.cache.begin_gap([name]), _names),
    st.builds(lambda names: lambda reported: reported.set_wanted(*names), st.sets(st.sampled_from(NAMES))),
    st.builds(
        lambda is_session: lambda reported: reported.cache.mark_late(is_session=is_session), st.booleans()
    ),
    st.just(lambda reported: reported.cache.flush()),
    st.just(lambda reported: reported.begin_again()),
    st.just(lambda reported: reported.cache.go_live()),
    st.just(lambda reported: reported.cache.freeze(reported.now)),
    st.just(lambda reported: reported.cache.drop()),
    st.just(lambda reported: reported.cache.begin_day(reported.now.date(), DayPhase.SESSION)),
)


@given(st.lists(st.tuples(_events, st.booleans()), max_size=30))
def test_that_a_late_reader_sees_the_same_quotes_as_a_prompt_one(
    story: list[tuple[Callable[[_Reports], object], bool]],
) -> None:
    now_and_then, at_once = _Reports(), _Reports(copies=True)
    for event, is_looked_at in story:
        event(now_and_then)
        event(at_once)
        if is_looked_at:
            assert now_and_then.reads() == at_once.reads()
    assert now_and_then.reads() == at_once.reads()


def test_that_a_quote_of_the_last_session_stays_late_or_not_as_received() -> None:
    now_and_then, at_once = _Reports(), _Reports(copies=True)
    for reported in (now_and_then, at_once):
        reported.price("CIM-B", 24.0)
        reported.late_price("CIM-B", 24.5)
        reported.begin_again()
        reported.cache.go_live()
        reported.cache.mark_late(is_session=True)
    assert now_and_then.reads() == at_once.reads()


_stamps = st.sampled_from(("", *((AT - timedelta(seconds=s)).isoformat() for s in (0, 1, 30))))
_sizes: st.SearchStrategy[float | None] = st.sampled_from((None, 0.0, 100.0))
_updates = st.builds(
    lambda name, bid, size, stamp: L1Update(name, bid=bid, last=bid, size=size, stamp=stamp),
    st.sampled_from((*HAMMER_NAMES, "UNWANTED")),
    _bids,
    _sizes,
    _stamps,
)


@given(st.lists(_updates, max_size=12), st.data())
def test_that_updates_taken_together_come_to_what_they_come_to_one_by_one(
    updates: list[L1Update], data: st.DataObject
) -> None:
    together, apart = _Reports(), _Reports()
    reports: tuple[list[object], list[object]] = [], []
    older = together.cache.apply_all(updates, AT, 1.0, lambda *report: reports[0].append(report))
    rest, older_apart = updates, list[str]()
    while rest:
        some = data.draw(st.integers(1, len(rest)))
        older_apart += apart.cache.apply_all(rest[:some], AT, 1.0, lambda *report: reports[1].append(report))
        rest = rest[some:]
    assert older == older_apart
    assert reports[0] == reports[1]
    assert together.reads() == apart.reads()
    # Earlier requests have been overtaken if a price was sent.
    assert [(name, record.as_quote(), record.sequence > 0) for name, record in together.cache.records()] == [
        (name, record.as_quote(), record.sequence > 0) for name, record in apart.cache.records()
    ]


def test_that_a_quote_is_put_together_when_it_is_looked_at() -> None:
    reported = _Reports()
    reported.cache.go_live()
    reported.price("CIM-C", 24.0)
    reported.cache.flush()
    reported.price("CIM-C", 24.5)
    quote = reported.shown.quotes.current("CIM PRC")
    assert quote is not None
    assert quote.bid == 24.5


def test_that_an_answer_without_news_is_delivered_when_prices_grow_old() -> None:
    reported, handed = _Reports(), []
    reported.cache.go_live()
    reported.shown.quotes.when_changed(lambda quotes: handed.append(set(quotes)))
    reported.answer("CIM-C", 24.0)
    reported.reads()
    reported.answer("CIM-C", 24.0)
    reported.reads()
    assert handed == [{"CIM PRC"}]
    confirmed_at = reported.now
    reported.now += timedelta(seconds=30)
    reported.cache.freeze(reported.now)
    quote, state = reported.reads()["CIM PRC"]
    assert quote is not None
    assert (quote.stale_since, state) == (confirmed_at, QuoteState.FROZEN)


def test_that_how_many_are_quoted_is_counted_by_the_names_the_trader_reads() -> None:
    reported = _Reports()
    assert reported.cache.quoted == 0
    reported.price("CIM-B", 24.0)
    reported.cache.flush()
    assert reported.cache.quoted == 2
