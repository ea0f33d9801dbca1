"""What TWS's codes and the ways a connection fails mean to the trader, and what to do about them."""

from enum import Enum, auto

from psf_monitor.problem import Problem


class CodeAction(Enum):
    """How much a code matters here."""

    LOG_ONLY = auto()
    """Of no consequence for what is shown: IBKR's market data farms, which are not used, and progress."""
    CUT_OFF = auto()
    RESTORED = auto()
    CLIENT_ID_TAKEN = auto()
    READ_ONLY = auto()
    PORT_CHANGED = auto()
    OTHER = auto()


_WEIGHTS = {
    1100: CodeAction.CUT_OFF,
    1101: CodeAction.RESTORED,
    1102: CodeAction.RESTORED,
    1300: CodeAction.PORT_CHANGED,
    321: CodeAction.READ_ONLY,
    326: CodeAction.CLIENT_ID_TAKEN,
    2110: CodeAction.CUT_OFF,
}
_WARNINGS = range(2100, 2200)
"""TWS's own range for notes such as 2104, 2106 and 2158 (a data farm is fine) or 2103 (one is not)."""


def code_action(code: int) -> CodeAction:
    """The weight of a code of TWS's error message (4)."""
    return _WEIGHTS.get(code, CodeAction.LOG_ONLY if code in _WARNINGS else CodeAction.OTHER)


def refused(host: str, port: int) -> Problem:
    return Problem(
        what=f"Nothing answers at {host}:{port}.",
        why="TWS is not running, its API is off, or it uses another port.",
        to_do="Start TWS and log in; in File > Global Configuration > API > Settings tick "
        "Enable ActiveX and Socket Clients and compare the Socket port.",
        cause="Nothing answers",
        remedy=f"Start TWS, check its API port · {host}:{port}",
        code=502,
    )


def unknown_host(host: str) -> Problem:
    return Problem(
        what=f"Cannot find the computer '{host}'.",
        why="The name is wrong or the network is down.",
        to_do="Correct the host in the settings.",
        cause="Host not found",
        remedy=f"Correct the host '{host}' in the settings",
    )


def unreachable(host: str, port: int, reason: str) -> Problem:
    return Problem(
        what=f"{host}:{port} cannot be reached.",
        why=f"The system says: {reason}.",
        to_do="Check the network and the address, then Connect again.",
        cause="Not reachable",
        remedy=f"Check network and address · {host}:{port}",
    )


def tcp_timeout(host: str, port: int, seconds: float) -> Problem:
    return Problem(
        what=f"{host}:{port} did not answer in {seconds:.0f} s.",
        why="The computer is off, or a firewall swallows the connection.",
        to_do="Check that it is on and reachable, then Connect again.",
        cause="No answer",
        remedy=f"Check computer and firewall · {host}:{port}",
    )


def handshake_timeout(seconds: float) -> Problem:
    return Problem(
        what=f"TWS opened the line but did not finish the handshake in {seconds:.0f} s.",
        why="It is often waiting for you to allow this connection, or is still logging in.",
        to_do="Look for a question window in TWS, then Connect again.",
        cause="TWS did not accept",
        remedy="Look for a question window in TWS",
    )


def not_tws(port: int) -> Problem:
    return Problem(
        what=f"Something answers on port {port} but it is not TWS.",
        why="Two programs may share the port.",
        to_do="Check the Socket port in TWS.",
        cause="Not TWS",
        remedy=f"Check the Socket port in TWS · port {port}",
    )


def too_old() -> Problem:
    return Problem(
        what="This TWS is too old.",
        why="Its API is older than version 157 (TWS 978).",
        to_do="Update TWS or IB Gateway, then Connect again.",
        cause="TWS too old",
        remedy="Update TWS or IB Gateway",
    )


def client_id_taken(client_id: int) -> Problem:
    return Problem(
        what=f"Client id {client_id} is already used on this TWS.",
        why="Another program, or our last session, still holds it.",
        to_do="Close that program, or choose another client id in the settings. "
        "After a TWS restart this clears by itself.",
        cause=f"Client id {client_id} in use",
        remedy="Another app uses it; choose another id",
        code=326,
    )


def closed_early(client_id: int) -> Problem:
    return Problem(
        what="TWS closed the line before the handshake was finished.",
        why=f"It is logging in or out, does not trust this computer, or client id {client_id} is in use.",
        to_do="Check TWS, its Trusted IPs and the client id, then Connect again.",
        cause="TWS closed the line",
        remedy="Check TWS, Trusted IPs and client id",
    )


def lost(name: str, at: str) -> Problem:
    return Problem(
        what=f"{name} lost at {at}.",
        why="TWS closed the connection (restart, log-off or network).",
        to_do="Rows below are as of that time.",
        cause="Connection lost",
        remedy="TWS closed the connection",
    )


def gone_quiet(name: str, at: str, seconds: float) -> Problem:
    return Problem(
        what=f"{name} lost at {at}.",
        why=f"TWS keeps the line open but has not answered for {seconds:.0f} s.",
        to_do="Rows below are as of that time. If it lasts, look at TWS: it may hang.",
        cause="TWS does not answer",
        remedy="The line is open, TWS is silent",
    )


def no_account(account_id: str, named: str) -> Problem:
    return Problem(
        what=f"Account {account_id} is not in this login.",
        why=f"TWS named {named}.",
        to_do="Correct the account id in the settings, or log in to the other TWS.",
        cause="Account not in login",
        remedy="Correct the account id in the settings",
    )


def too_many_accounts(count: int, most: int) -> Problem:
    return Problem(
        what=f"This login has {count} accounts.",
        why=f"TWS lists positions and account values of a whole login only up to {most} accounts.",
        to_do="Name the account to show in the settings (account id), then Connect again.",
        cause=f"{count} accounts",
        remedy="Name one account id in the settings",
    )


def port_changed(port: int, said: str) -> Problem:
    return Problem(
        what=f"TWS has left port {port}.",
        why=f"Its Socket port was changed; TWS says: {said}",
        to_do="Set the new port in the settings, then Connect again.",
        cause="TWS changed its port",
        remedy=f"No longer on port {port}; set the new one",
        code=1300,
    )


def read_only_api(name: str) -> str:
    return (
        f"Orders are not available for {name}. TWS has Read-Only API ticked, which also blocks reading "
        "orders. Positions are right. Untick it in API > Settings; this app still cannot place orders. (321)"
    )


def orders_unanswered(name: str, seconds: float) -> str:
    return (
        f"Orders are not available for {name}. TWS did not list them within {seconds:.0f} s. "
        "It may be busy; they are asked for again by themselves."
    )


def executions_unanswered(name: str, seconds: float) -> str:
    return (
        f"The list of executions is not available for {name}. TWS did not tell it within {seconds:.0f} s. "
        "It is asked for again by itself; until it comes, executions may be missing."
    )


def executions_cut_off(name: str) -> str:
    return f"{name}: TWS lost its link to IBKR. Executions since then are told when it is back."


def executions_not_connected(name: str) -> str:
    return f"{name} is not connected. Executions since then are told when it is."
