"""What the window is opened with. Knows no Qt: the command line fills it in."""

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
    """What the window is opened with; no ``settings`` means the demo of ``scenario`` with ``seed``.

    ``theme`` and ``size`` win over what is kept in ``layout``; without that file nothing is kept.
    ``write`` takes what the trader changes in the window; without it nothing can be changed.
    ``journal`` is where the days are kept; without it nothing is kept, and the demo has one of its own.
    ``api`` is whether and where other programs may read. ``password`` looks up HAMMER's where ``settings``
    have none; a credential store is slow, and is asked once the window is on the screen.
    ``instance`` is the settings folder of which one window is to be open; without it there may be many.
    ``record`` is the file into which the wires are recorded from the start.
    ``crash`` is how the last psf_monitor ended, if that was no good end.
    ``scale`` is the screen's, 1.5 for 150 %; ``has_footer`` is the screenshot's line of when and of what.
    ``hammer_timing`` is how long HAMMER is waited for, if not as usual.
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
