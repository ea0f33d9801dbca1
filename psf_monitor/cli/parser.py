"""The words of the command line, and what is said of a wrong one."""

import argparse
import difflib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from psf_monitor import __version__, settings
from psf_monitor.cli import anonymize, arguments, replay, wires
from psf_monitor.cli.console import WRONG_INPUT
from psf_monitor.domain.account import AccountMode

SCENARIOS = (
    "depth",
    "first-run",
    "hammer-account",
    "hammer-lost",
    "ibkr-failed",
    "my-file",
    "normal",
    "paper-mismatch",
)


_DEMO_OPTIONS: dict[str, dict[str, Any]] = {
    "--demo": {"action": "store_true", "help": "simulated TWS and HAMMER on this computer, connected"},
    "--seed": {"type": arguments.whole_number, "metavar": "N", "help": "same seed, same market (7)"},
    "--scenario": {"choices": SCENARIOS, "help": "what happens in the demo (normal)"},
}


_SETTING_HELP = {
    "host": "where {whose} is",
    "port": "{whose}'s API port",
    "client-id": "the client id at TWS, any free one but 0",
    "account-id": "one account of the login (all)",
    "expects": "live or paper, held against the account that arrives",
    "enabled": "false: this login is not there, and has no card",
    "streamer": "HAMMER's data source (ALARICQ, else the one that Hammer Pro has set)",
    "account-key": "of the account in Hammer Pro (its only one)",
    "silent-after-s": "seconds without a price in the session until HAMMER is asked, 5 to 600 (15)",
}
_WHOSE = {"gun": "IBKR_GUN's TWS", "ped": "IBKR_PED's TWS", "hammer": "Hammer Pro"}
_OWN_HELP = {
    "--api-host": "where the local API listens, a loopback address (127.0.0.1)",
    "--api-port": "its port; 0: a free one (8766)",
    "--journal-enabled": "false: keep no journal",
}


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong; the usage would push it off the screen.

    No option is abbreviated: a mistyped one would be taken for another.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(allow_abbrev=False, **how)
        self.commands: dict[str, _Parser] = {}

    def error(self, message: str) -> NoReturn:
        """Say it and exit with ``WRONG_INPUT``."""
        said = re.sub(r"^argument COMMAND: invalid choice: (.*?) \(", r"\1 is not a command (", message)
        sentence = said if said.endswith((".", "?")) else f"{said}."
        sys.stderr.write(f"psf-monitor: {sentence} {self.prog} --help tells what there is.\n")
        raise SystemExit(WRONG_INPUT)

    def refuse_unknown(self, given: Sequence[str]) -> None:
        """End with the first option that is not one here: argparse would take its value for a command."""
        asked: _Parser = self
        for word in given:
            name = word.partition("=")[0]
            if word == "--":
                return
            if word in self.commands and asked is self:
                asked = self.commands[word]
            elif name.startswith("--") and name not in asked._option_string_actions:
                asked.error(self._unknown(name, asked))

    def _unknown(self, name: str, asked: "_Parser") -> str:
        if name in self._option_string_actions:
            return f"{name} is not for {asked.prog.split()[-1]}"
        near = difflib.get_close_matches(name, asked._option_string_actions, 1, 0.75)
        return f"{name} is not an option{f'; {near[0]} is one' if near else ''}"


def parse(given: Sequence[str] | None) -> argparse.Namespace:
    """Return the options, each checked against the others. A wrong one ends in ``SystemExit(2)``."""
    parser = _parser()
    parser.refuse_unknown(sys.argv[1:] if given is None else given)
    options = parser.parse_args(given)
    if not options.paths:
        asked = parser.commands.get(options.command, parser)
        _check_demo_options(asked, options)
        _check_export_options(asked, options)
    return options


