"""Connect and disconnect the IBKR logins at another program's request."""

import asyncio
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from psf_monitor.api.errors import ApiError
from psf_monitor.api.source import Source
from psf_monitor.connection.pacing import LOOK_EVERY_S
from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import IbkrProfile, SettingsError, changed, switch_on

CONNECT_TIMEOUT_S = 20.0
"""How long a program waits for an answer; the attempt itself goes on after that."""

_UP_STATES = frozenset({LinkState.READY, LinkState.SILENT})
_DOWN_STATES = frozenset({LinkState.FAILED, LinkState.IDLE})


def switched_off(mode: AccountMode) -> ApiError:
    """Return the error for a login that the settings switch off: there is nothing to connect or to report."""
    how = switch_on(mode)
    return ApiError(
        503,
        f"{mode} is switched off.",
        "The settings say enabled = false.",
        f"{how[:1].upper()}{how[1:]}, and start psf_monitor again.",
    )


class Connections:
    """Serves one request for each login at a time, in order of arrival.

    Another host, port or client id is valid until psf_monitor ends: settings.toml is not written.
    """

    def __init__(self, source: Source, *, timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self._source = source
        self._timeout_s = timeout_s
        self._turns = {mode: asyncio.Lock() for mode in AccountMode}

    async def connect(self, mode: AccountMode, values: Mapping[str, object]) -> IbkrProfile:
        """Connect the login, with ``values`` at another place, and wait until it is ready.

        ``values`` are keys of its section in settings.toml. Raises ``ApiError``.
        """
        if mode not in self._source.links:
            raise switched_off(mode)
        async with self._turns[mode]:
            profile = self._retargeted(mode, values)
            await self._leave_another(mode, profile)
            await self._connect(mode)
            return profile

    async def connect_hammer(self) -> None:
        """Connect HAMMER as its settings say and wait until it is ready. Raises ``ApiError``."""
        async with self._turns[AccountMode.HAMMER_PRO]:
            await self._connect(AccountMode.HAMMER_PRO)

    async def _connect(self, mode: AccountMode) -> None:
        link = self._source.links[mode]
        before = link.status
        if before.state in _UP_STATES:
            return
        link.connect()
        link.retry_now()

        def is_over() -> bool:
            status = link.status
            # A TWS without IBKR is connected to, but it is unknown when it has current data.
            if status.state in _UP_STATES or status.state is LinkState.CUT_OFF:
                return True
            # A failure from before this request does not count.
            return status is not before and status.state in _DOWN_STATES

        if not (await self._wait_until(is_over) and link.status.state in _UP_STATES):
            raise self._failure(mode, link.status)

    async def disconnect(self, mode: AccountMode) -> None:
        """End the connection, the attempt or the wait; return when it has ended. Raises ``ApiError``."""
        if mode not in self._source.links:
            raise switched_off(mode)
        link = self._source.links[mode]
        link.disconnect()
        if not await self._wait_until(lambda: link.status.state in _DOWN_STATES):
            raise ApiError(
                503,
                f"{mode} is still disconnecting.",
                f"The far side did not let go of the connection in {self._timeout_s:g} s.",
                "Ask for its status in a moment.",
            )

    def _retargeted(self, mode: AccountMode, values: Mapping[str, object]) -> IbkrProfile:
        settings = self._source.settings
        try:
            profile = changed(settings.ibkr[mode], values)
        except SettingsError as error:
            raise ApiError.of(422, error.problem) from error
        if profile != settings.ibkr[mode]:
            self._source.reconfigure(replace(settings, ibkr={**settings.ibkr, mode: profile}))
        return profile

    async def _leave_another(self, mode: AccountMode, profile: IbkrProfile) -> None:
        """End a connection, or an attempt, to another place than the requested one."""
        status = self._source.links[mode].status
        here = (f"{profile.host}:{profile.port}", profile.client_id)
        if self._source.links[mode].is_wanted and (status.endpoint, status.client_id) != here:
            await self.disconnect(mode)

    async def _wait_until(self, condition: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    if condition():
                        return True
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            return False

    def _failure(self, mode: AccountMode, status: LinkStatus) -> ApiError:
        if status.problem is not None:
            return ApiError.of(503, status.problem)
        if status.state is LinkState.IDLE:
            return ApiError(
                503,
                f"{mode} is not connected.",
                "Somebody disconnected it while it was being connected.",
                "Ask again if it is to be connected.",
            )
        return ApiError(
            503,
            f"{mode} is not ready after {self._timeout_s:g} s.",
            str(status.progress) or f"{status.endpoint} has not reported everything yet.",
            "It goes on connecting; ask for its status.",
        )
