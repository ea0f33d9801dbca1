"""The account values of a login: subscribed, reported as they change, withheld while out of date."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from ib_insync.objects import AccountValue
from ib_insync.wrapper import RequestError

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.formatting import masked
from psf_monitor.ibkr.accounts import errors
from psf_monitor.ibkr.accounts.account_requests import ACCOUNT_READY, STATE_TAGS, AccountRequests
from psf_monitor.ibkr.accounts.account_summaries import in_several_currencies, summaries, unreadable
from psf_monitor.ibkr.codes.message_codes import code_or_none
from psf_monitor.ibkr.sink import IbkrSink
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.problem import Problem, joined


class AccountValues:
    """Keeps the values of ``accounts`` current in the sink.

    An account whose values TWS calls not ready, or does not report, is reported with all values unknown, and
    the reason. ``answered`` is called with the number of accounts that have values, ``None`` if no answer
    arrived; ``reported`` is called after each report.
    """

    def __init__(
        self,
        mode: AccountMode,
        sink: IbkrSink,
        timing: IbkrTiming,
        accounts: Callable[[], tuple[str, ...]],
        answered: Callable[[int | None], None],
        reported: Callable[[], None],
    ) -> None:
        self._mode = mode
        self._sink = sink
        self._timing = timing
        self._accounts = accounts
        self._answered = answered
        self._reported = reported
        self._moved = asyncio.Event()
        self._lost = False
        self._waits = False
        self._mixed: frozenset[str] = frozenset()

    def request_soon(self) -> None:
        """Record that a value has arrived."""
        self._moved.set()

    def request_again(self) -> None:
        """Subscribe again: TWS then sends all values."""
        self._lost = True
        self._moved.set()

    async def load(self, requests: AccountRequests) -> None:
        """Keep the values current until cancelled."""
        while True:
            self._lost = False
            try:
                async with asyncio.timeout(self._timing.answer_s):
                    await requests.subscribe_values()
            except (TimeoutError, RequestError) as failure:
                self._sink.account_problem(self._mode, self._why_unknown(failure))
                self._answered(None)
                requests.cancel_values()
                await asyncio.sleep(self._timing.ask_again_s)
                continue
            while not self._lost:
                self._moved.clear()
                self._report(requests)
                await self._moved.wait()
                # TWS sends the values of one refresh one by one.
                await asyncio.sleep(self._timing.settle_s)

    def _why_unknown(self, failure: Exception) -> Problem:
        if isinstance(failure, RequestError):
            return errors.values_refused(self._mode, code_or_none(failure.code), failure.message)
        return errors.values_unanswered(self._mode, self._timing.answer_s)

    def _report(self, requests: AccountRequests) -> None:
        if not requests.is_open():
            # What was reported stays, and is marked as old by whoever detects the loss.
            return
        accounts = self._accounts()
        # TWS reports the sums over an advisor's accounts under a name that is not an account.
        rows = [row for row in requests.values() if row.account in accounts]
        not_ready = _not_ready(rows)
        if self._waits and not not_ready:
            # They are ready now, but these values are from before.
            self._waits = False
            self.request_again()
            return
        self._waits = bool(not_ready)
        known = summaries(self._mode, (row for row in rows if row.account not in not_ready))
        received = {row.account for row in rows if row.tag not in STATE_TAGS}
        missing = set(accounts) - received - not_ready if rows else set()
        unknown = [AccountSummary(self._mode, account) for account in sorted(not_ready | missing)]
        mixed, before = in_several_currencies(rows), self._mixed
        self._mixed = mixed
        if mixed - before:
            # The account's base currency has changed: only values that are reported again count.
            self.request_again()
        self._sink.account_problem(self._mode, self._problem(not_ready, missing, mixed, unreadable(rows)))
        self._sink.summaries_replaced(self._mode, [*known, *unknown])
        self._reported()
        self._answered(len(known) + len(unknown))

    def _problem(
        self,
        not_ready: frozenset[str],
        missing: set[str],
        mixed: frozenset[str],
        no_numbers: Sequence[str],
    ) -> Problem | None:
        return joined(
            errors.values_unreadable(self._mode, ", ".join(no_numbers)) if no_numbers else None,
            errors.values_in_several_currencies(self._mode, _named(mixed)) if mixed else None,
            errors.values_not_ready(self._mode, _named(not_ready)) if not_ready else None,
            errors.values_missing(self._mode, _named(missing)) if missing else None,
        )


def _named(accounts: frozenset[str] | set[str]) -> str:
    return ", ".join(masked(account) for account in sorted(accounts))


def _not_ready(values: Iterable[AccountValue]) -> frozenset[str]:
    """Return the accounts whose values are out of date. Source: TWS API, account updates, AccountReady."""
    return frozenset(
        row.account for row in values if row.tag == ACCOUNT_READY and row.value.strip().lower() == "false"
    )
