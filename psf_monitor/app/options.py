"""The options of the window, filled in by the command line. Independent of Qt."""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from psf_monitor.runtime.crash_report import Crash
from psf_monitor.settings import ApiSettings, Settings

if TYPE_CHECKING:
    from psf_monitor.hammer.timing import HammerTiming


class WindowOptions(Struct, frozen=True):
    """How the window is opened; without ``settings`` it is the demo of ``scenario`` with ``seed``.

    ``theme`` and ``size`` override what is saved in ``layout``; without that file nothing is saved. ``write``
    saves the trader's changes of settings; without it nothing can be changed. ``journal`` is the journal's
    file; without it nothing is recorded, and a demo has its own. ``api`` is whether and where other programs
    may read. ``password`` looks up HAMMER's if ``settings`` have none; a credential store is slow, and is
    asked once the window is on the screen. ``instance`` is the settings folder for which only one window may
    be open; without it there may be many. ``record`` is the file into which the wires are recorded from the
    start. ``crash`` is how the last psf_monitor ended, if irregularly. ``scale`` is the screen's, 1.5 for 150
    %; ``has_footer`` is the screenshot's footer. ``hammer_timing`` replaces the usual waits for HAMMER.
    """

    settings: Settings | None
    scenario: str
    seed: int
    theme: str | None
    size: tuple[int, int] | None
    screenshot: Path | None
    after_s: float
    layout: Path | None = None
    settings_file: Path | None = None
    hides_values: bool = False
    scale: float = 1.0
    has_footer: bool = False
    tab: str | None = None
    journal: Path | None = None
    api: ApiSettings = field(default_factory=ApiSettings)
    password: Callable[[], str] | None = None
    record: Path | None = None
    crash: Crash | None = None
    instance: Path | None = None
    hammer_timing: "HammerTiming | None" = None

    @property
    def is_demo(self) -> bool:
        return self.settings is None


class ReplayOptions(Struct, frozen=True):
    """What is played, how fast, and from when until when: a moment, or a time of day in New York."""

    file: Path
    speed: float = 1.0
    begin: datetime | time | None = None
    until: datetime | time | None = None
    picture: Path | None = None
    theme: str | None = None
    size: tuple[int, int] | None = None
    scale: float = 1.0
