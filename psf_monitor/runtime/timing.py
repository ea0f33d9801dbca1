"""How long a monitor waits, and how often it checks."""

from collections.abc import Mapping

from msgspec import Struct, field

from psf_monitor.connection.backoff import Backoff
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.journal.timing import RecorderTiming


class MonitorTiming(Struct, frozen=True):
    """``backoff`` is between two attempts at what failed, including the journal; a connection may have its
    own in ``backoffs``.

    Every ``look_every_s`` seconds it is checked for a new minute, and for edits of the trader's files.
    """

    ibkr: IbkrTiming = field(default_factory=IbkrTiming)
    hammer: HammerTiming = field(default_factory=HammerTiming)
    backoff: Backoff = field(default_factory=Backoff)
    backoffs: Mapping[AccountMode, Backoff] = field(default_factory=dict)
    look_every_s: float = 2.0
    journal: RecorderTiming = field(default_factory=RecorderTiming)

    def backoff_of(self, mode: AccountMode) -> Backoff:
        """Return the back-off of one connection."""
        return self.backoffs.get(mode, self.backoff)


DEFAULT_TIMING = MonitorTiming()
