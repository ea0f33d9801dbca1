"""Access control in front of every path: origin, host, token, rate and size of requests.

It knows HTTP and nothing of what is behind it. A web page in the trader's browser can send requests to this
computer, but they end here, because they have the wrong Host or Origin and no token.
"""

import asyncio
import hmac
from collections.abc import Callable, Hashable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from psf_monitor.api.errors import ApiError
from psf_monitor.api.transport.limits import DEFAULT, Limits
from psf_monitor.api.transport.rate_limit import WITHOUT_TOKEN, Rates

MOST_BODY_BYTES = 4096
_MOST_DISCARDED_BYTES = 16 * MOST_BODY_BYTES
MOST_ADDRESS_BYTES = 8 * 1024
MOST_HEADER_BYTES = 32 * 1024
"""For one request; no serious program sends more."""

_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class AccessControl:
    """Passes a request to ``app``, or answers it with a refusal. No answer allows another origin.

    ``let_in`` is called with each client whose request had the token.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        host: str,
        port: int,
        *,
        limits: Limits = DEFAULT,
        let_in: Callable[[Hashable], None] = lambda _client: None,
    ) -> None:
        self._app = app
        self._token = token.encode()
        names = dict.fromkeys(("127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host))
        self._hosts = {f"{name}:{port}".encode() for name in names}
        self._origins = {b"http://" + host for host in self._hosts}
        self._let_in = let_in
        self._body_within_s = limits.body_within_s
        self._rates = Rates(limits.each_client, limits.all_clients, limits.clock)
        self._refused = Rates(WITHOUT_TOKEN, WITHOUT_TOKEN, limits.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is spoken here, not {scope['type']}")

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        try:
            self._check(scope)
            receive = await _with_whole_body(scope, receive, self._body_within_s)
        except ApiError as refusal:
            refusal.headers["connection"] = "close"
            await refusal.answer()(scope, receive, stamped)
        else:
            await self._app(scope, receive, stamped)

    def _check(self, scope: Scope) -> None:
        client = scope.get("client")
        refusal = self._stranger(scope)
        wait_s = (self._rates if refusal is None else self._refused).count_request(client)
        if wait_s:
            raise ApiError(
                429,
                "Too many requests.",
                "One program asks more often than psf_monitor answers.",
                f"Wait {wait_s} s; read the stream instead of asking again and again.",
                headers={"retry-after": str(wait_s)},
            )
        if refusal is not None:
            raise refusal
        self._let_in(client)
        _refuse_floods(scope)
        _refuse_web_sockets(scope)

    def _stranger(self, scope: Scope) -> ApiError | None:
        """Return why the client is refused, if it is."""
        if not all(host.lower() in self._hosts for host in _headers(scope, b"host", exactly_one=True)):
            return ApiError(
                403,
                "The request names another host.",
                "A web page can point a name of its own at this computer; this API answers to its address.",
                "Use the address that psf_monitor shows.",
            )
        if not all(origin.lower() in self._origins for origin in _headers(scope, b"origin")):
            return ApiError(
                403,
                "The request comes from a web page.",
                "Only programs that run on this computer may read here.",
                "Send no Origin header.",
            )
        given = _headers(scope, b"authorization", exactly_one=True)
        scheme, _, secret = given[0].partition(b" ")
        if scheme.lower() != b"bearer" or not hmac.compare_digest(secret.strip(), self._token):
            return ApiError(
                401,
                "The token is missing or wrong.",
                "Whoever reads positions here has to show the token of this installation.",
                "Send it as the header 'Authorization: Bearer TOKEN'; psf_monitor says where it is kept.",
                headers={"www-authenticate": "Bearer"},
            )
        return None


def _headers(scope: Scope, name: bytes, *, exactly_one: bool = False) -> list[bytes]:
    """Return the values of a header; with ``exactly_one``, none or several become a single empty one."""
    found = [value for key, value in scope["headers"] if key == name]
    return [b""] if exactly_one and len(found) != 1 else found


def _refuse_floods(scope: Scope) -> None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_ADDRESS_BYTES:
        raise ApiError(
            414,
            "The address is too long.",
            f"No path and query need more than {MOST_ADDRESS_BYTES} bytes.",
            "Ask for one share or one account at a time.",
        )
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADER_BYTES:
        raise ApiError(
            431,
            "The headers are too large.",
            f"No request needs more than {MOST_HEADER_BYTES} bytes of them.",
            "Send Host and Authorization; nothing else is read here.",
        )


def _refuse_web_sockets(scope: Scope) -> None:
    """Refuse a request for a WebSocket in its own protocol: plain HTTP would look like a broken line."""
    if b"websocket" in (value.strip().lower() for value in _headers(scope, b"upgrade")):
        raise ApiError(
            400,
            "There is no WebSocket here.",
            "The stream is server-sent events, which are lines of text over plain HTTP.",
            "Read GET /api/psfalgo/stream without an Upgrade header.",
        )


async def _with_whole_body(scope: Scope, receive: Receive, within_s: float) -> Receive:
    """Read the request's body completely, so that no path waits for it or holds a large one."""
    declared = _headers(scope, b"content-length")
    length = max((int(value[:20]) for value in declared if value.isdigit()), default=0)
    body = b""
    try:
        async with asyncio.timeout(within_s):
            # A body that is slightly too large is still read: a client that is writing does not see the
            # answer.
            while length <= _MOST_DISCARDED_BYTES:
                message = await receive()
                body += message.get("body", b"")
                length = max(length, len(body))
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        raise ApiError(
            408,
            "The request did not come to its end.",
            f"Its body was not complete after {within_s:g} s.",
            "Send it again.",
        ) from None
    if length > MOST_BODY_BYTES:
        raise ApiError(
            413,
            "The request is too large.",
            f"No request needs more than {MOST_BODY_BYTES} bytes.",
            "Send only the fields that the OpenAPI document names.",
        )
    last = {**message, "body": body} if message["type"] == "http.request" else message
    first = iter((last,))

    async def replayed() -> Message:
        return next(first, None) or await receive()

    return replayed
