"""An alert, and what it fired with, as sentences that state what is compared."""

from psf_monitor import formatting
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.domain.orders.order import Order

_CROSSES = {
    Direction.UP: "crosses {} upward",
    Direction.DOWN: "crosses {} downward",
    Direction.EITHER: "crosses {}",
}
_CROSSED = {each: text.replace("crosses", "crossed") for each, text in _CROSSES.items()}


def subject(alert: Alert) -> str:
    """Return the share or login that the alert is about."""
    parts = [alert.mode.short if alert.mode else "", alert.symbol]
    named = " ".join(part for part in parts if part)
    if named:
        return named
    match alert.kind:
        case AlertKind.LINK:
            return "Any connection"
        case AlertKind.PNL:
            return "IBKR logins"
        case _:
            return "Any order"


def level(alert: Alert, *, hides: bool = False) -> str:
    """Return the level as text; an amount of the trader's own can be hidden."""
    if hides and alert.kind is AlertKind.PNL:
        return formatting.HIDDEN
    match alert.kind:
        case AlertKind.PRICE:
            return formatting.price_level(alert.figure)
        case AlertKind.PNL:
            return formatting.signed_quantity(alert.figure)
        case _:
            return formatting.quantity(alert.figure)


def condition(alert: Alert, *, hides: bool = False) -> str:
    """Return what the alert waits for: ``ask crosses 24.12 upward``."""
    crosses = _CROSSES[alert.direction].format(level(alert, hides=hides))
    match alert.kind:
        case AlertKind.PRICE:
            return f"{alert.what} {crosses}"
        case AlertKind.SIZE:
            return f"size at my price {crosses}"
        case AlertKind.PNL:
            return f"{alert.what} P&L {crosses}"
        case AlertKind.NEAR_FILL:
            return f"near fill {alert.what}"
        case AlertKind.ORDER:
            return f"order {alert.what}"
        case AlertKind.QUIET:
            return f"quiet for {level(alert)} minutes"
        case AlertKind.LINK:
            return "connection lost"


def crossed(alert: Alert, figure: float, rests_on: str = "") -> tuple[str, str]:
    """Return the sentence of a crossing with the figure seen and what that assumes, and the same without the
    trader's own figures.
    """
    seen = formatting.price(figure) if alert.kind is AlertKind.PRICE else formatting.quantity(figure)
    what = {AlertKind.PRICE: alert.what, AlertKind.SIZE: "size at my price"}.get(
        alert.kind, f"{alert.what} P&L"
    )
    if alert.kind is AlertKind.PNL:
        seen = formatting.signed_money(figure)

    def sentence(*, hides: bool) -> str:
        how = _CROSSED[alert.direction].format(level(alert, hides=hides))
        shown = formatting.HIDDEN if hides and alert.kind is AlertKind.PNL else seen
        assumed = f", {rests_on.rstrip('.')}" if rests_on else ""
        return f"{subject(alert)} {what} {how}, seen {shown}{assumed}"

    return sentence(hides=False), sentence(hides=True)


def of_order(order: Order, event: str, *, is_fill: bool) -> tuple[str, str]:
    """Return ``GUN BUY CIM PRB filled: 500 of 500 at 24.52``, and the same without its quantities."""
    name = f"{order.mode.short} {order.side} {order.instrument.name} {event}"
    price = order.average_fill_price
    at = "" if price is None or not is_fill else f" at {formatting.price(price)}"
    done, of = formatting.quantity(order.filled), formatting.quantity(order.quantity)
    hidden = formatting.HIDDEN
    return f"{name}: {done} of {of}{at}", f"{name}: {hidden} of {hidden}{at}"
