"""An argument parser that reports errors in one sentence, and loads a command on use."""

import argparse
import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from psf_monitor.cli.console import WRONG_INPUT
from psf_monitor.runtime.error_output import report_errors


class CommandParser(argparse.ArgumentParser):
    """Reports errors in one sentence, without the usage, which would scroll it off the screen.

    Options cannot be abbreviated: a mistyped one would be taken for another. ``add_options`` is called on
    first use, so that a command that is not on the command line is not loaded.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(allow_abbrev=False, **how)
        self.commands: dict[str, CommandParser] = {}
        self.add_options: Callable[[CommandParser], None] | None = None
        self.checks: list[Callable[[argparse.Namespace], None]] = []
        """The checks among its options; each ends with ``error``."""

    def complete(self) -> "CommandParser":
        """Return itself with its options added."""
        add_options, self.add_options = self.add_options, None
        if add_options is not None:
            add_options(self)
        return self

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Add the options, then do as argparse does."""
        return super(CommandParser, self.complete()).parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print it and exit with ``WRONG_INPUT``."""
        text = re.sub(r"^argument COMMAND: invalid choice: (.*?) \(", r"\1 is not a command (", message)
        sentence = text if text.endswith((".", "?")) else f"{text}."
        report_errors(f"{sentence} {self.prog} --help lists what there is.")
        raise SystemExit(WRONG_INPUT)

    def refuse_unknown(self, given: Sequence[str]) -> None:
        """Exit with the first unknown option: argparse would take its value for a command."""
        parser: CommandParser = self
        for argument in given:
            name = argument.partition("=")[0]
            if argument == "--":
                return
            if argument in self.commands and parser is self:
                parser = self.commands[argument].complete()
            elif name.startswith("--") and name not in parser._option_string_actions:
                parser.error(self._unknown(name, parser))

    def _unknown(self, name: str, parser: "CommandParser") -> str:
        if name in self._option_string_actions:
            return f"{name} is not for {parser.prog.split()[-1]}"
        near = difflib.get_close_matches(name, parser._option_string_actions, 1, 0.75)
        return f"{name} is not an option{f'; {near[0]} is one' if near else ''}"
