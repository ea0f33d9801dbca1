"""The settings as a recording of the wires holds them: what a replay needs, and no secret."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from psf_monitor.settings import Settings


def recorded_facts(settings: Settings, overrides: Mapping[str, str]) -> dict[str, Any]:
    """The connections, the rules of the indicators and the trader's names of shares, ready for JSON."""
    hammer = asdict(settings.hammer)
    del hammer["password"]
    return {
        "ibkr": {mode.value: {**asdict(p), "mode": mode.value} for mode, p in settings.ibkr.items()},
        "hammer": hammer,
        "indicators": asdict(settings.indicators),
        "hammer_symbols": dict(overrides),
    }
