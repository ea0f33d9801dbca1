"""The command line. Qt, asyncio and ib_insync are loaded when a command needs them."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from psf_monitor import __version__, settings
from psf_monitor.app import launch
from psf_monitor.app.options import WindowOptions
from psf_monitor.cli import anonymize, check, export, replay, serve, snapshot, wires
from psf_monitor.cli.console import WRONG_INPUT, reporting
from psf_monitor.cli.parser import parse
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime import api_host, crash_report, demo, logs
from psf_monitor.runtime.crash_report import Crash
from psf_monitor.settings import ApiSettings, Settings, SettingsError

_log = logging.getLogger(__name__)

INTERRUPTED = 130
"""Exit code after Ctrl+C in a command without a window."""

_OF_RECORDINGS: dict[str, Callable[[argparse.Namespace], int]] = {
    "anonymize": anonymize.run,
    "wires": wires.run,
}

COMMANDS = frozenset({"check", "export", "serve", "snapshot", *_OF_RECORDINGS})
"""What runs without a window."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. A wrong command line ends in ``SystemExit(2)`` with one clear line.

    Where there is no console, a window that cannot be opened says so in a box; commands write nothing.
    """
    given = sys.argv[1:] if arguments is None else arguments
    return reporting(lambda: _main(arguments), has_window=not COMMANDS & set(given))


def _main(arguments: Sequence[str] | None) -> int:
    options = parse(arguments)
    if options.paths:
        return _print_paths()
    # The check says itself what is wrong, in its place.
    console = logging.ERROR if options.command == "check" else logging.WARNING
    with logs.kept(settings.user_paths().logs, debug=options.debug, console=console) as log:
        what = "demo" if options.demo else options.command or "window"
        with crash_report.watched(settings.user_paths().logs, what) as crash:
            _log.info("psf_monitor %s starts: %s, on %s", __version__, what, sys.platform)
            try:
                return _run(options, log, crash)
            except SettingsError as error:
                sys.stderr.write(f"psf-monitor: {error}\n")
                return WRONG_INPUT
            except KeyboardInterrupt:
                return INTERRUPTED


def _run(options: argparse.Namespace, log: logs.MaskingFormatter, crash: Crash | None) -> int:
    if options.command == "replay":
        return replay.run(options)
    if options.command in _OF_RECORDINGS:
        return _OF_RECORDINGS[options.command](options)
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
        return _serve(options, loaded, crash)
    later = isinstance(password, _PutOff) and password.was_asked
    return _window(options, loaded, settings.stored_password if later else None, crash)


class _PutOff:
    """Stands for the credential store while settings are read; ``was_asked``: it is to be asked later."""

    was_asked = False

    def __call__(self) -> str:
        self.was_asked = True
        return ""


def _load_settings(options: argparse.Namespace, password: Callable[[], str]) -> Settings:
    if options.settings is not None and not options.settings.exists():
        raise SettingsError(f"--settings: there is no file {str(options.settings)!r}.")
    return settings.load(path=options.settings, options=_given(options), password=password)


def _given(options: argparse.Namespace) -> dict[tuple[str, str], str]:
    return {
        (section, key): value
        for section, key, flag in (*settings.OPTIONS, *settings.SWITCHES)
        if (value := getattr(options, flag[2:].replace("-", "_"))) is not None
    }


def _require_extra() -> None:
    if not api_host.has_extra():
        raise SettingsError(str(api_host.EXTRA_MISSING), api_host.EXTRA_MISSING)


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


def _requested_modes(options: argparse.Namespace, loaded: Settings) -> list[AccountMode]:
    """The profile that the command line names, if any. ``SettingsError`` when it is switched off."""
    modes = [AccountMode(options.account)] if options.account else []
    for mode in loaded.switched_off.intersection(modes):
        raise SettingsError(f"--account: {mode} is switched off; {settings.switch_on(mode)}.")
    return modes


def _snapshot(options: argparse.Namespace, loaded: Settings) -> int:
    modes = _requested_modes(options, loaded) or list(loaded.ibkr)
    return snapshot.run(loaded, modes, options.timeout)


def _export(options: argparse.Namespace) -> int:
    year = options.gains
    request = export.Request(
        file=None if options.csv == "-" else Path(options.csv),
        account=options.account,
        first=options.first or date(year, 1, 1),
        last=options.last or date(year, 12, 31),
        gains_year=year,
    )
    return export.run(settings.user_paths().journal, request, datetime.now(UTC))


def _check(options: argparse.Namespace, loaded: Settings) -> int:
    targets = _requested_modes(options, loaded) or [
        mode for mode in AccountMode if mode not in loaded.switched_off
    ]
    return check.run(loaded, targets, options.timeout, options.record)


def _serve(options: argparse.Namespace, loaded: Settings | None, crash: Crash | None = None) -> int:
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
            crash=crash,
        )
    )


def _window(
    options: argparse.Namespace,
    loaded: Settings | None,
    password: Callable[[], str] | None = None,
    crash: Crash | None = None,
) -> int:
    return launch.run(
        WindowOptions(
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
            crash=crash,
            instance=None if loaded is None or options.new else _settings_folder(options),
        )
    )


def _settings_folder(options: argparse.Namespace) -> Path:
    """The folder of the settings in use, of which one window is open."""
    return Path(options.settings or settings.user_paths().settings).absolute().parent
