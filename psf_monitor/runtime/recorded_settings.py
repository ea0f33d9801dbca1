"""The settings that a recording of the wires contains: what a replay needs, without secrets."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from psf_monitor.settings import Settings


def recorded_settings(settings: Settings, overrides: Mapping[str, str]) -> dict[str, Any]:
    """Return the connections, the indicator rules and the trader's symbol names, ready for JSON."""
    hammer = asdict(settings.hammer)
    del hammer["password"]
    return {
        "ibkr": {mode.value: {**asdict(p), "mode": mode.value} for mode, p in settings.ibkr.items()},
        "hammer": hammer,
        "indicators": asdict(settings.indicators),
        "hammer_symbols": dict(overrides),
    }
