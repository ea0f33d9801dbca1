"""What can go wrong with Hammer Pro's own account, as the trader reads it. Pure."""

from collections.abc import Mapping, Sequence

from psf_monitor.problem import Problem

_ASKED_AGAIN = "They are asked for again."

NO_ACCOUNT = Problem("Hammer Pro has no trading account set up.")
UNREADABLE_ACCOUNTS = Problem("Hammer Pro lists its accounts in a way that psf_monitor cannot read.")
ORDER_WITHOUT_ID = Problem("HAMMER lists an order without an id, which cannot be shown.")
NOT_CONNECTED = Problem("HAMMER_PRO is not connected.", to_do="Executions since then are told when it is.")


class Unavailable(Exception):  # noqa: N818
    """The account or a part of it cannot be had now, as ``problem`` says."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def another_account(listed: str) -> Problem:
    """``listed`` names the accounts that there are."""
    return Problem(f"Hammer Pro does not have the account that is set; it has {listed}.")


def several_accounts(listed: str) -> Problem:
    return Problem(f"Hammer Pro has several accounts: {listed}.", to_do="Set account_key to one of them.")


def no_answer(what: str, seconds: float) -> Problem:
    """``what`` it did not do: ``list its positions``."""
    return Problem(f"Hammer Pro did not {what}: no answer in {seconds:.0f} s.")


def refused(what: str, reason: str) -> Problem:
    return Problem(f"Hammer Pro did not {what}.", f"It says: {reason}.")


def unreadable_part(part: str) -> Problem:
    return Problem(f"HAMMER tells its {part} in a way that psf_monitor cannot read.", to_do=_ASKED_AGAIN)


def not_yet(part: str) -> Problem:
    return Problem(f"HAMMER does not tell its {part} yet.", to_do=_ASKED_AGAIN)


def unreadable_entries(count: int, part: str) -> Problem:
    return Problem(f"HAMMER tells {count} of its {part} in a way that psf_monitor cannot read.")


def several_names(names: Mapping[str, Sequence[str]]) -> Problem:
    """``names`` are HAMMER's, by the one that the trader reads."""
    told = ", ".join(f"{symbol} as {' and '.join(of_share)}" for symbol, of_share in sorted(names.items()))
    return Problem(f"HAMMER lists one share under several names, which are added up: {told}.")


def unreadable_quantities(symbols: Sequence[str]) -> Problem:
    return Problem(f"HAMMER holds {', '.join(symbols)} in a quantity that cannot be read.")
