"""The command line. It imports neither Qt nor ib_insync until a command needs them."""

import argparse
import asyncio
import logging
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from psf_monitor import __version__, logs, settings
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.settings import Settings, SettingsError

_log = logging.getLogger(__name__)

WRONG_INPUT = 2
"""Exit code for a command line or a setting that is not accepted; nothing was started."""

INTERRUPTED = 130
"""Exit code after Ctrl+C in a command without a window."""

SCENARIOS = ("first-run", "hammer-account", "hammer-lost", "ibkr-failed", "normal", "paper-mismatch")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. A wrong command line ends in ``SystemExit(2)`` with one clear line."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.paths:
        return _print_paths()
    _check_demo_options(parser, options)
    # The check says itself what is wrong, in its place.
    console = logging.ERROR if options.command == "check" else logging.WARNING
    with logs.kept(settings.user_paths().logs, debug=options.debug, console=console) as log:
        what = options.command or ("demo" if options.demo else "window")
        _log.info("psf_monitor %s starts: %s, on %s", __version__, what, sys.platform)
        try:
            return _run(options, log)
        except SettingsError as error:
            sys.stderr.write(f"psf-monitor: {error}\n")
            return WRONG_INPUT
        except KeyboardInterrupt:
            return INTERRUPTED


def _run(options: argparse.Namespace, log: logs.MaskingFormatter) -> int:
    loaded = None if options.demo else _load_settings(options)
    if loaded is None:
        return _window(options, None)
    for secret in (loaded.hammer.password, loaded.hammer.account_key):
        log.hide(secret)
    if options.command == "snapshot":
        return _snapshot(options, loaded)
    if options.command == "check":
        return _check(options, loaded)
    return _window(options, loaded)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="psf-monitor",
        description="A read-only window over IBKR positions and orders with HAMMER prices. It cannot trade.",
        epilog="Without a command the window opens; nothing is connected until you click.",
    )
    parser.add_argument("--version", action="version", version=f"psf-monitor {__version__}")
    parser.add_argument(
        "--paths", action="store_true", help="print where settings, symbols, logs and pictures are kept"
    )
    parser.add_argument("--theme", choices=("system", "dark", "light"), help="(as last time)")
    _add_common(parser, top=True)

    demo = parser.add_argument_group("demo")
    demo.add_argument(
        "--demo", action="store_true", help="simulated TWS and HAMMER on this computer, connected"
    )
    demo.add_argument("--seed", type=int, metavar="N", help="same seed, same market (7)")
    demo.add_argument("--scenario", choices=SCENARIOS, help="what happens in the demo (normal)")
    demo.add_argument("--screenshot", type=Path, metavar="FILE", help="save the window as PNG and exit")
    demo.add_argument("--after", type=_seconds, metavar="SECONDS", help="when to take the screenshot (6)")
    demo.add_argument("--footer", action="store_true", help="say when and of what under the screenshot")
    demo.add_argument("--scale", type=_scale, metavar="FACTOR", help="of the screen, 1.5 for 150 %% (1)")
    demo.add_argument("--hide-values", action="store_true", help="open with quantities and money covered")
    demo.add_argument("--size", type=_size, metavar="WxH", help="size of the window (1280x720)")

    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    snapshot = commands.add_parser(
        "snapshot",
        help="print positions, orders and account values once, as JSON",
        description="Connects to what the settings name, prints one JSON object and disconnects. "
        "Exit 0: complete. 3: some quotes are missing and null. 1: a connection failed.",
    )
    snapshot.add_argument("--json", action="store_true", required=True, help="the format; there is one")
    snapshot.add_argument("--account", choices=list(AccountMode), help="one profile (both of IBKR)")
    snapshot.add_argument("--timeout", type=_seconds, default=20.0, metavar="S", help="longest wait (20)")
    _add_common(snapshot, top=False)

    check = commands.add_parser(
        "check",
        help="test every connection step by step and say what is wrong",
        description="Connects to what the settings name, prints how each step ended and disconnects. "
        "Exit 0: everything is ok. 1: something is not.",
    )
    check.add_argument("--account", choices=list(AccountMode), help="one connection (all)")
    check.add_argument(
        "--timeout", type=_patience, default=20.0, metavar="S", help="longest wait for one step (20)"
    )
    _add_common(check, top=False)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Options that stand before or after a command: below the top they must not reset what stood before."""
    unset = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--debug",
        action="store_true",
        default=False if top else unset,
        help="log what the libraries say, too",
    )
    group = parser.add_argument_group(
        "connections", "These win over the environment, which wins over settings.toml."
    )
    group.add_argument("--settings", type=Path, metavar="FILE", default=unset, help="another settings.toml")
    for _section, _key, flag in settings.OPTIONS:
        group.add_argument(flag, metavar=flag.rsplit("-", 1)[-1].upper(), default=unset)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return seconds


def _patience(text: str) -> float:
    seconds = _seconds(text)
    if seconds == 0:
        raise argparse.ArgumentTypeError("0 seconds are too short to try anything")
    return seconds


def _scale(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= 4:
        raise argparse.ArgumentTypeError(f"{text!r} is not a factor from 1 to 4")
    return factor


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{3,4})x([0-9]{3,4})", text, re.ASCII)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT in pixels, such as 1280x720")
    return int(match[1]), int(match[2])


def _check_demo_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.command is not None and options.demo:
        parser.error(f"--demo is for the window, not for {options.command}")
    if not options.demo:
        for name in ("seed", "scenario", "screenshot"):
            if getattr(options, name) is not None:
                parser.error(f"--{name} needs --demo")
    if options.screenshot is None:
        for name, is_given in (("after", options.after is not None), ("footer", options.footer)):
            if is_given:
                parser.error(f"--{name} needs --screenshot")


def _load_settings(options: argparse.Namespace) -> Settings:
    given = {
        (section, key): value
        for section, key, flag in settings.OPTIONS
        if (value := getattr(options, flag[2:].replace("-", "_"))) is not None
    }
    if options.settings is not None and not options.settings.is_file():
        raise SettingsError(f"--settings: there is no file {str(options.settings)!r}.")
    return settings.load(path=options.settings, options=given)


def _print_paths() -> int:
    paths = settings.user_paths()
    log = paths.logs / logs.FILE_NAME
    sys.stdout.write(
        f"settings  {paths.settings}\nsymbols   {paths.symbols}\n"
        f"log       {log}\npictures  {paths.pictures}\n"
    )
    return 0


def _snapshot(options: argparse.Namespace, loaded: Settings) -> int:
    from psf_monitor import snapshot

    modes = [AccountMode(options.account)] if options.account else list(IBKR_MODES)
    return asyncio.run(snapshot.take(loaded, modes, options.timeout))


def _check(options: argparse.Namespace, loaded: Settings) -> int:
    from psf_monitor import check

    targets = [AccountMode(options.account)] if options.account else list(AccountMode)
    return asyncio.run(check.report(loaded, targets, options.timeout))


def _window(options: argparse.Namespace, loaded: Settings | None) -> int:
    from psf_monitor import app

    return app.run(
        app.WindowOptions(
            settings=loaded,
            scenario=options.scenario or "normal",
            seed=7 if options.seed is None else options.seed,
            theme=options.theme,
            size=options.size,
            screenshot=options.screenshot,
            after_s=6.0 if options.after is None else options.after,
            layout=None if loaded is None else settings.user_paths().settings.with_name("ui.json"),
            settings_file=None if loaded is None else options.settings or settings.user_paths().settings,
            hides_values=options.hide_values,
            scale=options.scale or 1.0,
            has_footer=options.footer,
        )
    )
