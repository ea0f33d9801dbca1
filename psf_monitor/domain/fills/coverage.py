"""For which times of a day every execution is known, and the gaps as sentences. Pure.

The evening before counts, too: on it the overnight session of a day begins.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.trade_date import DAY_ENDS, SHARES, TradingDay, day_end, is_booked_on
from psf_monitor.domain.market_hours import NEW_YORK, clock_text, new_york, session_of


class Span(NamedTuple):
    """A period of time, UTC."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """The times (UTC) of a New York day at which the broker's list of the account's executions was complete.

    ``spans`` are the periods for which every execution is recorded; if there are none, the whole day up to
    ``last_at`` is, however late in the day recording began.
    """

    day: date
    mode: AccountMode
    account: str
    first_at: datetime
    last_at: datetime
    spans: tuple[Span, ...] = ()


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time as the fewest possible spans, earliest first."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1].end:
            found[-1] = Span(found[-1].begin, max(found[-1].end, end))
        elif begin < end:
            found.append(Span(begin, end))
    return tuple(found)


def gaps_in(spans: Iterable[Span], whole: Span) -> tuple[Span, ...]:
    """Return the parts of ``whole`` that none of these spans covers."""
    found: list[Span] = []
    at = whole.begin
    for begin, end in merged(spans):
        if begin > at:
            found.append(Span(at, min(begin, whole.end)))
        at = max(at, end)
        if at >= whole.end:
            return tuple(found)
    return (*found, Span(at, whole.end))


def day_begin(day: date) -> datetime:
    """Return midnight in New York, in UTC."""
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC)


def day_before(day: date) -> date:
    """Return the calendar day before; the first of the calendar has none but itself."""
    return day if day == date.min else day - timedelta(days=1)


def evening_before(day: date, of_kind: TradingDay = SHARES) -> Span | None:
    """Return the part of the previous evening whose executions IBKR books on ``day``; ``None`` if there is
    none.

    Of US shares it is the beginning of the overnight session, from 20:00 New York to midnight.
    """
    eve = datetime.combine(day_before(day), of_kind.ends, NEW_YORK).astimezone(UTC)
    return Span(eve, day_begin(day)) if is_booked_on(day, of_kind) else None


def gaps(coverage: Iterable[Coverage], first: date, last: date, now: datetime) -> list[str]:
    """Return sentences about what may be missing for an account from ``first`` to ``last``; future days are
    left out.

    A trading day is complete if the list was complete at or after the close of the regular session.
    """
    known = {each.day: each for each in coverage}
    sentences: list[str] = []
    unwatched: list[date] = []
    day, today = first, new_york(now).date()
    while day <= min(last, today):
        session = session_of(day)
        # Today cannot be missing before it has begun.
        if session is not None and now >= session[0]:
            seen = known.get(day)
            if seen is None:
                unwatched.append(day)
            else:
                sentences += _nothing(unwatched)
                unwatched = []
                sentences += _holes(seen)
                if seen.last_at < session[1]:
                    sentences.append(_partly(day, seen.last_at, session[1]))
        day += timedelta(days=1)
    return sentences + _nothing(unwatched)


def _nothing(days: Sequence[date]) -> list[str]:
    if not days:
        return []
    if len(days) == 1:
        return [f"Nothing was watched on {days[0]}."]
    return [f"Nothing was watched on {len(days):,} trading days, {days[0]} to {days[-1]}."]


def _partly(day: date, seen: datetime, close: datetime) -> str:
    return f"{day} was watched until {clock_text(seen)} New York; the session ends at {clock_text(close)}."


def _holes(seen: Coverage) -> list[str]:
    """Return sentences about the times that a day's lists do not cover."""
    if not seen.spans:
        return []
    known = gaps_in(seen.spans, Span(day_begin(seen.day), seen.last_at))
    return [f"{seen.day}: {not_listed(hole)}" for hole in known]


