"""How long the HAMMER side waits; an adapter may be given other values."""

from dataclasses import dataclass, field

from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.pacing import (
    FLOOD_REST_S,
    HALF_FRAME_S,
    QUIET_FRAMES,
    QUIET_REST_S,
    REST_S,
    STILL_MANY_FRAMES,
    SUBSCRIBE_PAUSE_S,
    UNSEEN_FRAMES,
    UNSEEN_REST_S,
)


@dataclass(frozen=True, slots=True)
class HammerTiming:
    """Seconds of the event loop, except for the numbers of ``.._frames``.

    ``backoff`` is between two attempts to connect. ``greeting_s`` is the wait for a greeting that some
    versions do not send, ``connect_s`` for the answer to the password, which takes Hammer Pro over 10 s after
    a line was lost (recorded), ``starting_s`` for a data source that reports that it is starting. A source
    that stopped is started again every ``start_again_every_s``. ``settle_s`` after the last request for
    prices, what has arrived is taken as complete. Every ``check_every_s`` a session checks whether HAMMER has
    fallen silent. Out of hours a share is asked about every ``out_of_hours_request_s`` if the stream sends
    nothing about it.

    Hammer Pro's own account: that a part is missing is reported after ``account_answer_s``. What HAMMER
    refuses, or does not have yet, is requested again after ``account_again_s``, and after ``account_retry_s``
    once that has happened often. A part that is followed is still requested every ``account_refresh_s``, one
    that HAMMER does not send by itself every ``account_poll_s``, like the orders of TWS. After an update the
    whole is requested ``account_soonest_s`` later, because an update does not always say whether it is
    complete.

    The pacing of reading and requesting is explained in ``connection/pacing``.
    """

    backoff: Backoff = field(default_factory=Backoff)
    open_s: float = 10.0
    greeting_s: float = 1.0
    connect_s: float = 30.0
    answer_s: float = 10.0
    streamers_s: float = 3.0
    starting_s: float = 30.0
    start_again_every_s: float = 10.0
    settle_s: float = 5.0
    check_every_s: float = 1.0
    out_of_hours_request_s: float = 900.0

    account_answer_s: float = 10.0
    account_again_s: float = 2.0
    account_retry_s: float = 30.0
    account_refresh_s: float = 60.0
    account_poll_s: float = 2.5
    account_soonest_s: float = 0.5

    subscribe_pause_s: float = SUBSCRIBE_PAUSE_S
    quiet_frames: int = QUIET_FRAMES
    still_many_frames: int = STILL_MANY_FRAMES
    quiet_rest_s: float = QUIET_REST_S
    unseen_frames: int = UNSEEN_FRAMES
    unseen_rest_s: float = UNSEEN_REST_S
    rest_s: float = REST_S
    flood_rest_s: float = FLOOD_REST_S
    half_frame_s: float = HALF_FRAME_S


DEFAULT = HammerTiming()
