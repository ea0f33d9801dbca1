"""The models of the answers, as the OpenAPI document describes them."""

from dataclasses import dataclass

from psf_monitor.api.snapshot_records import (
    FillRecord,
    LinkRecord,
    OrderRecord,
    PositionRecord,
    SummaryRecord,
)


@dataclass(frozen=True, slots=True)
class Connected:
    """The login is connected to this endpoint."""

    success: bool
    account_type: str
    host: str
    port: int
    client_id: int
    connected: bool


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The login is not connected, and nothing tries to connect it."""

    success: bool
    account_type: str
    connected: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Both IBKR logins; ``active_account`` is the one that the account mode names, null with HAMMER_PRO."""

    success: bool
    IBKR_GUN: LinkRecord
    IBKR_PED: LinkRecord
    active_account: str | None


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of one login, in all its accounts."""

    success: bool
    account_type: str
    count: int
    positions: list[PositionRecord]


@dataclass(frozen=True, slots=True)
class Orders:
    """The working orders of one login, whoever placed them; ``as_of`` is when TWS last listed its orders."""

    success: bool
    account_type: str
    count: int
    as_of: str
    orders: list[OrderRecord]


@dataclass(frozen=True, slots=True)
class Summaries:
    """``summary`` is the login's first account, ``summaries`` are all of them."""

    success: bool
    account_type: str
    summary: SummaryRecord
    summaries: list[SummaryRecord]


@dataclass(frozen=True, slots=True)
class Mode:
    """The profile whose positions ``position/snapshot`` returns."""

    success: bool
    mode: str
    is_hammer: bool
    is_ibkr_gun: bool
    is_ibkr_ped: bool
    is_ibkr: bool
    ibkr_gun_connected: bool
    ibkr_ped_connected: bool


@dataclass(frozen=True, slots=True)
class ModeChosen(Mode):
    """The mode from now on, and whether its server is connected, or why not."""

    old_mode: str
    new_mode: str
    connected: bool
    connection_error: str | None


@dataclass(frozen=True, slots=True)
class HammerStatus:
    """The connection to HAMMER. ``befday_tracked`` is PSFALGO's own ledger, which is not kept here: null."""

    success: bool
    connected: bool
    message: str
    error: str | None
    link: LinkRecord
    befday_tracked: bool | None = None
    positions_count: int | None = None


@dataclass(frozen=True, slots=True)
class PositionSnapshot:
    """The positions of the account mode at ``timestamp``, priced by HAMMER."""

    success: bool
    account_type: str
    count: int
    timestamp: str
    positions: list[PositionRecord]


@dataclass(frozen=True, slots=True)
class Executions:
    """Today's executions (New York), oldest first.

    ``as_of`` is, for each profile, when its broker's list of the day was last complete; null if it has not
    been yet, so that executions may be missing. ``problems`` say why. ``gaps`` are sentences about what may
    be missing in a list that has arrived: the time before TWS's own day began, or a position that changed
    without an execution.
    """

    success: bool
    count: int
    as_of: dict[str, str | None]
    problems: dict[str, str | None]
    gaps: dict[str, tuple[str, ...]]
    fills: list[FillRecord]


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """One connection. Ages are in seconds, null if they do not apply.

    ``state_s``: since the state began; ``up_s``: since it was ready; ``orders_list_s``: since the broker last
    listed its orders; ``newest_quote_s``: since any quote changed, for HAMMER only. ``simulated``: the server
    is simulated, and the journal records nothing of it.
    """

    state: str
    connected: bool
    error: str | None
    latency_ms: float | None
    attempt: int
    state_s: float
    up_s: float | None
    accounts: int
    positions: int
    orders: int
    orders_list_s: float | None
    symbols_wanted: int | None
    quotes_live: int | None
    newest_quote_s: float | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the monitor itself. ``journal_problem`` says why executions are not being written, if so.

    ``last_crash``: when the previous psf_monitor ended unexpectedly, and where the trace is.
    """

    success: bool
    version: str
    timestamp: str
    up_s: float
    journal_problem: str | None
    last_crash: str | None
    stream_clients: int
    links: dict[str, LinkHealth]
