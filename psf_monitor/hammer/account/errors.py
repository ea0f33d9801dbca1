"""Problems with Hammer Pro's own account, worded for the trader. Pure."""

from collections.abc import Mapping, Sequence

from psf_monitor.hammer.prices.field_names import letters_of
from psf_monitor.problem import Problem, one_line

_ASKED_AGAIN = "They are asked for again."

NO_ACCOUNT = Problem("Hammer Pro has no trading account set up.", to_do="Set one up there.")
UNREADABLE_ACCOUNTS = Problem("Hammer Pro lists its accounts in a way that psf_monitor cannot read.")
NOT_CONNECTED = Problem(
    "HAMMER_PRO is not connected.", to_do="Executions since then are reported when it is."
)


class UnavailableError(Exception):
    """The account, or a part of it, is not available now; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def another_account(listed: str) -> Problem:
    """``listed`` names the accounts that exist."""
    return Problem(
        f"Hammer Pro does not have the account that is set; it has {listed}.",
        to_do="Set account_key to one of them.",
    )


def several_accounts(listed: str) -> Problem:
    return Problem(f"Hammer Pro has several accounts: {listed}.", to_do="Set account_key to one of them.")


def no_answer(what: str, seconds: float) -> Problem:
    """``what`` says what HAMMER did not do: ``list its positions``."""
    return Problem(f"Hammer Pro did not {what}: no answer in {seconds:.0f} s.")


def refused(what: str, reason: str) -> Problem:
    return Problem(f"Hammer Pro did not {what}.", f"It says: {reason}." if reason else "It gives no reason.")


_OF_NO_LINE = ("disconnect", "notconnected", "loggedout", "logout", "offline", "stopped", "failed", "error")
"""What is in the states of an account that is not connected to its broker; all of them are not known."""


def of_state(state: str) -> Problem | None:
    """Return a problem if Hammer Pro's account is not connected to its broker by its state, else ``None``."""
    if not any(word in letters_of(state) for word in _OF_NO_LINE):
        return None
    return Problem(
        f"Hammer Pro says of its account: '{one_line(state)}'.",
        "What it lists of it may be of before.",
        "Connect the account in Hammer Pro.",
    )


def unreadable_part(part: str) -> Problem:
    return Problem(f"HAMMER reports its {part} in a way that psf_monitor cannot read.", to_do=_ASKED_AGAIN)


def not_yet(part: str) -> Problem:
    return Problem(f"HAMMER does not report its {part} yet.", to_do=_ASKED_AGAIN)


def unreadable_entries(count: int, part: str) -> Problem:
    return Problem(f"HAMMER reports {count:,} of its {part} in a way that psf_monitor cannot read.")


def several_names(names: Mapping[str, Sequence[str]]) -> Problem:
    """``names`` are HAMMER's, by the name that the trader reads."""
    listed = ", ".join(f"{symbol} as {' and '.join(of_share)}" for symbol, of_share in sorted(names.items()))
    return Problem(f"HAMMER lists one share under several names, which are added up: {listed}.")


def orders_without_id(symbols: Sequence[str]) -> Problem:
    """``symbols`` are the symbols of the orders, one for each."""
    return Problem(
        f"HAMMER lists {_orders(len(symbols))} without an id ({', '.join(symbols)}).",
        "Only its whole list says which of them an update is about.",
        "Each is shown as listed; compare them with Hammer Pro.",
    )


def shared_ids(symbols: Mapping[str, Sequence[str]]) -> Problem:
    """``symbols`` are the symbols of the orders, by the id that they share."""
    listed = ", ".join(f"{order_id} for {' and '.join(of_id)}" for order_id, of_id in sorted(symbols.items()))
    return Problem(
        f"HAMMER lists several orders under one id: {listed}.",
        "Only its whole list says which of them an update is about.",
        "Each is shown as listed; compare them with Hammer Pro.",
    )


def _orders(count: int) -> str:
    return "an order" if count == 1 else f"{count:,} orders"


def unreadable_quantities(symbols: Sequence[str]) -> Problem:
    return Problem(f"HAMMER holds {', '.join(symbols)} in a quantity that cannot be read.")


def nameless_positions(count: int) -> Problem:
    if count == 1:
        return Problem(
            "HAMMER lists a position without a symbol.", "It has no price.", "Compare it with Hammer Pro."
        )
    return Problem(
        f"HAMMER lists {count:,} positions without a symbol.",
        "They are shown as one of unknown quantity, without a price.",
        "Compare them with Hammer Pro.",
    )


def unreadable_prices(symbols: Sequence[str]) -> Problem:
    return Problem(f"HAMMER reports what was paid for {', '.join(symbols)} in a way that cannot be read.")


def unreadable_contracts(terms: Mapping[str, Sequence[str]]) -> Problem:
    """``terms`` are those that cannot be read, by HAMMER's symbol."""
    listed = "; ".join(f"{_named(of_it)} of {symbol}" for symbol, of_it in sorted(terms.items()))
    return Problem(
        f"HAMMER reports of what it holds, in a way that cannot be read: {listed}.",
        "What may be no share in US dollars is not valued.",
        "Compare it with Hammer Pro.",
    )


def repeated_positions(symbols: Sequence[str]) -> Problem:
    return Problem(
        f"HAMMER lists {', '.join(symbols)} twice with the same figures.",
        "It is counted once.",
        "Compare it with Hammer Pro.",
    )


def unreadable_terms(terms: Mapping[str, Sequence[str]]) -> Problem:
    """``terms`` are those of an order, by the name of the order."""
    listed = "; ".join(f"{_named(of_order)} of {order}" for order, of_order in terms.items())
    return Problem(f"HAMMER reports terms of orders that cannot be read: {listed}.", *_NO_NUMBERS)


def unreadable_balances(names: Sequence[str]) -> Problem:
    """``names`` as in ``AccountSummary``."""
    return Problem(f"HAMMER reports balances that cannot be read: {_named(names)}.", *_NO_NUMBERS)


def _named(fields: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in fields)


_NO_NUMBERS = (
    "They are no numbers, or several where one is meant.",
    "They are unknown until HAMMER sends numbers. Compare them with Hammer Pro.",
)
