"""How a request is refused: the problem details of RFC 9457, extended by what, why and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi.responses import JSONResponse
from msgspec.structs import replace
from pydantic import TypeAdapter

from psf_monitor.problem import Problem, shown

_MOST_SHOWN = 80
AT_EVERY_PATH = (400, 401, 403, 408, 413, 414, 422, 429, 431)
"""How any request may be refused: before it reaches its path, or for its parameters."""


def begin_of(path: str) -> str:
    """Return a path as an error repeats it: escaped if it has invisible characters, and shortened if long."""
    if not path.isprintable():
        return shown(path)
    return path if len(path) <= _MOST_SHOWN else f"{path[:_MOST_SHOWN]}.."


class Answer(JSONResponse):
    """JSON from records; numbers without a JSON form, such as infinity, become null."""

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


class ProblemAnswer(Answer):
    """A problem as JSON."""

    media_type = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """The body of every answer that is not a success, whatever its status.

    ``type``, ``title``, ``status`` and ``detail`` are those of RFC 9457: a ``title`` for each status, and in
    ``detail`` the whole text, which PSFALGO's client reads.
    """

    type: str
    title: str
    status: int
    detail: str
    success: bool
    what: str
    why: str
    what_to_do: str

    @classmethod
    def of(cls, status: int, problem: Problem) -> "ProblemBody":
        return cls(
            type="about:blank",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=str(problem),
            success=False,
            what=problem.what,
            why=problem.why,
            what_to_do=problem.to_do,
        )


_SCHEMAS = "#/components/schemas/"

PROBLEM_CONTENT: dict[str, Any] = {
    ProblemAnswer.media_type: {"schema": {"$ref": f"{_SCHEMAS}{ProblemBody.__name__}"}}
}
"""A refusal as each path documents it: FastAPI would make a model of the same body for every one."""


def document_problems(document: dict[str, Any]) -> None:
    """Add the schema that ``PROBLEM_CONTENT`` refers to to an OpenAPI ``document``."""
    schemas = document["components"]["schemas"]
    schemas[ProblemBody.__name__] = TypeAdapter(ProblemBody).json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    document["components"]["schemas"] = dict(sorted(schemas.items()))


class ApiError(Exception):
    """A request that is refused; ``status`` is the HTTP status."""

    def __init__(
        self, status: int, what: str, why: str, to_do: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.problem = Problem(what, why, to_do)
        self.headers = dict(headers or {})

    @classmethod
    def of(cls, status: int, problem: Problem) -> "ApiError":
        """Return the same problem that the window shows."""
        error = cls(status, problem.what, problem.why, problem.to_do)
        error.problem = problem
        return error

    @classmethod
    def not_available(cls, what: str, problem: Problem | None, otherwise: str) -> "ApiError":
        """Return 503: ``what`` is unavailable because of the broker's ``problem``, or ``otherwise`` for a
        while.
        """
        later = "Ask again in some seconds."
        if problem is None:
            return cls(503, what, otherwise, later)
        return cls(503, what, str(replace(problem, to_do="")), problem.to_do or later)

    def answer(self) -> ProblemAnswer:
        return ProblemAnswer(ProblemBody.of(self.status, self.problem), self.status, self.headers)
