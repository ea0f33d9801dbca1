"""How long an IBKR connection waits, and how often it asks."""

from dataclasses import dataclass, field

from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.pacing import QUIET_REST_S


@dataclass(frozen=True, slots=True)
class IbkrTiming:
    """Seconds. ``handshake_s`` is long because TWS may be waiting for a person to allow the connection.

    ``backoff`` is between two attempts to connect. Orders of TWS itself and of other programs are not
    sent by themselves, so the list is requested repeatedly (as often as the profile says, unless
    ``orders_override_s`` is given), and soon after anything moved; otherwise it is read ``orders_rest_s``
    later. The list of executions is requested again after anything moved, and while there are orders or
    executions, with a pause of ``executions_pause_per_s`` for every second of reading: the list of a busy
    day is long, and takes a tenth of the time at most. A gap of ``asleep_after_s`` between two pulses
    means that the computer slept. If a data farm is reported as connected ``farms_after_s`` or more after
    TWS lost IBKR, and nothing to the contrary follows within ``farms_settle_s``, TWS is taken to be back;
    what it reports about farms together with the loss is its state from before. The readiness of account
    values is waited for ``readiness_s`` after them. If nothing of the positions has arrived ``refusal_s``
    after TWS refused something, they are taken to be what it refused.
    """

    backoff: Backoff = field(default_factory=Backoff)
    handshake_s: float = 30.0
    answer_s: float = 10.0
    ask_again_s: float = 30.0
    orders_override_s: float | None = None
    orders_soonest_s: float = 0.3
    orders_quiet_s: float = 0.5
    orders_rest_s: float = QUIET_REST_S
    executions_every_s: float = 60.0
    executions_soonest_s: float = 3.0
    executions_pause_per_s: float = 9.0
    heartbeat_every_s: float = 15.0
    heartbeat_misses: int = 2
    pulse_s: float = 1.0
    asleep_after_s: float = 10.0
    farms_after_s: float = 1.0
    farms_settle_s: float = 2.0
    settle_s: float = 0.2
    readiness_s: float = 2.0
    refusal_s: float = 0.3
