"""The text of a card, by the state of its link. Pure: the same status always gives the same text."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book.rows import AccountState, Level, Notice
from psf_monitor.connection.status import ConnectStep, LinkState, LinkStatus
from psf_monitor.domain.account import AccountMode
from psf_monitor.formatting import masked
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Tone


class CardText(Struct, frozen=True):
    """The two lines of a card.

    ``short_state`` replaces ``state`` if there is not enough room; ``details`` begin with what changes most
    and are cut from the end. ``rest`` is what ``short_state`` omits. ``border`` is set if the card needs
    attention. ``is_wanted``: the button ends the connection instead of opening it.
    """

    name: str
    state: str
    short_state: str
    rest: str
    details: tuple[str, ...]
    light: Shape
    light_tone: Tone
    state_tone: Tone
    button: str
    is_wanted: bool
    detail_tone: Tone = Tone.TEXT2
    chip: str = ""
    chip_tone: Tone = Tone.TEXT2
    border: Tone | None = None

    @property
    def detail(self) -> str:
        """The second line if there is room for all of it."""
        return " · ".join(self.details)

    @property
    def accessible_text(self) -> str:
        """For a screen reader."""
        return ", ".join(part for part in (self.name, self.chip, self.state, self.detail) if part)


def card_text(
    mode: AccountMode,
    status: LinkStatus,
    account: AccountState,
    newest_quote: datetime | None,
    now: datetime,
    *,
    expects_paper: bool,
    names_account: bool = False,
) -> CardText:
    """Return the text of a card at one moment of its link. ``newest_quote`` is when any price shown last
    changed.

    With ``names_account`` the login's accounts stand first in the detail, unmasked.
    """
    is_hammer = mode is AccountMode.HAMMER_PRO
    chip, chip_tone = _chip(account, status, expects_paper=expects_paper, is_hammer=is_hammer)
    numbers = ", ".join(account.accounts or status.accounts) if names_account else ""
    # Accounts named in full are not repeated in masked form.
    shown = replace(status, accounts=()) if numbers else status
    state, short, rest, detail = _lines(shown, newest_quote, now, is_hammer=is_hammer)
    then = f"at the next Connect: {status.next_endpoint}" if status.next_endpoint else ""
    detail = _parts(numbers, then, *detail)
    light, tone = _LIGHTS[status.state]
    state_tone = (
        Tone.TEXT if tone in (Tone.GAIN, Tone.TEXT2) else Tone.ERROR if tone is Tone.ALARM else Tone.WARN
    )
    border = tone if status.state in (LinkState.FAILED, LinkState.RECONNECTING) else None
    if account.is_unexpected and status.state is LinkState.READY:
        expected = "expected PAPER" if expects_paper else "expected LIVE"
        state, short, rest, border = expected, expected, "", Tone.WARN
    return CardText(
        name=mode.link_name,
        state=state,
        short_state=short,
        rest=rest,
        details=_parts("" if status.warning is None else str(status.warning), *detail),
        detail_tone=Tone.WARN if status.warning else Tone.TEXT2,
        light=light,
        light_tone=tone,
        state_tone=state_tone,
        button=_BUTTONS.get(status.state, "Disconnect"),
        is_wanted=status.state not in (LinkState.IDLE, LinkState.FAILED),
        chip=chip,
        chip_tone=chip_tone,
        border=border,
    )


def link_notice(mode: AccountMode, status: LinkStatus) -> Notice:
    """Return a change of a link's state as a notice for the status line."""
    _light, tone = _LIGHTS[status.state]
    level = Level.ERROR if tone is Tone.ALARM else Level.INFO
    if status.state in (LinkState.RECONNECTING, LinkState.CUT_OFF, LinkState.SILENT):
        level = Level.WARNING
    text = _NEWS[status.state] if status.problem is None else status.problem.what.rstrip(".")
    return Notice(status.since, mode.link_name, level, text, text, "link")


def details(text: CardText, status: LinkStatus, now: datetime) -> str:
    """Return what the card's menu copies: everything that helps support, with masked accounts."""
    lines = [
        f"{text.name}: {text.state}",
        f"since {formatting.moment(status.since, now)} ET",
        f"endpoint {status.endpoint}",
        "" if status.client_id is None else f"client id {status.client_id}",
        f"accounts {', '.join(masked(account) for account in status.accounts)}" if status.accounts else "",
        "simulated: nothing of it is real, and the journal keeps none of it"
        if status.shows_simulated
        else "",
        str(status.progress),
        "" if status.warning is None else str(status.warning),
        "" if status.latency_ms is None else f"answers in {formatting.latency(status.latency_ms)}",
        "" if status.problem is None else str(status.problem),
    ]
    return "\n".join(line for line in lines if line)


