"""The banners that are due, most urgent first: what happened, why, what to do. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.book import notices
from psf_monitor.book.rows import AccountState
from psf_monitor.connection.status import LinkState, LinkStatus, clock_problem
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.formatting import mask_accounts, masked
from psf_monitor.problem import Problem, whole_sentence

if TYPE_CHECKING:
    from psf_monitor.domain.broker_message import BrokerMessage, LoginChange, ToSee

BANNER_AFTER_S = 3.0
"""A shorter loss is shown in the cells only: a banner that comes and goes moves the rows."""


class BannerAction(Enum):
    """What a banner's button does to its link."""

    CONNECT = auto()
    DISCONNECT = auto()
    RETRY = auto()
    HIDE = auto()
    EDIT = auto()
    ACKNOWLEDGE = auto()
    """The broker's message has been seen."""
    EXPECT = auto()
    """Expect the kind of login that answers from now on: paper or live."""
    RECORD = auto()
    """Record the wires, so that the fault can be seen again."""


class BannerStyle(Enum):
    """How a banner is coloured."""

    ERROR = auto()
    WARNING = auto()
    PAPER = auto()


class BannerText(Struct, frozen=True):
    """One banner. ``key`` stays the same as long as it is about the same event.

    ``message`` is the message that has to be acknowledged.
    """

    key: tuple[str, AccountMode, datetime | None]
    style: BannerStyle
    title: str
    text: str
    actions: tuple[tuple[str, BannerAction], ...] = ()
    message: "ToSee | None" = None

    @property
    def mode(self) -> AccountMode:
        return self.key[1]


def banner_texts(
    statuses: Mapping[AccountMode, LinkStatus],
    accounts: Mapping[AccountMode, AccountState],
    expects_paper: Mapping[AccountMode, bool],
    frozen_since: datetime | None,
    now: datetime,
) -> list[BannerText]:
    """Return every banner that is due."""
    messages = [(mode, message) for mode, account in accounts.items() for message in account.messages]
    found = [_broker_message(mode, message, now) for mode, message in messages if message.is_urgent]
    hammer = AccountMode.HAMMER_PRO
    if frozen_since is not None and (now - frozen_since).total_seconds() >= BANNER_AFTER_S:
        found.append(_frozen(statuses[hammer], frozen_since, now))
    elif frozen_since is None and statuses[hammer].is_retrying:
        # Without prices nothing is frozen; the line is lost all the same.
        status = statuses[hammer]
        lost = _lost(hammer, status, status.problem or status.last_problem, now)
        found += [] if lost is None else [lost]
    for mode, status in statuses.items():
        if status.state is LinkState.FAILED and status.problem is not None:
            found.append(_failed(mode, status, status.problem))
    changed = [(mode, account.login_change) for mode, account in accounts.items() if account.login_change]
    found += [_another_login(mode, change, now) for mode, change in changed]
    found += [_broker_message(mode, message, now) for mode, message in messages if not message.is_urgent]
    found += _wrong_clock(statuses)
    for mode, status in statuses.items():
        if status.warning is not None:
            found.append(_warned(mode, status, status.warning))
    for mode, account in accounts.items():
        if mode in IBKR_MODES:
            found += _account_alerts(mode, statuses[mode], account, now, expects_paper=expects_paper[mode])
        elif account.problem is not None and account.is_loaded:
            # Whoever has HAMMER for its prices alone has no account there that could be missing.
            found.append(_account_failed(mode, account.problem))
    return found


def crashed(problem: Problem) -> BannerText:
    """Return how the last psf_monitor ended, until it is dismissed."""
    return BannerText(
        # It is about no connection, but a mode is required.
        ("crash", AccountMode.HAMMER_PRO, None),
        BannerStyle.WARNING,
        problem.what,
        f"{problem.rest} {SEEN_AGAIN}",
        (_RECORD, *_HIDE),
    )


def _broker_message(mode: AccountMode, message: "BrokerMessage", now: datetime) -> BannerText:
    return BannerText(
        (f"said {message.code} {message.text}", mode, message.at),
        BannerStyle.ERROR if message.is_urgent else BannerStyle.WARNING,
        f"TWS of {mode} says at {formatting.moment(message.at, now)}{message.of_what}:",
        f"{mask_accounts(message.text)}{message.code_text}",
        (("Seen", BannerAction.ACKNOWLEDGE),),
        message,
    )


