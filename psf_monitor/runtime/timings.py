"""How long a monitor waits for what, and how often it looks, in one record that its owner may give it."""

from collections.abc import Mapping

from msgspec import Struct, field

from psf_monitor.connection.supervisor import Backoff
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.journal.timing import RecorderTiming


class Timings(Struct, frozen=True):
    """``backoff`` is between two tries of what failed; a connection may have its own in ``backoffs``. The
    journal's is ``backoff``, too.

    Every ``look_every_s`` seconds it is looked for a new minute, and for an edit by hand of the trader's
    tables.
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


DEFAULT_TIMINGS = Timings()