def _parser() -> _Parser:
    parser = _Parser(
        prog="psf-monitor",
        description="A read-only window over IBKR positions and orders with HAMMER prices. It cannot trade.",
        epilog="Without a command the window opens; nothing is connected until you click.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"psf-monitor {__version__}")
    parser.add_argument(
        "--paths", action="store_true", help="print where settings, symbols, logs and pictures are kept"
    )
    parser.add_argument("--new", action="store_true", help="open one more window, though one is open")
    parser.add_argument(
        "--theme", choices=("system", "dark", "light"), help="the window's colours (as last time)"
    )
    _add_common(parser, top=True)

    demo = parser.add_argument_group("demo")
    for name, how in _DEMO_OPTIONS.items():
        demo.add_argument(name, **how)
    demo.add_argument(
        "--screenshot", type=arguments.picture, metavar="FILE", help="save the window as PNG and exit"
    )
    demo.add_argument(
        "--after", type=arguments.seconds, metavar="SECONDS", help="when to take the screenshot (6)"
    )
    demo.add_argument("--footer", action="store_true", help="say when and of what under the screenshot")
    demo.add_argument(
        "--scale", type=arguments.scale, metavar="FACTOR", help="of the screen, 1.5 for 150 %% (1)"
    )
    demo.add_argument("--hide-values", action="store_true", help="open with quantities and money covered")
    demo.add_argument(
        "--tab", choices=("orders", "fills", "alerts"), help="what the lower section shows (as last time)"
    )
    demo.add_argument("--size", type=arguments.size, metavar="WxH", help="size of the window (1280x720)")

    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
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
    _add_common(snapshot, top=False)

    check = commands.add_parser(
        "check",
        help="test every connection step by step and say what is wrong",
        description="Connects to what the settings name, prints how each step ended and disconnects. "
        "Exit 0: everything is ok. 1: something is not.",
    )
    check.add_argument("--account", choices=[mode.value for mode in AccountMode], help="one connection (all)")
    check.add_argument(
        "--timeout", type=arguments.patience, default=20.0, metavar="S", help="longest wait for one step (20)"
    )
    _add_common(check, top=False)
    _add_export(commands)
    for command in (anonymize, replay, wires):
        command.add_to(commands)

    serve = commands.add_parser(
        "serve",
        help="serve the local API without a window, until Ctrl+C",
        description="Connects to what the settings name, keeps the journal and answers other programs of "
        "this computer. Prints the address and where the token is. Exit 0: stopped. 1: could not listen.",
    )
    for name, how in _DEMO_OPTIONS.items():
        serve.add_argument(name, default=argparse.SUPPRESS, **how)
    _add_common(serve, top=False)
    parser.commands.update(commands.choices)
    return parser


def _add_export(commands: "argparse._SubParsersAction[_Parser]") -> None:
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


def _add_common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Options that stand before or after a command: below the top they must not reset what stood before."""
    unset = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--debug",
        action="store_true",
        default=False if top else unset,
        help="log what the libraries say, too",
    )
    parser.add_argument(
        "--record",
        type=arguments.new_file,
        metavar="FILE",
        default=unset,
        help="record both wires from the start into FILE",
    )
    group = parser.add_argument_group(
        "connections", "These win over the environment, which wins over settings.toml."
    )
    group.add_argument("--settings", type=Path, metavar="FILE", default=unset, help="another settings.toml")
    for _section, _key, flag in settings.OPTIONS:
        group.add_argument(
            flag, metavar=flag.rsplit("-", 1)[-1].upper(), default=unset, help=_setting_help(flag)
        )
    group.add_argument(
        "--api",
        action="store_const",
        const="true",
        default=unset,
        help="let other programs of this computer read, too",
    )


def _check_demo_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.command not in (None, "serve") and options.demo:
        parser.error(f"--demo is for the window and for serve, not for {options.command}")
    if options.command not in (None, "serve") and options.record is not None:
        parser.error(f"--record is for the window and for serve, not for {options.command}")
    if options.command is not None:
        _check_window_options(parser, options)
    if not options.demo:
        for name in ("seed", "scenario", "screenshot"):
            if getattr(options, name) is not None:
                parser.error(f"--{name} needs --demo")
    if options.screenshot is None:
        for name, is_given in (("after", options.after is not None), ("footer", options.footer)):
            if is_given:
                parser.error(f"--{name} needs --screenshot")


def _check_window_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """What stands before a command and is the window's alone."""
    shown = ("theme", "size", "scale") if options.command == "replay" else ()
    for name in ("theme", "size", "scale", "new", "tab", "hide_values", "screenshot", "after", "footer"):
        if name not in shown and getattr(options, name):
            flag = f"--{name.replace('_', '-')}"
            parser.error(f"{flag} is for the window, not for {options.command}")


def _check_export_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.command != "export":
        return
    for flag, day in (("--from", options.first), ("--to", options.last)):
        if options.gains is not None and day is not None:
            parser.error(f"{flag} does not go with --gains, which is of a whole year")
        if options.gains is None and day is None:
            parser.error(f"export needs {flag}, or --gains")
    if options.gains is None and options.first > options.last:
        parser.error(f"--from: {options.first} is after --to, {options.last}")


def _setting_help(flag: str) -> str:
    if flag in _OWN_HELP:
        return _OWN_HELP[flag]
    whose, _, key = flag[2:].partition("-")
    return _SETTING_HELP[key].format(whose=_WHOSE[whose])
