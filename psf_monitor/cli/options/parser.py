"""Parse the command line, and check its options against each other."""

import argparse
import sys
from collections.abc import Sequence

from psf_monitor import __version__
from psf_monitor.cli import command_table
from psf_monitor.cli.options import arguments, shared_options
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.formatting import listed


def parse(given: Sequence[str] | None) -> argparse.Namespace:
    """Return the options, each checked against the others. A wrong one ends in ``SystemExit(2)``."""
    parser = _parser()
    parser.refuse_unknown(sys.argv[1:] if given is None else given)
    options = parser.parse_args(given)
    if not options.paths:
        named = parser.commands.get(options.command, parser)
        _check_demo_options(named, options)
        for check in named.checks:
            check(options)
    return options


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="psf-monitor",
        description="A read-only window over IBKR positions and orders with HAMMER prices. It cannot trade.",
        epilog="Without a command the window opens; nothing is connected until you click.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"psf-monitor {__version__}")
    parser.add_argument(
        "--paths",
        action="store_true",
        help="print where settings, layout, alerts, journal, logs and pictures are kept",
    )
    parser.add_argument("--new", action="store_true", help="open one more window, though one is open")
    parser.add_argument(
        "--theme", choices=("system", "dark", "light"), help="the window's colours (as last time)"
    )
    shared_options.add_common(parser, top=True)
    demo = parser.add_argument_group("demo")
    shared_options.add_demo(demo, top=True)
    _add_picture(demo)
    command_table.add_all(parser)
    return parser


def _add_picture(group: argparse._ActionsContainer) -> None:
    """Add the options of the window's appearance and its screenshot."""
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


def _check_demo_options(parser: CommandParser, options: argparse.Namespace) -> None:
    if options.command is not None:
        _check_command(parser, options, command_table.COMMANDS[options.command])
    if not options.demo:
        for name in ("seed", "scenario", "screenshot"):
            if getattr(options, name) is not None:
                parser.error(f"--{name} needs --demo")
    if options.screenshot is None:
        for name, is_given in (("after", options.after is not None), ("footer", options.footer)):
            if is_given:
                parser.error(f"--{name} needs --screenshot")


_WINDOW_OPTIONS = (
    "demo",
    "record",
    "theme",
    "size",
    "scale",
    "new",
    "tab",
    "hide_values",
    "screenshot",
    "after",
    "footer",
)


def _check_command(
    parser: CommandParser, options: argparse.Namespace, command: command_table.Command
) -> None:
    """Refuse options before a command that belong to the window or to another command."""
    for name in _WINDOW_OPTIONS:
        if name not in command.accepts and getattr(options, name):
            takers = listed(["the window", *command_table.commands_with(name)])
            parser.error(f"--{name.replace('_', '-')} is for {takers}, not for {command.name}")
