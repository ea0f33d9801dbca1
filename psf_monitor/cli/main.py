"""The command line. It imports neither Qt nor asyncio nor ib_insync until a command needs them."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from psf_monitor import __version__, settings
from psf_monitor.cli import arguments, recordings
from psf_monitor.cli.console import WRONG_INPUT, reporting
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime import logs
from psf_monitor.settings import ApiSettings, Settings, SettingsError

_log = logging.getLogger(__name__)

INTERRUPTED = 130
"""Exit code after Ctrl+C in a command without a window."""

COMMANDS = frozenset({"check", "export", "serve", "snapshot", *recordings.COMMANDS})
"""What runs without a window."""

SCENARIOS = ("depth", "first-run", "hammer-account", "hammer-lost", "ibkr-failed", "normal", "paper-mismatch")


_DEMO_OPTIONS: dict[str, dict[str, Any]] = {
    "--demo": {"action": "store_true", "help": "simulated TWS and HAMMER on this computer, connected"},
    "--seed": {"type": int, "metavar": "N", "help": "same seed, same market (7)"},
    "--scenario": {"choices": SCENARIOS, "help": "what happens in the demo (normal)"},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. A wrong command line ends in ``SystemExit(2)`` with one clear line.

    Where there is no console, a window that cannot be opened says so in a box; commands write nothing.
    """
    given = sys.argv[1:] if arguments is None else arguments
    return reporting(lambda: _main(arguments), has_window=not COMMANDS & set(given))


