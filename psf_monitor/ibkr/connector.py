"""The IBKR side of one account profile: a supervised link whose attempts are TWS sessions."""

from collections.abc import Callable, Collection
from datetime import datetime

from psf_monitor.connection.status import LinkError
from psf_monitor.connection.supervisor import Backoff, Link
from psf_monitor.connection.tap import NO_TAP, LinkTap
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr import errors, session
from psf_monitor.ibkr.executions.contract_catalog import ContractCatalog
from psf_monitor.ibkr.executions.described_sinks import DescribedBook, DescribedFills
from psf_monitor.ibkr.sink import FillSink, IbkrSink
from psf_monitor.ibkr.timing import Timing
from psf_monitor.settings import IbkrProfile

_DEFAULT_TIMING = Timing()


class IBKRConnector:
    """Keeps one profile's book in the sink current, or marks it old.

    Every attempt gets a fresh ``IbkrSession``: ib_insync keeps closed positions and vanished orders over a
    reconnect. An unplanned loss marks the book old in the sink, a wanted end empties it. Executions are
    asked for only when somebody takes ``fills``. ``time_told`` takes the time that TWS tells and gives back
    how far the computer's clock is ahead of it, in seconds. ``also_at`` names the profile of ours that uses
    the same client id at the same place, if one does.
    """

    def __init__(
        self,
        profile: IbkrProfile,
        sink: IbkrSink,
        clock: Callable[[], datetime],
        *,
        fills: FillSink | None = None,
        timing: Timing = _DEFAULT_TIMING,
        backoff: Backoff | None = None,
        time_told: Callable[[datetime], float] = lambda _right: 0.0,
        also_at: Callable[[], AccountMode | None] = lambda: None,
        tap: LinkTap = NO_TAP,
    ) -> None:
        self._profile = profile
        self._contracts = ContractCatalog()
        self._sink = DescribedBook(sink, self._contracts, profile.mode)
        self._fills: FillSink | None = None
        if fills is not None:
            self._fills = DescribedFills(fills, self._contracts, profile.mode)
        self._clock = clock
        self._timing = timing
        self._time_told = time_told
        self._also_at = also_at
        self._session: session.IbkrSession | None = None
        self.link = Link(
            profile.mode,
            f"{profile.host}:{profile.port}",
            self._attempt,
            clock,
            client_id=profile.client_id,
            backoff=backoff,
            reconnect=profile.reconnect,
            on_idle=lambda: self._sink.account_dropped(profile.mode),
            tap=tap,
        )

    async def run(self) -> None:
        """Serve the link until cancelled; the owner holds this as one task."""
        await self.link.run()

    def refresh(self) -> None:
        """Ask for everything again, if there is a connection."""
        if self._session is not None:
            self._session.refresh()

    def name(self, symbols: Collection[str]) -> None:
        """The trader's own table names exactly these symbols at HAMMER, wherever they are listed."""
        self._contracts.name(symbols)

    def reconfigure(self, profile: IbkrProfile) -> None:
        """Take another profile of the same mode; it counts from the next attempt on."""
        self._profile = profile
        self.link.retarget(f"{profile.host}:{profile.port}", profile.client_id)
        self.link.reconnects = profile.reconnect

    async def _attempt(self) -> None:
        self._session = session.IbkrSession(
            self._profile,
            self._sink,
            self._fills,
            self.link,
            self._clock,
            self._timing,
            self._time_told,
            self._contracts,
        )
        try:
            await self._session.run()
        except LinkError as error:
            also_at = self._also_at() if error.problem.code == errors.CLIENT_ID_TAKEN else None
            if also_at is not None:
                error.problem = errors.client_id_ours(self._profile.client_id, also_at)
            # The card and the rows name one time.
            error.at = error.at or self._clock()
            self._sink.account_lost(self._profile.mode, error.at)
            raise
        finally:
            self._session = None
