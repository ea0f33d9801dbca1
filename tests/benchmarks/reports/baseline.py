"""An earlier revision of the product next to this one, built in a folder, measured by its own benchmarks."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.plan import Figure, Measured, Verdict

OURS = "psf_monitor"
CHECKOUT = Path(__file__).parents[3]

# benchmark, case, what, the most that it may be of the baseline's figure
AIMS = (
    ("start", "to the first painting", "seconds", 0.6),
    ("idle", "nothing moves", "CPU %", 0.5),
    ("idle", "200 ticks/s", "CPU %", 0.5),
    ("idle", "200 ticks/s, minimised", "CPU %", 0.5),
    ("wire", "5000/s", "CPU %", 0.75),
    ("wire", "5000/s", "net CPU %", 0.75),
    ("wire", "5000/s", "late p99 ms", 1.0),
    ("tables", "500 rows, 5000/s", "net CPU %", 0.5),
    ("memory", "after start", "MB", 0.7),
)
BESIDE = ("start", "idle", "wire", "memory", "leaks")
"""What is measured of both builds by default: what has an aim, without the tables of the peers."""


_MARKS = {True: "met", False: "missed", None: "not judged"}


class BaselineError(Exception):
    """A baseline that cannot be built; the text names the revision and the reason."""


def build(revision: str, folder: Path) -> Path:
    """Lay the tree of ``revision`` in ``folder`` with an environment of its own, and return its Python.

    Raises:
        BaselineError: Git does not know the revision, or uv cannot make its environment.
    """
    packed = _run(["git", "archive", "--format=zip", revision], CHECKOUT, revision)
    with zipfile.ZipFile(io.BytesIO(packed)) as tree:
        tree.extractall(folder)
    _run(["uv", "sync", "--quiet", "--group", "bench", "--python", sys.executable], folder, revision)
    return folder / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _run(command: Sequence[str], folder: Path, revision: str) -> bytes:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    except FileNotFoundError as error:
        raise BaselineError(f"{revision}: {command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        raise BaselineError(f"{revision}: {error.stderr.decode(errors='replace').strip()}") from error
    return done.stdout


def medians(rounds: Sequence[Measured]) -> Measured:
    """One finding of several of the same benchmark: the median of each figure, the last round's words."""
    values: dict[tuple[str, str, str, str, str], list[float]] = {}
    for found in rounds:
        for f in found.figures:
            values.setdefault((f.benchmark, f.case, f.contender, f.what, f.unit), []).append(f.value)
    figures = [
        Figure(benchmark, case, contender, what, sorted(of)[len(of) // 2], unit)
        for (benchmark, case, contender, what, unit), of in values.items()
    ]
    return Measured(figures, list(rounds[-1].verdicts), list(rounds[-1].notes))


def as_markdown(measured: Measured, version: str, revision: str = "") -> str:
    """README's table: a row for each target, then one for each aim next to ``revision``, if there is one."""
    columns = ["what", "target", version, *([revision] if revision else ())]
    lines = [f"| {' | '.join(columns)} | |", "| --- " * (len(columns) + 1) + "|"]
    theirs_is_not = "| " if revision else ""
    for verdict in measured.verdicts:
        if not (revision and verdict.what.endswith(_next_to(revision))):
            text = _MARKS[verdict.is_met]
            lines.append(
                f"| {verdict.what} | {verdict.target} | {verdict.measured} {theirs_is_not}| {text} |"
            )
    for benchmark, case, what, most in AIMS if revision else ():
        mine, theirs = (_value(measured, benchmark, case, what, name) for name in _names(revision))
        if mine is not None and theirs:
            text = f"{mine / theirs:.2f} times: {_MARKS[mine / theirs <= most]}"
            figures = f"{mine:.3g} | {theirs:.3g} | {text}"
            lines.append(f"| {benchmark}, {case}, {what} | {most:g} times | {figures} |")
    return "\n".join(lines) + "\n"


def _next_to(revision: str) -> str:
    return f", next to {revision}"


def _names(revision: str) -> tuple[str, str]:
    return OURS, f"{OURS} {revision}"


def _value(measured: Measured, benchmark: str, case: str, what: str, contender: str) -> float | None:
    key = (benchmark, case, what, contender)
    found = (f.value for f in measured.figures if (f.benchmark, f.case, f.what, f.contender) == key)
    return next(found, None)


def beside(now: Measured, before: Measured, revision: str) -> Measured:
    """What was measured now, with the product's own figures of the baseline and a verdict on each aim."""
    name = _names(revision)[1]
    figures = list(now.figures)
    for figure in before.figures:
        if figure.contender == OURS:
            known = [f for f in figures if (f.benchmark, f.case) == (figure.benchmark, figure.case)]
            at = figures.index(known[-1]) + 1 if known else len(figures)
            figures.insert(
                at, Figure(figure.benchmark, figure.case, name, figure.what, figure.value, figure.unit)
            )
    found = Measured(figures, list(now.verdicts), list(now.notes))
    for benchmark, case, what, most in AIMS:
        mine, theirs = (_value(found, benchmark, case, what, each) for each in _names(revision))
        if mine is not None and theirs:
            text = f"{benchmark}, {case}, {what}{_next_to(revision)}"
            measured = f"{mine / theirs:.2f} times ({mine:.3g} against {theirs:.3g})"
            found.verdicts.append(Verdict(text, f"{most:g} times at most", measured, mine / theirs <= most))
    return found
