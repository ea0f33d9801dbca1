"""What the window asks for, noted instead of done."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from psf_monitor.check.steps import Report
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings, SettingsError
from psf_monitor.ui.base.journal_port import JournalPort, NoJournal
from psf_monitor.ui.base.ports import ApiPort
from tests.support.records import GUN, PED


def a_setting() -> Settings:
    return Settings(
        ibkr={GUN: IbkrProfile(GUN, "127.0.0.1", 4001, 11), PED: IbkrProfile(PED, "127.0.0.1", 4002, 12)},
        hammer=HammerProfile("127.0.0.1", 16400, "secret"),
    )


@dataclass
class ClosedApi:
    """A local API that is not switched on."""

    is_wanted: bool = False
    address: str | None = None
    problem: Problem | None = None

    def token(self) -> str | None:
        return None


@dataclass
class Wires:
    """A recording that is switched on and off, and writes nothing."""

    is_on: bool = False
    problem: Problem | None = None
    path: Path | None = None

    def start(self) -> None:
        self.is_on, self.path = True, Path("a.wires")

    def stop(self) -> tuple[Path | None, Problem | None]:
        path, problem = self.path, self.problem
        self.is_on, self.path, self.problem = False, None, None
        return path, problem


@dataclass
class Service:
    """Notes what it is asked for."""

    refreshed: int = 0
    symbols: dict[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=a_setting)
    can_change: bool = True
    expects_paper: dict[AccountMode, bool] = field(default_factory=lambda: {GUN: False, PED: False})
    changes: list[tuple[AccountMode, dict[str, str | int | bool], str]] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    stopped: int = 0
    symbol_problems: tuple[str, ...] = ()
    record: JournalPort = field(default_factory=NoJournal)
    api: ApiPort = field(default_factory=ClosedApi)
    wires: Wires = field(default_factory=Wires)
    modes: list[AccountMode] = field(default_factory=list)
    tested: Settings | None = None
    refusal: SettingsError | None = None
    in_file: dict[AccountMode, dict[str, str]] = field(default_factory=dict)

    def change(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> None:
        if values.get("port") == 99999:
            raise SettingsError("a whole number from 1 to 65535 is accepted.")
        if self.refusal is not None:
            raise self.refusal
        self.changes.append((mode, dict(values), password))

    def changed_in_file(self, mode: AccountMode) -> Mapping[str, str]:
        if self.refusal is not None:
            raise self.refusal
        return self.in_file.get(mode, {})

    def expect(self, mode: AccountMode, *, is_paper: bool) -> None:
        self.change(mode, {"expects": "paper" if is_paper else "live"}, "")

    def changed(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> Settings:
        if values.get("port") == 99999:
            raise SettingsError("a whole number from 1 to 65535 is accepted.")
        if mode is AccountMode.HAMMER_PRO:
            return replace(self.settings, hammer=replace(self.settings.hammer, password=password))
        given: dict[str, Any] = {key: value for key, value in values.items() if key != "expects"}
        profile = replace(self.settings.ibkr[mode], **given)
        return replace(self.settings, ibkr={**self.settings.ibkr, mode: profile})

    def check(
        self, modes: Collection[AccountMode], report: Report, settings: Settings | None = None
    ) -> Callable[[], None]:
        self.modes = list(modes)
        self.tested = settings
        self.reports.append(report)
        return self._stop

    def _stop(self) -> None:
        self.stopped += 1

    def refresh(self) -> None:
        self.refreshed += 1

    def set_hammer_symbol(self, ibkr_symbol: str, hammer_symbol: str) -> None:
        if " " in hammer_symbol:
            raise SettingsError("a HAMMER symbol has no space.")
        self.symbols[ibkr_symbol] = hammer_symbol