def _another_login(mode: AccountMode, change: "LoginChange", now: datetime) -> BannerText:
    problem = notices.login_problem(mode, change, now)
    return BannerText(
        ("another login", mode, change.at),
        BannerStyle.ERROR,
        f"{mode.link_name}: {problem.what}",
        problem.rest,
        (("Seen", BannerAction.ACKNOWLEDGE), ("Edit…", BannerAction.EDIT)),
        change,
    )


def _wrong_clock(statuses: Mapping[AccountMode, LinkStatus]) -> list[BannerText]:
    """Return one banner for all links, as there is only one clock."""
    for mode, status in statuses.items():
        problem = clock_problem(status.clock_error_s)
        if problem is not None:
            key = ("clock", mode, None)
            return [BannerText(key, BannerStyle.WARNING, problem.what, problem.rest, _HIDE)]
    return []


def _account_alerts(
    mode: AccountMode, status: LinkStatus, account: AccountState, now: datetime, *, expects_paper: bool
) -> list[BannerText]:
    is_offline = status.state is LinkState.CUT_OFF
    checks: list[BannerText | None] = [
        _unexpected(mode, status, account, expects_paper=expects_paper) if account.is_unexpected else None,
        _lost(mode, status, status.problem or status.last_problem, now) if status.is_retrying else None,
        _same_login(mode, account, account.duplicate_of) if account.duplicate_of else None,
        _tws_offline(mode, status, now) if is_offline else None,
        _no_list("positions", mode, account.positions_problem)
        if account.positions_problem and not is_offline
        else None,
        _no_list("orders", mode, account.orders_problem) if account.orders_problem else None,
        _account_failed(mode, account.problem) if account.problem else None,
    ]
    return [alert for alert in checks if alert is not None]


_HIDE = (("Hide", BannerAction.HIDE),)
_RECORD = ("Record the wires", BannerAction.RECORD)
SEEN_AGAIN = "Record the wires and it can be seen again."
_RETRYING = (("Retry now", BannerAction.RETRY), ("Stop", BannerAction.DISCONNECT))


def _frozen(status: LinkStatus, since: datetime, now: datetime) -> BannerText:
    old = "Prices, values and distances below are old."
    if status.is_retrying:
        problem = status.problem or status.last_problem
        why = problem.whole_cause if problem else "The connection was lost."
        what = f"{whole_sentence(why)} {_to_do(problem)}{old} {_next_try('Retrying', status, now)}"
    elif status.state is LinkState.CONNECTING:
        what = f"{old} Connecting to HAMMER again (try {max(status.attempt, 1)})."
    elif status.state is LinkState.FAILED:
        what = old
    else:
        what = f"HAMMER is connected but sends nothing. {old}"
    return BannerText(
        ("frozen", AccountMode.HAMMER_PRO, since),
        BannerStyle.ERROR,
        f"Quotes frozen since {formatting.moment(since, now)}.",
        what,
        _actions(status) if status.is_retrying else (),
    )


def _failed(mode: AccountMode, status: LinkStatus, problem: Problem) -> BannerText:
    return BannerText(
        ("failed", mode, status.since),
        BannerStyle.ERROR,
        f"{mode.link_name}: {whole_sentence(problem.what)}",
        problem.rest,
        (
            *_cure(problem),
            ("Connect", BannerAction.CONNECT),
            ("Hide", BannerAction.HIDE),
        ),
    )


def _warned(mode: AccountMode, status: LinkStatus, warning: Problem) -> BannerText:
    return BannerText(
        ("warning", mode, status.up_since),
        BannerStyle.WARNING,
        f"{mode.link_name}: {whole_sentence(warning.what)}",
        warning.rest,
        _HIDE,
    )


def _lost(mode: AccountMode, status: LinkStatus, problem: Problem | None, now: datetime) -> BannerText | None:
    why = "" if problem is None else f"{whole_sentence(problem.whole_cause)} "
    if status.lost_at is None:
        # It was never up: the server said what it waits for.
        do = "" if problem is None else f"{problem.to_do} "
        code = "" if problem is None or problem.code is None else f" ({problem.code})"
        return BannerText(
            ("not let in", mode, None),
            BannerStyle.WARNING,
            f"{mode.link_name} is not connected yet.",
            f"{why}{do}{_next_try('Trying again', status, now)}{code}",
            (*_cure(problem), *_actions(status)),
        )
    if (now - status.lost_at).total_seconds() < BANNER_AFTER_S:
        return None
    return BannerText(
        ("lost", mode, status.lost_at),
        BannerStyle.ERROR,
        f"{mode.link_name} lost at {formatting.moment(status.lost_at, now)}.",
        f"{why}{_to_do(problem)}{_left_of(mode)} {_next_try('Reconnecting', status, now)}",
        (*_cure(problem), *_actions(status)),
    )


