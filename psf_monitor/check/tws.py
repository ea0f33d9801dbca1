"""The connection test of one login's TWS."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.check.held_symbol import HeldSymbol
from psf_monitor.check.link_steps import connected, few, find_host, sentences_of
from psf_monitor.check.profiles import Profiles
from psf_monitor.check.steps import Steps
from psf_monitor.connection.status import ConnectStep, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.domain.account import AccountMode, AccountSummary, is_paper
from psf_monitor.domain.broker_message import BrokerMessage
from psf_monitor.domain.orders.order import Order, OrderExecution
from psf_monitor.domain.position import Position
from psf_monitor.formatting import masked
from psf_monitor.ibkr import errors as ibkr_errors
from psf_monitor.ibkr.connector import IbkrConnector, OtherLogins
from psf_monitor.ibkr.sink import IbkrSinks
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.problem import Problem
from psf_monitor.settings import IbkrProfile

_STEP_NAMES = {ConnectStep.LINE: "TCP", ConnectStep.SIGN_IN: "handshake"}


class TwsCheck:
    """One login's steps, observed through a sink and the link's status."""

    def __init__(
        self,
        profile: IbkrProfile,
        steps: Steps,
        held: HeldSymbol,
        profiles: Profiles,
        tap: LinkTap = NO_TAP,
    ) -> None:
        self._profile = replace(profile, reconnect=False)
        self._steps = steps
        self._held = held
        self._profiles = profiles
        self._tap = tap
        self._warning: Problem | None = None
        self._cut_off = ""
        self._giving_up: asyncio.TimerHandle | None = None

    async def run(self, clock: Callable[[], datetime], timeout_s: float) -> None:
        profile, steps = self._profile, self._steps
        try:
            await find_host(profile.host, steps, timeout_s, ibkr_errors.unknown_host)
            if not steps.open:
                return
            await self._profiles.turn(profile.mode)
            steps.begin()
            timing = IbkrTiming(handshake_s=timeout_s, answer_s=timeout_s)
            connector = IbkrConnector(
                profile,
                IbkrSinks(self),
                clock,
                timing=timing,
                others=OtherLogins(with_same_client=partial(self._profiles.with_same_client, profile.mode)),
                tap=self._tap,
            )
            link = connector.link
            link.when_changed(lambda: self._on_status(link, timeout_s))
            async with connected(link):
                await steps.all_ended()
                await self._profiles.tried_by_other(profile.mode)
        finally:
            self._profiles.ended(profile.mode)
            self._held.login_ended()
            if self._giving_up is not None:
                self._giving_up.cancel()

    def _on_status(self, link: Link, timeout_s: float) -> None:
        status = link.status
        self._warning = status.warning
        if status.state is LinkState.CUT_OFF:
            code, why = (status.problem.code, status.problem.why) if status.problem else (1100, "")
            self._cut_off = f"TWS is cut off from IBKR ({code}); it reconnects by itself.\n{why}".rstrip()
            if self._giving_up is None:
                # A TWS that is cut off may never answer.
                loop = asyncio.get_running_loop()
                self._giving_up = loop.call_later(timeout_s, self._fail_unanswered, timeout_s)
        elif status.state is LinkState.RESTORED:
            self._cut_off = ""
        for step, learnt in status.passed:
            client = f"client id {self._profile.client_id}" if step is ConnectStep.SIGN_IN else ""
            self._steps.succeed(_STEP_NAMES[step], ", ".join(filter(None, (learnt, client))))
            if step is ConnectStep.SIGN_IN:
                self._profiles.signed_in(self._profile.mode)
        if status.state is LinkState.FAILED and status.problem is not None:
            self._steps.give_up(sentences_of(self._as_of_a_check(status.problem)))
        elif status.state is LinkState.READY:
            # Every kind of data has been answered or waited for.
            self._fail_unanswered(timeout_s)

    def _fail_unanswered(self, timeout_s: float) -> None:
        for name in self._steps.open:
            self._steps.fail(name, self._unanswered(name, timeout_s))

    def _as_of_a_check(self, problem: Problem) -> Problem:
        if problem.code != ibkr_errors.CLIENT_ID_IN_USE or self._profiles.with_same_client(
            self._profile.mode
        ):
            return problem
        flag = f"--{self._profile.mode.short.lower()}-client-id"
        return replace(
            problem,
            why="The psf_monitor window that is running now may hold it, or another program.",
            to_do=f"Disconnect it there and check again, or check with another id: {flag} N.",
        )

    def _unanswered(self, what: str, timeout_s: float) -> str:
        why = self._cut_off or "TWS may be busy, or IBKR in its nightly reset."
        return f"TWS did not send the {what} in {timeout_s:g} s.\n{why}\nCheck again in a minute."

    def _came(self, name: str, result: str) -> None:
        if self._cut_off:
            self._steps.fail(
                name, f"What TWS has may be old: {result}.\n{self._cut_off}\nCheck again in a minute."
            )
        elif self._warning is not None:
            self._steps.fail(name, str(self._warning))
        else:
            self._steps.succeed(name, result)

    # Called by the login's connection.

    def accounts_named(self, _mode: AccountMode, accounts: Sequence[str]) -> None:
        paper = any(is_paper(account) for account in accounts)
        kind = "paper" if paper else "live"
        expected = "" if paper is self._profile.expects_paper else ", not what the settings expect"
        shared = self._profiles.named(self._profile.mode, accounts)
        names = few([masked(a) for a in accounts])
        self._steps.succeed("accounts", "; ".join(filter(None, (f"{names} ({kind}{expected})", shared))))

    def positions_replaced(self, _mode: AccountMode, positions: Sequence[Position]) -> None:
        self._came("positions", formatting.counted(sum(1 for p in positions if p.is_held), "position"))
        self._held.listed(positions)

    def position_changed(self, _mode: AccountMode, position: Position) -> None:
        """Do nothing: a check does not wait for it."""

    def orders_replaced(self, _mode: AccountMode, orders: Sequence[Order]) -> None:
        self._came("orders", formatting.counted(len(orders), "open order"))

    def order_changed(self, _mode: AccountMode, order: Order) -> None:
        """Do nothing: a check does not wait for it."""

    def order_executed(self, _mode: AccountMode, execution: OrderExecution) -> None:
        """Do nothing: a check does not wait for it."""

    def executions_listed(self, _mode: AccountMode) -> None:
        """Do nothing: a check does not wait for it."""

    def positions_unavailable(self, _mode: AccountMode, why: Problem) -> None:
        self._steps.fail("positions", str(why))

    def orders_unavailable(self, _mode: AccountMode, why: Problem) -> None:
        self._steps.fail("orders", str(why))

    def summaries_replaced(self, _mode: AccountMode, summaries: Sequence[AccountSummary]) -> None:
        if summaries:
            self._came("account values", f"of {formatting.counted(len(summaries), 'account')}")
        else:
            self._steps.fail("account values", "TWS answered, but without a single account value.")

    def account_problem(self, _mode: AccountMode, why: Problem | None) -> None:
        if why is not None:
            self._steps.fail("account values", str(why))

    def account_message(self, _mode: AccountMode, message: BrokerMessage) -> None:
        """Do nothing: a check does not wait for it; it is in the log."""

    def order_message(self, _mode: AccountMode, message: BrokerMessage) -> None:
        """Do nothing: a check does not wait for it; it is in the log."""

    def account_lost(self, _mode: AccountMode, since: datetime) -> None:
        """Do nothing: the link's status says why."""

    def account_dropped(self, _mode: AccountMode) -> None:
        """Do nothing: there is no book to empty."""
