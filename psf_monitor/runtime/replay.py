"""The recorded settings, servers and time that a replay's monitor runs on."""

import random
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from psf_monitor.connection.backoff import Backoff
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.indicators import IndicatorRules
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.replay.player import Player
from psf_monitor.replay.servers import HOST
from psf_monitor.replay.timeline import Action, Timeline
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings

_Kind = TypeVar("_Kind", bound=Struct)

REPLAY_TIMING = IbkrTiming(orders_override_s=0.2, orders_rest_s=0.0, asleep_after_s=float("inf"))
"""The next recorded list of orders is always awaited, and read as it arrives; a pause is not a sleeping
computer.
"""
REPLAY_HAMMER_TIMING = HammerTiming(
    unseen_rest_s=0.0, quiet_rest_s=0.0, rest_s=0.0, flood_rest_s=0.0, half_frame_s=0.0
)
"""Frames are read as they arrive: a rest would use replay time, which waits for them."""
STEP_S = 0.005
"""How often the replay's time advances, in seconds of the computer."""
_PASSWORD = "of the recording"
"""The servers of a replay accept any password."""


class RecordedBackoff(Backoff):
    """Waits before each attempt as long as the recorded connection did."""

    def __init__(self, waits: list[float]) -> None:
        super().__init__(jitter=0.0, rng=random.Random(0))
        object.__setattr__(self, "_waits", deque(waits))

    def delay_s(self, attempt: int) -> float:
        waits: deque[float] = object.__getattribute__(self, "_waits")
        return waits.popleft() if waits else super().delay_s(attempt)


def replay_settings(player: Player, folder: Path) -> Settings:
    """Return the recorded settings with the replay's own ports; ``folder`` receives the symbol names."""
    recorded = player.timeline.settings
    logins: Mapping[str, Any] = recorded.get("ibkr") or {}
    return Settings(
        ibkr={
            mode: _made(
                IbkrProfile,
                {"client_id": number, **logins.get(mode.value, {})},
                mode=mode,
                host=HOST,
                port=player.sides[mode].server.port,
            )
            for number, mode in enumerate(IBKR_MODES, start=1)
            if mode.value in logins or not logins
        },
        hammer=_made(
            HammerProfile,
            recorded.get("hammer") or {},
            host=HOST,
            port=player.sides[AccountMode.HAMMER_PRO].server.port,
            password=_PASSWORD,
        ),
        symbols=_symbols(recorded.get("hammer_symbols") or {}, folder / "symbols.csv"),
        indicators=_made(IndicatorRules, recorded.get("indicators") or {}),
    )


def replay_monitor(player: Player, settings: Settings) -> Monitor:
    """Return the monitor over the replay's servers and clock. It keeps no journal."""
    monitor = Monitor(
        settings,
        player.clock,
        timing=MonitorTiming(
            ibkr=REPLAY_TIMING,
            hammer=REPLAY_HAMMER_TIMING,
            backoffs={mode: RecordedBackoff(player.timeline.waits.get(mode, [])) for mode in AccountMode},
        ),
        elapsed_s=lambda: player.clock.now_s,
    )
    player.when_acted(acting(monitor))
    for mode in monitor.links:
        monitor.wires.listen_in(mode, player.tap(mode))
    for mode, recorded in _recorded_profiles(player.timeline).items():
        # The cards name the recorded endpoint, while the connection is to this computer.
        if mode in monitor.links and recorded.get("host"):
            endpoint = f"{recorded['host']}:{recorded.get('port')}"
            monitor.links[mode].retarget(endpoint, recorded.get("client_id"))
    return monitor


def _recorded_profiles(timeline: Timeline) -> dict[AccountMode, Mapping[str, Any]]:
    """Return the recorded profiles by connection."""
    logins: Mapping[str, Any] = timeline.settings.get("ibkr") or {}
    hammer: Mapping[str, Any] = timeline.settings.get("hammer") or {}
    return {AccountMode(mode): profile for mode, profile in logins.items()} | {AccountMode.HAMMER_PRO: hammer}


def acting(monitor: Monitor) -> Callable[[Action], None]:
    """Return a function that repeats recorded actions on the monitor's connections."""

    def act(recorded: Action) -> None:
        link = None if recorded.mode is None else monitor.links.get(recorded.mode)
        if link is None:
            return
        if recorded.act in ("connect", "opened"):
            link.connect()
        elif recorded.act == "disconnect":
            link.disconnect()
        elif recorded.act == "retry now":
            link.retry_now()

    return act


def _made(kind: type[_Kind], recorded: Mapping[str, Any], **ours: Any) -> _Kind:
    """Return a record with the recorded values; fields that a later version may have added are left out."""
    names = kind.__struct_fields__
    return kind(**{key: value for key, value in recorded.items() if key in names} | ours)


def _symbols(names: Mapping[str, str], path: Path) -> Path | None:
    if not names:
        return None
    lines = "".join(f"{symbol},{asked_as}\n" for symbol, asked_as in names.items())
    path.write_text(f"IBKR symbol,HAMMER symbol\n{lines}", encoding="utf-8")
    return path
