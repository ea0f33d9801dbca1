"""Why a table has no rows, as text. Pure. Unknown is never called none."""

from collections.abc import Collection, Mapping
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import AccountState
from psf_monitor.connection.status import CONNECTED_STATES, LinkStatus
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.table.empty_state import Emptiness

_FIRST_STEPS = (
    "1.  Start TWS or IB Gateway and log in. In TWS: File > Global Configuration > API > Settings, tick "
    "“Enable ActiveX and Socket Clients” and leave “Read-Only API” unticked.",
    "2.  In Hammer Pro: Settings > API, tick “Enable Streaming API”; it shows a port and a password.",
    "3.  On each card: ... > Edit, where port, client id and HAMMER's password belong.",
    "4.  Click Connect on each card, or all at once. Positions come from IBKR, prices from HAMMER.",
)


def no_positions(
    statuses: Mapping[AccountMode, LinkStatus],
    accounts: Mapping[AccountMode, AccountState],
    modes: Collection[AccountMode],
    text: str,
    rows: int,
) -> Emptiness:
    """Return why no position is shown; ``rows`` is how many there are behind the filter."""
    if rows and text:
        return Emptiness(f"No position matches “{text}”", ("Esc clears the filter.",))
    if not set(modes) & set(IBKR_MODES):
        account = accounts[AccountMode.HAMMER_PRO]
        return _no_hammer_rows("positions", account, is_listed=account.is_loaded, why=account.problem)
    shown_modes = [mode for mode in IBKR_MODES if mode in modes and mode in statuses]
    if not shown_modes:
        return _switched_off(modes)
    loaded = [mode for mode in shown_modes if accounts[mode].is_loaded]
    loading = [
        mode for mode in shown_modes if mode not in loaded and statuses[mode].state in CONNECTED_STATES
    ]
    absent = [mode for mode in shown_modes if mode not in loaded and mode not in loading]
    refused = tuple(str(why) for mode in loading if (why := accounts[mode].positions_problem))
    if refused:
        return Emptiness("Positions are not known", refused)
    if loading:
        return Emptiness("Loading positions…", (f"{_named(loading)} connected, waiting for the list.",))
    if loaded:
        steps = [f"{_named(loaded)} {'holds' if len(loaded) == 1 else 'hold'} none."]
        steps += [_not_connected(absent)] if absent else []
        return Emptiness("No positions", tuple(steps))
    if len(modes) == 1:
        return Emptiness(f"{shown_modes[0]} is not connected", ("Its positions appear here once it is.",))
    is_alone = not any(status.state in CONNECTED_STATES for status in statuses.values())
    title = "Nothing is connected yet" if is_alone else "No IBKR account is connected yet"
    return Emptiness(title, _FIRST_STEPS, offers_connect=True)


def no_orders(
    statuses: Mapping[AccountMode, LinkStatus],
    accounts: Mapping[AccountMode, AccountState],
    modes: Collection[AccountMode],
    text: str,
    rows: int,
    now: datetime,
) -> Emptiness:
    """Return why no order is shown; ``rows`` is how many there are behind the filter."""
    if rows and text:
        return Emptiness(f"No open order matches “{text}”", ("Esc clears the filter.",))
    if not set(modes) & set(IBKR_MODES):
        account = accounts[AccountMode.HAMMER_PRO]
        is_listed = account.orders_checked_at is not None and not account.orders_problem
        why = account.orders_problem or account.problem
        return _no_hammer_rows("open orders", account, is_listed=is_listed, why=why)
    shown_modes = [mode for mode in IBKR_MODES if mode in modes and mode in statuses]
    if not shown_modes:
        return _switched_off(modes)
    unknown = [mode for mode in shown_modes if accounts[mode].orders_problem]
    checked = [mode for mode in shown_modes if accounts[mode].orders_checked_at and mode not in unknown]
    waiting = [
        mode
        for mode in shown_modes
        if statuses[mode].state in CONNECTED_STATES and mode not in checked and mode not in unknown
    ]
    if unknown:
        steps = tuple(str(why) for mode in unknown if (why := accounts[mode].orders_problem))
        return Emptiness("Open orders are not known", steps)
    if waiting:
        return Emptiness("Loading open orders…", (f"{_named(waiting)} connected, waiting for the list.",))
    if checked:
        oldest = min(at for mode in checked if (at := accounts[mode].orders_checked_at))
        ago = formatting.ago(formatting.seconds_between(oldest, now))
        have = f"{_named(checked)} {'has' if len(checked) == 1 else 'have'} none. Checked {ago} ago."
        absent = [mode for mode in shown_modes if mode not in checked]
        return Emptiness("No open orders", (have, *([_not_connected(absent)] if absent else [])))
    return Emptiness(
        "No open orders to show",
        (
            "Orders placed in TWS appear here once an IBKR account is connected. "
            "This app cannot place orders.",
        ),
    )


def _no_hammer_rows(what: str, account: AccountState, *, is_listed: bool, why: Problem | None) -> Emptiness:
    """Return why no rows of HAMMER's own account are shown."""
    if is_listed:
        return Emptiness(f"No {what}", ("HAMMER_PRO has none.",))
    if why:
        return Emptiness(f"HAMMER_PRO's {what} are not known", (str(why),))
    if account.accounts:
        return Emptiness(f"Loading {what}…", ("HAMMER_PRO is open, waiting for the list.",))
    return Emptiness(
        "HAMMER_PRO is not read",
        (
            "Set the account key under the HAMMER card's ... > Edit and connect HAMMER; "
            "its own account then appears here.",
        ),
    )


def _switched_off(modes: Collection[AccountMode]) -> Emptiness:
    section = f"[ibkr.{next(mode for mode in IBKR_MODES if mode in modes).short.lower()}]"
    return Emptiness(
        f"{_named([mode for mode in IBKR_MODES if mode in modes])} is switched off",
        (f"Set enabled = true under {section} in settings.toml and start again to use it.",),
    )


def _named(modes: Collection[AccountMode]) -> str:
    return formatting.listed([mode.value for mode in modes])


def _not_connected(modes: Collection[AccountMode]) -> str:
    return f"{_named(modes)} {'is' if len(modes) == 1 else 'are'} not connected."
