"""Options that may precede or follow a command: the demo's, and those of the connections."""

import argparse
from pathlib import Path
from typing import Any

from psf_monitor import settings
from psf_monitor.cli.options import arguments

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


def add_demo(parser: argparse._ActionsContainer, *, top: bool) -> None:
    """Add the demo's options; below the top level they must not reset what preceded the command."""
    unset: dict[str, Any] = {} if top else {"default": argparse.SUPPRESS}
    for name, how in _DEMO_OPTIONS.items():
        parser.add_argument(name, **how, **unset)


def add_common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Add options that may precede or follow a command; below the top level they must not reset it."""
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


def _setting_help(flag: str) -> str:
    if flag in _OWN_HELP:
        return _OWN_HELP[flag]
    whose, _, key = flag[2:].partition("-")
    return _SETTING_HELP[key].format(whose=_WHOSE[whose])
