"""What all connections to one simulated TWS share: its login, its faults, and what it was asked."""

from dataclasses import dataclass, field

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.clock import TwsClock
from psf_monitor.sim.tws.faults import Faults


@dataclass(slots=True)
class Login:
    """One TWS. ``client_ids`` are those connected now. ``clock`` is that of its computer.

    ``received`` and ``refused`` are (client id, request id) in the order of arrival.
    """

    market: Market
    accounts: tuple[str, ...]
    max_version: int
    master_client_id: int | None
    refused_client_ids: frozenset[int]
    faults: Faults = field(default_factory=Faults)
    clock: TwsClock = field(default_factory=TwsClock)
    client_ids: set[int] = field(default_factory=set)
    received: list[tuple[int, int]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
