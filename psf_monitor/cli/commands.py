"""Every command, with its words and its options; what it does is in the file of its name.

``cli/main`` runs what was chosen.
"""

import argparse
from typing import Any

from psf_monitor.cli import anonymize, arguments, replay, shared_options, wires
from psf_monitor.domain.account import AccountMode


def add_all(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add every command to the command line."""
    _add_snapshot(commands)
    _add_check(commands)
    _add_export(commands)
    for command in (anonymize, replay, wires):
        command.add_to(commands)
    _add_serve(commands)


def _add_snapshot(commands: "argparse._SubParsersAction[Any]") -> None:
    snapshot = commands.add_parser(
        "snapshot",
        help="print positions, orders and account values once, as JSON",
        description="Connects to what the settings name, prints one JSON object and disconnects. "
        "Exit 0: complete. 3: some quotes or quantities are missing and null. 1: a connection failed.",
    )
    snapshot.add_argument("--json", action="store_true", required=True, help="the format; there is one")
    snapshot.add_argument(
        "--account", choices=[mode.value for mode in AccountMode], help="one profile (both of IBKR)"
    )
    snapshot.add_argument(
        "--timeout", type=arguments.patience, default=20.0, metavar="S", help="longest wait (20)"
    )
    shared_options.add_common(snapshot, top=False)


def _add_check(commands: "argparse._SubParsersAction[Any]") -> None:
    check = commands.add_parser(
        "check",
        help="test every connection step by step and say what is wrong",
        description="Connects to what the settings name, prints how each step ended and disconnects. "
        "With --record FILE what was said is written down. Exit 0: everything is ok. 1: something is not.",
    )
    check.add_argument("--account", choices=[mode.value for mode in AccountMode], help="one connection (all)")
    check.add_argument(
        "--timeout", type=arguments.patience, default=20.0, metavar="S", help="longest wait for one step (20)"
    )
    shared_options.add_common(check, top=False)


def _add_export(commands: "argparse._SubParsersAction[Any]") -> None:
    export = commands.add_parser(
        "export",
        help="write what is kept of past days as CSV",
        description="Writes the executions of some days, or the realized gains of a year, from the journal; "
        "it connects to nothing. Days are New York's. Exit 0: written. 3: written, and what may be missing "
        "is said. 1: the journal or the file failed. 2: the command line is not accepted.",
    )
    export.add_argument(
        "--from", dest="first", type=arguments.day, metavar="YYYY-MM-DD", help="the first day"
    )
    export.add_argument("--to", dest="last", type=arguments.day, metavar="YYYY-MM-DD", help="the last day")
    export.add_argument(
        "--csv",
        required=True,
        type=arguments.csv_file,
        metavar="FILE",
        help="where to; - is the standard output",
    )
    export.add_argument("--account", default="", metavar="ID", help="an account or a profile (all)")
    export.add_argument(
        "--gains", type=arguments.year, metavar="YEAR", help="the realized gains of this year instead"
    )
    export.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="log more")


def _add_serve(commands: "argparse._SubParsersAction[Any]") -> None:
    serve = commands.add_parser(
        "serve",
        help="serve the local API without a window, until Ctrl+C",
        description="Connects to what the settings name, keeps the journal and answers other programs of "
        "this computer. Prints the address and where the token is. Exit 0: stopped. 1: could not listen.",
    )
    shared_options.add_demo(serve, top=False)
    shared_options.add_common(serve, top=False)
