"""How long an IBKR connection waits for what, and how often it asks."""

from dataclasses import dataclass, field

from psf_monitor.connection.supervisor import Backoff


@dataclass(frozen=True, slots=True)
class IbkrTiming:
    """Seconds. ``handshake_s`` is long: TWS may be waiting for a person to allow the connection.

    Orders of TWS itself and of other programs are not sent by themselves, so the list is asked for again
    and again (as often as the profile says, unless ``orders_override_s`` is given), and soon after
    anything moved. The list of executions is asked for again after anything moved, and while there are
    orders or executions. A gap of ``asleep_after_s`` between two pulses is a computer that slept. A data
    farm that is called connected ``farms_after_s`` or more after TWS lost IBKR, with no worse word within
    ``farms_settle_s``, is taken for TWS being back: what it says of farms along with the loss itself is
    what it knew before. Whether account values are ready is waited for ``readiness_s`` behind them. Positions
    of which nothing has come ``refusal_s`` after TWS refused something are taken for what it refused.
    """

    backoff: Backoff = field(default_factory=Backoff)
    handshake_s: float = 30.0
    answer_s: float = 10.0
    ask_again_s: float = 30.0
    orders_override_s: float | None = None
    orders_soonest_s: float = 0.3
    orders_quiet_s: float = 0.5
    executions_every_s: float = 60.0
    executions_soonest_s: float = 3.0
    heartbeat_every_s: float = 15.0
    heartbeat_misses: int = 2
    pulse_s: float = 1.0
    asleep_after_s: float = 10.0
    farms_after_s: float = 1.0
    farms_settle_s: float = 2.0
    settle_s: float = 0.2
    readiness_s: float = 2.0
    refusal_s: float = 0.3