_LIGHTS: dict[LinkState, tuple[Shape, Tone]] = {
    LinkState.IDLE: (Shape.RING, Tone.TEXT2),
    LinkState.CONNECTING: (Shape.HALF, Tone.WARN),
    LinkState.LOADING: (Shape.HALF, Tone.WARN),
    LinkState.READY: (Shape.DISC, Tone.GAIN),
    LinkState.CUT_OFF: (Shape.HALF, Tone.WARN),
    LinkState.RESTORED: (Shape.HALF, Tone.WARN),
    LinkState.SILENT: (Shape.HALF, Tone.WARN),
    LinkState.RECONNECTING: (Shape.HALF, Tone.WARN),
    LinkState.FAILED: (Shape.TRIANGLE, Tone.ALARM),
}
_NEWS: dict[LinkState, str] = {
    LinkState.IDLE: "not connected",
    LinkState.CONNECTING: "connecting",
    LinkState.LOADING: "connected, loading",
    LinkState.READY: "connected",
    LinkState.CUT_OFF: "TWS lost its link to IBKR",
    LinkState.RESTORED: "TWS is back at IBKR, reloading",
    LinkState.SILENT: "no quotes",
    LinkState.RECONNECTING: "connection lost, reconnecting",
    LinkState.FAILED: "failed",
}
_BUTTONS = {
    LinkState.IDLE: "Connect",
    LinkState.FAILED: "Connect",
    LinkState.CONNECTING: "Cancel",
    LinkState.RECONNECTING: "Stop",
}


def _chip(
    account: AccountState, status: LinkStatus, *, expects_paper: bool, is_hammer: bool
) -> tuple[str, Tone]:
    """Return what kind of login it is or, until it has reported that, what is expected. Simulated is never
    live.
    """
    if status.state is LinkState.FAILED:
        return "", Tone.TEXT2
    if is_hammer:
        return ("SIM" if status.shows_simulated else ""), Tone.PAPER
    if status.shows_simulated:
        return ("SIM PAPER" if account.is_paper else "SIM"), Tone.PAPER
    if account.accounts or status.accounts:
        return ("PAPER", Tone.PAPER) if account.is_paper else ("LIVE", Tone.TEXT2)
    return ("expects PAPER" if expects_paper else "expects LIVE"), Tone.TEXT2


def _parts(*parts: str) -> tuple[str, ...]:
    return tuple(filter(None, parts))


def _lines(
    status: LinkStatus, newest_quote: datetime | None, now: datetime, *, is_hammer: bool
) -> tuple[str, str, str, tuple[str, ...]]:
    """Return state, short state, what the short one omits, and details."""
    client = "" if status.client_id is None else f"client {status.client_id}"
    since = formatting.moment(status.since, now)
    waited = formatting.ago(formatting.seconds_between(status.since, now))
    latency = "" if status.latency_ms is None else formatting.latency(status.latency_ms)
    problem, progress = status.problem, status.progress
    match status.state:
        case LinkState.IDLE:
            must_run = "Hammer Pro must be running" if is_hammer else ""
            return "Not connected", "Not connected", "", _parts(status.endpoint, client, must_run)
        case LinkState.CONNECTING:
            is_open = any(step is ConnectStep.LINE for step, _learnt in status.passed)
            server = "Hammer Pro" if is_hammer else "TWS"
            waiting = progress.parts or (f"Waiting for {server}{' to accept' if is_open else ''}",)
            tried = f"try {status.attempt}" if status.attempt else ""
            detail = _parts(*waiting, tried, status.endpoint, client)
            return f"Connecting… {waited}", "Connecting…", waited, detail
        case LinkState.LOADING:
            return "Connected, loading", "Loading", "", _parts(*progress.parts, status.endpoint, client)
        case LinkState.READY if is_hammer:
            quote = ""
            if newest_quote is not None:
                quote = f"quote {formatting.ago(formatting.seconds_between(newest_quote, now))} ago"
            if progress.is_market_closed:
                counted = _parts(*progress.parts, latency, status.endpoint)
                return "Connected, market closed", "Connected", "market closed", counted
            return "Connected", "Connected", "", _parts(quote, *progress.parts, latency, status.endpoint)
        case LinkState.READY:
            up_since = status.up_since or status.since
            up = f"up {formatting.ago(formatting.seconds_between(up_since, now))}"
            detail = _parts(*progress.parts, status.endpoint, client, _account_text(status), up, latency)
            return "Connected", "Connected", "", detail
        case LinkState.CUT_OFF:
            return "TWS lost IBKR", "TWS lost IBKR", "", (f"since {since}; TWS is reconnecting by itself",)
        case LinkState.RESTORED:
            detail = _parts(f"restored {since}", *progress.parts)
            return "Connected, reloading", "Reloading", "", detail
        case LinkState.SILENT:
            detail = _parts(*progress.parts, status.endpoint)
            return f"No quotes for {waited}", "No quotes", f"for {waited}", detail
        case LinkState.RECONNECTING:
            left = formatting.countdown(status.retry_at, now)
            lost = f"Lost {formatting.moment(status.lost_at, now)}" if status.lost_at else ""
            detail = _parts(lost, f"try {status.attempt}", status.endpoint)
            return f"Reconnecting in {left}", "Reconnecting", f"in {left}", detail
        case LinkState.FAILED:
            if problem is None:
                return "Failed", "Failed", "", (status.endpoint,)
            return problem.cause, "Failed", problem.cause, _parts(problem.remedy)


def _account_text(status: LinkStatus) -> str:
    if not status.accounts:
        return ""
    others = f" +{len(status.accounts) - 1}" if len(status.accounts) > 1 else ""
    return masked(status.accounts[0]) + others
