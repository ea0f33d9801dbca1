"""The IBKR side of one profile: a supervised link whose attempts are TWS sessions."""

from collections.abc import Callable, Collection
from datetime import datetime

from msgspec import Struct

from psf_monitor.connection.status import LinkError
from psf_monitor.connection.supervisor import Link
from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr import errors, session
from psf_monitor.ibkr.contracts.contract_enrichment import EnrichedSinks
from psf_monitor.ibkr.sink import IbkrSinks
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.settings import IbkrProfile

_DEFAULT_TIMING = IbkrTiming()


class OtherLogins(Struct, frozen=True):
    """What a login shares with the others: the computer's clock, and the client ids of one TWS.

    ``set_clock`` takes the time that TWS sends and returns how far the clock is ahead of it, in seconds.
    ``with_same_client`` returns the profile that uses the same client id at the same place, if any.
    """

    set_clock: Callable[[datetime], float] = lambda _right: 0.0
    with_same_client: Callable[[], AccountMode | None] = lambda: None


NO_OTHERS = OtherLogins()


class IbkrConnector:
    """Keeps one profile's book in the sink current, or marks it as old.

    Every attempt gets a new ``IbkrSession``, because ib_insync keeps closed positions and vanished orders
    over a reconnect. An unplanned loss marks the book in the sink as old, a requested disconnect empties it.
    """

    def __init__(
        self,
        profile: IbkrProfile,
        sinks: IbkrSinks,
        clock: Callable[[], datetime],
        *,
        timing: IbkrTiming = _DEFAULT_TIMING,
        others: OtherLogins = NO_OTHERS,
        tap: LinkTap = NO_TAP,
    ) -> None:
        self._profile = profile
        self._sinks = EnrichedSinks(profile.mode, sinks)
        self._clock = clock
        self._timing = timing
        self._others = others
        self._session: session.IbkrSession | None = None
        self.link = Link(
            profile.mode.link_name,
            f"{profile.host}:{profile.port}",
            self._attempt,
            clock,
            backoff=timing.backoff,
            tap=tap,
        )
        self.reconfigure(profile)
        self.link.when_idle(lambda: self._sinks.book.account_dropped(profile.mode))

    async def run(self) -> None:
        """Serve the link until cancelled; the owner holds this as one task."""
        await self.link.run()

    def refresh(self) -> None:
        """Request everything again, if connected."""
        if self._session is not None:
            self._session.refresh()

    def name(self, symbols: Collection[str]) -> None:
        """Set the symbols for which the trader's own table has a HAMMER name, wherever they are listed."""
        self._sinks.contracts.name(symbols)

    def reconfigure(self, profile: IbkrProfile) -> None:
        """Use another profile of the same mode, effective from the next attempt on."""
        self._profile = profile
        self.link.retarget(f"{profile.host}:{profile.port}", profile.client_id)
        self.link.reconnects = profile.reconnect

    async def _attempt(self) -> None:
        self._session = session.IbkrSession(
            self._profile,
            self._sinks,
            self.link,
            self._clock,
            self._timing,
            self._others.set_clock,
        )
        try:
            await self._session.run()
        except LinkError as error:
            if error.problem.code == errors.CLIENT_ID_IN_USE:
                taken_by = self._others.with_same_client()
                if taken_by is not None:
                    error.problem = errors.client_id_ours(self._profile.client_id, taken_by)
            # The card and the rows name one time.
            error.at = error.at or self._clock()
            self._sinks.book.account_lost(self._profile.mode, error.at)
            raise
        finally:
            self._session = None
