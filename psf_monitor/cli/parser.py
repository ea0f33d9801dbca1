"""Parse the command line, and check its options against each other."""

import argparse
import difflib
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from psf_monitor import __version__
from psf_monitor.cli import arguments, commands, shared_options
from psf_monitor.cli.console import WRONG_INPUT


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
    shared_options.add_common(parser, top=True)
    demo = parser.add_argument_group("demo")
    shared_options.add_demo(demo, top=True)
    _add_picture(demo)
    found = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_all(found)
    parser.commands.update(found.choices)
    return parser


def _add_picture(group: argparse._ActionsContainer) -> None:
    """What the window looks like, and the screenshot that is taken of it."""
    group.add_argument(
        "--screenshot", type=arguments.picture, metavar="FILE", help="save the window as PNG and exit"
    )
    group.add_argument(
        "--after", type=arguments.seconds, metavar="SECONDS", help="when to take the screenshot (6)"
    )
    group.add_argument("--footer", action="store_true", help="say when and of what under the screenshot")
    group.add_argument(
        "--scale", type=arguments.scale, metavar="FACTOR", help="of the screen, 1.5 for 150 %% (1)"
    )
    group.add_argument("--hide-values", action="store_true", help="open with quantities and money covered")
    group.add_argument(
        "--tab", choices=("orders", "fills", "alerts"), help="what the lower section shows (as last time)"
    )
    group.add_argument("--size", type=arguments.size, metavar="WxH", help="size of the window (1280x720)")


def _check_demo_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.command not in (None, "serve") and options.demo:
        parser.error(f"--demo is for the window and for serve, not for {options.command}")
    if options.command not in (None, "serve", "check") and options.record is not None:
        parser.error(f"--record is for the window, serve and check, not for {options.command}")
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
