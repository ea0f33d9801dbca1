"""How a request is turned down: one shape of JSON for every status, that says what, why and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from fastapi.responses import JSONResponse

from psf_monitor.problem import Problem


class Answer(JSONResponse):
    """JSON from records; a number that is none, such as infinity, is null."""

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """The body of every answer that is not a success, whatever its status."""

    success: bool
    what: str
    why: str
    what_to_do: str


class ApiError(Exception):
    """A request that is not answered with what it asked for; ``status`` is the one of HTTP."""

    def __init__(
        self, status: int, what: str, why: str, what_to_do: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.problem = ProblemBody(False, what, why, what_to_do)
        self.headers = dict(headers or {})

    @classmethod
    def of(cls, status: int, problem: Problem) -> "ApiError":
        """The same problem that the window tells."""
        return cls(status, problem.what, problem.why, problem.to_do)

    def answer(self) -> Answer:
        return Answer(self.problem, self.status, self.headers)