def _to_do(problem: Problem | None) -> str:
    """Return what to do about a line that trying again alone may not bring back."""
    return f"{problem.to_do} " if problem is not None and problem.is_cured_by_edit else ""


def _actions(status: LinkStatus) -> tuple[tuple[str, BannerAction], ...]:
    return _RETRYING if status.state is LinkState.RECONNECTING else _RETRYING[1:]


def _next_try(doing: str, status: LinkStatus, now: datetime) -> str:
    if status.state is LinkState.CONNECTING:
        return f"Connecting again (try {status.attempt})."
    return f"{doing} in {formatting.countdown(status.retry_at, now)} (try {status.attempt})."


def _unexpected(
    mode: AccountMode, status: LinkStatus, account: AccountState, *, expects_paper: bool
) -> BannerText:
    kind, expected = ("PAPER", "LIVE") if account.is_paper else ("LIVE", "PAPER")
    actions: tuple[tuple[str, BannerAction], ...] = ((f"Disconnect {mode}", BannerAction.DISCONNECT),)
    if account.is_paper is expects_paper:
        # Some of the login's accounts are of the other kind: none could be expected.
        kind, expected = "mixed", "PAPER" if expects_paper else "LIVE"
    else:
        actions += ((f"Expect {kind.lower()}", BannerAction.EXPECT),)
    names = formatting.listed([masked(name) for name in account.accounts])
    return BannerText(
        ("unexpected", mode, None),
        BannerStyle.PAPER,
        f"{mode} is a {kind} account.",
        f"This profile expects {expected}, but TWS at {status.endpoint} is logged in to {names}. "
        "Its rows are excluded from totals.",
        actions,
    )


def _same_login(mode: AccountMode, account: AccountState, other: AccountMode) -> BannerText:
    names = formatting.listed([masked(name) for name in account.shared])
    if not account.is_same_login:
        return BannerText(
            ("same login", mode, None),
            BannerStyle.WARNING,
            f"{other} and {mode} both show {names}.",
            f"Two TWS logins share what they reach; what both report is counted once, as {other}'s.",
            ((f"Disconnect {mode}", BannerAction.DISCONNECT),),
        )
    return BannerText(
        ("same login", mode, None),
        BannerStyle.WARNING,
        f"{other} and {mode} both show {names}.",
        "One TWS login, rows are counted once. "
        f"Give {mode} the other TWS's port, or set {mode}_ENABLED=false.",
        (("Edit…", BannerAction.EDIT), (f"Disconnect {mode}", BannerAction.DISCONNECT)),
    )


def _tws_offline(mode: AccountMode, status: LinkStatus, now: datetime) -> BannerText | None:
    # A TWS without IBKR from the beginning is not a short interruption: it has no current data.
    is_blip = status.up_since != status.since and (now - status.since).total_seconds() < BANNER_AFTER_S
    if is_blip:
        return None
    return BannerText(
        ("offline", mode, status.since),
        BannerStyle.WARNING,
        f"TWS of {mode} lost its link to IBKR at {formatting.moment(status.since, now)}.",
        "Positions and orders may be old. TWS reconnects by itself; "
        "nothing to do unless this lasts over 5 minutes.",
    )


def _no_list(what: str, mode: AccountMode, problem: Problem) -> BannerText:
    return BannerText((what, mode, None), BannerStyle.WARNING, problem.what, problem.rest)


def _account_failed(mode: AccountMode, problem: Problem) -> BannerText:
    return BannerText(("account", mode, None), BannerStyle.WARNING, problem.what, problem.rest, _HIDE)


def _left_of(mode: AccountMode) -> str:
    is_hammer = mode is AccountMode.HAMMER_PRO
    return "There are no prices until it is back." if is_hammer else "Its rows are as of that time."


def _cure(problem: Problem | None) -> tuple[tuple[str, BannerAction], ...]:
    """Return the button that opens the form in which the fault can be corrected, if there is one."""
    if problem is None:
        return ()
    if problem.needs_password:
        return (("Enter password…", BannerAction.EDIT),)
    return (("Edit…", BannerAction.EDIT),) if problem.is_cured_by_edit else ()
