"""What was measured, as a table for reading, as JSON, and as one picture."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import PySide6

from tests.benchmarks.plan import Figure, Measured, Verdict

_MARKS = {True: "met", False: "MISSED", None: "not judged"}


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "system": platform.platform(terse=True),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "PySide6": PySide6.__version__,
    }


def as_json(measured: Measured) -> dict[str, Any]:
    return {
        "machine": machine(),
        "figures": [asdict(figure) for figure in measured.figures],
        "targets": [asdict(verdict) for verdict in measured.verdicts],
        "notes": measured.notes,
    }


def from_json(fields: dict[str, Any]) -> Measured:
    return Measured(
        [Figure(**figure) for figure in fields["figures"]],
        [Verdict(**verdict) for verdict in fields["targets"]],
        list(fields["notes"]),
    )


def as_text(measured: Measured) -> str:
    """One table for each benchmark, a row for each case and contender; then the targets and the notes."""
    parts = ["  ".join(f"{key} {value}" for key, value in machine().items())]
    for benchmark in dict.fromkeys(figure.benchmark for figure in measured.figures):
        mine = [figure for figure in measured.figures if figure.benchmark == benchmark]
        cases = dict.fromkeys(figure.case for figure in mine)
        parts += [_table(f"{benchmark}: {case}", [f for f in mine if f.case == case]) for case in cases]
    if measured.verdicts:
        rows = [(v.what, v.target, v.measured, _MARKS[v.is_met]) for v in measured.verdicts]
        parts.append(_aligned([("target", "wanted", "measured", ""), *rows]))
    return "\n\n".join([*parts, "\n".join(measured.notes)]) + "\n"


def _table(title: str, figures: Sequence[Figure]) -> str:
    whats = list(dict.fromkeys(figure.what for figure in figures))
    rows: dict[str, dict[str, str]] = {}
    for figure in figures:
        rows.setdefault(figure.contender, {})[figure.what] = _number(figure.value)
    lines = [(title, *whats)]
    lines += [(name, *(cells.get(what, "") for what in whats)) for name, cells in rows.items()]
    return _aligned(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def _aligned(rows: Iterable[Sequence[str]]) -> str:
    lines = list(rows)
    widths = [max(len(row[i]) for row in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in lines
    )
