"""The shapes and colours of order states and sides, and of places in the market that depend on a price."""

from psf_monitor.domain.orders.order import OrderStatus, Side
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Tone

_STATUS_MARKS: dict[str, tuple[Shape, Tone]] = {
    OrderStatus.SUBMITTED: (Shape.DISC, Tone.SUBMITTED),
    OrderStatus.PRE_SUBMITTED: (Shape.HALF, Tone.HELD),
    OrderStatus.PENDING_SUBMIT: (Shape.RING, Tone.PENDING),
    OrderStatus.API_PENDING: (Shape.RING, Tone.PENDING),
    OrderStatus.PENDING_CANCEL: (Shape.SQUARE, Tone.CANCELLING),
    OrderStatus.CANCELLED: (Shape.CROSS, Tone.CANCELLED),
    OrderStatus.API_CANCELLED: (Shape.CROSS, Tone.CANCELLED),
    OrderStatus.INACTIVE: (Shape.CROSS, Tone.STALE),
    OrderStatus.FILLED: (Shape.DISC, Tone.STALE),
    OrderStatus.GONE: (Shape.RING, Tone.WARN),
}
_UNKNOWN_MARK = (Shape.RING, Tone.STALE)
_SIDE_TONES: dict[str, Tone] = {Side.BUY: Tone.BUY, Side.SELL: Tone.SELL}


def status_mark(status: str) -> tuple[Shape, Tone]:
    return _STATUS_MARKS.get(status, _UNKNOWN_MARK)


def side_tone(side: str) -> Tone:
    return _SIDE_TONES.get(side, Tone.TEXT)