def _main(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.paths:
        return _print_paths()
    _check_demo_options(parser, options)
    _check_export_options(parser, options)
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
    if options.command in recordings.COMMANDS:
        return recordings.run(options)
    if options.command == "export":
        return _export(options)
    if options.command == "serve" or options.api:
        _require_extra()
    password = _PutOff() if options.command is None else settings.stored_password
    loaded = None if options.demo else _load_settings(options, password)
    if loaded is None:
        return _serve(options, None) if options.command == "serve" else _window(options, None)
    for secret in (loaded.hammer.password, loaded.hammer.account_key):
        log.hide(secret)
    if options.command == "snapshot":
        return _snapshot(options, loaded)
    if options.command == "check":
        return _check(options, loaded)
    if options.command == "serve":
        return _serve(options, loaded)
    later = isinstance(password, _PutOff) and password.was_asked
    return _window(options, loaded, settings.stored_password if later else None)


class _PutOff:
    """Stands for the credential store while settings are read; ``was_asked``: it is to be asked later."""

    was_asked = False

    def __call__(self) -> str:
        self.was_asked = True
        return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="psf-monitor",
        description="A read-only window over IBKR positions and orders with HAMMER prices. It cannot trade.",
        epilog="Without a command the window opens; nothing is connected until you click.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"psf-monitor {__version__}")
    parser.add_argument(
        "--paths", action="store_true", help="print where settings, symbols, logs and pictures are kept"
    )
    parser.add_argument("--new", action="store_true", help="open one more window, though one is open")
    parser.add_argument("--theme", choices=("system", "dark", "light"), help="(as last time)")
    _add_common(parser, top=True)

    demo = parser.add_argument_group("demo")
    for name, how in _DEMO_OPTIONS.items():
        demo.add_argument(name, **how)
    demo.add_argument("--screenshot", type=Path, metavar="FILE", help="save the window as PNG and exit")
    demo.add_argument(
        "--after", type=arguments.seconds, metavar="SECONDS", help="when to take the screenshot (6)"
    )
    demo.add_argument("--footer", action="store_true", help="say when and of what under the screenshot")
    demo.add_argument(
        "--scale", type=arguments.scale, metavar="FACTOR", help="of the screen, 1.5 for 150 %% (1)"
    )
    demo.add_argument("--hide-values", action="store_true", help="open with quantities and money covered")
    demo.add_argument(
        "--tab", choices=("orders", "fills"), help="what the lower section shows (as last time)"
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
    snapshot.add_argument("--account", choices=list(AccountMode), help="one profile (both of IBKR)")
    snapshot.add_argument(
        "--timeout", type=arguments.seconds, default=20.0, metavar="S", help="longest wait (20)"
    )
    _add_common(snapshot, top=False)

    check = commands.add_parser(
        "check",
        help="test every connection step by step and say what is wrong",
        description="Connects to what the settings name, prints how each step ended and disconnects. "
        "Exit 0: everything is ok. 1: something is not.",
    )
    check.add_argument("--account", choices=list(AccountMode), help="one connection (all)")
    check.add_argument(
        "--timeout", type=arguments.patience, default=20.0, metavar="S", help="longest wait for one step (20)"
    )
    _add_common(check, top=False)
    _add_export(commands)
    recordings.add_commands(commands)

    serve = commands.add_parser(
        "serve",
        help="serve the local API without a window, until Ctrl+C",
        description="Connects to what the settings name, keeps the journal and answers other programs of "
        "this computer. Prints the address and where the token is. Exit 0: stopped. 1: could not listen.",
    )
    for name, how in _DEMO_OPTIONS.items():
        serve.add_argument(name, default=argparse.SUPPRESS, **how)
    _add_common(serve, top=False)
    return parser


def _add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
    export.add_argument("--csv", required=True, metavar="FILE", help="where to; - is the standard output")
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
        type=Path,
        metavar="FILE",
        default=unset,
        help="record both wires from the start into FILE",
    )
    group = parser.add_argument_group(
        "connections", "These win over the environment, which wins over settings.toml."
    )
    group.add_argument("--settings", type=Path, metavar="FILE", default=unset, help="another settings.toml")
    for _section, _key, flag in settings.OPTIONS:
        group.add_argument(flag, metavar=flag.rsplit("-", 1)[-1].upper(), default=unset)
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
    if not options.demo:
        for name in ("seed", "scenario", "screenshot"):
            if getattr(options, name) is not None:
                parser.error(f"--{name} needs --demo")
    if options.screenshot is None:
        for name, is_given in (("after", options.after is not None), ("footer", options.footer)):
            if is_given:
                parser.error(f"--{name} needs --screenshot")


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


def _load_settings(options: argparse.Namespace, password: Callable[[], str]) -> Settings:
    if options.settings is not None and not options.settings.is_file():
        raise SettingsError(f"--settings: there is no file {str(options.settings)!r}.")
    return settings.load(path=options.settings, options=_given(options), password=password)


def _given(options: argparse.Namespace) -> dict[tuple[str, str], str]:
    return {
        (section, key): value
        for section, key, flag in (*settings.OPTIONS, *settings.SWITCHES)
        if (value := getattr(options, flag[2:].replace("-", "_"))) is not None
    }


def _require_extra() -> None:
    from psf_monitor.runtime import api_host

    if not api_host.has_extra():
        raise SettingsError(api_host.EXTRA_MISSING)


def _api(options: argparse.Namespace, loaded: Settings | None) -> ApiSettings:
    """Whether and where to listen; a demo knows the command line alone."""
    api = settings.api_settings(_given(options)) if loaded is None else loaded.api
    return replace(api, enabled=True) if options.command == "serve" else api


def _print_paths() -> int:
    paths = settings.user_paths()
    log = paths.logs / logs.FILE_NAME
    sys.stdout.write(
        f"settings  {paths.settings}\nsymbols   {paths.symbols}\n"
        f"log       {log}\npictures  {paths.pictures}\njournal   {paths.journal}\n"
        f"api token {paths.api_token}\nrecorded  {paths.recordings}\n"
    )
    return 0


def _asked(options: argparse.Namespace, loaded: Settings) -> list[AccountMode]:
    """The profile that the command line names, if any. ``SettingsError`` when it is switched off."""
    modes = [AccountMode(options.account)] if options.account else []
    for mode in loaded.switched_off.intersection(modes):
        raise SettingsError(f"--account: {mode} is switched off; {settings.switch_on(mode)}.")
    return modes


def _snapshot(options: argparse.Namespace, loaded: Settings) -> int:
    from psf_monitor.cli import snapshot

    modes = _asked(options, loaded) or list(loaded.ibkr)
    return snapshot.run(loaded, modes, options.timeout)


def _export(options: argparse.Namespace) -> int:
    from psf_monitor.cli import export as command

    year = options.gains
    request = command.Request(
        file=None if options.csv == "-" else Path(options.csv),
        account=options.account,
        first=options.first or date(year, 1, 1),
        last=options.last or date(year, 12, 31),
        gains_year=year,
    )
    return command.run(settings.user_paths().journal, request, datetime.now(UTC))


def _check(options: argparse.Namespace, loaded: Settings) -> int:
    import asyncio

    from psf_monitor.check import runner as check

    targets = _asked(options, loaded) or [mode for mode in AccountMode if mode not in loaded.switched_off]
    return asyncio.run(check.report(loaded, targets, options.timeout))


def _serve(options: argparse.Namespace, loaded: Settings | None) -> int:
    from psf_monitor.cli import serve
    from psf_monitor.runtime import demo

    paths = settings.user_paths()
    keeps = loaded is not None and loaded.keeps_journal
    return serve.run(
        serve.ServeOptions(
            settings=loaded,
            api=_api(options, loaded),
            files=None if loaded is None else demo.Files(paths.journal if keeps else None, paths.api_token),
            scenario=options.scenario or "normal",
            seed=7 if options.seed is None else options.seed,
            record=options.record,
        )
    )


def _window(
    options: argparse.Namespace, loaded: Settings | None, password: Callable[[], str] | None = None
) -> int:
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
            tab=options.tab,
            journal=settings.user_paths().journal if loaded is not None and loaded.keeps_journal else None,
            api=_api(options, loaded),
            password=password,
            record=options.record,
            instance=None if loaded is None or options.new else _settings_folder(options),
        )
    )


def _settings_folder(options: argparse.Namespace) -> Path:
    """The folder of the settings in use, of which one window is open."""
    return Path(options.settings or settings.user_paths().settings).absolute().parent
