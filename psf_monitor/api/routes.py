"""The routes of PSFALGO, and further ones. They read the same book as the window."""

from typing import Annotated, Any

from fastapi import Body, FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field

from psf_monitor import __version__
from psf_monitor.api import health, snapshot_records
from psf_monitor.api import response_models as models
from psf_monitor.api.alert_routes import AlertRoutes, AlertsAnswer
from psf_monitor.api.change_feed import ChangeFeed
from psf_monitor.api.connections import Connections, switched_off
from psf_monitor.api.day_pnl_routes import DayAnswer, DayPnlRoutes
from psf_monitor.api.depth_routes import DepthRoutes, ShareDepthAnswer
from psf_monitor.api.errors import AT_EVERY_PATH, PROBLEM_CONTENT, Answer, ApiError
from psf_monitor.api.event_stream import EventStream
from psf_monitor.api.query_checks import HAMPRO, Count, account_mode, share_name
from psf_monitor.api.source import Source
from psf_monitor.api.sums.records import ExposureAnswer, GroupsAnswer
from psf_monitor.api.sums.routes import SumRoutes
from psf_monitor.connection.status import CONNECTED_STATES
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.problem import shown

_IBKR_ENUM: dict[str, Any] = {"enum": [mode.value for mode in IBKR_MODES]}
_MODE_ENUM: dict[str, Any] = {"enum": [*(mode.value for mode in AccountMode), HAMPRO]}

Symbol = Annotated[str | None, Query(description="Of this share alone, by its name at IBKR or at HAMMER.")]

AccountType = Annotated[
    str, Query(description="IBKR_GUN unless another is asked for.", json_schema_extra=_IBKR_ENUM)
]


class ConnectRequest(BaseModel):
    """The login to connect, and where; omitted values come from its settings."""

    model_config = ConfigDict(extra="forbid")

    account_type: str | None = Field(None, json_schema_extra={"anyOf": [_IBKR_ENUM, {"type": "null"}]})
    host: str | None = None
    port: Count | None = None
    client_id: Count | None = None


class LoginRequest(BaseModel):
    """The login."""

    model_config = ConfigDict(extra="forbid")

    account_type: str | None = Field(None, json_schema_extra={"anyOf": [_IBKR_ENUM, {"type": "null"}]})


class ModeRequest(BaseModel):
    """The profile whose positions are returned."""

    model_config = ConfigDict(extra="forbid")

    auto_connect: bool = False
    mode: str | None = Field(None, json_schema_extra={"anyOf": [_MODE_ENUM, {"type": "null"}]})


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"content": PROBLEM_CONTENT} for status in sorted({*AT_EVERY_PATH, *statuses})}


