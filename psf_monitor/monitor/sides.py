"""The profiles beside each other: which of them counts, and whose record is shown where two hold the same."""

from collections.abc import Callable, Collection, Iterable, Iterator

from psf_monitor.domain.account import IBKR_MODES, AccountMode, is_paper
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.order import OrderKey
from psf_monitor.domain.order import Side as OrderSide
from psf_monitor.domain.position import Position
from psf_monitor.monitor.rows import AccountState
from psf_monitor.monitor.side import Side


class Sides:
    """One ``Side`` a profile, in a fixed order: of two profiles on one login, the first counts.

    ``expects_paper`` names the profiles that should be simulated logins.
    """

    def __init__(self, modes: Iterable[AccountMode], expects_paper: Collection[AccountMode]) -> None:
        self.expects_paper = expects_paper
        self._by_mode = {mode: Side(mode) for mode in modes}

    def __getitem__(self, mode: AccountMode) -> Side:
        return self._by_mode[mode]

    def __iter__(self) -> Iterator[Side]:
        return iter(self._by_mode.values())

    def clear(self, mode: AccountMode) -> Side:
        """Start the profile anew; what it held comes back."""
        held, self._by_mode[mode] = self._by_mode[mode], Side(mode)
        return held

    def owner(self, holds: Callable[[Side], bool]) -> Side | None:
        """The profile whose record is shown: the first that holds it, a live link before a lost one."""
        lost = None
        for side in self._by_mode.values():
            if holds(side):
                if side.stale_since is None:
                    return side
                lost = lost or side
        return lost

    def instruments(self) -> list[Instrument]:
        """Everything that is held or ordered anywhere."""
        held = [position.instrument for side in self for position in side.positions.values()]
        return held + [order.instrument for side in self for order in side.orders.values()]

    def duplicate_of(self, mode: AccountMode) -> AccountMode | None:
        """The earlier profile that reaches an account of this one, too; IBKR's only."""
        mine = set(self[mode].accounts) if mode in IBKR_MODES else set()
        for other in self:
            if other.mode is mode:
                break
            if mine & set(other.accounts):
                return other.mode
        return None

    def is_unexpected(self, mode: AccountMode) -> bool:
        """Whether the login is simulated where a live one is expected, or the other way round."""
        paper = self._is_paper(mode)
        return paper is not None and paper is not (mode in self.expects_paper)

    def is_counted(self, mode: AccountMode) -> bool:
        """Whether totals include the profile."""
        return self[mode].positions_loaded and not self.is_unexpected(mode)

    def _is_paper(self, mode: AccountMode) -> bool | None:
        """Only IBKR's account ids tell simulated ones apart; ``None`` until they are told."""
        accounts = self[mode].accounts
        if mode not in IBKR_MODES or not accounts:
            return None
        return any(is_paper(account) for account in accounts)

    def state(self, mode: AccountMode) -> AccountState:
        side = self[mode]
        return AccountState(
            accounts=side.accounts,
            is_loaded=side.positions_loaded,
            stale_since=side.stale_since,
            orders_checked_at=side.orders_checked_at,
            orders_trouble=side.orders_trouble,
            is_paper=bool(self._is_paper(mode)),
            is_unexpected=self.is_unexpected(mode),
            duplicate_of=self.duplicate_of(mode),
            trouble=side.trouble,
        )


def working(side: Side, position: Position, candidates: Iterable[OrderKey]) -> tuple[float, float]:
    """Shares or contracts that open orders of the position's account still have to buy and to sell.

    ``candidates`` are the orders on the position's symbol, of any account and instrument.
    """
    left = {OrderSide.BUY.value: 0.0, OrderSide.SELL.value: 0.0}
    for key in candidates:
        order = side.orders.get(key)
        if order is None or order.is_done or order.account != position.account:
            continue
        if order.instrument.identity == position.instrument.identity and order.side in left:
            left[order.side] += order.remaining or 0.0
    return left[OrderSide.BUY], left[OrderSide.SELL]
