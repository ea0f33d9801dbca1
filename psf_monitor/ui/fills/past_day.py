"""A past day as far as it has been read, and the texts about it in the fills tab. Pure."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from msgspec import Struct, field

from psf_monitor import formatting
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.fills.coverage import Coverage, gaps, unknown_after_hours, unknown_evenings
from psf_monitor.domain.fills.journal_records import DayPage
from psf_monitor.ui.fills.fill_text import BarText, names_of, no_match, shorter_remarks
from psf_monitor.ui.table.empty_state import Emptiness


class PastDay(Struct):
    """A past day as far as it has been read.

    ``fill_count`` is how many executions it has, ``read`` how many have been read. ``accounts`` are the
    accounts with the profile that reported each, the latest first. ``failure`` says why reading ended early.
    ``is_whole``: everything has been read and sorted.
    """

    day: date
    fill_count: int = 0
    coverage: Sequence[Coverage] = ()
    eve: Sequence[Coverage] = ()
    read: int = 0
    accounts: dict[tuple[str, AccountMode], None] = field(default_factory=dict)
    failure: str = ""
    is_whole: bool = False

    def add(self, page: DayPage) -> None:
        """Add a page: the newest of the executions that were left."""
        self.fill_count = page.fill_count
        self.coverage = [each for each in page.coverage if each.day == self.day]
        self.eve = [each for each in page.coverage if each.day != self.day]
        self.read += len(page.fills)
        for fill in page.fills:
            self.accounts.setdefault((fill.account, fill.mode))

    @property
    def why_partial(self) -> str:
        """Return which part of it is there, as a sentence; empty if all of it is."""
        return "" if self.is_whole else f"{self.part}. {self.failure}".rstrip()

    @property
    def part(self) -> str:
        """Return how much of it is there, until all of it is sorted."""
        if self.failure:
            return f"{self._part} could be read"
        if self.read == self.fill_count:
            return f"{formatting.counted(self.read, 'fill')} being put in order"
        return f"{self._part} so far"

    @property
    def _part(self) -> str:
        return f"{self.read:,} of {formatting.counted(self.fill_count, 'fill')}"


def past_text(past: PastDay, modes: Collection[AccountMode], now: datetime) -> BarText:
    """Return the bar of a past day: that it is as recorded, and what was not covered or has not been read."""
    holes = _holes(past, modes, now) if past.is_whole else [past.part]
    spans = [
        f"{each.mode.short} watched {formatting.clock(each.first_at)} to {_until(each)} ET"
        for each in past.coverage
        if each.mode in modes
    ]
    is_coming = not past.is_whole and not past.failure
    evenings = _unknown(unknown_evenings, past, modes, now)
    after_hours = _unknown(unknown_after_hours, past, modes, now)
    unknown = " and ".join(["the evening before"] * bool(evenings) + ["after hours"] * bool(after_hours))
    verb = "are" if after_hours else "is"
    in_short = ["As recorded", *spans, f"{unknown} {verb} not known"] if unknown else []
    return BarText(
        "LOADING" if is_coming else "INCOMPLETE" if holes else "",
        "  ·  ".join(holes),
        past.why_partial or "\n".join(holes),
        "  ·  ".join(["As recorded", *spans, *evenings, *after_hours]),
        shorter_remarks(in_short),
    )


def no_past_fills(
    past: PastDay, modes: Collection[AccountMode], text: str, rows: int, now: datetime
) -> Emptiness:
    """Return why no fill of a past day is shown; ``rows`` is how many there are behind the filter."""
    if not past.is_whole:
        none = (f"None of these matches “{text}”.",) if rows and text else ()
        return Emptiness(_unread(past), (f"{past.part}.", *none))
    if rows and text:
        return no_match(text)
    after_hours = _unknown(unknown_after_hours, past, modes, now)
    whole = "had none" if after_hours else "were whole and had none"
    steps = tuple(_holes(past, modes, now)[:3]) or (f"The lists of that day {whole}.",)
    steps += (*_unknown(unknown_evenings, past, modes, now), *after_hours)
    return Emptiness(f"No fills recorded on {past.day:%a %Y-%m-%d}", steps)


def no_past_sums(past: PastDay) -> Emptiness | None:
    """Return why nothing of a past day is added up; ``None`` if it is."""
    if past.is_whole:
        return None
    return Emptiness(_unread(past), (f"{past.part}.", "Nothing is added up before all are there."))


def _unread(past: PastDay) -> str:
    return "The day could not be read to its end" if past.failure else "Loading fills…"


def _holes(past: PastDay, modes: Collection[AccountMode], now: datetime) -> list[str]:
    """Return what may be missing of a past day, by account."""
    coverage = [each for each in past.coverage if each.mode in modes]
    accounts = {each.account: each.mode for each in coverage}
    accounts |= {account: mode for account, mode in reversed(past.accounts) if mode in modes}
    holes = []
    for account, mode in sorted(accounts.items(), key=lambda pair: (pair[1], pair[0])):
        its_own = [each for each in coverage if each.account == account]
        holes += [f"{mode}: {hole}" for hole in gaps(its_own, past.day, past.day, now)]
    unseen = [mode for mode in IBKR_MODES if mode in modes and mode not in accounts.values()]
    if unseen:
        holes.append(f"Nothing was watched of {names_of(unseen)}.")
    return holes


_Sentences = Callable[[Collection[Coverage], date, date, datetime], list[str]]


def _unknown(
    sentences: _Sentences, past: PastDay, modes: Collection[AccountMode], now: datetime
) -> list[str]:
    """Return of which profiles what was traded at some times is not known, each sentence once."""
    found: dict[str, list[AccountMode]] = {}
    for account, mode in sorted({(each.account, each.mode) for each in past.coverage if each.mode in modes}):
        its_own = [each for each in (*past.eve, *past.coverage) if each.account == account]
        for sentence in sentences(its_own, past.day, past.day, now):
            found.setdefault(sentence, []).append(mode)
    return [f"{names_of(list(dict.fromkeys(of)))}: {sentence}" for sentence, of in found.items()]


def _until(coverage: Coverage) -> str:
    """Return the time of the last complete list, with its date if that is another one."""
    return formatting.moment(coverage.last_at, coverage.first_at)
