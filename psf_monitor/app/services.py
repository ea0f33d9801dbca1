"""The services that the window requests from the monitor and its journal. Independent of widgets.

They are built before there is an event loop.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from psf_monitor.check import runner
from psf_monitor.check.timing import CheckTiming
from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.status import CONNECTED_STATES
from psf_monitor.domain.account import AccountMode
from psf_monitor.files import reason
from psf_monitor.journal import errors
from psf_monitor.problem import Problem
from psf_monitor.runtime import logs
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.wire_recording import WireRecording
from psf_monitor.settings import (
    HammerProfile,
    IbkrProfile,
    Settings,
    SettingsError,
    store_password,
    stored_password,
    write,
)
from psf_monitor.ui.base import journal_port
from psf_monitor.ui.base.journal_port import Found
from psf_monitor.ui.base.ports import ApiPort

if TYPE_CHECKING:
    from psf_monitor.check.steps import Report, Step
    from psf_monitor.journal.recorder import Recorder

_log = logging.getLogger(__name__)

CHECK_TIMEOUT_S = 20.0
"""The longest wait for one step of the connection test."""
SPARE_CLIENT_ID = 990_071
"""The first client id used for a test of a login whose own id the window holds."""


class MonitorService:
    """The services of the monitor for the window.

    A replay connects to its own servers only: with ``is_replay`` no endpoint but those of the settings is
    tried. ``expects_paper`` follows the trader's changes. ``close`` stops every running test and query.
    """

    def __init__(
        self,
        monitor: Monitor,
        settings_file: Path | None,
        clock: Callable[[], datetime],
        api: ApiPort,
        wires: WireRecording,
        *,
        is_replay: bool = False,
    ) -> None:
        self.api = api
        self.wires = wires
        self.expects_paper = {mode: mode in monitor.settings.expects_paper for mode in monitor.settings.ibkr}
        self._monitor = monitor
        self._settings_file = settings_file
        self._is_replay = is_replay
        self._clock = clock
        self._checks: set[deferred_asyncio.Task[None]] = set()
        self._journal = JournalService(lambda: monitor.recorder)
        self.record: journal_port.JournalPort = (
            journal_port.NoJournal() if monitor.journal is None else self._journal
        )

    @property
    def settings(self) -> Settings:
        return self._monitor.settings

    @property
    def can_change(self) -> bool:
        return self._settings_file is not None

    def change(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> None:
        if self._settings_file is None:
            raise SettingsError("there is no file to keep it in.")
        with self._kept_password(password if mode is AccountMode.HAMMER_PRO else ""):
            kept = write.save(self._settings_file, _section(mode), values)
        after = _with(self.settings, kept, mode, values, password)
        if mode in after.ibkr:
            self.expects_paper[mode] = after.ibkr[mode].expects_paper
        self._monitor.reconfigure(after)

    def changed_in_file(self, mode: AccountMode) -> Mapping[str, str]:
        if self._settings_file is None:
            return {}
        kept = _texts(write.preview(self._settings_file, _section(mode), {}), mode)
        return {key: text for key, text in kept.items() if text != _texts(self.settings, mode)[key]}

    def expect(self, mode: AccountMode, *, is_paper: bool) -> None:
        if self._settings_file is not None:
            self.change(mode, {"expects": "paper" if is_paper else "live"}, "")
            return
        settings = self.settings
        profile = structs.replace(settings.ibkr[mode], expects_paper=is_paper)
        self.expects_paper[mode] = is_paper
        self._monitor.reconfigure(structs.replace(settings, ibkr={**settings.ibkr, mode: profile}))

    def changed(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> Settings:
        if password:
            logs.hide(password)
        draft = write.preview(self._settings_file, _section(mode), values)
        return _with(self.settings, draft, mode, values, password)

    def check(
        self, modes: Collection[AccountMode], report: "Report", settings: Settings | None = None
    ) -> Callable[[], None]:
        wanted = self.settings if self._is_replay else settings or self.settings
        tried = self._beside_the_window(wanted)

        def report_with_ids(step: "Step") -> None:
            report(_with_spare_id(step, wanted, tried))

        wires = self._monitor.wires
        wires.hide(tried.hammer.password)
        task = deferred_asyncio.get_running_loop().create_task(
            runner.run(
                tried,
                modes,
                report_with_ids,
                timing=CheckTiming(CHECK_TIMEOUT_S),
                clock=self._clock,
                tap_of=wires.check,
            )
        )
        self._checks.add(task)
        task.add_done_callback(self._on_checked)

        def stop() -> None:
            task.cancel()

        return stop

    def _beside_the_window(self, settings: Settings) -> Settings:
        """Return ``settings`` with another client id for each login whose own the window holds."""
        taken = {profile.client_id for profile in settings.ibkr.values()}
        ibkr = dict(settings.ibkr)
        for mode, profile in settings.ibkr.items():
            status = self._monitor.links[mode].status
            if status.state in CONNECTED_STATES and status.client_id == profile.client_id:
                spare = next(n for n in count(SPARE_CLIENT_ID) if n not in taken)
                taken.add(spare)
                ibkr[mode] = structs.replace(profile, client_id=spare)
        return structs.replace(settings, ibkr=ibkr)

    def refresh(self) -> None:
        self._monitor.refresh()

    @property
    def symbol_problems(self) -> tuple[str, ...]:
        return self._monitor.symbol_problems

    def set_hammer_symbol(self, ibkr_symbol: str, hammer_symbol: str) -> None:
        self._monitor.set_hammer_symbol(ibkr_symbol, hammer_symbol)

    async def close(self) -> None:
        """Stop every running test and query, and wait for its end."""
        await self._journal.close()
        for task in self._checks:
            task.cancel()
        await deferred_asyncio.gather(*self._checks, return_exceptions=True)

    def use_password(self, password: str) -> None:
        """Sign in to HAMMER with this password, unless the trader has entered another."""
        settings = self.settings
        if password and not settings.hammer.password:
            logs.hide(password)
            self._monitor.reconfigure(
                structs.replace(settings, hammer=structs.replace(settings.hammer, password=password))
            )

    @contextmanager
    def _kept_password(self, password: str) -> Iterator[None]:
        """Store the password; restore the previous one if the rest cannot be saved: both or neither."""
        if not password:
            yield
            return
        logs.hide(password)
        before = stored_password()
        store_password(password)
        try:
            yield
        except SettingsError as error:
            try:
                store_password(before)
            except SettingsError:
                raise SettingsError(f"{error} The new password is kept all the same.") from error
            raise

    def _on_checked(self, task: "deferred_asyncio.Task[None]") -> None:
        self._checks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("the connection test failed in an unforeseen way", exc_info=task.exception())


def _section(mode: AccountMode) -> str:
    return "hammer" if mode is AccountMode.HAMMER_PRO else f"ibkr.{mode.short.lower()}"


def _texts(settings: Settings, mode: AccountMode) -> dict[str, str]:
    """Return the values of one connection that a form edits, as settings.toml has them."""
    if mode is AccountMode.HAMMER_PRO:
        hammer = settings.hammer
        texts = {"streamer": hammer.streamer, "account_key": hammer.account_key}
        return {**_common_texts(hammer), **texts}
    login = settings.ibkr[mode]
    expects = "paper" if login.expects_paper else "live"
    texts = {"client_id": str(login.client_id), "account_id": login.account_id, "expects": expects}
    return {**_common_texts(login), **texts}


def _common_texts(profile: IbkrProfile | HammerProfile) -> dict[str, str]:
    reconnect = "true" if profile.reconnect else "false"
    return {"host": profile.host, "port": str(profile.port), "reconnect": reconnect}


def _with(
    before: Settings,
    kept: Settings,
    mode: AccountMode,
    values: Mapping[str, str | int | bool],
    password: str,
) -> Settings:
    """Return ``before`` with one connection's values as in ``kept``; an empty password stays."""
    names = {"expects_paper" if key == "expects" else key for key in values}
    if mode is AccountMode.HAMMER_PRO:
        given = {name: getattr(kept.hammer, name) for name in names}
        hammer = structs.replace(before.hammer, password=password or before.hammer.password, **given)
        return structs.replace(before, hammer=hammer)
    given = {name: getattr(kept.ibkr[mode], name) for name in names}
    return structs.replace(before, ibkr={**before.ibkr, mode: structs.replace(before.ibkr[mode], **given)})