class ApiRoutes:
    """Answers from ``source``.

    The account mode is the profile that a program has chosen, until psf_monitor ends; it does not affect the
    window.
    """

    def __init__(
        self,
        source: Source,
        connections: Connections,
        feed: ChangeFeed,
        process_health: health.ProcessHealth,
    ) -> None:
        self._source = source
        self._connections = connections
        self._feed = feed
        self._process_health = process_health
        self._mode = AccountMode.HAMMER_PRO
        self._began_at = source.clock()
        self._depths = DepthRoutes(source)
        self._day = DayPnlRoutes(source)
        self._sums = SumRoutes(source)
        self._alerts = AlertRoutes(source)

    def close(self) -> None:
        """Release what clients had asked for."""
        self._depths.close()

    def add_to(self, app: FastAPI, *, is_documented: bool) -> None:
        """Add every route to ``app``; models take time to build and are only for its document."""
        for method, path, answer_with, model, statuses in (
            ("POST", "account/ibkr/connect", self.connect, models.Connected, (400, 503)),
            ("POST", "account/ibkr/disconnect", self.disconnect, models.Disconnected, (400, 503)),
            ("GET", "account/ibkr/status", self.status, models.Status, ()),
            ("GET", "account/ibkr/positions", self.positions, models.Positions, (400, 503)),
            (
                "GET",
                "account/ibkr/positions/{symbol:path}",
                self.positions_of,
                models.Positions,
                (400, 404, 503),
            ),
            ("GET", "account/ibkr/orders", self.orders, models.Orders, (400, 503)),
            ("GET", "account/ibkr/summary", self.summary, models.Summaries, (400, 503)),
            ("GET", "account/hammer/status", self.hammer_status, models.HammerStatus, ()),
            ("POST", "account/hammer/connect", self.hammer_connect, models.HammerStatus, (503,)),
            ("POST", "account/hammer/disconnect", self.hammer_disconnect, models.HammerStatus, (503,)),
            ("GET", "account/mode", self.mode, models.Mode, ()),
            ("POST", "account/mode", self.choose_mode, models.ModeChosen, (400, 503)),
            ("GET", "position/snapshot", self.snapshot, models.PositionSnapshot, (503,)),
            ("GET", "fills", self.fills, models.Executions, ()),
            ("GET", "depth", self._depths.depth, ShareDepthAnswer, (404,)),
            ("GET", "day", self._day.day, DayAnswer, ()),
            ("GET", "alerts", self._alerts.alerts, AlertsAnswer, ()),
            ("GET", "groups", self._sums.groups, GroupsAnswer, (400,)),
            ("GET", "exposure", self._sums.exposure, ExposureAnswer, ()),
        ):
            app.add_api_route(
                f"/api/psfalgo/{path}",
                answer_with,
                methods=[method],
                response_model=model if is_documented else None,
                responses=_problems(*statuses),
            )
        app.add_api_route(
            "/api/psfalgo/stream",
            self.stream,
            methods=["GET"],
            response_class=EventStream,
            status_code=200,
            responses=_problems(503),
        )
        app.add_api_route(
            "/health",
            self.health,
            methods=["GET"],
            response_model=models.Health if is_documented else None,
            responses=_problems(),
        )

    async def connect(
        self,
        account_type: Annotated[str | None, Query(json_schema_extra=_IBKR_ENUM)] = None,
        host: Annotated[str | None, Query()] = None,
        port: Annotated[Count | None, Query()] = None,
        client_id: Annotated[Count | None, Query()] = None,
        body: Annotated[ConnectRequest | None, Body()] = None,
    ) -> Answer:
        """Connect one IBKR login to TWS or IB Gateway and wait until it is ready.

        Parameters may be in the query or in a JSON body; the query takes precedence. Omitted ones come from
        the settings. Another endpoint is valid until psf_monitor ends.
        """
        searched: dict[str, Any] = {
            "account_type": account_type,
            "host": host,
            "port": port,
            "client_id": client_id,
        }
        wish: dict[str, Any] = body.model_dump() if body else {}
        values = {key: value if value is not None else wish.get(key) for key, value in searched.items()}
        mode = _ibkr_mode(values.pop("account_type"))
        given = {key: value for key, value in values.items() if value is not None}
        profile = await self._connections.connect(mode, given)
        return Answer(models.Connected(True, mode.value, profile.host, profile.port, profile.client_id, True))

    async def disconnect(
        self,
        account_type: Annotated[str | None, Query(json_schema_extra=_IBKR_ENUM)] = None,
        body: Annotated[LoginRequest | None, Body()] = None,
    ) -> Answer:
        """Disconnect one IBKR login; it does not reconnect by itself."""
        mode = _ibkr_mode(account_type if account_type is not None or body is None else body.account_type)
        await self._connections.disconnect(mode)
        return Answer(models.Disconnected(True, mode.value, False))

    async def status(self) -> Answer:
        """Return whether each IBKR login is connected, and what is wrong with it."""
        book, links = self._source.book, self._source.links
        gun, ped = (
            snapshot_records.link(book, mode, links[mode].status)
            if mode in links
            else snapshot_records.switched_off(mode)
            for mode in IBKR_MODES
        )
        active = self._mode.value if self._mode in IBKR_MODES else None
        return Answer(models.Status(True, gun, ped, active))

    async def positions(
        self, account_type: AccountType = AccountMode.IBKR_GUN.value, symbol: Symbol = None
    ) -> Answer:
        """Return the positions of the login."""
        mode = _ibkr_mode(account_type)
        held = self._held(mode, symbol)
        return Answer(models.Positions(True, mode.value, len(held), held))

    async def positions_of(
        self, symbol: str, account_type: AccountType = AccountMode.IBKR_GUN.value
    ) -> Answer:
        """Return the positions of the login in one share, in each of its accounts; 404 if it has none."""
        mode = _ibkr_mode(account_type)
        held = self._held(mode, symbol)
        if not held:
            raise ApiError(
                404,
                f"{mode} holds no {shown(symbol)}.",
                "Its broker has listed its positions, and this is none of them.",
                "GET account/ibkr/positions lists what it holds; a space in a name is %20.",
            )
        return Answer(models.Positions(True, mode.value, len(held), held))

    def _held(self, mode: AccountMode, symbol: str | None) -> list[snapshot_records.PositionRecord]:
        """Return the positions, all or of one share. Raises ``ApiError`` if they are unknown."""
        self._require_positions(self._connected(mode))
        rows = snapshot_records.position_rows(self._source.book, (mode,))
        if symbol is not None:
            searched = share_name(symbol)
            rows = [
                row
                for row in rows
                if searched in (row.symbol.upper(), row.priced_as.upper(), (row.hammer_symbol or "").upper())
            ]
        return [snapshot_records.position(row) for row in rows]

    async def orders(self, account_type: AccountType = AccountMode.IBKR_GUN.value) -> Answer:
        """Return the open orders, and those that finished less than half a minute ago."""
        mode = self._connected(_ibkr_mode(account_type))
        state = self._source.book.account_state(mode)
        if state.orders_problem or state.orders_checked_at is None:
            what = f"The orders of {mode} are not available."
            raise ApiError.not_available(what, state.orders_problem, "TWS has not listed them yet.")
        found = [
            snapshot_records.order(row) for row in snapshot_records.order_rows(self._source.book, (mode,))
        ]
        return Answer(models.Orders(True, mode.value, len(found), state.orders_checked_at.isoformat(), found))

    async def summary(self, account_type: AccountType = AccountMode.IBKR_GUN.value) -> Answer:
        """Return the account values: `summary` of the login's first account, `summaries` of all of them."""
        mode = self._connected(_ibkr_mode(account_type))
        if not self._source.book.summaries(mode):
            what = f"The account values of {mode} are not available."
            problem = self._source.book.account_state(mode).problem
            raise ApiError.not_available(what, problem, "TWS has not sent them yet.")
        found = list(snapshot_records.summaries(self._source.book, self._source.links, mode))
        return Answer(models.Summaries(True, mode.value, found[0], found))

    async def mode(self) -> Answer:
        """Return the profile whose positions `position/snapshot` returns."""
        return Answer(models.Mode(*self._mode_record()))

    def _mode_record(self) -> tuple[bool, str, bool, bool, bool, bool, bool, bool]:
        mode, up = self._mode, {each for each in IBKR_MODES if self._is_up(each)}
        gun, ped = IBKR_MODES
        is_hammer = mode is AccountMode.HAMMER_PRO
        return (True, mode.value, is_hammer, mode is gun, mode is ped, not is_hammer, gun in up, ped in up)

    def _is_up(self, mode: AccountMode) -> bool:
        link = self._source.links.get(mode)
        return link is not None and link.status.state in CONNECTED_STATES

    async def choose_mode(
        self,
        mode: Annotated[str | None, Query(json_schema_extra=_MODE_ENUM)] = None,
        auto_connect: Annotated[bool | None, Query()] = None,
        body: Annotated[ModeRequest | None, Body()] = None,
    ) -> Answer:
        """Choose whose positions `position/snapshot` returns; it is HAMMER_PRO again after a restart.

        Parameters may be in the query or in a JSON body; the query takes precedence. With `auto_connect` a
        login is connected, too, and `connection_error` says why that failed. Choosing another mode
        disconnects nothing.
        """
        old, error = self._mode, None
        if body is not None:
            mode = body.mode if mode is None else mode
            auto_connect = body.auto_connect if auto_connect is None else auto_connect
        self._mode = account_mode(mode or "", tuple(AccountMode))
        if auto_connect and self._mode in IBKR_MODES:
            try:
                await self._connections.connect(self._mode, {})
            except ApiError as refusal:
                error = str(refusal.problem)
        chosen = self._mode
        up = self._is_up(chosen)
        return Answer(
            models.ModeChosen(*self._mode_record(), old.value, chosen.value, up, None if up else error)
        )

    async def hammer_status(self) -> Answer:
        """Return whether HAMMER is connected, and what is wrong with it."""
        mode = AccountMode.HAMMER_PRO
        link = snapshot_records.link(self._source.book, mode, self._source.links[mode].status)
        message = "HAMMER is connected." if link.connected else "HAMMER is not connected."
        return Answer(models.HammerStatus(True, link.connected, message, link.error, link))

    async def hammer_connect(self) -> Answer:
        """Connect HAMMER according to its settings and wait until it is ready."""
        await self._connections.connect_hammer()
        return await self.hammer_status()

    async def hammer_disconnect(self) -> Answer:
        """Disconnect HAMMER; it does not reconnect by itself."""
        await self._connections.disconnect(AccountMode.HAMMER_PRO)
        return await self.hammer_status()

    async def snapshot(self, symbol: Symbol = None) -> Answer:
        """Return the positions of the account mode with HAMMER's prices."""
        mode = self._mode
        held = self._held(mode, symbol)
        now = self._source.clock().isoformat()
        return Answer(models.PositionSnapshot(True, mode.value, len(held), now, held))

    async def fills(self) -> Answer:
        """Return today's executions."""
        fills = self._source.fills
        states = {mode.value: fills.state(mode) for mode in AccountMode}
        now = self._source.clock()
        listed = [snapshot_records.fill(each, now) for each in fills.fills()]
        return Answer(
            models.Executions(
                True,
                len(listed),
                {mode: state.as_of.isoformat() if state.as_of else None for mode, state in states.items()},
                {mode: str(state.problem) if state.problem else None for mode, state in states.items()},
                {mode: (*state.gaps, *state.evening_gaps) for mode, state in states.items()},
                listed,
            )
        )

    async def stream(self) -> EventStream:
        """Send server-sent events: `snapshot` with everything, then `change` with what has changed, a few a
        second.

        Records are as in the other paths, identified by `key`. `gone` lists the keys of records that left,
        possibly including one that came and left between two events.
        """
        return EventStream(self._feed)

    async def health(self) -> Answer:
        """Return the state of each connection: latency, counts and ages."""
        now = self._source.clock()
        return Answer(
            models.Health(
                True,
                __version__,
                now.isoformat(),
                round((now - self._began_at).total_seconds(), 3),
                self._process_health.journal_problem(),
                self._process_health.last_crash,
                self._feed.clients,
                health.of_links(self._source),
            )
        )

    def _connected(self, mode: AccountMode) -> AccountMode:
        """Return the mode if its connection is up: rows of a lost one are old, and a missing list is not
        empty.
        """
        if mode not in self._source.links:
            raise switched_off(mode)
        status = self._source.links[mode].status
        if status.state in CONNECTED_STATES:
            return mode
        if status.problem is not None:
            raise ApiError.of(503, status.problem)
        raise ApiError(
            503,
            f"{mode} is not connected.",
            "Nobody asked for the connection, or it is still being made.",
            "Connect it in the window, or by POST account/ibkr/connect."
            if mode in IBKR_MODES
            else "Connect it in the window.",
        )

    def _require_positions(self, mode: AccountMode) -> None:
        state = self._source.book.account_state(mode)
        if not state.is_loaded:
            what = f"The positions of {mode} are not available."
            problem = state.positions_problem or state.problem
            raise ApiError.not_available(what, problem, "The broker has not listed them yet.")


def _ibkr_mode(name: str | None) -> AccountMode:
    return account_mode(AccountMode.IBKR_GUN.value if name is None else name, IBKR_MODES)
