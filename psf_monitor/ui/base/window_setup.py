"""Which connections a window shows, and which files and folders it uses."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from psf_monitor.problem import Problem

DEMO = "DEMO · simulated data"
DEMO_SHORT = "DEMO"


class Environment(Struct, frozen=True):
    """The trader's own connections, the simulated ones of a demo, or those of the recording ``replay``."""

    is_demo: bool = False
    replay: str = ""

    @property
    def title(self) -> str:
        """What the title bar shows beside the name."""
        return self.replay or (DEMO if self.is_demo else "read-only")

    def title_of(self, subject: str = "") -> str:
        """Return the title of a window; ``subject`` is what it is about, empty for the main window."""
        return " - ".join(filter(None, [subject, "psf_monitor", self.title]))


class WindowPaths(Struct, frozen=True):
    """Screenshots go to the first writable folder of ``pictures``; ``files`` are listed in About.

    The folders are determined at the first screenshot, because finding the user's own takes a moment.
    """

    pictures: Callable[[], Sequence[Path]] = tuple
    files: Mapping[str, Path] = field(default_factory=dict)


class WindowSetup(Struct, frozen=True):
    """How a window is opened: ``theme`` overrides the saved one, ``crash`` is how the last run ended."""

    theme: str | None = None
    environment: Environment = Environment()
    paths: WindowPaths = WindowPaths()
    crash: Problem | None = None
