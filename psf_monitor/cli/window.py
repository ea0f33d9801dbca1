"""Without a command: the window, according to the options and the settings."""

from pathlib import Path

from psf_monitor import settings
from psf_monitor.app import launch
from psf_monitor.app.options import WindowOptions
from psf_monitor.cli.invocation import Invocation


class _LaterPassword:
    """Replaces the credential store while settings are read; ``was_requested``: it is to be asked later."""

    was_requested = False

    def __call__(self) -> str:
        self.was_requested = True
        return ""


def run(invocation: Invocation) -> int:
    """Show the window until it is closed; return the exit code."""
    options, paths = invocation.options, settings.user_paths()
    if options.api:
        invocation.require_api()
    later = _LaterPassword()
    loaded = None if options.demo else invocation.load_settings(later)
    is_demo = loaded is None
    file = options.settings or paths.settings
    return launch.run(
        WindowOptions(
            settings=loaded,
            scenario=options.scenario or "normal",
            seed=7 if options.seed is None else options.seed,
            theme=options.theme,
            size=options.size,
            screenshot=options.screenshot,
            after_s=6.0 if options.after is None else options.after,
            layout=None if is_demo else paths.layout,
            settings_file=None if is_demo else file,
            hides_values=options.hide_values,
            scale=options.scale or 1.0,
            has_footer=options.footer,
            tab=options.tab,
            journal=paths.journal if loaded is not None and loaded.records_journal else None,
            api=invocation.api_settings(loaded),
            password=settings.stored_password if later.was_requested else None,
            record=options.record,
            crash=invocation.crash,
            # Only one window may be open over this settings folder.
            instance=None if is_demo or options.new else Path(file).absolute().parent,
        )
    )
