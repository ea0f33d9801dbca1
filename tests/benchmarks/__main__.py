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
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.cases import (
    api_latency,
    connect,
    depth,
    idle,
    journal,
    large_account,
    leaks,
    memory,
    recording,
    replay,
    start,
    stream,
    tables,
    wire,
)
from tests.benchmarks.plan import FULL, QUICK, Measured, Plan
from tests.benchmarks.reports import baseline, chart, report
from tests.benchmarks.reports.chart import Bar, Panel

BENCHMARKS: dict[str, Callable[[Plan], Measured]] = {
    module.NAME: module.measure
    for module in (
        *(
            tables,
            wire,
            depth,
            connect,
            large_account,
            start,
            idle,
            memory,
            leaks,
            journal,
            stream,
            api_latency,
        ),
        *(recording, replay),
    )
}
_OURS = "psf_monitor"
_FROM_OUTSIDE = {memory.NAME}
"""What measures the product of any Python: that of a baseline, too."""
_WHEN_ASKED = {large_account.NAME}
"""What takes minutes by itself is measured when it is named."""
_DEFAULT = [name for name in BENCHMARKS if name not in _WHEN_ASKED]

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
    ("idle", "nothing moves", "CPU %", "Processor, nothing moves", "% of a core", None, False),
    ("idle", "200 ticks/s", "CPU %", "Processor, 200 ticks/s over 500 rows", "% of a core", None, False),
    ("idle", "200 ticks/s, minimised", "CPU %", "The same, minimised", "% of a core", None, False),
    ("memory", "after start", "MB", "Memory after start", "MB", None, False),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, under a minute")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="this benchmark; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the picture there, as SVG")
    parser.add_argument(
        "--baseline",
        metavar="REV",
        help=f"measure that revision beside this one, in turn: {', '.join(baseline.BESIDE)} unless given",
    )
    parser.add_argument("--table", type=Path, metavar="FILE", help="write README's table there, as Markdown")
    parser.add_argument(
        "--python",
        default=sys.executable,
        metavar="FILE",
        help=f"of {', '.join(_FROM_OUTSIDE)}: measure the product that this Python has installed",
    )
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="each benchmark so often; medians")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        if len(options.only or ()) == 1 and not options.baseline and options.rounds == 1:
            _leave_the_users_home(home)
            plan = replace(QUICK if options.quick else FULL, python=options.python)
            measured = BENCHMARKS[options.only[0]](plan)
        else:
            try:
                measured = _all_apart(options, Path(home))
            except baseline.BaselineError as error:
                sys.stderr.write(f"--baseline {error}\n")
                return 1
    sys.stdout.write(report.as_text(measured))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(measured), indent=1), encoding="utf-8")
    if options.table:
        table = baseline.as_markdown(measured, version("psf_monitor"), options.baseline or "")
        options.table.write_text(table, encoding="utf-8")
    if options.chart:
        options.chart.write_text(picture(measured), encoding="utf-8")
    return 0


def _all_apart(options: argparse.Namespace, home: Path) -> Measured:
    """Measure each benchmark in processes of its own, the baseline's right after ours, round by round."""
    former: Path | None = None
    if options.baseline:
        sys.stderr.write(f"building {options.baseline} ...\n")
        (home / "baseline").mkdir()
        former = baseline.build(options.baseline, home / "baseline")
    measured = Measured()
    for name in options.only or (baseline.BESIDE if options.baseline else _DEFAULT):
        sys.stderr.write(f"{name} ...\n")
        now, before = [], []
        for _ in range(options.rounds):
            now.append(_apart(name, home, sys.executable, baseline.CHECKOUT, is_quick=options.quick))
            if former is not None and name in _FROM_OUTSIDE:
                python = ("--python", str(former))
                before.append(
                    _apart(name, home, sys.executable, baseline.CHECKOUT, *python, is_quick=options.quick)
                )
            elif former is not None and name in _known_to(home / "baseline"):
                before.append(_apart(name, home, str(former), home / "baseline", is_quick=options.quick))
        part = baseline.medians(now)
        if before:
            part = baseline.beside(part, baseline.medians(before), options.baseline)
        measured.figures += part.figures
        measured.verdicts += part.verdicts
        measured.notes += part.notes
    return measured


def _known_to(tree: Path) -> set[str]:
    return {file.stem for file in (tree / "tests" / "benchmarks").rglob("*.py")}


def _apart(name: str, home: Path, python: str, tree: Path, *more: str, is_quick: bool) -> Measured:
    file = home / f"{name}.json"
    command = [python, "-m", "tests.benchmarks", "--only", name, "--json", str(file), *more]
    command += ["--quick"] * is_quick
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
