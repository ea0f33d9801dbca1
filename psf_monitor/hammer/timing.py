"""How long the HAMMER side waits, in one record that whoever builds an adapter may give it."""

from dataclasses import dataclass, field

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
from psf_monitor.connection.supervisor import Backoff


@dataclass(frozen=True, slots=True)
class HammerTiming:
    """Seconds of the event loop, but for the numbers of ``.._frames``.

    ``greeting_s`` is waited for a greeting that not every version says, ``connect_s`` for the answer to the
    password, which takes Hammer Pro over 10 s after a line was lost (recorded), ``starting_s`` for a data
    source that says it starts. One that stopped is asked to start again every ``start_again_every_s``.
    ``settle_s`` after the last question about prices what came is taken for all there is. Every
    ``check_every_s`` a session looks whether HAMMER has fallen silent.

    Hammer Pro's own account: a part may stay untold for ``account_answer_s`` until that is said. What HAMMER
    has not yet, or refuses, is asked for again after ``account_again_s``, and after ``account_retry_s`` when
    it has often been. A part that is followed is asked for every ``account_refresh_s`` all the same; one that
    HAMMER does not send by itself every ``account_poll_s``, as the orders of TWS are; after an update the
    whole is asked for ``account_soonest_s`` later: an update does not always say whether it is all.

    The paces of reading and of asking are explained in ``connection/pacing``.
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
