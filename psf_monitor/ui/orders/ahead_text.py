"""The shares ahead of an order in HAMMER's depth, as text. Pure."""

from psf_monitor import formatting
from psf_monitor.domain.depth import Ahead, Place

_WHY = {
    Place.UNKNOWN: "Its place is not known: no depth, a crossed or another one, or an old list of orders",
    Place.CROSSES: "It stands at or beyond the other side of the market",
    Place.NOT_IN_DEPTH: "HAMMER's depth shows nothing at this price",
}

_HIDDEN = {
    Place.HIDDEN: "Yours is hidden: it stands behind all that is displayed at its price",
    Place.MAY_BE_HIDDEN: "Yours may be hidden (display size of 0, or its terms): it does not count as shown",
    Place.PART_HIDDEN: "A part of yours is displayed: the rest queues anew each time that part has filled",
}


def sum_text(ahead: Ahead) -> str:
    """Return how the shares ahead of it are distributed, or why that is unknown."""
    if ahead.shares is None:
        return _WHY.get(ahead.place, ahead.place.value)
    mine = f", {formatting.quantity(ahead.own_here)} of it mine" if ahead.own_here else ""
    text = (
        f"At most {formatting.quantity(ahead.shares)} ahead = {formatting.quantity(ahead.better)} at better "
        f"prices + {formatting.quantity(ahead.others_here)} here{mine}"
    )
    return "\n".join(filter(None, [text, _HIDDEN.get(ahead.place, "")]))
