"""The sums of each profile, calculated once for all readers: total row, strips, exposure."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

from msgspec.structs import replace

from psf_monitor.book.account_books import AccountBooks
from psf_monitor.book.day.closed_shares import ClosedShares, closed_today
from psf_monitor.book.fills import DayBasis
from psf_monitor.book.row_cache import RowCache
from psf_monitor.book.rows import ClosedToday, PositionRow
from psf_monitor.book.sums.account_strip import Strip, strip_of
from psf_monitor.book.sums.exposure import Exposure, ValuedHoldings, exposure_of, valued_holdings
from psf_monitor.book.sums.totals import Sums, Totals, add_up, of_nothing, sum_rows
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.fills.trade_date import SHARES
from psf_monitor.domain.position import PositionKey
from psf_monitor.domain.rules import Rules


class SumsCache:
    """Adds up the rows as last built, and the shares that were closed today.

    ``absent`` are the profiles that no sum counts as missing. ``revision`` changes whenever a sum may have
    changed.
    """

    def __init__(
        self,
        accounts: AccountBooks,
        positions: RowCache[PositionKey, PositionRow],
        shares: ClosedShares,
        rules: Callable[[], Rules],
        absent: Collection[AccountMode],
    ) -> None:
        self._accounts = accounts
        self._positions = positions
        self._shares = shares
        self._rules = rules
        self._absent = absent
        self._sums: dict[AccountMode, Sums] = {}
        self._row_sums: dict[AccountMode, Sums] = {}
        self._totals: dict[tuple[AccountMode, ...], Totals] = {}
        self._holdings: dict[tuple[AccountMode, ...], ValuedHoldings] = {}
        self._closed: list[ClosedToday] = []
        self._known: list[tuple[DayBasis, str, str, bool]] = []
        self.revision = 0

    def settle(self, *, rows_differ: bool) -> None:
        """Drop the cached sums if any of their inputs has changed."""
        closed = self._closed_today() if self._shares.day.may_have_closed else []
        known = [
            (account.day_basis, account.day_gap, self._why_not_listed(account.mode), account.positions_loaded)
            for account in self._accounts
        ]
        # A login without a row has a sum, too.
        rows_differ |= known != self._known
        if rows_differ or closed != self._closed:
            self._closed, self._known = closed, known
            self._sums.clear()
            self._totals.clear()
            self.revision += 1
        if rows_differ:
            self._row_sums.clear()
            self._holdings.clear()

    def totals(self, modes: Collection[AccountMode]) -> Totals:
        """Return the sums over the rows of these profiles, without unexpected and unconnected ones."""
        excluded = tuple(m for m in modes if m not in self._absent and not self._accounts.is_counted(m))
        totals = self._added(tuple(mode for mode in modes if mode not in excluded))
        return replace(totals, excluded_modes=excluded) if excluded else totals

    def strip(self, mode: AccountMode | None) -> Strip:
        """Return one profile's strip, or for ``None`` that of all IBKR logins that totals count."""
        modes = (mode,) if mode is not None else tuple(filter(self._accounts.is_counted, IBKR_MODES))
        as_of = min((t for m in modes if (t := self._accounts[m].summaries_stale)), default=None)
        return strip_of(
            self._accounts.summaries_of_all(modes),
            self._added(modes),
            as_of=as_of,
            is_partial=mode is None and len(modes) < len(IBKR_MODES) - len(self._absent),
            commission=self._shares.day.commission(modes, as_of_before=as_of is not None),
        )

    def exposure(self, mode: AccountMode | None = None) -> Exposure:
        """Return the exposure of one profile, or for ``None`` of all IBKR logins that totals count."""
        wanted = IBKR_MODES if mode is None else (mode,)
        counted = tuple(filter(self._accounts.is_counted, wanted))
        excluded = tuple(m for m in wanted if m not in self._absent and m not in counted)
        if counted not in self._holdings:
            parts = [self._of_rows(mode) for mode in counted]
            self._holdings[counted] = valued_holdings(self._positions.rows(), counted, parts)
        return exposure_of(self._holdings[counted], self.strip(mode), excluded)

    def add_up_in_steps(self) -> Iterator[None]:
        """Calculate the sums that are read next, one part between two steps: with thousands of rows it takes
        long. Without a step if all are known.
        """
        counted = list(filter(self._accounts.is_counted, AccountMode))
        parts: list[Callable[[], object]] = [
            partial(self._of, mode) for mode in counted if mode not in self._sums
        ]
        if tuple(mode for mode in IBKR_MODES if mode in counted) not in self._holdings:
            parts.append(self.exposure)
        for part in parts:
            yield
            part()
        if parts:
            yield

    @property
    def closed(self) -> list[ClosedToday]:
        """Return every share that was traded today and is no longer held, as of the last ``settle``."""
        return self._closed

    def _why_not_listed(self, mode: AccountMode) -> str:
        return self._shares.day.why_not_listed(mode)

    def _closed_today(self) -> list[ClosedToday]:
        return list(closed_today(self._shares, self._rules()))

    def _added(self, modes: tuple[AccountMode, ...]) -> Totals:
        if modes not in self._totals:
            totals = add_up(map(self._of, modes), ())
            if modes and not totals.positions and all(self._accounts[m].positions_loaded for m in modes):
                totals = of_nothing(totals, is_day_known=not any(map(self._why_not_listed, modes)))
            self._totals[modes] = totals
        return self._totals[modes]

    def _of(self, mode: AccountMode) -> Sums:
        """Return the sums over the rows of a profile and over what it closed today."""
        if mode not in self._sums:
            closed = [each for each in self._closed if each.mode is mode]
            rows = (row for row in self._positions.rows() if row.mode is mode)
            sums = sum_rows(rows, closed) if closed else self._of_rows(mode)
            if not sums.positions and not closed:
                account = self._accounts[mode]
                sums.day_basis.update(filter(None, [account.day_basis.get(SHARES)]))
                gap = self._why_not_listed(mode) or account.day_gap
                if gap and account.positions_loaded:
                    sums.day_gaps.setdefault(gap, set())
            self._sums[mode] = sums
        return self._sums[mode]

    def _of_rows(self, mode: AccountMode) -> Sums:
        if mode not in self._row_sums:
            self._row_sums[mode] = sum_rows(row for row in self._positions.rows() if row.mode is mode)
        return self._row_sums[mode]
