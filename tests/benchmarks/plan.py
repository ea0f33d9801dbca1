"""How much of everything is measured, and the records that come out. It measures nothing itself."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often. ``*_s`` are seconds; every contender is measured once a round, in turn.

    ``table_s`` is one run of one table, of ``table_rounds``; ``wire_s`` one rate on the wire, ``blast_s`` the
    wire at full blast, ``idle_s`` each kind of idling, ``stream_s`` the wire without and with readers of the
    local API, which is asked ``requests`` times on one line. ``held`` positions and as many orders are loaded
    in the benchmark of connecting, positions and orders as in ``large_account`` in that of large accounts,
    where each act of a hand is timed ``hand`` times; ``symbols`` are streamed in those of the wire. Wires are
    recorded ``recorded_pairs`` times for ``recorded_s``, and as often not; ``frames`` different updates fill
    a recorded day, of which ``replayed_s`` are played. Memory is read ``settle_s`` after the last symbol was
    subscribed to, ``starts`` as often, of the product that ``python`` has.
    """

    rounds: int
    table_rounds: int
    table_rows: tuple[int, ...]
    table_s: float
    symbols: int
    rates: tuple[int, ...]
    wire_s: float
    blast_s: float
    connects: int
    held: int
    large_account: tuple[int, int]
    hand: int
    starts: int
    idle_s: float
    stream_s: float
    requests: int
    ticks: int
    reconnects: int
    fills: int
    frames: int
    recorded_s: float
    recorded_pairs: int
    replayed_s: float
    settle_s: float
    python: str = sys.executable


FULL = Plan(
    rounds=3,
    table_rounds=7,
    table_rows=(50, 500, 2000, 5000),
    table_s=1.0,
    symbols=500,
    rates=(1000, 5000),
    wire_s=10.0,
    blast_s=10.0,
    connects=5,
    held=1000,
    large_account=(5000, 3000),
    hand=5,
    starts=10,
    idle_s=20.0,
    stream_s=10.0,
    requests=1000,
    ticks=1_000_000,
    reconnects=50,
    fills=1000,
    frames=120_000,
    recorded_s=3.0,
    recorded_pairs=7,
    replayed_s=900.0,
    settle_s=5.0,
)
QUICK = Plan(
    rounds=1,
    table_rounds=1,
    table_rows=(500,),
    table_s=0.3,
    symbols=100,
    rates=(5000,),
    wire_s=1.0,
    blast_s=0.8,
    connects=1,
    held=1000,
    large_account=(500, 300),
    hand=5,
    starts=2,
    idle_s=1.0,
    stream_s=1.0,
    requests=200,
    ticks=50_000,
    reconnects=2,
    fills=50,
    frames=20_000,
    recorded_s=1.0,
    recorded_pairs=3,
    replayed_s=60.0,
    settle_s=2.0,
)
TINY = Plan(
    rounds=1,
    table_rounds=1,
    table_rows=(20,),
    table_s=0.03,
    symbols=20,
    rates=(500,),
    wire_s=0.05,
    blast_s=0.02,
    connects=0,
    held=20,
    large_account=(30, 10),
    hand=1,
    starts=1,
    idle_s=0.03,
    stream_s=0.2,
    requests=20,
    ticks=200,
    reconnects=0,
    fills=3,
    frames=500,
    recorded_s=0.03,
    recorded_pairs=1,
    replayed_s=1.0,
    settle_s=0.0,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: ``benchmark`` and ``case`` say of what, ``contender`` whose it is."""

    benchmark: str
    case: str
    contender: str
    what: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target next to what came out; ``is_met`` is ``None`` when it could not be judged."""

    what: str
    target: str
    measured: str
    is_met: bool | None


@dataclass(slots=True)
class Measured:
    """What one benchmark found. ``notes`` say how, in whole sentences."""

    figures: list[Figure] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(
        self,
        benchmark: str,
        case: str,
        contender: str,
        what: str,
        values: Iterable[float],
        percent: float = 50,
    ) -> None:
        """A figure over all rounds, their median by default; what no round could measure is left out."""
        ordered = sorted(value for value in values if isfinite(value))
        if ordered:
            value = ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]
            unit = what.rsplit(" ", 1)[-1]
            self.figures.append(Figure(benchmark, case, contender, what, value, unit))

    def value(self, case: str, contender: str, what: str) -> float:
        """``KeyError`` when it was not measured."""
        for figure in self.figures:
            if (figure.case, figure.contender, figure.what) == (case, contender, what):
                return figure.value
        raise KeyError(f"{case}, {contender}, {what}")

    def judge(self, what: str, target: str, value: float, unit: str, *, most: float) -> None:
        """Add a verdict on a value that must not be above ``most``."""
        self.verdicts.append(Verdict(what, target, f"{value:.3g} {unit}", value <= most))

    def judge_ratio(self, what: str, target: str, ratio: float, *, least: float) -> None:
        """Add a verdict on a ratio that must reach ``least``."""
        self.verdicts.append(Verdict(what, target, f"{ratio:,.2f} times", ratio >= least))