def unknown_evenings(coverage: Iterable[Coverage], first: date, last: date, now: datetime) -> list[str]:
    """Return a sentence about the evenings before the days from ``first`` to ``last`` that were watched,
    where what an account traded on them is not known.

    ``coverage`` begins with the day before ``first``. HAMMER lists executions of any age.
    """
    known = {each.day: each for each in coverage}
    seen = [each for day, each in sorted(known.items()) if first <= day <= min(last, new_york(now).date())]
    traded = [each for each in seen if session_of(each.day) and each.mode is not AccountMode.HAMMER_PRO]
    holes: dict[date, tuple[Span, ...]] = {}
    for each in traded:
        evening, eve = evening_before(each.day), known.get(day_before(each.day))
        spans = (*each.spans, *(eve.spans if eve else ()))
        if evening is not None and (found := gaps_in(spans, evening)):
            holes[each.day] = found
    if not holes:
        return []
    if len(holes) == 1:
        ((day, (hole, *_)),) = holes.items()
        span = f"{clock_text(hole.begin)} to {clock_text(hole.end)} New York"
        what, of, lists = f"{day}: what", f", {span}, is not known", "list"
    else:
        of_all = (
            f"{len(holes):,} of {len(traded):,} watched days"
            if len(holes) < len(traded)
            else "any watched day"
        )
        what, of, lists = "What", f", from {DAY_ENDS} New York, is not known of {of_all}", "lists"
    return [f"{what} was traded on the evening before{of}; the broker's {lists} began after it."]


def unknown_after_hours(watched: Iterable[Coverage], first: date, last: date, now: datetime) -> list[str]:
    """Return a sentence about the days from ``first`` to ``last`` that were watched until some time after the
    close: what an account traded after it is not known. HAMMER lists executions of any age.
    """
    of_ibkr = [each for each in watched if each.mode is not AccountMode.HAMMER_PRO]
    days = {each.day: each for each in of_ibkr if first <= each.day <= last and day_end(each.day)}
    holes: list[tuple[date, Span]] = []
    for day, each in sorted(days.items()):
        session, end = session_of(day), day_end(day)
        if session is not None and end is not None and session[1] <= each.last_at < end <= now:
            holes.append((day, Span(each.last_at, end)))
    if not holes:
        return []
    if len(holes) == 1:
        ((day, hole),) = holes
        span = f"{clock_text(hole.begin)} to {clock_text(hole.end)} New York"
        return [
            f"{day}: what was traded after hours, {span}, is not known; the broker's last list came before."
        ]
    of_all = f"{len(holes):,} of {len(days):,} watched days" if len(holes) < len(days) else "any watched day"
    span = f"from the broker's last list to {DAY_ENDS} New York"
    return [f"What was traded after hours, {span}, is not known of {of_all}."]


def unknown_outside_hours(watched: Collection[Coverage], first: date, last: date, now: datetime) -> list[str]:
    """Return sentences about times outside the regular session in which most accounts do not trade."""
    evenings = unknown_evenings(watched, first, last, now)
    return [*evenings, *unknown_after_hours(watched, first, last, now)]


def not_listed(hole: Span, evening_of: TradingDay | None = None) -> str:
    """Return a sentence about a period for which the broker's list reports nothing.

    ``evening_of`` is the kind of contract of which it is a part of the evening before.
    """
    begin, end = clock_text(hole.begin), clock_text(hole.end)
    of_evening = " of the evening before, which counts for today," if evening_of else ""
    what = f"what was traded in {evening_of.name}" if evening_of and evening_of.name else "what was traded"
    span = f"from {begin} to {end} New York{of_evening}"
    return f"{what} {span} is not known; the broker's list began after it."


def untraded(hole: Span, of_kind: TradingDay) -> str:
    """Return what a figure of the day rests on where this time of the evening before is not known."""
    span = f"{clock_text(hole.begin)} to {clock_text(hole.end)} New York"
    nothing = f"no {of_kind.name} were traded" if of_kind.name else "nothing was traded"
    return f"as if {nothing} on the evening before, {span}: that is not known."
