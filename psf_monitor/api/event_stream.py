"""One client's stream over HTTP: server-sent events from the feed until either side ends it."""

import asyncio

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from psf_monitor.api.change_feed import ChangeFeed


class EventStream(Response):
    """Sends as fast as the client reads: one that does not read is sent nothing, and later the latest
    state.
    """

    media_type = "text/event-stream"

    def __init__(self, feed: ChangeFeed) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        streaming = asyncio.ensure_future(self._stream(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({streaming, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            streaming.cancel()
            leaving.cancel()
            await asyncio.gather(streaming, leaving, return_exceptions=True)
        if not streaming.cancelled():
            streaming.result()

    async def _stream(self, send: Send) -> None:
        with self._feed.client() as client:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while (event := await self._feed.next(client)) is not None:
                await send({"type": "http.response.body", "body": event, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive) -> None:
    """Return when the client has closed the line."""
    while (await receive())["type"] != "http.disconnect":
        pass
