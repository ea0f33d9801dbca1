"""The texts beside the tables of the fills tab. Pure. Unknown is never called none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.book.fills import FillsState
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.orders.order import Side
from psf_monitor.problem import Problem
from psf_monitor.ui.table.empty_state import Emptiness


class BarText(Struct, frozen=True):
    """The bar over the table: a warning chip, its text, its reason, and a remark.

    ``shorter`` are wordings of the remark for less room, longest first. The last is empty where the others
    may be of any length, as a text must never widen the window.
    """

    chip: str = ""
    text: str = ""
    why: str = ""
    remark: str = ""
    shorter: tuple[str, ...] = ()


class FillSources(Struct, frozen=True):
    """The state of the sources of fills: ``connected`` profiles and what each has reported."""

    states: Mapping[AccountMode, FillsState]
    connected: Collection[AccountMode]

    def counted(self, modes: Collection[AccountMode]) -> list[AccountMode]:
        """Return those of ``modes`` that count: HAMMER's own account only if it is read, or if nothing else
        is.
        """
        used = [mode for mode in modes if mode in self.states]
        return [mode for mode in used if mode in IBKR_MODES or self._is_known(mode)] or used

    def problems(self, modes: Collection[AccountMode]) -> dict[AccountMode, Problem]:
        """Return why executions may be missing, by profile."""
        return {mode: why for mode in self.counted(modes) if (why := self.states[mode].problem)}

    def gaps(self, modes: Collection[AccountMode]) -> dict[AccountMode, tuple[str, ...]]:
        """Return what may be missing in lists that have arrived, in sentences."""
        return {mode: gaps for mode in self.counted(modes) if (gaps := self.states[mode].gaps)}

    def evening_gaps(self, modes: Collection[AccountMode]) -> list[str]:
        """Return what is unknown of the previous evening that counts for today, in sentences."""
        found: dict[str, list[AccountMode]] = {}
        for mode in self.counted(modes):
            for gap in self.states[mode].evening_gaps:
                found.setdefault(gap, []).append(mode)
        return [f"{names_of(each)}: {gap}" for gap, each in found.items()]

    def listed(self, modes: Collection[AccountMode]) -> dict[AccountMode, datetime]:
        """Return the profiles whose list of the day was complete, and when."""
        return {mode: at for mode in self.counted(modes) if (at := self.states[mode].as_of)}

    def absent(self, modes: Collection[AccountMode]) -> list[AccountMode]:
        """Return the profiles that count and are not connected."""
        return [mode for mode in self.counted(modes) if mode not in self.connected]

    def _is_known(self, mode: AccountMode) -> bool:
        state = self.states[mode]
        return state.as_of is not None or state.problem is not None or state.undated > 0


def bar_text(
    watch: FillSources, modes: Collection[AccountMode], journal: Problem | None, now: datetime
) -> BarText:
    """Return what is wrong with today's list, if anything, and when it was last complete.

    ``journal`` is what is wrong with the file.
    """
    chip = text = why = ""
    problems = watch.problems(modes)
    if problems:
        chip, text = "INCOMPLETE", f"fills of {names_of(problems)} are not available"
        why = "\n".join(f"{mode}: {reason}" for mode, reason in problems.items())
    elif gaps := watch.gaps(modes):
        named = [f"{mode}: {gap}" for mode, found in gaps.items() for gap in found]
        chip, text, why = "INCOMPLETE", "  ·  ".join(named), "\n".join(named)
    elif journal is not None:
        # The whole sentence names a folder, and with it its owner, which no screenshot may show.
        chip, text, why = "JOURNAL FAULT", journal.cause, str(journal)
    listed, absent = watch.listed(modes), watch.absent(modes)
    current = [at for mode, at in listed.items() if mode not in absent]
    remarks = [f"Fill list checked {formatting.moment(min(current), now)} ET"] if current else []
    for mode in absent:
        since = f", as of {formatting.moment(listed[mode], now)} ET" if mode in listed else ""
        remarks.append(f"{mode} is not connected{since}")
    gaps_before = watch.evening_gaps(modes)
    in_short = [*remarks, "the evening before is not known"] if gaps_before else []
    return BarText(chip, text, why, "  ·  ".join(remarks + gaps_before), shorter_remarks(in_short))


def shorter_remarks(parts: Sequence[str]) -> tuple[str, ...]:
    """Return these parts as a remark, then the first and the last, the last alone, and nothing."""
    if not parts:
        return ()
    first_and_last = (f"{parts[0]}  ·  …  ·  {parts[-1]}",) if len(parts) > 2 else ()
    return ("  ·  ".join(parts), *first_and_last, parts[-1], "")


def no_fills(
    watch: FillSources, modes: Collection[AccountMode], text: str, rows: int, now: datetime
) -> Emptiness:
    """Return why no fill of today is shown; ``rows`` is how many there are behind the filter."""
    if rows and text:
        return no_match(text)
    problems, listed = watch.problems(modes), watch.listed(modes)
    counting, absent = watch.counted(modes), watch.absent(modes)
    waiting = [
        mode for mode in counting if mode not in absent and mode not in listed and mode not in problems
    ]
    if problems:
        return Emptiness("Fills are not known", tuple(f"{mode}: {why}" for mode, why in problems.items()))
    if waiting and counting != [AccountMode.HAMMER_PRO]:
        return Emptiness("Loading fills…", (f"{names_of(waiting)} connected, waiting for the list.",))
    if gaps := watch.gaps(modes):
        why = tuple(f"{mode}: {gap}" for mode, found in gaps.items() for gap in found)
        return Emptiness("Fills are not known in full", why[:3])
    if listed:
        have = f"{names_of(listed)} {'has' if len(listed) == 1 else 'have'} none"
        steps = [f"{have} as of {formatting.moment(min(listed.values()), now)} ET."]
        steps += (
            [f"{names_of(absent)} {'is' if len(absent) == 1 else 'are'} not connected."] if absent else []
        )
        return Emptiness("No fills today", (*steps, *watch.evening_gaps(modes)))
    if counting == [AccountMode.HAMMER_PRO]:
        steps_to = "Set the account key under the HAMMER card's ... > Edit and connect HAMMER."
        return Emptiness("HAMMER_PRO is not read", (steps_to,))
    return Emptiness(
        "No fills to show", ("What was traded today appears here once an IBKR account is connected.",)
    )


def no_match(text: str) -> Emptiness:
    return Emptiness(f"No fill matches “{text}”", ("Esc clears the filter.",))


def new_fills_text(fills: Sequence[Fill], *, are_values_hidden: bool) -> str:
    """Return the executions that have just happened, the last of them in full."""
    last = fills[-1]
    size = formatting.hidden(formatting.quantity(last.quantity), are_values_hidden)
    of = f"{last.mode.short}  {last.side} {size} {last.instrument.name} at {formatting.price(last.price)}"
    if last.is_liquidation:
        of += ", liquidated by IBKR"
    more = len(fills) - 1
    return f"{of}  (and {more} more)" if more else of


def liquidation(fill: Fill) -> str:
    """Return what IBKR did by itself, for the status line, without the quantity, which may be hidden."""
    what = {Side.SELL.value: "sold", Side.BUY.value: "bought"}.get(fill.side, fill.side)
    symbol, price = fill.instrument.name, formatting.price(fill.price)
    return f"{fill.mode}: IBKR {what} {symbol} by itself at {price} (liquidation)"


def bust(fill: Fill) -> str:
    """Return what the broker cancelled, for the status line."""
    what = {Side.SELL.value: "sale", Side.BUY.value: "purchase"}.get(fill.side, "execution")
    at = f" of {formatting.clock(fill.at)}" if fill.at else ""
    return f"{fill.mode}: the {what} of {fill.instrument.name}{at} was busted: it does not count any more"


def names_of(modes: Collection[AccountMode]) -> str:
    return formatting.listed([mode.value for mode in modes])
