"""Events of orders and accounts as sentences for the status line."""

from collections.abc import Sequence
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import Level, Notice
from psf_monitor.domain.account import AccountMode, is_paper
from psf_monitor.domain.broker_message import BrokerMessage, LoginChange
from psf_monitor.domain.orders.order import Order, OrderStatus
from psf_monitor.formatting import mask_accounts, masked
from psf_monitor.problem import Problem

_MASKED = f"{formatting.HIDDEN} of {formatting.HIDDEN}"
"""The filled and total quantity while values are hidden."""


def order_notice(before: Order | None, now_is: Order, at: datetime) -> Notice | None:
    """Return a notice about the change of an order, such as a fill or cancel; ``None`` if none is worth
    one.
    """
    if before is None or (before.filled, before.status) == (now_is.filled, now_is.status):
        return None
    what = _name(now_is)
    if (now_is.filled or 0) > (before.filled or 0):
        average = now_is.average_fill_price
        price = "" if average is None else f" at {formatting.price(average)}"
        return Notice(
            at,
            now_is.mode,
            Level.INFO,
            f"{what} filled {_filled_of(now_is)}{price}",
            f"{what} filled {_MASKED}{price}",
            what,
        )
    if now_is.status in (OrderStatus.CANCELLED, OrderStatus.API_CANCELLED) and not before.is_done:
        sentence = f"{what} was cancelled"
        return Notice(at, now_is.mode, Level.INFO, sentence, sentence, what)
    return None


def message_notice(mode: AccountMode, message: BrokerMessage) -> Notice:
    """Return the broker's message with its code as a notice."""
    sentence = f"TWS says{message.of_what}: {mask_accounts(message.text)}{message.code_text}"
    level = Level.ERROR if message.is_urgent else Level.WARNING
    return Notice(message.at, mode, level, sentence, sentence, "message")


def login_notice(
    mode: AccountMode, before: Sequence[str], accounts: Sequence[str], at: datetime
) -> Notice | None:
    """Return a notice if the login has changed, or has lost or gained an account; else ``None``."""
    gone, new = [a for a in before if a not in accounts], [a for a in accounts if a not in before]
    if not before or not (gone or new):
        return None
    parts = []
    if gone:
        parts.append(f"{', '.join(map(masked, gone))} left")
    if new:
        parts.append(f"{', '.join(map(masked, new))} came")
    what = "Hammer Pro's account" if mode is AccountMode.HAMMER_PRO else "the login behind TWS"
    sentence = f"{what} has changed: {', '.join(parts)}"
    return Notice(at, mode, Level.WARNING, sentence, sentence, "login")


def unexpected_notice(
    mode: AccountMode, accounts: Sequence[str], at: datetime, *, expects_paper: bool
) -> Notice | None:
    """Return a notice if a login has paper accounts where live ones are expected, or the other way round."""
    if not accounts or any(map(is_paper, accounts)) is expects_paper:
        return None
    found, expected = ("live", "paper") if expects_paper else ("paper", "live")
    names = formatting.listed([masked(account) for account in accounts])
    sentence = f"{names} is {found}, {expected} is expected: its rows are in no total"
    return Notice(at, mode, Level.WARNING, sentence, sentence, "login")


def login_problem(mode: AccountMode, change: LoginChange, now: datetime) -> Problem:
    """Return what another login behind the same port means, and what to do about it."""
    parts = [f"{', '.join(map(masked, change.gone))} left"] if change.gone else []
    parts += [f"{', '.join(map(masked, change.came))} came"] if change.came else []
    at = formatting.moment(change.at, now)
    if mode is AccountMode.HAMMER_PRO:
        return Problem(
            what=f"Hammer Pro's account has changed at {at}: {', '.join(parts)}.",
            why="Hammer Pro was started with another login.",
            to_do="Compare the account with the one you expect; account_key in the settings chooses it.",
        )
    return Problem(
        what=f"The login behind TWS has changed at {at}: {', '.join(parts)}.",
        why="TWS was started with another login, another TWS has taken the port, or the login has other "
        "accounts now.",
        to_do="Compare the account with the one you expect; the port is in the settings.",
    )


def gone_notice(order: Order, at: datetime) -> Notice:
    """Return the notice of an order that left the broker's list without a status or an execution."""
    name = _name(order)
    what = f"{name} left the list of open orders, reason unknown"
    text, hidden = what, what
    if order.filled:
        text, hidden = f"{what}; filled {_filled_of(order)}", f"{what}; filled {_MASKED}"
    return Notice(at, order.mode, Level.WARNING, text, hidden, name)


def _name(order: Order) -> str:
    return f"order {order.display_id or 'without an id'} {order.instrument.name}"


def _filled_of(order: Order) -> str:
    return f"{formatting.quantity(order.filled)} of {formatting.quantity(order.quantity)}"