class JournalService:
    """Queries the journal for the window; ``close`` cancels pending queries.

    ``recorder`` returns the current one; there is none until the monitor has loaded it.
    """

    is_recording = True

    def __init__(self, recorder: "Callable[[], Recorder | None]") -> None:
        self._recorder = recorder
        self._questions: set[deferred_asyncio.Task[None]] = set()

    @property
    def problem(self) -> Problem | None:
        recorder = self._recorder()
        return None if recorder is None else recorder.problem

    def take_snapshot(self) -> list[AccountMode]:
        recorder = self._recorder()
        return [] if recorder is None else recorder.take_snapshot()

    def request(
        self,
        query: Callable[[journal_port.JournalReader], Awaitable[Found]],
        on_found: Callable[[Found], None],
        on_failure: Callable[[str], None],
    ) -> journal_port.Stop:
        recorder = self._recorder()
        assert recorder is not None
        journal = recorder.journal

        async def answer() -> None:
            try:
                found = await query(journal)
            except errors.JournalError as error:
                on_failure(str(error))
            except OSError as error:
                on_failure(f"{error.filename or 'The file'} cannot be written: {reason(error)}.")
            else:
                on_found(found)

        task = deferred_asyncio.get_running_loop().create_task(answer())
        self._questions.add(task)
        task.add_done_callback(self._on_answered)

        def stop() -> None:
            task.cancel()

        return stop

    async def close(self) -> None:
        for task in self._questions:
            task.cancel()
        await deferred_asyncio.gather(*self._questions, return_exceptions=True)

    def _on_answered(self, task: "deferred_asyncio.Task[None]") -> None:
        self._questions.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("the journal failed in an unforeseen way", exc_info=task.exception())


def _with_spare_id(step: "Step", wanted: Settings, tried: Settings) -> "Step":
    """Return the step with the reason for a client id other than in the settings."""
    profile = wanted.ibkr.get(step.target)
    if profile is None or step.name != "handshake" or not step.result:
        return step
    if tried.ibkr[step.target].client_id == profile.client_id:
        return step
    return replace(step, result=f"{step.result}: a spare one, this window holds {profile.client_id}")
