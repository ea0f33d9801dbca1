"""The table of commands. A new command is another file of ``cli`` and another entry here.

A command's file is loaded when the command line names it.
"""

import logging
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct

from psf_monitor.cli import anonymize, check, export, replay, serve, snapshot, wires
from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options.command_parser import CommandParser


class CommandFile(Protocol):
    """The content of a command's file."""

    DESCRIPTION: str
    """The command's effect and its exit codes, for ``psf-monitor NAME --help``."""

    def add_options(self, parser: CommandParser) -> None:
        """Add its options and their checks."""

    def run(self, invocation: Invocation) -> int:
        """Run it; return the exit code."""


class Command(Struct, frozen=True):
    """One command: ``summary`` is its line in ``psf-monitor --help``.

    ``accepts`` are options of the window that it takes, too. ``opens_window``: without a console it shows
    errors in a box. Log lines of level ``console`` or above are printed, except those of ``own_loggers``,
    whose text it makes itself.
    """

    name: str
    summary: str
    file: CommandFile
    accepts: frozenset[str] = frozenset()
    opens_window: bool = False
    console: int = logging.WARNING
    own_loggers: tuple[str, ...] = ()


_TABLE = (
    Command(
        "snapshot",
        "print positions, orders and account values once, as JSON",
        snapshot,
        own_loggers=("psf_monitor.connection", "psf_monitor.ibkr.heartbeat"),
    ),
    Command(
        "check",
        "test every connection step by step and say what is wrong",
        check,
        accepts=frozenset({"record"}),
        # It reports its problems itself.
        console=logging.ERROR,
    ),
    Command("export", "write what is kept of past days as CSV", export),
    Command("anonymize", "make a recording that can be handed over", anonymize),
    Command(
        "replay",
        "play a recording of the wires in the window",
        replay,
        accepts=frozenset({"theme", "size", "scale"}),
        opens_window=True,
    ),
    Command("wires", "print a recording of the wires, one line a message", wires),
    Command(
        "serve",
        "serve the local API without a window, until Ctrl+C",
        serve,
        accepts=frozenset({"demo", "record"}),
    ),
)

COMMANDS: Mapping[str, Command] = MappingProxyType({command.name: command for command in _TABLE})


def commands_with(option: str) -> list[str]:
    """Return the commands that take an option of the window."""
    return [command.name for command in _TABLE if option in command.accepts]


def add_all(parser: CommandParser) -> None:
    """Add every command to the command line."""
    found = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in _TABLE:
        added = found.add_parser(command.name, help=command.summary)
        added.add_options = partial(_add_options, command)
        parser.commands[command.name] = added


def _add_options(command: Command, parser: CommandParser) -> None:
    parser.description = command.file.DESCRIPTION
    command.file.add_options(parser)
