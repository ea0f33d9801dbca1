"""Why positions or account values of a login are not reported, worded for the trader. Pure."""

from psf_monitor.problem import Problem, whole_sentence

_NO_MORE_SUMMARIES = 322
_BUSY = "It may be busy. Until they come they are old or unknown."
_ASKED_AGAIN = "They are asked for again by themselves, and are old or unknown until they come."


def positions_unanswered(name: str, seconds: float) -> Problem:
    return Problem(
        what=f"Positions are not available for {name}.",
        why=f"TWS did not list them within {seconds:.0f} s.",
        to_do=_BUSY,
    )


def positions_refused(name: str, code: int, sentence: str) -> Problem:
    """TWS does not list the positions; ``sentence`` is its reason."""
    return Problem(
        what=f"Positions are not available for {name}.",
        why=f"TWS does not list them and says: {whole_sentence(sentence)}",
        to_do=_ASKED_AGAIN,
        code=code,
    )


def values_unanswered(name: str, seconds: float) -> Problem:
    return Problem(
        what=f"{name}: TWS does not report the account values.",
        why=f"It did not report them within {seconds:.0f} s.",
        to_do=_BUSY,
    )


def values_not_ready(name: str, accounts: str) -> Problem:
    return Problem(
        what=f"{name}: the account values of {accounts} are not ready.",
        why="TWS itself calls them out of date (AccountReady is false): IBKR is resetting them.",
        to_do="They are shown when TWS calls them ready.",
    )


def values_missing(name: str, accounts: str) -> Problem:
    return Problem(
        what=f"{name}: TWS reports no account values of {accounts}.",
        to_do="Its positions are shown; sums of this login are unknown until its values come.",
    )


def values_refused(name: str, code: int | None, sentence: str) -> Problem:
    """TWS refused the summary of the accounts; code 322 means that no more summaries can be subscribed to."""
    others = "Other programs use the summaries that TWS has: end one of them. "
    return Problem(
        what=f"{name}: TWS does not report the account values.",
        why=f"It refuses to and says: {whole_sentence(sentence)}",
        to_do=f"{others}{_ASKED_AGAIN}" if code == _NO_MORE_SUMMARIES else _ASKED_AGAIN,
        code=code,
    )


def values_in_several_currencies(name: str, accounts: str) -> Problem:
    return Problem(
        what=f"{name}: TWS reports account values of {accounts} in several currencies.",
        why="It does not say which of them is the account's.",
        to_do="They are unknown until it does.",
    )


def values_unreadable(name: str, values: str) -> Problem:
    return Problem(
        what=f"{name}: account values that TWS reports cannot be read: {values}.",
        why="They are no numbers.",
        to_do="They are unknown until TWS sends numbers. Compare TWS's own account window.",
    )
