"""``python -m tests.benchmarks``: measures, prints, and writes what it is asked to write.

Each benchmark runs in a process of its own, so that none inherits the memory or the heat of another.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    answers,
    chart,
    connect,
    idle,
    journal,
    memory,
    report,
    start,
    stream,
    tables,
    wire,
)
from tests.benchmarks.chart import Bar, Panel
from tests.benchmarks.plan import FULL, QUICK, Measured, Plan

BENCHMARKS: dict[str, Callable[[Plan], Measured]] = {
    module.NAME: module.measure
    for module in (tables, wire, connect, start, idle, memory, journal, stream, answers)
}
_OURS = "psf_monitor"

# benchmark, case, what, title, unit, target, logarithmic
_PICTURE = (
    (
        "tables",
        "500 rows, flat out",
        "updates/s",
        "Table of 500 rows, as fast as possible",
        "updates/s",
        None,
        True,
    ),
    (
        "tables",
        "500 rows, 5000/s",
        "net CPU %",
        "Table of 500 rows, 5,000 updates/s",
        "net % of a core",
        None,
        False,
    ),
    ("tables", "500 rows, 5000/s", "stall p99 ms", "The same: event loop away, p99", "ms", 16.0, False),
    ("wire", "full blast", "messages/s", "HAMMER's socket at full blast", "messages/s", None, False),
    ("wire", "5000/s", "late p99 ms", "Send to painted cell at 5,000 messages/s, p99", "ms", 50.0, False),
    ("connect", "to everything there", "seconds", "Connect: 1,000 positions, 1,000 orders", "s", None, False),
    ("start", "to the first painting", "seconds", "Start to the first painting", "s", None, False),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, under a minute")
    parser.add_argument("--only", choices=BENCHMARKS, help="one benchmark")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the picture there, as SVG")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    names = [options.only] if options.only else list(BENCHMARKS)
    measured = Measured()
    with tempfile.TemporaryDirectory() as home:
        if options.only:
            _leave_the_users_home(home)
            measured = BENCHMARKS[options.only](QUICK if options.quick else FULL)
        else:
            for name in names:
                sys.stderr.write(f"{name} ...\n")
                part = _apart(name, Path(home) / f"{name}.json", is_quick=options.quick)
                measured.figures += part.figures
                measured.verdicts += part.verdicts
                measured.notes += part.notes
    sys.stdout.write(report.as_text(measured))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(measured), indent=1), encoding="utf-8")
    if options.chart:
        options.chart.write_text(picture(measured), encoding="utf-8")
    return 0


def _apart(name: str, file: Path, *, is_quick: bool) -> Measured:
    command = [sys.executable, "-m", "tests.benchmarks", "--only", name, "--json", str(file)]
    subprocess.run(
        command + ["--quick"] * is_quick, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return report.from_json(json.loads(file.read_text(encoding="utf-8")))


def _leave_the_users_home(home: str) -> None:
    """No benchmark reads or writes what belongs to the user."""
    names = ["HOME", "USERPROFILE", *(f"XDG_{kind}_HOME" for kind in ("CACHE", "CONFIG", "DATA", "STATE"))]
    names += [f"WIN_PD_OVERRIDE_{kind}" for kind in ("APPDATA", "LOCAL_APPDATA", "MY_PICTURES")]
    os.environ.update(dict.fromkeys(names, home))


def picture(measured: Measured) -> str:
    """The chart of what README speaks of."""
    panels = []
    for benchmark, case, what, title, unit, target, is_logarithmic in _PICTURE:
        bars = [
            Bar(figure.contender, figure.value, figure.contender == _OURS)
            for figure in measured.figures
            if (figure.benchmark, figure.case, figure.what) == (benchmark, case, what)
        ]
        panels.append(Panel(title, unit, bars, target, is_logarithmic))
    machine = report.machine()
    return chart.svg(f"psf_monitor measured: {machine['system']}, Python {machine['python']}", panels)


if __name__ == "__main__":
    sys.exit(main())
