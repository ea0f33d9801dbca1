"""The steps of the connection test, their outcomes, and how they are printed.

Independent of connections: whoever shows a check reads these records.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from psf_monitor.domain.account import IBKR_MODES, AccountMode

STEPS: Mapping[AccountMode, tuple[str, ...]] = {
    **dict.fromkeys(
        IBKR_MODES, ("name", "TCP", "handshake", "accounts", "positions", "orders", "account values")
    ),
    AccountMode.HAMMER_PRO: ("name", "WebSocket", "password", "data source", "account", "quote"),
}
"""The steps of every target, in the order in which they are tried."""

_ASKED_AT_ONCE = frozenset({"positions", "orders", "account values"})


class Outcome(StrEnum):
    """The outcome of a step."""

    OK = "ok"
    FAILED = "FAILED"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Step:
    """One finished step of one target.

    ``took_ms`` counts from when the step could begin; ``None`` if it was not reached. ``result`` is a short
    result. ``explanation`` says what happened, why and what to do, one line each, and is empty unless the
    step failed. Account ids are masked.
    """

    target: AccountMode
    name: str
    outcome: Outcome
    took_ms: float | None
    result: str = ""
    explanation: str = ""


Report = Callable[[Step], None]


def lines_of(step: Step) -> list[str]:
    """Return a step as it is printed: its line, and the explanation of a failure below it."""
    took = "" if step.took_ms is None else f"{step.took_ms:.0f} ms"
    line = f"{step.target:<10}  {step.name:<14}  {step.outcome:<11}  {took:>8}  {step.result}"
    return [line.rstrip(), *(f"{'':12}{sentence}" for sentence in step.explanation.splitlines())]


class Steps:
    """The steps of one target. Each ends once; later results of an ended step are ignored."""

    def __init__(self, target: AccountMode, report: Report, stopwatch: Callable[[], float]) -> None:
        self._target = target
        self._report = report
        self._stopwatch = stopwatch
        self._open = list(STEPS[target])
        self._began = stopwatch()
        self._ended = asyncio.Event()

    @property
    def open(self) -> tuple[str, ...]:
        """The steps that have not ended yet, in order."""
        return tuple(self._open)

    def begin(self) -> None:
        """Begin the next step now, rather than when the last one ended."""
        self._began = self._stopwatch()

    def succeed(self, name: str, result: str) -> None:
        self._end(name, Outcome.OK, result=result)

    def fail(self, name: str, explanation: str) -> None:
        self._end(name, Outcome.FAILED, explanation=explanation)

    def give_up(self, explanation: str) -> None:
        """Fail the first open step; no later one is reached."""
        for position, name in enumerate(self.open):
            if position == 0:
                self.fail(name, explanation)
            else:
                self._end(name, Outcome.NOT_REACHED)

    async def all_ended(self) -> None:
        while self._open:
            await self.one_ended()

    async def one_ended(self) -> None:
        """Return when one more step has ended."""
        self._ended.clear()
        await self._ended.wait()

    def _end(self, name: str, outcome: Outcome, *, result: str = "", explanation: str = "") -> None:
        if name not in self._open:
            return
        self._open.remove(name)
        now = self._stopwatch()
        took_ms = None if outcome is Outcome.NOT_REACHED else 1000 * (now - self._began)
        if name not in _ASKED_AT_ONCE:
            self._began = now
        self._ended.set()
        self._report(Step(self._target, name, outcome, took_ms, result, explanation))
